// Goal: a directory is read strictly, keeps no personal number and refuses what would make a
// person, unit or order of scoring undefined.
// Method: one good document; then the same document broken in one place at a time, each with
// the pointer and code that the message must carry.
#include "core/directory.h"

#include <doctest/doctest.h>

#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/digest.h"

namespace mc {
namespace {

const std::string kDirectoryKey(32, 'k');

Json DirectoryDocument() {
  return *ParseJson(R"({
    "schema": "minhchung/directory@1",
    "units": [
      {"id": "u2", "name": "Phòng  Kinh tế", "axis": "committee", "parent": "u1", "ward": "00004",
       "codes": [{"code": "H26.5", "to": "2026-03-31"}, {"code": "000.05.00.H26", "from": "2026-04-01"}]},
      {"id": "u1", "name": "UBND phường", "axis": "committee", "parent": null, "ward": null}
    ],
    "people": [
      {"id": "p1", "name": "Nguyễn Văn A", "group": "civil_servant", "national_id": "001099000001"},
      {"id": "p2", "name": "Nguyễn Văn A", "group": "cadre"},
      {"id": "p3", "name": "Trần Thị B", "group": "contract", "national_id": "001099000002"}
    ],
    "memberships": [
      {"person": "p1", "unit": "u1", "role": "head", "manager": null, "peer_group": "lãnh đạo", "fed_by": ["edoc"], "from": "2025-07-01"},
      {"person": "p2", "unit": "u2", "role": "deputy", "manager": "p1", "peer_group": "lãnh đạo", "fed_by": [], "from": "2025-07-01"},
      {"person": "p3", "unit": "u1", "role": "member", "manager": "p1", "fed_by": ["edoc", "dvc"], "from": "2025-07-01", "to": "2026-05-15"},
      {"person": "p3", "unit": "u2", "role": "member", "manager": "p2", "fed_by": ["edoc", "dvc"], "from": "2026-05-16"}
    ],
    "staff_codes": [{"person": "p3", "issuer": "H26.5", "code": "CB01"}],
    "emails": [{"person": "p3", "address": "Tran.B@Example.vn"}],
    "accounts": [{"person": "p3", "register": "hanoiwork", "account": "b.1", "from": "2026-05-16", "to": "2026-05-16"}],
    "labels": [{"person": "p3", "register": "dvc", "unit": "u2", "label": " Trần Thị B ", "approved_by": ["p1", "p2"]}]
  })");
}

TEST_CASE("a good document is read whole") {
  const auto parsed = ParseDirectory(DirectoryDocument(), kDirectoryKey);
  REQUIRE_MESSAGE(parsed.ok(), parsed.error().message);
  const DirectoryData& data = *parsed;
  REQUIRE(data.units.size() == 2);
  CHECK(data.units[0].parent == "u1");
  CHECK(data.units[0].ward_code == "00004");
  REQUIRE(data.units[0].codes.size() == 2);
  CHECK(data.units[0].codes[0].span.Contains(*ParseDate("2026-03-31")));
  CHECK_FALSE(data.units[0].codes[0].span.Contains(*ParseDate("2026-04-01")));
  CHECK(data.units[1].parent.empty());
  CHECK(data.people[0].group == SubjectGroup::kCivilServant);
  CHECK(data.people[0].national_id_hmac == ToHex(HmacSha256(kDirectoryKey, "001099000001")));
  CHECK(data.people[1].national_id_hmac.empty());
  REQUIRE(data.memberships.size() == 4);
  CHECK(data.memberships[0].leading());
  CHECK(data.memberships[1].role == Role::kDeputy);
  CHECK_FALSE(data.memberships[2].leading());
  CHECK(data.memberships[2].fed_by == std::vector<std::string>{"edoc", "dvc"});
  CHECK(data.memberships[2].peer_group.empty());
  CHECK(data.emails[0].address == "tran.b@example.vn");
  CHECK(data.accounts[0].span.Contains(*ParseDate("2026-05-16")));
  CHECK_FALSE(data.accounts[0].span.Contains(*ParseDate("2026-05-17")));
  CHECK(data.labels[0].label == "Trần Thị B");
  CHECK(ParseDirectory(*ParseJson(R"({"schema":"minhchung/directory@1"})"), kDirectoryKey).ok());
}

TEST_CASE("names and labels are NFC, so that they compare with records") {
  Json document = DirectoryDocument();
  document["labels"][0]["label"] = "Tr\xC3\xA2\xCC\x80n Thị B";  // half-decomposed
  document["units"][0]["name"] = "Pho\xCC\x80ng";
  const auto parsed = ParseDirectory(document, kDirectoryKey);
  REQUIRE(parsed.ok());
  CHECK(parsed->labels[0].label == "Trần Thị B");
  CHECK(parsed->units[0].name == "Phòng");
}

TEST_CASE("the sealed document holds no number, reads the same and stays the same") {
  const auto sealed = SealDirectory(DirectoryDocument(), kDirectoryKey);
  REQUIRE(sealed.ok());
  CHECK(sealed->dump().find("001099") == std::string::npos);
  CHECK_FALSE((*sealed)["people"][0].contains("national_id"));
  CHECK((*sealed)["people"][0]["national_id_hmac"] == ToHex(HmacSha256(kDirectoryKey, "001099000001")));
  CHECK_FALSE((*sealed)["people"][1].contains("national_id_hmac"));
  const auto again = ParseDirectory(*sealed, kDirectoryKey);
  REQUIRE(again.ok());
  CHECK(again->people[0].national_id_hmac ==
        ParseDirectory(DirectoryDocument(), kDirectoryKey)->people[0].national_id_hmac);
  CHECK(*SealDirectory(*sealed, kDirectoryKey) == *sealed);
  CHECK(*SealDirectory(DirectoryDocument(), "another key") != *sealed);
  CHECK(CheckPersonKey(*sealed, kDirectoryKey).ok());
  CHECK(CheckPersonKey(*sealed, "another key").error().code == "person_key");
  CHECK(CheckPersonKey(DirectoryDocument(), "another key").ok());  // of a time without a check
  Json broken = DirectoryDocument();
  broken["people"][0]["group"] = "robot";
  CHECK_FALSE(SealDirectory(broken, kDirectoryKey).ok());
}

struct Damage {
  const char* pointer;
  const char* code;
  std::function<void(Json&)> apply;
};

void CheckRefused(const std::vector<Damage>& rows) {
  for (const Damage& row : rows) {
    Json document = DirectoryDocument();
    row.apply(document);
    const auto parsed = ParseDirectory(document, kDirectoryKey);
    CAPTURE(row.pointer);
    CAPTURE(row.code);
    REQUIRE_FALSE(parsed.ok());
    CAPTURE(parsed.error().message);
    CHECK(parsed.error().error_class == ErrorClass::kConfig);
    CHECK(parsed.error().code == row.code);
    CHECK(parsed.error().message.rfind("\"" + std::string(row.pointer) + "\":", 0) == 0);
    CHECK(parsed.error().message.find("0010990") == std::string::npos);
  }
}

TEST_CASE("units and people broken in one place") {
  CheckRefused({
      {"/schema", "bad_schema", [](Json& d) { d["schema"] = "minhchung/directory@2"; }},
      {"/schema", "missing_key", [](Json& d) { d.erase("schema"); }},
      {"/unit", "unknown_key", [](Json& d) { d["unit"] = Json::array(); }},
      {"/units", "not_array", [](Json& d) { d["units"] = Json::object(); }},
      {"/units/0", "not_object", [](Json& d) { d["units"][0] = "u"; }},
      {"/units/1/id", "duplicate_id", [](Json& d) { d["units"][1]["id"] = "u2"; }},
      {"/units/0/parent", "unknown_id", [](Json& d) { d["units"][0]["parent"] = "u9"; }},
      {"/units/0", "unit_cycle", [](Json& d) { d["units"][1]["parent"] = "u2"; }},
      {"/units/1", "unit_cycle", [](Json& d) { d["units"][1]["parent"] = "u1"; }},
      {"/units/0/axis", "unknown_name", [](Json& d) { d["units"][0]["axis"] = "comittee"; }},
      {"/units/0/ward", "bad_ward", [](Json& d) { d["units"][0]["ward"] = "0004"; }},
      {"/units/0/ward", "bad_ward", [](Json& d) { d["units"][0]["ward"] = "0000x"; }},
      {"/units/0/name", "empty_text", [](Json& d) { d["units"][0]["name"] = " \t"; }},
      {"/units/0/codes/0", "bad_span", [](Json& d) { d["units"][0]["codes"][0]["from"] = "2026-04-01"; }},
      {"/units/0/codes/0/to", "bad_date", [](Json& d) { d["units"][0]["codes"][0]["to"] = "2026-02-29"; }},
      {"/people/1/id", "duplicate_id", [](Json& d) { d["people"][1]["id"] = "p1"; }},
      {"/people/0/group", "unknown_name", [](Json& d) { d["people"][0]["group"] = "leader"; }},
      {"/people/0/national_id", "bad_national_id", [](Json& d) { d["people"][0]["national_id"] = "00109900000"; }},
      {"/people/0/national_id", "bad_national_id", [](Json& d) { d["people"][0]["national_id"] = "0010990000011"; }},
      {"/people/0/national_id", "bad_national_id", [](Json& d) { d["people"][0]["national_id"] = "00109900000x"; }},
      {"/people/2/national_id", "duplicate_id", [](Json& d) { d["people"][2]["national_id"] = "001099000001"; }},
      {"/people/0", "two_forms", [](Json& d) { d["people"][0]["national_id_hmac"] = std::string(64, 'a'); }},
      {"/people/1/national_id_hmac", "bad_hmac",
       [](Json& d) { d["people"][1]["national_id_hmac"] = std::string(64, 'A'); }},
      {"/people/1/national_id_hmac", "bad_hmac",
       [](Json& d) { d["people"][1]["national_id_hmac"] = std::string(63, 'a'); }},
  });
}

TEST_CASE("duties: as they are given, and broken in one place") {
  Json document = DirectoryDocument();
  document["duties"] = *ParseJson(R"([
    {"person": "p3", "duty": "approver", "unit": "u2", "level": 9, "from": "2026-06-01", "to": "2026-06-30"},
    {"person": "p3", "duty": "approver", "level": 1}, {"person": "p2", "duty": "auditor", "unit": "u1"},
    {"person": "p2", "duty": "auditor"}, {"person": "p1", "duty": "operator"},
    {"person": "p1", "duty": "catalogue_keeper"}, {"person": "p1", "duty": "policy_keeper"}])");
  const auto parsed = ParseDirectory(document, kDirectoryKey);
  REQUIRE_MESSAGE(parsed.ok(), parsed.error().message);
  REQUIRE(parsed->duties.size() == 7);
  CHECK(parsed->duties[0].duty == Duty::kApprover);
  CHECK(parsed->duties[0].unit == "u2");
  CHECK(parsed->duties[0].level == 9);
  CHECK(parsed->duties[0].span.Contains(*ParseDate("2026-06-30")));
  CHECK_FALSE(parsed->duties[0].span.Contains(*ParseDate("2026-07-01")));
  CHECK(parsed->duties[1].unit.empty());
  CHECK(Name(parsed->duties[5].duty) == "catalogue_keeper");
  const auto with = [](const char* duty) { return [=](Json& d) { d["duties"] = {*ParseJson(duty)}; }; };
  CheckRefused({
      {"/duties/0/person", "unknown_id", with(R"({"person": "p9", "duty": "auditor"})")},
      {"/duties/0/duty", "unknown_name", with(R"({"person": "p1", "duty": "admin"})")},
      {"/duties/0/unit", "unknown_id", with(R"({"person": "p1", "duty": "auditor", "unit": "u9"})")},
      {"/duties/0/unit", "scope_not_allowed", with(R"({"person": "p1", "duty": "operator", "unit": "u1"})")},
      {"/duties/0/unit", "scope_not_allowed", with(R"({"person": "p1", "duty": "policy_keeper", "unit": "u1"})")},
      {"/duties/0", "no_level", with(R"({"person": "p1", "duty": "approver"})")},
      {"/duties/0/level", "bad_level", with(R"({"person": "p1", "duty": "approver", "level": 0})")},
      {"/duties/0/level", "bad_level", with(R"({"person": "p1", "duty": "approver", "level": 10})")},
      {"/duties/0/level", "bad_level", with(R"({"person": "p1", "duty": "approver", "level": 1.5})")},
      {"/duties/0/level", "bad_level", with(R"({"person": "p1", "duty": "auditor", "level": 1})")},
      {"/duties/0", "bad_span",
       with(R"({"person": "p1", "duty": "auditor", "from": "2026-06-02", "to": "2026-06-01"})")},
      {"/duties/0/role", "unknown_key", with(R"({"person": "p1", "duty": "auditor", "role": "x"})")},
  });
}

