// Goal: a rule file is read whole or refused with the pointer of the fault; nothing in it
// is skipped silently.
// Method: a smallest good file; a table of single changes (JSON Patch) with the pointer and
// code that the refusal must name; limits of a table at and past them.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "mapping/rule_set.h"

namespace mc {
namespace {

Json GoodRules() {
  return Json::parse(R"({
    "schema": "minhchung/rules@1", "about": "x", "source": "t", "format": "json",
    "absent": ["", "null"], "zulu": "city",
    "labels": {"placeholders": ["Chuyên viên"], "cut": {"suffix": "...", "characters": 49}},
    "dates": {"day": ["yyyy/MM/dd"]},
    "tables": {
      "status": {"A": "open"}, "type": {"T1": "SP-1", "T9": null},
      "reason": {"R": "major"}, "result": {"D": "document"}
    },
    "records": [{
      "kind": "task", "when": {"stream": "tasks", "has": "Ma"}, "assurance": "by_assigner",
      "native_id": {"from": "Ma", "required": true},
      "lead": {"staff_code": "S", "staff_issuer": "I"},
      "document": {"number": {"join": ["N", "M"], "with": "/"}},
      "unit": {"code": {"from": ["A/B", "@fact"], "take": "organisation_prefix"}},
      "status": [{"from": "St", "table": "status"}, {"if": "Done", "is": "done"},
                 {"where": [{"from": "St", "is": ["B"]}, {"from": "W", "holds": "w"}], "from": "St", "is": "returned"},
                 {"is": "open"}],
      "marks": [{"mark": "joined_urls", "each": "F", "where": [{"from": "U", "holds": "##"}]},
                {"mark": "cut_abstract", "where": [{"from": "T", "cut": {"suffix": "...", "characters": 9}}]},
                {"mark": "second_id", "where": [
                  {"from": "O", "stated": true}, {"from": "O", "among": {"each": "F", "from": "U"}}]}],
      "type": {"from": "Ty", "key": "first_two_dot_parts", "when_absent": "T9", "table": "type"},
      "assigned_at": {"from": "At", "dates": "day", "required": true},
      "claims": {"each": "L", "at": {"from": "At", "dates": "day"},
                 "results": {"each": "R", "kind": "K", "table": "result", "native_id": "Id"}},
      "returns": [{"each": "Tr", "at": {"from": "At", "dates": "day"}, "reason": "Ly", "table": "reason"}],
      "recall": {"from": "Th", "at": {"from": "At", "dates": "day"}}
    }]
  })");
}

TEST_CASE("a good file is read") {
  const auto rules = ParseRuleSet(GoodRules());
  REQUIRE_MESSAGE(rules.ok(), rules.error().message);
  const RecordRule& task = rules->records.at(0);
  CHECK(task.kind == EvidenceKind::kTask);
  CHECK(task.stream == "tasks");
  CHECK(task.unit.code.from.at(0).segments == std::vector<std::string>{"A", "B"});
  CHECK(task.unit.code.from.at(1).is_fact);
  CHECK(task.status.size() == 4);
  CHECK(task.status.at(2).where.size() == 2);
  REQUIRE(task.marks.size() == 3);
  CHECK(task.marks.at(0).each->segments == std::vector<std::string>{"F"});
  CHECK(task.marks.at(1).where.at(0).characters == 9);
  CHECK(task.claims.at(0).at.required);  // by itself: a claim without a time is none
  CHECK(rules->cut_characters == 49);
  CHECK(rules->zulu_is_city_time);
}

TEST_CASE("the version is of the meaning, not of the layout") {
  const auto rules = ParseRuleSet(GoodRules());
  REQUIRE(rules.ok());
  CHECK(rules->version.size() == 16);
  const auto again = ParseRuleSet(Json::parse(GoodRules().dump(4)));
  CHECK(again->version == rules->version);
  Json changed = GoodRules();
  changed["tables"]["type"]["T1"] = "SP-2";
  CHECK(ParseRuleSet(changed)->version != rules->version);
}

TEST_CASE("cells of a sheet: read, or refused with the pointer") {
  Json good = GoodRules();
  good["format"] = "csv";
  good["cells"] = Json::parse(R"({"L": {"entries": "\n", "parts": "|", "names": ["At", "R"]}})");
  const auto rules = ParseRuleSet(good);
  REQUIRE_MESSAGE(rules.ok(), rules.error().message);
  CHECK(rules->cells.at("L").entries == "\n");
  CHECK(rules->cells.at("L").names == std::vector<std::string>{"At", "R"});
  struct Row {
    const char* patch;
    const char* pointer;
  };
  const Row rows[] = {
      {R"({"op":"replace","path":"/format","value":"json"})", "/cells"},
      {R"({"op":"replace","path":"/cells","value":[]})", "/cells"},
      {R"({"op":"add","path":"/cells/L/if","value":"x"})", "/cells/L/if"},
      {R"({"op":"remove","path":"/cells/L/entries"})", "/cells/L/entries"},
      {R"({"op":"replace","path":"/cells/L/parts","value":"\n"})", "/cells/L"},
      {R"({"op":"replace","path":"/cells/L/parts","value":"123456789"})", "/cells/L/parts"},
      {R"({"op":"replace","path":"/cells/L/names","value":[]})", "/cells/L/names"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.patch);
    const auto refused = ParseRuleSet(good.patch(Json::array({Json::parse(row.patch)})));
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.error().message.find("\"" + std::string(row.pointer) + "\"") != std::string::npos);
  }
}

