// Goal: the calculator takes exactly what the contract allows. Method: one good case; each
// rule broken alone, at its limit and one past it, with the pointer expected in the message.
#include "scoring/case_file.h"

#include <functional>

#include "tests/scoring/scoring_support.h"

namespace mc {
namespace {

using test::DemoCatalogue;
using test::Nd335;

Json Good() {
  return Json::parse(R"({"period":"2026-06","subjects":[
    {"id":"P1","group":"civil_servant","leading":false,"general":"27.5","unit":"U1","peer_group":"chuyên viên",
     "lines":[{"coefficient":"1.5","assigned":"2","completed":"2","quality_failures":1,"late":2,
               "excused_quality_failures":1,"excused_late":0,"exceeded":"0.5","innovation":true},
              {"product":"SP-HS-04","assigned":"4","completed":"3"}],
     "bars":[{"rule":"discipline","document":"12/QĐ-UBND","date":"2026-06-10"}]},
    {"id":"P2","group":"civil_servant","leading":true,"lines":[],
     "leadership":{"unit_results":"1","organising":"0.5","unity":"0"}}]})");
}

Result<CaseFile> Parse(const Json& document) { return ParseCase(document, Nd335(), &DemoCatalogue()); }

TEST_CASE("a good case is read as written") {
  const auto read = Parse(Good());
  REQUIRE_MESSAGE(read.ok(), read.error().message);
  REQUIRE(read->subjects.size() == 2);
  CHECK(FormatPeriod(*read->period) == "2026-06");
  const Subject& one = read->subjects[0];
  CHECK(one.id == "P1");
  CHECK(one.general == Ratio(55, 2));
  CHECK(one.unit == "U1");
  CHECK(one.peer_group == "chuyên viên");
  REQUIRE(one.lines.size() == 2);
  CHECK(one.lines[0].coefficient == Ratio(3, 2));
  CHECK(one.lines[0].late == 2);
  CHECK(one.lines[0].excused_quality_failures == 1);
  CHECK(one.lines[0].exceeded == Ratio(1, 2));
  CHECK(one.lines[0].innovation);
  CHECK(one.lines[1].late == 0);
  CHECK(one.bars.at(0).date == "2026-06-10");
  CHECK(read->subjects[1].leading);
  CHECK(read->subjects[1].leadership.organising == Ratio(1, 2));
  CHECK_FALSE(read->subjects[1].general.has_value());
}

TEST_CASE("one subject alone") {
  const auto read = Parse(Good()["subjects"][0]);
  REQUIRE(read.ok());
  CHECK(read->subjects.size() == 1);
  CHECK_FALSE(read->period.has_value());
  Json wrong = Good()["subjects"][0];
  wrong["lines"][0]["late"] = "2";
  CHECK(Parse(wrong).error().message.find("\"/lines/0/late\"") != std::string::npos);
}

TEST_CASE("\"leader\" is a leading civil servant") {
  Json subject = Good()["subjects"][1];
  subject["group"] = "leader";
  for (const bool stated : {true, false}) {
    if (!stated) subject.erase("leading");
    const auto read = Parse(subject);
    REQUIRE(read.ok());
    CHECK(read->subjects[0].leading);
    CHECK(read->subjects[0].group == SubjectGroup::kCivilServant);
  }
  subject["leading"] = false;
  CHECK(Parse(subject).error().code == "leader_not_leading");
}

TEST_CASE("a product's coefficient is that of the edition of the period's last day") {
  Json document = Good();
  const auto coefficient = [&] { return Parse(document)->subjects[0].lines[1].coefficient; };
  CHECK(coefficient() == Ratio(1, 4));
  document["period"] = "2026-05";  // edition 2 is in force from the 16th: on the last day
  CHECK(coefficient() == Ratio(1, 4));
  document["period"] = "2026-04";
  CHECK(coefficient() == Ratio(1, 5));
  CHECK(Parse(document)->subjects[0].lines[1].edition.starts_with("demo-2026-1@"));
  document.erase("period");
  CHECK(coefficient() == Ratio(1, 4));
  document["period"] = "2025-12";
  CHECK(Parse(document).error().code == "unknown_product");
  CHECK(ParseCase(Good(), Nd335(), nullptr).error().code == "no_catalogue");
}

struct RefusedCase {
  const char *pointer, *code;
  std::function<void(Json&)> make;
};

void ExpectRefused(const std::vector<RefusedCase>& rows) {
  for (const RefusedCase& row : rows) {
    CAPTURE(row.pointer);
    CAPTURE(row.code);
    Json document = Good();
    row.make(document);
    const auto read = Parse(document);
    REQUIRE_FALSE(read.ok());
    CHECK(read.error().error_class == ErrorClass::kConfig);
    CHECK(read.error().code == row.code);
    CHECK_MESSAGE(read.error().message.find(row.pointer) != std::string::npos, read.error().message);
  }
}

Json& First(Json& document) { return document["subjects"][0]; }
Json& Second(Json& document) { return document["subjects"][1]; }
Json& FirstLine(Json& document) { return document["subjects"][0]["lines"][0]; }

