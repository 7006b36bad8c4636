// Goal: assessments are read exactly, and nobody assesses themselves.
// Method: one good document; bounds at them and one past them; one break at a time.
#include <doctest/doctest.h>

#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/directory.h"

namespace mc {
namespace {

Json Document() {
  return *ParseJson(R"({"schema": "minhchung/assessments@1", "assessments": [
    {"person": "p2", "period": "2026-06", "assessor": "p1", "date": "2026-07-02",
     "general": {"a": "9", "b": "9.5", "c": "8"}, "organising": "1", "unity": "0.5",
     "bars": [{"rule": "disciplined", "document": "QĐ 12/QĐ-UBND", "date": "2026-06-20"}]},
    {"person": "p3", "period": "2026-06", "assessor": "p1", "date": "2026-07-02"}]})");
}

TEST_CASE("a good document is read whole; what is absent stays absent") {
  const auto parsed = ParseAssessments(Document());
  REQUIRE_MESSAGE(parsed.ok(), parsed.error().message);
  REQUIRE(parsed->size() == 2);
  const Assessment& full = (*parsed)[0];
  CHECK(full.person == "p2");
  CHECK(full.period == Period{2026, 6});
  CHECK(full.assessor == "p1");
  CHECK(FormatDate(full.date) == "2026-07-02");
  CHECK(full.general == "26.5");
  CHECK(full.organising == "1");
  CHECK(full.unity == "0.5");
  REQUIRE(full.bars.size() == 1);
  CHECK(full.bars[0].rule == "disciplined");
  CHECK(FormatDate(full.bars[0].date) == "2026-06-20");
  const Assessment& empty = (*parsed)[1];
  CHECK_FALSE(empty.general.has_value());
  CHECK_FALSE(empty.organising.has_value());
  CHECK(empty.bars.empty());
}

TEST_CASE("bounds: thirty points in any split, terms up to one") {
  struct Row {
    const char *a, *b, *c;
    bool good;
  };
  for (const Row& row : {Row{"10", "10", "10", true}, Row{"13", "12", "5", true}, Row{"30", "0", "0", true},
                         Row{"10", "10", "10.000001", false}, Row{"0", "0", "0", true}}) {
    Json document = Document();
    document["assessments"][0]["general"] = {{"a", row.a}, {"b", row.b}, {"c", row.c}};
    CHECK(ParseAssessments(document).ok() == row.good);
  }
  for (const char* key : {"organising", "unity"}) {
    Json document = Document();
    document["assessments"][0][key] = "0";
    CHECK(ParseAssessments(document).ok());
    document["assessments"][0][key] = "1.000001";
    CHECK(ParseAssessments(document).error().code == "out_of_range");
  }
}

TEST_CASE("null means absent, and another period is another assessment") {
  Json document = Document();
  document["assessments"][0]["general"] = nullptr;
  document["assessments"][0]["bars"] = nullptr;
  document["assessments"][1]["person"] = "p2";
  document["assessments"][1]["period"] = "2026-05";
  const auto parsed = ParseAssessments(document);
  REQUIRE(parsed.ok());
  CHECK_FALSE((*parsed)[0].general.has_value());
}

TEST_CASE("a document broken in one place is refused there") {
  struct Row {
    const char* pointer;
    const char* code;
    std::function<void(Json&)> damage;
  };
  const auto first = [](auto change) { return [change](Json& d) { change(d["assessments"][0]); }; };
  const std::vector<Row> rows = {
      {"/schema", "bad_schema", [](Json& d) { d["schema"] = "x"; }},
      {"/assessments", "missing_key", [](Json& d) { d.erase("assessments"); }},
      {"/assessments/0/assessor", "own_assessment", first([](Json& a) { a["assessor"] = "p2"; })},
      {"/assessments/0/assessor", "missing_key", first([](Json& a) { a.erase("assessor"); })},
      {"/assessments/0/period", "bad_period", first([](Json& a) { a["period"] = "2026-13"; })},
      {"/assessments/0/date", "bad_date", first([](Json& a) { a["date"] = "02/07/2026"; })},
      {"/assessments/0/general/c", "missing_key", first([](Json& a) { a["general"].erase("c"); })},
      {"/assessments/0/general/d", "unknown_key", first([](Json& a) { a["general"]["d"] = "1"; })},
      {"/assessments/0/general/a", "not_decimal_text", first([](Json& a) { a["general"]["a"] = 9; })},
      {"/assessments/0/general/a", "bad_decimal", first([](Json& a) { a["general"]["a"] = "-1"; })},
      {"/assessments/0/unity", "not_decimal_text", first([](Json& a) { a["unity"] = 0.5; })},
      {"/assessments/0/bars/0/document", "missing_key", first([](Json& a) { a["bars"][0].erase("document"); })},
      {"/assessments/0/note", "unknown_key", first([](Json& a) { a["note"] = "x"; })},
      {"/assessments/1", "duplicate_assessment", [](Json& d) { d["assessments"][1]["person"] = "p2"; }},
  };
  for (const Row& row : rows) {
    Json document = Document();
    row.damage(document);
    const auto parsed = ParseAssessments(document);
    CAPTURE(row.pointer);
    REQUIRE_FALSE(parsed.ok());
    CAPTURE(parsed.error().message);
    CHECK(parsed.error().code == row.code);
    CHECK(parsed.error().message.rfind("\"" + std::string(row.pointer) + "\":", 0) == 0);
  }
}

}  // namespace
}  // namespace mc
