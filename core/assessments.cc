// Reading of minhchung/assessments@1 (docs/formats/assessments.md).
#include <nlohmann/json.hpp>
#include <set>

#include "core/directory.h"
#include "core/json_at.h"

namespace mc {
namespace {

constexpr std::size_t kAssessmentRowLimit = 2'000'000;
constexpr std::size_t kBarLimit = 100;
constexpr std::size_t kAssessmentIdLimitBytes = 200;
constexpr std::size_t kDocumentLimitBytes = 1'000;
constexpr std::int64_t kGeneralPoints = 30;  // Decree 335/2025, article 12

// The sum of the three groups. How the 30 points are split among them is left to the
// deciding authority, so only the sum is bounded here.
Result<std::optional<std::string>> GeneralOf(const JsonAt& row) {
  const auto general = row.Given("general");
  if (!general) return std::optional<std::string>();
  MC_CHECK_OK(general->Keys({"a", "b", "c"}));
  Ratio sum;
  for (const char* group : {"a", "b", "c"}) {
    MC_TRY(const JsonAt member, general->Member(group));
    MC_TRY(const Ratio points, member.Decimal());
    sum += points;
  }
  if (sum > Ratio(kGeneralPoints)) return general->Fail("out_of_range", "the three groups must sum to at most 30");
  return std::optional<std::string>(sum.ToShortest());
}

// A leadership term within 0..1.
Result<std::optional<std::string>> TermOf(const JsonAt& row, std::string_view key) {
  const auto term = row.Given(key);
  if (!term) return std::optional<std::string>();
  MC_TRY(const Ratio value, term->Decimal());
  if (value > Ratio(1)) return term->Fail("out_of_range", "must be within 0..1");
  return std::optional<std::string>(value.ToShortest());
}

Result<std::vector<Assessment::Bar>> BarsOf(const JsonAt& row) {
  std::vector<Assessment::Bar> bars;
  const auto list = row.Given("bars");
  if (!list) return bars;
  MC_TRY(const auto items, list->Items(kBarLimit));
  for (const JsonAt& item : items) {
    MC_CHECK_OK(item.Keys({"rule", "document", "date"}));
    Assessment::Bar bar;
    MC_TRY(bar.rule, item.MemberText("rule", kAssessmentIdLimitBytes));
    MC_TRY(bar.document, item.MemberText("document", kDocumentLimitBytes));
    MC_TRY(const JsonAt date, item.Member("date"));
    MC_TRY(bar.date, date.Date());
    bars.push_back(std::move(bar));
  }
  return bars;
}

Result<Period> PeriodOf(const JsonAt& row) {
  MC_TRY(const std::string text, row.MemberText("period", kAssessmentIdLimitBytes));
  const auto period = ParsePeriod(text);
  if (!period.ok()) return row.Member("period")->Fail("bad_period", "must be a month \"2026-06\"");
  return *period;
}

Result<Assessment> ReadAssessment(const JsonAt& row) {
  MC_CHECK_OK(row.Keys({"person", "period", "assessor", "date", "general", "organising", "unity", "bars"}));
  Assessment assessment;
  MC_TRY(assessment.person, row.MemberText("person", kAssessmentIdLimitBytes));
  MC_TRY(assessment.period, PeriodOf(row));
  MC_TRY(assessment.assessor, row.MemberText("assessor", kAssessmentIdLimitBytes));
  if (assessment.assessor == assessment.person) {
    return row.Member("assessor")->Fail("own_assessment", "nobody assesses themselves");
  }
  MC_TRY(const JsonAt date, row.Member("date"));
  MC_TRY(assessment.date, date.Date());
  MC_TRY(assessment.general, GeneralOf(row));
  MC_TRY(assessment.organising, TermOf(row, "organising"));
  MC_TRY(assessment.unity, TermOf(row, "unity"));
  MC_TRY(assessment.bars, BarsOf(row));
  return assessment;
}

}  // namespace

Result<std::vector<Assessment>> ParseAssessments(const Json& document) {
  const JsonAt root(document);
  MC_CHECK_OK(root.Keys({"schema", "assessments"}));
  MC_TRY(const JsonAt schema, root.Member("schema"));
  if (schema.value() != "minhchung/assessments@1") {
    return schema.Fail("bad_schema", "must be \"minhchung/assessments@1\"");
  }
  MC_TRY(const JsonAt list, root.Member("assessments"));
  MC_TRY(const auto rows, list.Items(kAssessmentRowLimit));
  std::vector<Assessment> assessments;
  std::set<std::pair<std::string, Period>> seen;
  for (const JsonAt& row : rows) {
    MC_TRY(Assessment assessment, ReadAssessment(row));
    if (!seen.emplace(assessment.person, assessment.period).second) {
      return row.Fail("duplicate_assessment", "this person and period stand twice");
    }
    assessments.push_back(std::move(assessment));
  }
  return assessments;
}

}  // namespace mc
