// Goal: the parts of the rule grammar that the four sources of today do not use, the
// limits on lists, and foreign bytes of any kind.
// Method: small rule sets over small records; limits at and one past them; every golden
// record cut short and with single bytes changed must end in evidence or a reason.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "core/json.h"
#include "mapping/evidence_reader.h"
#include "mapping/json_record.h"
#include "mapping/mapper.h"

namespace mc {
namespace {

Json ReportRules() {
  return Json::parse(R"({
    "schema": "minhchung/rules@1", "source": "t", "format": "json", "absent": [""],
    "dates": {"any": ["yyyy-MM-dd", "iso"]},
    "tables": {"reason": {"R": "major"}},
    "records": [{
      "kind": "report", "when": {"stream": "reports"},
      "native_id": {"from": "info/id", "required": true},
      "aliases": {"from": ["ids", "more/id"], "split": ","},
      "status": [{"is": "open"}],
      "assigned_at": {"from": "at", "dates": "any", "required": true},
      "due_at": {"from": "due", "dates": "any", "unreadable": "mark"},
      "returns": {"each": "back", "at": {"from": "at", "dates": "any"}, "reason": "why", "table": "reason",
                  "if": ["at", "why"]},
      "recall": [{"from": "recall", "at": {"from": "at", "dates": "any"}},
                 {"if": "recalled", "at": {"from": "recalled", "dates": "any"}}]
    }]
  })");
}

std::variant<Evidence, RejectionReason> Read(const Json& rule_file, const std::string& bytes,
                                             const std::string& stream = "reports") {
  const auto rules = ParseRuleSet(rule_file);
  REQUIRE_MESSAGE(rules.ok(), rules.error().message);
  RecordTree tree;
  std::vector<std::string> marks;
  REQUIRE_FALSE(ReadJsonRecord(bytes, tree, marks));
  SourceRecord record;
  record.stream = stream;
  return ReadEvidence(*rules, tree, record, marks);
}

Evidence Accepted(const std::string& bytes, const Json& rules = ReportRules()) {
  auto read = Read(rules, bytes);
  if (const auto* reason = std::get_if<RejectionReason>(&read)) FAIL(reason->code << " " << reason->field);
  return std::get<Evidence>(std::move(read));
}

RejectionReason Rejected(const std::string& bytes, const std::string& stream = "reports") {
  auto read = Read(ReportRules(), bytes, stream);
  REQUIRE(std::holds_alternative<RejectionReason>(read));
  return std::get<RejectionReason>(std::move(read));
}

TEST_CASE("nested paths, and lists from several places") {
  const Evidence e = Accepted(
      R"({"info": {"id": 7}, "at": "2026-06-01", "ids": "b, a,,7", "more": {"id": ["c", "a", null, 5]}})");
  CHECK(e.native_id == "7");
  CHECK(e.aliases == std::vector<std::string>{"5", "a", "b", "c"});
}

TEST_CASE("marks look at texts wherever they stand, and never refuse") {
  Json rules = ReportRules();
  rules["records"][0]["marks"] = Json::parse(R"([
    {"mark": "filled_abstract", "where": [{"from": "info/say", "is": ["none", "nothing"]}]},
    {"mark": "cut_abstract", "where": [{"from": "say", "cut": {"suffix": "...", "characters": 5}}]},
    {"mark": "joined_urls", "each": "files", "where": [{"from": "url", "holds": "##"}]},
    {"mark": "second_id", "where": [{"from": ["ids", "more/id"], "stated": true}]},
    {"mark": "applicant_file_as_result", "each": "out", "where": [
      {"from": "url", "among": {"each": "files", "from": "url"}}, {"from": "name", "stated": true}]}])");
  struct Row {
    const char* more;
    std::vector<std::string> marks;
  };
  const Row rows[] = {
      {R"("say": "ab...", "info2": 1)", {"cut_abstract"}},
      {R"("say": " ế\u0301b... ")", {}},
      {R"("say": "a...")", {}},
      {R"("say": ["x", "ab..."], "files": 5)", {}},
      {R"("say": {"deep": 1}, "files": [{"url": "a##b"}, 7, null, {"url": ["c"]}])", {"joined_urls"}},
      {R"("files": {"url": "a##b"})", {"joined_urls"}},
      {R"("more": {"id": ["", "x"]})", {"second_id"}},
      {R"("more": {"id": [""]}, "ids": "")", {}},
      {R"("files": [{"url": "a"}, {"url": "b"}], "out": [{"url": "c"}, {"url": "b", "name": "n"}])",
       {"applicant_file_as_result"}},
      {R"("files": [{"url": "a"}], "out": [{"url": "a"}, {"url": "c", "name": "n"}])", {}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.more);
    const std::string bytes = std::string(R"({"info": {"id": 7}, "at": "2026-06-01", )") + row.more + "}";
    CHECK(Accepted(bytes, rules).marks == row.marks);
  }
  CHECK(Accepted(R"({"info": {"id": 7, "say": "nothing"}, "at": "2026-06-01"})", rules).marks ==
        std::vector<std::string>{"filled_abstract"});
}

TEST_CASE("words beside a status say what it was; without them the table speaks") {
  Json rules = ReportRules();
  rules["records"][0]["status"] = Json::parse(R"([
    {"where": [{"from": "by", "is": ["system"]}, {"from": "say", "is": ["waits"]}], "from": "st", "is": "handled"},
    {"is": "open"}])");
  const auto status = [&](const std::string& more) {
    const Evidence e = Accepted(R"({"info": {"id": 7}, "at": "2026-06-01", "st": "9")" + more + "}", rules);
    return e.status + " " + e.source_status;
  };
  CHECK(status(R"(, "by": "system", "say": "waits")") == "handled 9");
  CHECK(status(R"(, "by": "An", "say": "waits")") == "open ");
  CHECK(status(R"(, "by": "system")") == "open ");
}

TEST_CASE("an unreadable date that does not count leaves a mark instead of a rejection") {
  const Evidence e = Accepted(R"({"info": {"id": 7}, "at": "2026-06-01", "due": "2026-02-30"})");
  CHECK_FALSE(e.due_at.has_value());
  CHECK(e.marks == std::vector<std::string>{"bad_date:due"});
}

TEST_CASE("a literal Z is UTC where the rules do not say otherwise") {
  const Evidence e = Accepted(R"({"info": {"id": 7}, "at": "2026-06-01T01:00:00Z"})");
  CHECK(FormatMoment(*e.assigned_at) == "2026-06-01T01:00:00.000000Z");
  CHECK(e.marks.empty());
}

TEST_CASE("a record of another stream is not read by guess") {
  const std::string record = R"({"info": {"id": 7}, "at": "2026-06-01"})";
  CHECK(Rejected(record, "steps").code == "unknown_record");
  CHECK(Rejected(record, "").code == "unknown_record");
}

TEST_CASE("an entry exists where one of its conditions holds, and then must be whole") {
  const auto with_back = [](const std::string& back) {
    return R"({"info": {"id": 7}, "at": "2026-06-01", "back": )" + back + "}";
  };
  CHECK(Accepted(with_back(R"([{"at": "", "why": ""}, {}, null])")).returns.empty());
  CHECK(Accepted(with_back(R"([{"at": "2026-06-02", "why": "R"}])")).returns.size() == 1);
  const RejectionReason reason = Rejected(with_back(R"([{}, {"why": "R"}])"));
  CHECK(reason.code == "missing_field");
  CHECK(reason.field == "/back/1/at");
  CHECK(Rejected(with_back(R"([["at"]])")).code == "wrong_type");
}

TEST_CASE("two recalls of one task are not one") {
  const std::string record =
      R"({"info": {"id": 7}, "at": "2026-06-01", "recall": {"at": "2026-06-02"}, "recalled": "2026-06-03"})";
  CHECK(Rejected(record).code == "repeated_field");
}

TEST_CASE("lists at the limit are read, one entry more is rejected") {
  const auto record = [](std::size_t aliases, std::size_t returns) {
    Json json = {{"info", {{"id", "x"}}}, {"at", "2026-06-01"}, {"ids", Json::array()}, {"back", Json::array()}};
    for (std::size_t i = 0; i < aliases; ++i) json["ids"].push_back(std::to_string(i));
    for (std::size_t i = 0; i < returns; ++i) json["back"].push_back({{"at", "2026-06-02"}});
    return json.dump();
  };
  const Evidence e = Accepted(record(5'000, 5'000));
  CHECK(e.aliases.size() == 5'000);
  CHECK(e.returns.size() == 5'000);
  CHECK(Rejected(record(5'001, 0)).code == "too_many");
  CHECK(Rejected(record(0, 5'001)).code == "too_many");
}

// Any change of bytes may change what is read; none may crash or hang. Half a record is none.
TEST_CASE("golden records cut short or damaged end in evidence or a reason") {
  namespace fs = std::filesystem;
  const fs::path root = MC_SOURCE_DIR;
  std::size_t tried = 0;
  for (const auto& rules : fs::directory_iterator(root / "mapping/rules")) {
    const auto mapper = LoadMapper(rules.path().string());
    REQUIRE(mapper.ok());
    for (const auto& folder : fs::directory_iterator(root / "tests/golden" / rules.path().stem())) {
      for (const char* name : {"record.json", "message.edxml"}) {
        std::ifstream in(folder.path() / name, std::ios::binary);
        if (!in.good()) continue;
        const std::string bytes(std::istreambuf_iterator<char>(in), {});
        for (std::size_t at = 0; at < bytes.size(); at += 1 + bytes.size() / 50) {
          SourceRecord record;
          for (const char change : {'\0', '"', '<', '\x80', '}'}) {
            record.bytes = bytes;
            record.bytes[at] = change;
            const auto read = (*mapper)->Map(record);
            if (const auto* reason = std::get_if<RejectionReason>(&read)) CHECK_FALSE(reason->code.empty());
          }
          record.bytes = bytes.substr(0, at);
          const bool refused = std::holds_alternative<RejectionReason>((*mapper)->Map(record));
          if (at < bytes.size() / 2) CHECK(refused);
          ++tried;
        }
      }
    }
  }
  CHECK(tried > 1'000);
}

}  // namespace
}  // namespace mc