TEST_CASE("posts, keys and labels broken in one place") {
  CheckRefused({
      {"/memberships/0/person", "unknown_id", [](Json& d) { d["memberships"][0]["person"] = "p9"; }},
      {"/memberships/0/unit", "unknown_id", [](Json& d) { d["memberships"][0]["unit"] = "p1"; }},
      {"/memberships/1/manager", "unknown_id", [](Json& d) { d["memberships"][1]["manager"] = "u1"; }},
      {"/memberships/1/manager", "own_manager", [](Json& d) { d["memberships"][1]["manager"] = "p2"; }},
      {"/memberships/0/role", "unknown_name", [](Json& d) { d["memberships"][0]["role"] = "boss"; }},
      {"/memberships/0/fed_by", "missing_key", [](Json& d) { d["memberships"][0].erase("fed_by"); }},
      {"/memberships/0/fed_by/1", "duplicate_id",
       [](Json& d) {
         d["memberships"][0]["fed_by"] = {"edoc", "edoc"};
       }},
      {"/memberships/2", "bad_span", [](Json& d) { d["memberships"][2]["to"] = "2025-06-30"; }},
      {"/memberships/3", "two_posts", [](Json& d) { d["memberships"][3]["from"] = "2026-05-15"; }},
      {"/memberships/3", "two_posts", [](Json& d) { d["memberships"][2].erase("to"); }},
      {"/memberships/3", "two_posts", [](Json& d) { d["memberships"][3].erase("from"); }},
      {"/staff_codes/0/person", "unknown_id", [](Json& d) { d["staff_codes"][0]["person"] = "p9"; }},
      {"/staff_codes/0/code", "empty_text", [](Json& d) { d["staff_codes"][0]["code"] = ""; }},
      {"/emails/0/address", "bad_address", [](Json& d) { d["emails"][0]["address"] = "nobody"; }},
      {"/accounts/0/registr", "unknown_key", [](Json& d) { d["accounts"][0]["registr"] = "dvc"; }},
      {"/labels/0/unit", "unknown_id", [](Json& d) { d["labels"][0]["unit"] = "H26.5"; }},
      {"/labels/0/approved_by", "two_approvals", [](Json& d) { d["labels"][0]["approved_by"] = {"p1"}; }},
      {"/labels/0/approved_by", "two_approvals", [](Json& d) { d["labels"][0]["approved_by"] = Json::array(); }},
      {"/labels/0/approved_by", "missing_key", [](Json& d) { d["labels"][0].erase("approved_by"); }},
      {"/labels/0/approved_by/1", "duplicate_id",
       [](Json& d) {
         d["labels"][0]["approved_by"] = {"p1", "p1"};
       }},
      {"/labels/0/approved_by/2", "own_approval",
       [](Json& d) {
         d["labels"][0]["approved_by"] = {"p1", "p2", "p3"};
       }},
      {"/labels/0/approved_by/1", "unknown_id",
       [](Json& d) {
         d["labels"][0]["approved_by"] = {"p1", "p9"};
       }},
  });
}