TEST_CASE("ratings: only of satisfaction, with table, value and the most that can be given") {
  const Json good = Json::parse(R"({
    "schema": "minhchung/rules@1", "source": "t", "format": "json", "dates": {"day": ["yyyy-MM-dd"]},
    "tables": {"criteria": {"1": "TC1"}},
    "records": [{
      "kind": "satisfaction", "native_id": {"from": "Ma", "required": true}, "about": {"dossier": "HS"},
      "occurred_at": {"from": "At", "dates": "day", "required": true},
      "ratings": {"each": "L", "criterion": "C", "table": "criteria", "value": "V", "of": "2.5"}
    }]
  })");
  const auto rules = ParseRuleSet(good);
  REQUIRE_MESSAGE(rules.ok(), rules.error().message);
  CHECK(rules->records[0].ratings[0].of == Ratio(5, 2));
  struct Row {
    const char* patch;
    const char* pointer;
  };
  const Row rows[] = {
      {R"({"op":"remove","path":"/records/0/ratings"})", "/records/0"},
      {R"({"op":"remove","path":"/records/0/ratings/criterion"})", "/records/0/ratings/criterion"},
      {R"({"op":"add","path":"/records/0/ratings/is","value":"1"})", "/records/0/ratings/criterion"},
      {R"({"op":"add","path":"/records/0/ratings/is","value":"2"})", "/records/0/ratings/is"},
      {R"({"op":"remove","path":"/records/0/ratings/value"})", "/records/0/ratings/value"},
      {R"({"op":"remove","path":"/records/0/ratings/of"})", "/records/0/ratings/of"},
      {R"({"op":"replace","path":"/records/0/ratings/of","value":"0"})", "/records/0/ratings/of"},
      {R"({"op":"remove","path":"/records/0/occurred_at/required"})", "/records/0"},
      {R"({"op":"add","path":"/records/0/status","value":[{"is":"open"}]})", "/records/0/status/0/is"},
      {R"({"op":"add","path":"/records/0/about/unit","value":"x"})", "/records/0/about/unit"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.patch);
    const auto refused = ParseRuleSet(good.patch(Json::array({Json::parse(row.patch)})));
    REQUIRE_FALSE(refused.ok());
    CAPTURE(refused.error().message);
    CHECK(refused.error().message.find("\"" + std::string(row.pointer) + "\"") != std::string::npos);
  }
}

