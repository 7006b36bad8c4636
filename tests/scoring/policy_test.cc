// Goal: the shipped policy says what the decree says, and no other document is taken for a
// policy. Method: read the shipped file; break one thing at a time and expect the pointer
// and code of the rule that was broken.
#include "scoring/policy.h"

#include <functional>
#include <set>

#include "tests/scoring/scoring_support.h"

namespace mc {
namespace {

using test::Nd335;
using test::PolicyDocument;

TEST_CASE("the shipped policy") {
  const Policy& policy = Nd335();
  CHECK(policy.id == "nd335-2025");
  CHECK(policy.digest.size() == 64);
  CHECK(policy.draft);
  CHECK(FormatDate(policy.effective_from) == "2026-01-01");
  CHECK(policy.subject_groups == std::vector<SubjectGroup>{SubjectGroup::kCivilServant});
  CHECK(policy.general_points == Ratio(30));
  CHECK(policy.results_points == Ratio(70));
  CHECK(policy.general_groups.size() == 3);
  CHECK(policy.deduction_rate == Ratio(1, 4));
  CHECK(policy.d_all_completed == Ratio(1));
  CHECK(policy.d_any_not_completed == Ratio(1, 2));
  CHECK(policy.min_assurance == Assurance::kRecorded);
  CHECK(policy.carry_over == CarryOver::kNext);
  CHECK(policy.cutoff_days == 0);
  CHECK(policy.report_due_working_hours == 80);
  CHECK(policy.quota_rate == Ratio(1, 5));
  CHECK(policy.quota_base == QuotaBase::kGoodOnly);
  REQUIRE(policy.bands.size() == 4);
  CHECK(policy.bands[0].from == Ratio(90));
  CHECK(policy.bands[1].from == Ratio(70));
  CHECK(policy.bands[2].from == Ratio(50));
  CHECK(policy.bands[3].from == Ratio(0));
  CHECK(policy.quality_gates.correct == Ratio(99, 100));
  CHECK(policy.quality_gates.complete == Ratio(199, 200));
  CHECK_FALSE(policy.quality_gates.clean);
  CHECK_FALSE(policy.quality_gates.live);
  REQUIRE(FindBar(policy, "corruption_in_body") != nullptr);
  CHECK(FindBar(policy, "corruption_in_body")->leaders_only);
  CHECK(FindBar(policy, "degradation") != nullptr);
  CHECK(FindBar(policy, "discipline") != nullptr);
  CHECK(FindBar(policy, "Discipline") == nullptr);
}

TEST_CASE("every rule of the shipped file carries its source") {
  std::set<std::string> named;
  for (const RuleSource& source : Nd335().sources) {
    CHECK_FALSE(source.article.empty());
    CHECK_FALSE(source.known_from.empty());
    named.insert(source.rule);
    // What was not found in a source is our own choice: somebody competent must look at it.
    if (source.confidence == "NF" || source.confidence == "L") CHECK(source.legal_review);
  }
  for (const auto& [rule, value] : PolicyDocument().at("rules").items()) {
    if (rule != "bars") CHECK(named.contains(rule));
  }
  CHECK(named.contains("bars/discipline"));
}

TEST_CASE("the shipped file has no fault and lists what needs review") {
  std::size_t reviews = 0;
  for (const PolicyFinding& finding : CheckPolicy(PolicyDocument())) {
    CHECK_FALSE(finding.fault);
    CHECK(finding.pointer.starts_with("/rules/"));
    ++reviews;
  }
  CHECK(reviews > 0);
}

using Break = std::function<void(Json&)>;

Json& Value(Json& policy, const char* rule) { return policy["rules"][rule]["value"]; }

// Goal: a policy may set each gate, at both ends of its range, or none at all.
TEST_CASE("gates are settings, and may be absent") {
  Json all = PolicyDocument();
  Value(all, "quality_gates") = {{"correct", "0"}, {"complete", "1"}, {"clean", "0.5"}, {"live", "99/100"}};
  const auto set = ParsePolicy(all);
  REQUIRE(set.ok());
  CHECK(set->quality_gates.correct == Ratio(0));
  CHECK(set->quality_gates.complete == Ratio(1));
  CHECK(set->quality_gates.clean == Ratio(1, 2));
  CHECK(set->quality_gates.live == Ratio(99, 100));
  Json none = PolicyDocument();
  none["rules"].erase("quality_gates");
  const auto without = ParsePolicy(none);
  REQUIRE(without.ok());
  CHECK_FALSE(without->quality_gates.correct);
  CHECK_FALSE(without->quality_gates.complete);
}

TEST_CASE("faults name pointer and rule") {
  struct Row {
    const char *pointer, *code;
    Break make;
  };
  const std::vector<Row> rows = {
      {"/rulez", "unknown_key", [](Json& p) { p["rulez"] = 1; }},
      {"/rules/deductoin", "unknown_key", [](Json& p) { p["rules"]["deductoin"] = p["rules"]["deduction"]; }},
      {"/rules/deduction", "missing_key", [](Json& p) { p["rules"].erase("deduction"); }},
      {"/rules", "missing_key", [](Json& p) { p.erase("rules"); }},
      {"/rules", "not_object", [](Json& p) { p["rules"] = Json::array(); }},
      {"/schema", "unknown_name", [](Json& p) { p["schema"] = "minhchung/policy@2"; }},
      {"/effective_from", "bad_date", [](Json& p) { p["effective_from"] = "2026-02-30"; }},
      {"/effective_to", "bad_span", [](Json& p) { p["effective_to"] = "2025-12-31"; }},
      {"/status", "unknown_name", [](Json& p) { p["status"] = "final"; }},
      {"/rules/deduction/source", "unknown_key", [](Json& p) { p["rules"]["deduction"]["source"] = "x"; }},
      {"/rules/deduction/article", "missing_key", [](Json& p) { p["rules"]["deduction"].erase("article"); }},
      {"/rules/deduction/known_from", "empty_text", [](Json& p) { p["rules"]["deduction"]["known_from"] = ""; }},
      {"/rules/deduction/confidence", "unknown_name", [](Json& p) { p["rules"]["deduction"]["confidence"] = "HH"; }},
      {"/rules/deduction/legal_review", "not_bool", [](Json& p) { p["rules"]["deduction"]["legal_review"] = "no"; }},
      {"/rules/deduction/value/rate", "not_decimal_text", [](Json& p) { Value(p, "deduction")["rate"] = 0.25; }},
      {"/rules/deduction/value/rate", "rate_out_of_range", [](Json& p) { Value(p, "deduction")["rate"] = "1.000001"; }},
      {"/rules/deduction/value/rate", "bad_decimal", [](Json& p) { Value(p, "deduction")["rate"] = "-0.25"; }},
      {"/rules/deduction/value/unit", "unknown_name", [](Json& p) { Value(p, "deduction")["unit"] = "line"; }},
      {"/rules/quality_gates/value/correct", "rate_out_of_range",
       [](Json& p) { Value(p, "quality_gates")["correct"] = "1.000001"; }},
      {"/rules/quality_gates/value/live", "not_decimal_text",
       [](Json& p) { Value(p, "quality_gates")["live"] = 0.99; }},
      {"/rules/quality_gates/value/cleen", "unknown_key",
       [](Json& p) { Value(p, "quality_gates")["cleen"] = "0.9"; }},
      {"/rules/scale/value", "scale_not_100", [](Json& p) { Value(p, "scale")["general"] = "31"; }},
      {"/rules/general_split/value", "split_not_general",
       [](Json& p) { Value(p, "general_split")[0]["max"] = "10.000001"; }},
      {"/rules/subject_groups/value", "empty_list", [](Json& p) { Value(p, "subject_groups") = Json::array(); }},
      {"/rules/subject_groups/value/1", "repeated",
       [](Json& p) { Value(p, "subject_groups").push_back("civil_servant"); }},
      {"/rules/subject_groups/value/0", "unknown_name", [](Json& p) { Value(p, "subject_groups")[0] = "civil"; }},
      {"/rules/bands/value/1", "bands_not_descending", [](Json& p) { Value(p, "bands")[1]["from"] = "90"; }},
      {"/rules/bands/value/3", "bands_end", [](Json& p) { Value(p, "bands")[3]["from"] = "0.000001"; }},
      {"/rules/bands/value/0", "band_out_of_scale", [](Json& p) { Value(p, "bands")[0]["from"] = "100.000001"; }},
      {"/rules/bands/value/0/class", "unknown_name", [](Json& p) { Value(p, "bands")[0]["class"] = "good"; }},
      {"/rules/bands/value", "wrong_length", [](Json& p) { Value(p, "bands").erase(0); }},
      {"/rules/leadership/value", "d_not_descending",
       [](Json& p) { Value(p, "leadership")["d_all_completed"] = "1/3"; }},
      {"/rules/quota/value/base", "unknown_name", [](Json& p) { Value(p, "quota")["base"] = "everybody"; }},
      {"/rules/quota/value/rate", "bad_ratio", [](Json& p) { Value(p, "quota")["rate"] = "1/0"; }},
      {"/rules/min_assurance/value", "unknown_name", [](Json& p) { Value(p, "min_assurance") = "reported"; }},
      {"/rules/carry_over/value", "unknown_name", [](Json& p) { Value(p, "carry_over") = "always"; }},
      {"/rules/cutoff_days/value", "out_of_range", [](Json& p) { Value(p, "cutoff_days") = kCutoffDaysLimit + 1; }},
      {"/rules/cutoff_days/value", "out_of_range", [](Json& p) { Value(p, "cutoff_days") = -1; }},
      {"/rules/report_due_working_hours/value", "out_of_range",
       [](Json& p) { Value(p, "report_due_working_hours") = kReportDueHoursLimit + 1; }},
      {"/rules/malus_for_heads/value", "malus_not_supported", [](Json& p) { Value(p, "malus_for_heads") = {"x"}; }},
      {"/rules/terms/value/leader/3", "unknown_name", [](Json& p) { Value(p, "terms")["leader"][3] = "e"; }},
      {"/rules/rounding/value/display_places", "out_of_range",
       [](Json& p) { Value(p, "rounding")["display_places"] = 3; }},
      {"/rules/bars/1", "repeated", [](Json& p) { p["rules"]["bars"][1]["id"] = "degradation"; }},
      {"/rules/bars/0/applies_to", "unknown_name", [](Json& p) { p["rules"]["bars"][0]["applies_to"] = "heads"; }},
  };
  for (const Row& row : rows) {
    CAPTURE(row.pointer);
    CAPTURE(row.code);
    Json document = PolicyDocument();
    row.make(document);
    const auto read = ParsePolicy(document);
    REQUIRE_FALSE(read.ok());
    CHECK(read.error().error_class == ErrorClass::kConfig);
    CHECK(read.error().code == row.code);
    CHECK_MESSAGE(read.error().message.find(row.pointer) != std::string::npos, read.error().message);
    const auto findings = CheckPolicy(document);
    REQUIRE_FALSE(findings.empty());
    CHECK(findings.front().fault);
  }
}

TEST_CASE("a misspelt rule names the nearest one") {
  Json document = PolicyDocument();
  document["rules"]["deductoin"] = document["rules"]["deduction"];
  CHECK(ParsePolicy(document).error().message.find("deduction") != std::string::npos);
}

TEST_CASE("limits are allowed at the limit") {
  Json document = PolicyDocument();
  Value(document, "cutoff_days") = kCutoffDaysLimit;
  Value(document, "report_due_working_hours") = kReportDueHoursLimit;
  Value(document, "deduction")["rate"] = "1";
  Value(document, "bands")[0]["from"] = "100";
  document["title"] = std::string(kPolicyTextLimitBytes, 'x');
  CHECK(ParsePolicy(document).ok());
  document["title"] = std::string(kPolicyTextLimitBytes + 1, 'x');
  CHECK(ParsePolicy(document).error().code == "text_too_long");
}

TEST_CASE("all faults are found at once") {
  Json document = PolicyDocument();
  Value(document, "cutoff_days") = -1;
  Value(document, "carry_over") = "always";
  Value(document, "deduction")["rate"] = "2";
  const auto findings = CheckPolicy(document);
  std::set<std::string> faults;
  for (const PolicyFinding& finding : findings) {
    if (finding.fault) faults.insert(finding.pointer);
  }
  CHECK(faults ==
        std::set<std::string>{"/rules/cutoff_days/value", "/rules/carry_over/value", "/rules/deduction/value/rate"});
}

TEST_CASE("a signed policy may leave nothing for review") {
  Json document = PolicyDocument();
  document["status"] = "signed";
  const auto findings = CheckPolicy(document);
  REQUIRE_FALSE(findings.empty());
  CHECK(findings.front().fault);
  for (auto& [name, rule] : document["rules"].items()) {
    if (rule.is_object()) rule["legal_review"] = false;
    if (!rule.is_array()) continue;
    for (Json& bar : rule) bar["legal_review"] = false;
  }
  CHECK(CheckPolicy(document).empty());
}

TEST_CASE("loading by id") {
  const std::string dir = std::string(MC_SOURCE_DIR) + "/policies";
  CHECK(LoadPolicy(dir, "nd335-2025").ok());
  CHECK(LoadPolicy(dir, "../policies/nd335-2025").error().code == "bad_policy_id");
  CHECK(LoadPolicy(dir, "").error().code == "bad_policy_id");
  CHECK(LoadPolicy(dir, "nd999").error().error_class == ErrorClass::kConfig);
  // A catalogue is no policy, whatever it is called.
  CHECK_FALSE(LoadPolicy(dir, "catalogue-demo-2026").ok());
}

TEST_CASE("the cut-off is 24:00 of the last day plus cutoff_days") {
  Policy policy = Nd335();
  CHECK(FormatInstant(CutOff(policy, {2026, 6})) == "2026-06-30T17:00:00.000000Z");
  policy.cutoff_days = 3;
  CHECK(FormatInstant(CutOff(policy, {2026, 6})) == "2026-07-03T17:00:00.000000Z");
}

TEST_CASE("the digest follows the content, not the layout") {
  Json document = PolicyDocument();
  CHECK(ParsePolicy(document)->digest == Nd335().digest);
  Value(document, "cutoff_days") = 1;
  CHECK(ParsePolicy(document)->digest != Nd335().digest);
}

}  // namespace
}  // namespace mc