TEST_CASE("the document and its subjects") {
  ExpectRefused({
      {"", "not_object", [](Json& d) { d = Json::array(); }},
      {"/note", "unknown_key", [](Json& d) { d["note"] = "x"; }},
      {"/period", "bad_period", [](Json& d) { d["period"] = "2026-13"; }},
      {"/period", "bad_period", [](Json& d) { d["period"] = 202606; }},
      {"/period", "bad_period", [](Json& d) { d["period"] = "2026-6"; }},
      {"/subjects", "not_array", [](Json& d) { d["subjects"] = Json::object(); }},
      {"/subjects/0", "not_object", [](Json& d) { d["subjects"][0] = "P1"; }},
      {"/subjects/0/period", "unknown_key", [](Json& d) { First(d)["period"] = "2026-06"; }},
      {"/subjects/0/gruop", "unknown_key", [](Json& d) { First(d)["gruop"] = "cadre"; }},
      {"/subjects/0/id", "missing_key", [](Json& d) { First(d).erase("id"); }},
      {"/subjects/0/id", "not_text", [](Json& d) { First(d)["id"] = 1; }},
      {"/subjects/0/id", "empty_text", [](Json& d) { First(d)["id"] = ""; }},
      {"/subjects/0/id", "text_too_long", [](Json& d) { First(d)["id"] = std::string(kCaseTextLimitBytes + 1, 'x'); }},
      {"/subjects/1/id", "duplicate_id", [](Json& d) { Second(d)["id"] = "P1"; }},
      {"/subjects/0/group", "missing_key", [](Json& d) { First(d).erase("group"); }},
      {"/subjects/0/group", "unknown_name", [](Json& d) { First(d)["group"] = "civil-servant"; }},
      {"/subjects/0/leading", "not_bool", [](Json& d) { First(d)["leading"] = 0; }},
      {"/subjects/0/general", "general_over_scale", [](Json& d) { First(d)["general"] = "30.000001"; }},
      {"/subjects/0/general", "not_decimal_text", [](Json& d) { First(d)["general"] = 30; }},
      {"/subjects/0/general", "not_decimal_text", [](Json& d) { First(d)["general"] = nullptr; }},
      {"/subjects/0/lines", "missing_key", [](Json& d) { First(d).erase("lines"); }},
      {"/subjects/0/unit", "not_text", [](Json& d) { First(d)["unit"] = 7; }},
      {"/subjects/0/peer_group", "empty_text", [](Json& d) { First(d)["peer_group"] = ""; }},
  });
}

TEST_CASE("leadership and bars") {
  ExpectRefused({
      {"/subjects/1/leadership", "missing_key", [](Json& d) { Second(d).erase("leadership"); }},
      {"/subjects/0/leadership", "leadership_not_leading",
       [](Json& d) { First(d)["leadership"] = Second(d)["leadership"]; }},
      {"/subjects/1/leadership/unity", "missing_key", [](Json& d) { Second(d)["leadership"].erase("unity"); }},
      {"/subjects/1/leadership/unity", "term_over_one", [](Json& d) { Second(d)["leadership"]["unity"] = "1.000001"; }},
      {"/subjects/1/leadership/unity", "bad_decimal", [](Json& d) { Second(d)["leadership"]["unity"] = "-1"; }},
      {"/subjects/1/leadership/e", "unknown_key", [](Json& d) { Second(d)["leadership"]["e"] = "1"; }},
      {"/subjects/0/bars", "not_array", [](Json& d) { First(d)["bars"] = Json::object(); }},
      {"/subjects/0/bars/0/rule", "unknown_name", [](Json& d) { First(d)["bars"][0]["rule"] = "disciplin"; }},
      {"/subjects/0/bars/0/rule", "bar_for_leaders",
       [](Json& d) { First(d)["bars"][0]["rule"] = "corruption_in_body"; }},
      {"/subjects/0/bars/0/document", "missing_key", [](Json& d) { First(d)["bars"][0].erase("document"); }},
      {"/subjects/0/bars/0/date", "bad_date", [](Json& d) { First(d)["bars"][0]["date"] = "2026-06-31"; }},
      {"/subjects/0/bars/0/date", "bad_date", [](Json& d) { First(d)["bars"][0]["date"] = "10/06/2026"; }},
      {"/subjects/0/bars/0/by", "unknown_key", [](Json& d) { First(d)["bars"][0]["by"] = "x"; }},
  });
}