// Posts of people who manage each other, in the document's order.
struct Post {
  const char *person, *manager, *from, *to;
};

Json WithPosts(const std::vector<Post>& posts) {
  Json document = DirectoryDocument();
  document["memberships"] = Json::array();
  for (const Post& post : posts) {
    Json row = {{"person", post.person}, {"unit", "u1"}, {"role", "deputy"}, {"fed_by", Json::array()}};
    if (post.manager) row["manager"] = post.manager;
    if (post.from) row["from"] = post.from;
    if (post.to) row["to"] = post.to;
    document["memberships"].push_back(row);
  }
  return document;
}

TEST_CASE("a circle of managers is refused exactly when it stands on some day") {
  struct Row {
    std::vector<Post> posts;
    bool circle;
  };
  const std::vector<Row> rows = {
      {{{"p1", "p2", nullptr, nullptr}, {"p2", "p1", nullptr, nullptr}}, true},
      {{{"p1", "p2", nullptr, nullptr}, {"p2", "p3", nullptr, nullptr}, {"p3", "p1", nullptr, nullptr}}, true},
      {{{"p1", "p2", nullptr, nullptr}, {"p2", "p3", nullptr, nullptr}, {"p3", nullptr, nullptr, nullptr}}, false},
      // They swap places: never on one day.
      {{{"p1", "p2", nullptr, "2026-05-15"},
        {"p2", nullptr, nullptr, "2026-05-15"},
        {"p2", "p1", "2026-05-16", nullptr},
        {"p1", nullptr, "2026-05-16", nullptr}},
       false},
      // One day of overlap.
      {{{"p1", "p2", nullptr, "2026-05-16"},
        {"p2", nullptr, nullptr, "2026-05-15"},
        {"p2", "p1", "2026-05-16", nullptr},
        {"p1", nullptr, "2026-05-17", nullptr}},
       true},
      // The circle closes long after both posts above it began.
      {{{"p1", "p2", "2025-01-01", nullptr},
        {"p2", "p3", "2025-02-01", nullptr},
        {"p3", nullptr, "2025-01-01", "2026-06-30"},
        {"p3", "p1", "2026-07-01", nullptr}},
       true},
      // p3's chain runs into a circle of which it is no part.
      {{{"p3", "p1", nullptr, nullptr}, {"p1", "p2", nullptr, nullptr}, {"p2", "p1", nullptr, nullptr}}, true},
      // A manager without a post ends the chain.
      {{{"p1", "p2", nullptr, nullptr}}, false},
  };
  for (const Row& row : rows) {
    const auto parsed = ParseDirectory(WithPosts(row.posts), kDirectoryKey);
    CHECK(parsed.ok() == !row.circle);
    if (!parsed.ok()) CHECK(parsed.error().code == "manager_cycle");
  }
}