TEST_CASE("every fault is refused with its pointer") {
  struct Row {
    const char* patch;    // JSON Patch of one operation
    const char* code;
    const char* pointer;  // stands in the message, in quotes
  };
  const Row rows[] = {
      {R"({"op":"add","path":"/extra","value":1})", "unknown_key", "/extra"},
      {R"({"op":"replace","path":"/schema","value":"minhchung/rules@2"})", "unknown_name", "/schema"},
      {R"({"op":"remove","path":"/source"})", "missing_key", "/source"},
      {R"({"op":"replace","path":"/source","value":""})", "empty_text", "/source"},
      {R"({"op":"replace","path":"/format","value":"yaml"})", "unknown_name", "/format"},
      {R"({"op":"replace","path":"/format","value":"edxml"})", "missing_key", "/namespaces"},
      {R"({"op":"add","path":"/namespaces","value":["urn:x"]})", "unknown_key", "/namespaces"},
      {R"({"op":"add","path":"/names","value":"upper"})", "unknown_name", "/names"},
      {R"({"op":"replace","path":"/zulu","value":"local"})", "unknown_name", "/zulu"},
      {R"({"op":"add","path":"/absent/0","value":7})", "not_text", "/absent/0"},
      {R"({"op":"replace","path":"/labels/cut/characters","value":0})", "out_of_range", "/labels/cut/characters"},
      {R"({"op":"add","path":"/labels/placeholders/-","value":" x"})", "not_nfc", "/labels/placeholders/1"},
      {R"({"op":"replace","path":"/dates/day","value":[]})", "empty", "/dates/day"},
      {R"({"op":"add","path":"/dates/day/-","value":"mm/dd"})", "bad_date_format", "/dates/day/1"},
      {R"({"op":"add","path":"/dates/other","value":["iso"]})", "unused", "/dates/other"},
      {R"({"op":"add","path":"/tables/other","value":{"a":"b"}})", "unused", "/tables/other"},
      {R"({"op":"replace","path":"/tables/status","value":{}})", "not_object", "/tables/status"},
      {R"({"op":"replace","path":"/tables/status/A","value":"opened"})", "unknown_name", "/tables/status/A"},
      {R"({"op":"replace","path":"/tables/reason/R","value":null})", "null_row", "/tables/reason/R"},
      {R"({"op":"replace","path":"/tables/result/D","value":null})", "null_row", "/tables/result/D"},
      {R"({"op":"replace","path":"/tables/reason/R","value":"grave"})", "unknown_name", "/tables/reason/R"},
      {R"({"op":"replace","path":"/tables/result/D","value":"file"})", "unknown_name", "/tables/result/D"},
      {R"({"op":"add","path":"/tables/type/Ca\u0302","value":"SP-1"})", "not_nfc", "/tables/type/Ca\u0302"},
      {R"({"op":"replace","path":"/records","value":[]})", "empty", "/records"},
      {R"({"op":"add","path":"/records/0/extra","value":1})", "unknown_key", "/records/0/extra"},
      {R"({"op":"remove","path":"/records/0/kind"})", "missing_key", "/records/0/kind"},
      {R"({"op":"replace","path":"/records/0/kind","value":"letter"})", "unknown_name", "/records/0/kind"},
      {R"({"op":"add","path":"/records/0/when/size","value":1})", "unknown_key", "/records/0/when/size"},
      {R"({"op":"replace","path":"/records/0/assurance","value":"signed"})", "unknown_name", "/records/0/assurance"},
      {R"({"op":"remove","path":"/records/0/native_id"})", "missing_key", "/records/0"},
      {R"({"op":"replace","path":"/records/0/native_id","value":"Ma"})", "missing_key", "/records/0"},
      {R"({"op":"replace","path":"/records/0/native_id/required","value":"yes"})", "not_bool", "/records/0/native_id/required"},
      {R"({"op":"remove","path":"/records/0/status"})", "missing_key", "/records/0"},
      {R"({"op":"remove","path":"/records/0/assigned_at/required"})", "missing_key", "/records/0"},
      {R"({"op":"remove","path":"/records/0/assigned_at/dates"})", "missing_key", "/records/0/assigned_at/dates"},
      {R"({"op":"replace","path":"/records/0/assigned_at/dates","value":"night"})", "unknown_name", "/records/0/assigned_at/dates"},
      {R"({"op":"add","path":"/records/0/assigned_at/unreadable","value":"mark"})", "contradiction", "/records/0/assigned_at/unreadable"},
      {R"({"op":"add","path":"/records/0/due_at","value":{"from":"D","dates":"day","unreadable":"skip"}})", "unknown_name", "/records/0/due_at/unreadable"},
      {R"({"op":"remove","path":"/records/0/lead/staff_issuer"})", "missing_key", "/records/0/lead"},
      {R"({"op":"add","path":"/records/0/lead/name","value":"Ten"})", "unknown_key", "/records/0/lead/name"},
      {R"({"op":"replace","path":"/records/0/unit/code/from","value":"A//B"})", "bad_path", "/records/0/unit/code/from"},
      {R"({"op":"replace","path":"/records/0/unit/code/from","value":"A/"})", "bad_path", "/records/0/unit/code/from"},
      {R"({"op":"replace","path":"/records/0/unit/code/from","value":"@"})", "bad_path", "/records/0/unit/code/from"},
      {R"({"op":"replace","path":"/records/0/unit/code/from","value":[]})", "empty", "/records/0/unit/code/from"},
      {R"({"op":"replace","path":"/records/0/unit/code/from","value":5})", "not_text", "/records/0/unit/code/from"},
      {R"({"op":"replace","path":"/records/0/unit/code/take","value":"half"})", "unknown_name", "/records/0/unit/code/take"},
      {R"({"op":"remove","path":"/records/0/document/number/with"})", "missing_key", "/records/0/document/number/with"},
      {R"({"op":"replace","path":"/records/0/status/3/is","value":"gone"})", "unknown_name", "/records/0/status/3/is"},
      {R"({"op":"replace","path":"/records/0/status/2/is","value":"gone"})", "unknown_name", "/records/0/status/2/is"},
      {R"({"op":"remove","path":"/records/0/status/2/from"})", "missing_key", "/records/0/status/2/from"},
      {R"({"op":"replace","path":"/records/0/status/2/where","value":[]})", "empty", "/records/0/status/2/where"},
      {R"({"op":"replace","path":"/records/0/marks/0/mark","value":"odd"})", "unknown_name", "/records/0/marks/0/mark"},
      {R"({"op":"remove","path":"/records/0/marks/0/where"})", "missing_key", "/records/0/marks/0/where"},
      {R"({"op":"add","path":"/records/0/marks/0/if","value":"X"})", "unknown_key", "/records/0/marks/0/if"},
      {R"({"op":"add","path":"/records/0/marks/0/where/0/is","value":["a"]})", "one_of", "/records/0/marks/0/where/0"},
      {R"({"op":"remove","path":"/records/0/marks/0/where/0/holds"})", "one_of", "/records/0/marks/0/where/0"},
      {R"({"op":"remove","path":"/records/0/marks/0/where/0/from"})", "one_of", "/records/0/marks/0/where/0"},
      {R"({"op":"replace","path":"/records/0/marks/0/where/0","value":{"from":"U","is":[]}})", "empty", "/records/0/marks/0/where/0/is"},
      {R"({"op":"replace","path":"/records/0/marks/1/where/0/cut/characters","value":0})", "out_of_range", "/records/0/marks/1/where/0/cut/characters"},
      {R"({"op":"replace","path":"/records/0/marks/2/where/0/stated","value":false})", "contradiction", "/records/0/marks/2/where/0/stated"},
      {R"({"op":"remove","path":"/records/0/marks/2/where/1/among/each"})", "missing_key", "/records/0/marks/2/where/1/among/each"},
      {R"({"op":"replace","path":"/records/0/status/0/table","value":"gone"})", "unknown_name", "/records/0/status/0/table"},
      {R"({"op":"replace","path":"/records/0/type/when_absent","value":"T5"})", "unknown_name", "/records/0/type/when_absent"},
      {R"({"op":"replace","path":"/records/0/type/key","value":"all"})", "unknown_name", "/records/0/type/key"},
      {R"({"op":"remove","path":"/records/0/claims/each"})", "missing_key", "/records/0/claims"},
      {R"({"op":"add","path":"/records/0/claims/from","value":"X"})", "contradiction", "/records/0/claims/from"},
      {R"({"op":"remove","path":"/records/0/claims/at"})", "missing_key", "/records/0/claims/at"},
      {R"({"op":"remove","path":"/records/0/claims/results/kind"})", "missing_key", "/records/0/claims/results/kind"},
      {R"({"op":"remove","path":"/records/0/returns/0/table"})", "missing_key", "/records/0/returns/0/table"},
      {R"({"op":"add","path":"/records/0/recall/reason","value":"X"})", "unknown_key", "/records/0/recall/reason"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.patch);
    Json patch = Json::array({Json::parse(row.patch)});
    const auto rules = ParseRuleSet(GoodRules().patch(patch));
    REQUIRE_FALSE(rules.ok());
    CHECK(rules.error().error_class == ErrorClass::kConfig);
    CHECK(rules.error().code == row.code);
    CHECK_MESSAGE(rules.error().message.find("\"" + Json::parse("\"" + std::string(row.pointer) + "\"").get<std::string>()) !=
                      std::string::npos,
                  rules.error().message);
  }
}

TEST_CASE("evidence of documents needs what their key is made of") {
  Json rules = Json::parse(R"({
    "schema": "minhchung/rules@1", "source": "t", "format": "edxml", "namespaces": ["urn:x"],
    "dates": {"day": ["yyyy/MM/dd"]},
    "records": [{
      "kind": "document",
      "unit": {"code": {"from": "F", "required": true}},
      "document": {"issuer": {"from": "F", "required": true}, "number": {"from": "N", "required": true},
                   "date": {"from": "D", "dates": "day", "required": true}}
    }]
  })");
  REQUIRE(ParseRuleSet(rules).ok());
  for (const char* pointer : {"/records/0/unit/code/required", "/records/0/document/issuer/required",
                              "/records/0/document/number/required", "/records/0/document/date/required"}) {
    CAPTURE(pointer);
    Json open = rules;
    open[Json::json_pointer(pointer)] = false;
    const auto refused = ParseRuleSet(open);
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.error().code == "missing_key");
  }
}

TEST_CASE("a table of the greatest size is read, one row more is refused") {
  Json rules = GoodRules();
  Json& table = rules["tables"]["type"];
  for (int i = 0; table.size() < 20'000; ++i) table["P" + std::to_string(i)] = "SP-1";
  CHECK(ParseRuleSet(rules).ok());
  table["one more"] = nullptr;
  const auto refused = ParseRuleSet(rules);
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().code == "too_many");
}

}  // namespace
}  // namespace mc