TEST_CASE("lines") {
  ExpectRefused({
      {"/subjects/0/lines/0", "not_object", [](Json& d) { FirstLine(d) = 1; }},
      {"/subjects/0/lines/0/lates", "unknown_key", [](Json& d) { FirstLine(d)["lates"] = 1; }},
      {"/subjects/0/lines/0", "coefficient_xor_product", [](Json& d) { FirstLine(d)["product"] = "SP-HS-04"; }},
      {"/subjects/0/lines/0", "coefficient_xor_product", [](Json& d) { FirstLine(d).erase("coefficient"); }},
      {"/subjects/0/lines/1/product", "unknown_product", [](Json& d) { First(d)["lines"][1]["product"] = "SP-HS-4"; }},
      {"/subjects/0/lines/0/coefficient", "not_positive", [](Json& d) { FirstLine(d)["coefficient"] = "0.000000"; }},
      {"/subjects/0/lines/0/coefficient", "not_decimal_text", [](Json& d) { FirstLine(d)["coefficient"] = 1.5; }},
      {"/subjects/0/lines/0/coefficient", "bad_decimal", [](Json& d) { FirstLine(d)["coefficient"] = "1/2"; }},
      {"/subjects/0/lines/0/assigned", "missing_key", [](Json& d) { FirstLine(d).erase("assigned"); }},
      {"/subjects/0/lines/0/completed", "missing_key", [](Json& d) { FirstLine(d).erase("completed"); }},
      {"/subjects/0/lines/0/assigned", "bad_decimal", [](Json& d) { FirstLine(d)["assigned"] = "1000000000"; }},
      {"/subjects/0/lines/0/assigned", "bad_decimal", [](Json& d) { FirstLine(d)["assigned"] = "1.0000001"; }},
      {"/subjects/0/lines/0/assigned", "bad_decimal", [](Json& d) { FirstLine(d)["assigned"] = "1."; }},
      {"/subjects/0/lines/0/assigned", "bad_decimal", [](Json& d) { FirstLine(d)["assigned"] = ".5"; }},
      {"/subjects/0/lines/0/assigned", "bad_decimal", [](Json& d) { FirstLine(d)["assigned"] = "1e3"; }},
      {"/subjects/0/lines/0/assigned", "bad_decimal", [](Json& d) { FirstLine(d)["assigned"] = " 1"; }},
      {"/subjects/0/lines/0/assigned", "bad_decimal", [](Json& d) { FirstLine(d)["assigned"] = "1,5"; }},
      {"/subjects/0/lines/0/late", "not_integer", [](Json& d) { FirstLine(d)["late"] = 2.0; }},
      {"/subjects/0/lines/0/late", "not_integer", [](Json& d) { FirstLine(d)["late"] = "2"; }},
      {"/subjects/0/lines/0/late", "not_integer", [](Json& d) { FirstLine(d)["late"] = true; }},
      {"/subjects/0/lines/0/late", "out_of_range", [](Json& d) { FirstLine(d)["late"] = kCaseCountLimit + 1; }},
      {"/subjects/0/lines/0/late", "out_of_range", [](Json& d) { FirstLine(d)["late"] = -1; }},
      {"/subjects/0/lines/0/late", "out_of_range", [](Json& d) { FirstLine(d)["late"] = UINT64_MAX; }},
      {"/subjects/0/lines/0/excused_late", "excused_over_counted", [](Json& d) { FirstLine(d)["excused_late"] = 3; }},
      {"/subjects/0/lines/0/excused_quality_failures", "excused_over_counted",
       [](Json& d) { FirstLine(d)["excused_quality_failures"] = 2; }},
      {"/subjects/0/lines/0/exceeded", "exceeded_over_completed",
       [](Json& d) { FirstLine(d)["exceeded"] = "2.000001"; }},
      {"/subjects/0/lines/0/innovation", "not_bool", [](Json& d) { FirstLine(d)["innovation"] = "true"; }},
  });
}

TEST_CASE("values at their limits are taken") {
  Json document = Good();
  First(document)["general"] = "30.000000";
  First(document)["id"] = std::string(kCaseTextLimitBytes, 'x');
  Second(document)["leadership"]["unity"] = "1.000000";
  Json& line = FirstLine(document);
  line["coefficient"] = "0.000001";
  line["assigned"] = "999999999.999999";
  line["completed"] = "000000000.5";
  line["exceeded"] = "0.5";
  line["late"] = kCaseCountLimit;
  line["excused_late"] = kCaseCountLimit;
  const auto read = Parse(document);
  CHECK_MESSAGE(read.ok(), (read.ok() ? "" : read.error().message));
}

TEST_CASE("sizes at the limit and one past it") {
  Json document = Good();
  CaseLimits limits;
  limits.subjects = 2;
  limits.lines_per_subject = 2;
  limits.bars_per_subject = 1;
  CHECK(ParseCase(document, Nd335(), &DemoCatalogue(), limits).ok());
  const auto refused = [&](CaseLimits tight) {
    return ParseCase(document, Nd335(), &DemoCatalogue(), tight).error().code;
  };
  CaseLimits tight = limits;
  tight.subjects = 1;
  CHECK(refused(tight) == "too_many");
  tight = limits;
  tight.lines_per_subject = 1;
  CHECK(refused(tight) == "too_many");
  tight = limits;
  tight.bars_per_subject = 0;
  CHECK(refused(tight) == "too_many");
}

TEST_CASE("no subjects is a case too") {
  const auto read = Parse(Json::parse(R"({"subjects":[]})"));
  REQUIRE(read.ok());
  CHECK(read->subjects.empty());
}

}  // namespace
}  // namespace mc