// Rows of organisation_codes, in the document's order.
struct CodeRow {
  const char *old_code, *code, *relation, *from, *to;
};

Json WithCodes(const std::vector<CodeRow>& codes) {
  Json document = DirectoryDocument();
  document["organisation_codes"] = Json::array();
  for (const CodeRow& c : codes) {
    Json row = {{"old_code", c.old_code}, {"code", c.code}, {"relation", c.relation}, {"source", "QĐ 01 (mẫu)"}};
    if (c.from) row["from"] = c.from;
    if (c.to) row["to"] = c.to;
    document["organisation_codes"].push_back(row);
  }
  return document;
}

TEST_CASE("organisation codes are read as texts of any shape, without blanks at the ends") {
  const std::string longest(2'000, '9');
  Json document = WithCodes({{"000.00.12.H26  ", " H26.12", "same", nullptr, nullptr},
                             {"999.010.01.H22", "H26.DN.001", "succeeded", "2025-07-01", nullptr},
                             {longest.c_str(), "vxp.saas.03", "same", nullptr, "2025-06-30"}});
  document["units"][0]["codes"].push_back({{"code", "H26.77 "}});
  const auto parsed = ParseDirectory(document, kDirectoryKey);
  REQUIRE_MESSAGE(parsed.ok(), parsed.error().message);
  REQUIRE(parsed->organisation_codes.size() == 3);
  CHECK(parsed->organisation_codes[0].old_code == "000.00.12.H26");
  CHECK(parsed->organisation_codes[0].code == "H26.12");
  CHECK(parsed->organisation_codes[0].relation == CodeRelation::kSame);
  CHECK(parsed->organisation_codes[0].source == "QĐ 01 (mẫu)");
  CHECK(parsed->organisation_codes[1].relation == CodeRelation::kSucceeded);
  CHECK_FALSE(parsed->organisation_codes[1].span.Contains(*ParseDate("2025-06-30")));
  CHECK(parsed->organisation_codes[1].span.Contains(*ParseDate("2025-07-01")));
  CHECK(parsed->organisation_codes[2].old_code == longest);
  CHECK(parsed->units[0].codes.back().code == "H26.77");
  CHECK((*SealDirectory(document, kDirectoryKey))["organisation_codes"] == document["organisation_codes"]);
}

TEST_CASE("organisation codes broken in one place") {
  const auto with = [](std::function<void(Json&)> change) {
    return [change](Json& d) {
      d = WithCodes({{"000.00.12.H26", "H26.12", "same", nullptr, nullptr}});
      change(d["organisation_codes"][0]);
    };
  };
  CheckRefused({
      {"/organisation_codes/0/old_code", "missing_key", with([](Json& r) { r.erase("old_code"); })},
      {"/organisation_codes/0/old_code", "empty_text", with([](Json& r) { r["old_code"] = " "; })},
      {"/organisation_codes/0/old_code", "text_too_long",
       with([](Json& r) { r["old_code"] = std::string(2'001, '9'); })},
      {"/organisation_codes/0/code", "not_text", with([](Json& r) { r["code"] = 26; })},
      {"/organisation_codes/0/code", "same_code", with([](Json& r) { r["code"] = "000.00.12.H26 "; })},
      {"/organisation_codes/0/relation", "unknown_name", with([](Json& r) { r["relation"] = "merged"; })},
      {"/organisation_codes/0/source", "missing_key", with([](Json& r) { r.erase("source"); })},
      {"/organisation_codes/0/source", "empty_text", with([](Json& r) { r["source"] = " "; })},
      {"/organisation_codes/0/oldCode", "unknown_key", with([](Json& r) { r["oldCode"] = "H26.12"; })},
      {"/organisation_codes/0", "bad_succession", with([](Json& r) { r["relation"] = "succeeded"; })},
      {"/organisation_codes/0", "bad_succession", with([](Json& r) {
         r["relation"] = "succeeded";
         r["from"] = "2025-07-01";
         r["to"] = "2026-07-01";
       })},
  });
}

TEST_CASE("organisation codes say one thing on each day") {
  struct Row {
    const char* name;
    std::vector<CodeRow> codes;
    const char* code;  // of the error, or "" when it is a good document
  };
  const std::vector<Row> rows = {
      {"three notations of one", {{"A", "C", "same", nullptr, nullptr}, {"B", "C", "same", nullptr, nullptr}}, ""},
      {"a merger",
       {{"A", "C", "succeeded", "2025-07-01", nullptr}, {"B", "C", "succeeded", "2025-07-01", nullptr}},
       ""},
      {"a split", {{"A", "B", "succeeded", "2025-07-01", nullptr}, {"A", "C", "succeeded", "2025-07-01", nullptr}}, ""},
      {"a code given to another later",
       {{"A", "B", "same", nullptr, "2025-06-30"}, {"A", "C", "same", "2025-07-01", nullptr}},
       ""},
      {"two meanings on one day",
       {{"A", "B", "same", nullptr, "2025-07-01"}, {"A", "C", "same", "2025-07-01", nullptr}},
       "two_equivalents"},
      {"one succession twice",
       {{"A", "C", "succeeded", "2025-07-01", nullptr}, {"A", "C", "succeeded", "2025-08-01", nullptr}},
       "two_equivalents"},
      {"itself and its successor",
       {{"A", "C", "same", nullptr, nullptr}, {"A", "C", "succeeded", "2025-08-01", nullptr}},
       "two_equivalents"},
      {"a circle", {{"A", "B", "same", nullptr, nullptr}, {"B", "A", "same", nullptr, nullptr}}, "code_cycle"},
      {"a circle through a successor",
       {{"A", "B", "same", nullptr, nullptr},
        {"B", "C", "succeeded", "2025-07-01", nullptr},
        {"C", "A", "succeeded", "2026-01-01", nullptr}},
       "code_cycle"},
      {"a circle through the second half of a split",
       {{"A", "B", "succeeded", "2025-07-01", nullptr},
        {"A", "C", "succeeded", "2025-07-01", nullptr},
        {"C", "A", "same", nullptr, nullptr}},
       "code_cycle"},
      {"there and back, never on one day",
       {{"A", "B", "succeeded", "2025-07-01", nullptr}, {"B", "A", "same", nullptr, "2025-06-30"}},
       ""},
      {"a day since when two notations are one, and nothing before it",
       {{"A", "B", "same", "2025-07-01", nullptr}},
       "needless_from"},
      {"the same after an overlap of another code",
       {{"B", "C", "same", nullptr, "2025-06-30"}, {"A", "B", "same", "2025-07-01", nullptr}},
       "needless_from"},
      {"a unit's code that ended on the day before", {{"H26.5", "H26.9", "succeeded", "2026-04-01", nullptr}}, ""},
      {"a unit's code on the first day of its successor",
       {{"H26.5", "H26.9", "succeeded", "2026-03-31", nullptr}},
       "code_outlives"},
      {"a unit's code that never ends",
       {{"000.05.00.H26", "H26.9", "succeeded", "2030-01-01", nullptr}},
       "code_outlives"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    const auto parsed = ParseDirectory(WithCodes(row.codes), kDirectoryKey);
    CHECK((parsed.ok() ? "" : parsed.error().code) == row.code);
  }
}

TEST_CASE("one key with two owners is no error: the link is ambiguous later") {
  Json document = DirectoryDocument();
  Json shared = document["labels"][0];
  shared["person"] = "p2";
  shared["approved_by"] = {"p1", "p3"};
  document["labels"].push_back(shared);
  document["emails"].push_back({{"person", "p2"}, {"address", "tran.b@example.vn"}});
  CHECK(ParseDirectory(document, kDirectoryKey).ok());
}

TEST_CASE("names of groups, axes and roles") {
  for (const auto group :
       {SubjectGroup::kCadre, SubjectGroup::kCivilServant, SubjectGroup::kPublicEmployee, SubjectGroup::kContract}) {
    CHECK(SubjectGroupFrom(Name(group)) == group);
  }
  CHECK_FALSE(SubjectGroupFrom("leader").has_value());
  CHECK(Name(Axis::kFront) == "front");
  CHECK(Name(Role::kHead) == "head");
  CHECK(Name(CodeRelation::kSucceeded) == "succeeded");
}

}  // namespace
}  // namespace mc
