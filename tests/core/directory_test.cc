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

const std::string kKey(32, 'k');

Json Document() {
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
  const auto parsed = ParseDirectory(Document(), kKey);
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
  CHECK(data.people[0].national_id_hmac == ToHex(HmacSha256(kKey, "001099000001")));
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
  CHECK(ParseDirectory(*ParseJson(R"({"schema":"minhchung/directory@1"})"), kKey).ok());
}

TEST_CASE("names and labels are NFC, so that they compare with records") {
  Json document = Document();
  document["labels"][0]["label"] = "Tr\xC3\xA2\xCC\x80n Thị B";  // half-decomposed
  document["units"][0]["name"] = "Pho\xCC\x80ng";
  const auto parsed = ParseDirectory(document, kKey);
  REQUIRE(parsed.ok());
  CHECK(parsed->labels[0].label == "Trần Thị B");
  CHECK(parsed->units[0].name == "Phòng");
}

TEST_CASE("the sealed document holds no number, reads the same and stays the same") {
  const auto sealed = SealDirectory(Document(), kKey);
  REQUIRE(sealed.ok());
  CHECK(sealed->dump().find("001099") == std::string::npos);
  CHECK_FALSE((*sealed)["people"][0].contains("national_id"));
  CHECK((*sealed)["people"][0]["national_id_hmac"] == ToHex(HmacSha256(kKey, "001099000001")));
  CHECK_FALSE((*sealed)["people"][1].contains("national_id_hmac"));
  const auto again = ParseDirectory(*sealed, kKey);
  REQUIRE(again.ok());
  CHECK(again->people[0].national_id_hmac == ParseDirectory(Document(), kKey)->people[0].national_id_hmac);
  CHECK(*SealDirectory(*sealed, kKey) == *sealed);
  CHECK(*SealDirectory(Document(), "another key") != *sealed);
  Json broken = Document();
  broken["people"][0]["group"] = "robot";
  CHECK_FALSE(SealDirectory(broken, kKey).ok());
}

struct Damage {
  const char* pointer;
  const char* code;
  std::function<void(Json&)> apply;
};

void CheckRefused(const std::vector<Damage>& rows) {
  for (const Damage& row : rows) {
    Json document = Document();
    row.apply(document);
    const auto parsed = ParseDirectory(document, kKey);
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

TEST_CASE("posts, keys and labels broken in one place") {
  CheckRefused({
      {"/memberships/0/person", "unknown_id", [](Json& d) { d["memberships"][0]["person"] = "p9"; }},
      {"/memberships/0/unit", "unknown_id", [](Json& d) { d["memberships"][0]["unit"] = "p1"; }},
      {"/memberships/1/manager", "unknown_id", [](Json& d) { d["memberships"][1]["manager"] = "u1"; }},
      {"/memberships/1/manager", "own_manager", [](Json& d) { d["memberships"][1]["manager"] = "p2"; }},
      {"/memberships/0/role", "unknown_name", [](Json& d) { d["memberships"][0]["role"] = "boss"; }},
      {"/memberships/0/fed_by", "missing_key", [](Json& d) { d["memberships"][0].erase("fed_by"); }},
      {"/memberships/0/fed_by/1", "duplicate_id", [](Json& d) { d["memberships"][0]["fed_by"] = {"edoc", "edoc"}; }},
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
      {"/labels/0/approved_by/1", "duplicate_id", [](Json& d) { d["labels"][0]["approved_by"] = {"p1", "p1"}; }},
      {"/labels/0/approved_by/2", "own_approval", [](Json& d) { d["labels"][0]["approved_by"] = {"p1", "p2", "p3"}; }},
      {"/labels/0/approved_by/1", "unknown_id", [](Json& d) { d["labels"][0]["approved_by"] = {"p1", "p9"}; }},
  });
}

// Posts of people who manage each other, in the document's order.
struct Post {
  const char *person, *manager, *from, *to;
};

Json WithPosts(const std::vector<Post>& posts) {
  Json document = Document();
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
      {{{"p1", "p2", nullptr, "2026-05-15"}, {"p2", nullptr, nullptr, "2026-05-15"},
        {"p2", "p1", "2026-05-16", nullptr}, {"p1", nullptr, "2026-05-16", nullptr}}, false},
      // One day of overlap.
      {{{"p1", "p2", nullptr, "2026-05-16"}, {"p2", nullptr, nullptr, "2026-05-15"},
        {"p2", "p1", "2026-05-16", nullptr}, {"p1", nullptr, "2026-05-17", nullptr}}, true},
      // The circle closes long after both posts above it began.
      {{{"p1", "p2", "2025-01-01", nullptr}, {"p2", "p3", "2025-02-01", nullptr},
        {"p3", nullptr, "2025-01-01", "2026-06-30"}, {"p3", "p1", "2026-07-01", nullptr}}, true},
      // p3's chain runs into a circle of which it is no part.
      {{{"p3", "p1", nullptr, nullptr}, {"p1", "p2", nullptr, nullptr}, {"p2", "p1", nullptr, nullptr}}, true},
      // A manager without a post ends the chain.
      {{{"p1", "p2", nullptr, nullptr}}, false},
  };
  for (const Row& row : rows) {
    const auto parsed = ParseDirectory(WithPosts(row.posts), kKey);
    CHECK(parsed.ok() == !row.circle);
    if (!parsed.ok()) CHECK(parsed.error().code == "manager_cycle");
  }
}

TEST_CASE("one key with two owners is no error: the link is ambiguous later") {
  Json document = Document();
  Json shared = document["labels"][0];
  shared["person"] = "p2";
  shared["approved_by"] = {"p1", "p3"};
  document["labels"].push_back(shared);
  document["emails"].push_back({{"person", "p2"}, {"address", "tran.b@example.vn"}});
  CHECK(ParseDirectory(document, kKey).ok());
}

TEST_CASE("names of groups, axes and roles") {
  for (const auto group : {SubjectGroup::kCadre, SubjectGroup::kCivilServant, SubjectGroup::kPublicEmployee,
                           SubjectGroup::kContract}) {
    CHECK(SubjectGroupFrom(Name(group)) == group);
  }
  CHECK_FALSE(SubjectGroupFrom("leader").has_value());
  CHECK(Name(Axis::kFront) == "front");
  CHECK(Name(Role::kHead) == "head");
}

}  // namespace
}  // namespace mc
