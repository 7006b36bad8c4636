#include "scoring/case_file.h"

#include <nlohmann/json.hpp>
#include <set>

#include "core/json_at.h"

namespace mc {
namespace {

struct CaseContext {
  const Policy& policy;
  const Catalogue* catalogue;
  std::optional<Period> period;
  const CaseLimits& limits;
};

Result<Ratio> MemberDecimal(const JsonAt& object, std::string_view key) {
  MC_TRY(const JsonAt at, object.Member(key));
  return at.Decimal();
}

// Texts and flags that may be left out keep their default.
Status OptionalText(const JsonAt& object, std::string_view key, std::string& value) {
  if (const auto at = object.Find(key)) {
    MC_TRY(value, at->Text(kCaseTextLimitBytes));
  }
  return Ok();
}

Status OptionalBool(const JsonAt& object, std::string_view key, bool& value) {
  if (const auto at = object.Find(key)) {
    MC_TRY(value, at->Bool());
  }
  return Ok();
}

Status OptionalCount(const JsonAt& object, std::string_view key, std::int64_t& value) {
  if (const auto at = object.Find(key)) {
    MC_TRY(value, at->Count(0, kCaseCountLimit));
  }
  return Ok();
}

Status ReadCounts(const JsonAt& at, ScoreInputLine& line) {
  MC_CHECK_OK(OptionalCount(at, "quality_failures", line.quality_failures));
  MC_CHECK_OK(OptionalCount(at, "late", line.late));
  MC_CHECK_OK(OptionalCount(at, "excused_quality_failures", line.excused_quality_failures));
  MC_CHECK_OK(OptionalCount(at, "excused_late", line.excused_late));
  if (line.excused_quality_failures > line.quality_failures) {
    return at.Find("excused_quality_failures")->Fail("excused_over_counted", "must not exceed quality_failures");
  }
  if (line.excused_late > line.late) {
    return at.Find("excused_late")->Fail("excused_over_counted", "must not exceed late");
  }
  return Ok();
}

Status ReadQuantities(const JsonAt& at, ScoreInputLine& line) {
  MC_TRY(line.assigned, MemberDecimal(at, "assigned"));
  MC_TRY(line.completed, MemberDecimal(at, "completed"));
  if (const auto exceeded = at.Find("exceeded")) {
    MC_TRY(line.exceeded, exceeded->Decimal());
    if (line.exceeded > line.completed) return exceeded->Fail("exceeded_over_completed", "must not exceed completed");
  }
  return Ok();
}

Status LookUpProduct(const JsonAt& at, const CaseContext& context, ScoreInputLine& line) {
  MC_TRY(line.product, at.Text(kCaseTextLimitBytes));
  if (context.catalogue == nullptr) return at.Fail("no_catalogue", "needs a catalogue; give a coefficient instead");
  const auto& editions = context.catalogue->editions();
  const CivilDate day = context.period ? LastDay(*context.period) : editions.back().effective_from;
  const auto found = context.catalogue->Find(line.product, day);
  if (!found) return at.Fail("unknown_product", "is not in the catalogue edition in force on " + FormatDate(day));
  line.coefficient = found->product->coefficient;
  line.edition = EditionLabel(*found->edition);
  return Ok();
}

Status ReadCoefficient(const JsonAt& at, const CaseContext& context, ScoreInputLine& line) {
  const auto coefficient = at.Find("coefficient");
  const auto product = at.Find("product");
  if (coefficient.has_value() == product.has_value()) {
    return at.Fail("coefficient_xor_product", "needs exactly one of coefficient and product");
  }
  if (product) return LookUpProduct(*product, context, line);
  MC_TRY(line.coefficient, coefficient->Decimal());
  if (line.coefficient == Ratio(0)) return coefficient->Fail("not_positive", "must be above 0");
  return Ok();
}

Result<ScoreInputLine> ReadLine(const JsonAt& at, const CaseContext& context, std::size_t number) {
  MC_CHECK_OK(at.Keys({"coefficient", "product", "assigned", "completed", "quality_failures", "late",
                       "excused_quality_failures", "excused_late", "exceeded", "innovation"}));
  ScoreInputLine line;
  line.label = "line " + std::to_string(number);
  MC_CHECK_OK(ReadCoefficient(at, context, line));
  MC_CHECK_OK(ReadQuantities(at, line));
  MC_CHECK_OK(ReadCounts(at, line));
  MC_CHECK_OK(OptionalBool(at, "innovation", line.innovation));
  return line;
}

Status ReadLines(const JsonAt& at, const CaseContext& context, Subject& subject) {
  MC_TRY(const JsonAt lines, at.Member("lines"));
  MC_TRY(const std::vector<JsonAt> items, lines.Items(context.limits.lines_per_subject));
  for (const JsonAt& item : items) {
    MC_TRY(ScoreInputLine line, ReadLine(item, context, subject.lines.size() + 1));
    subject.lines.push_back(std::move(line));
  }
  return Ok();
}

Status ReadGroup(const JsonAt& at, Subject& subject) {
  MC_TRY(const JsonAt group, at.Member("group"));
  MC_TRY(const std::size_t index, group.OneOf({"cadre", "civil_servant", "public_employee", "contract", "leader"}));
  const bool alias = index == 4;
  subject.group = alias ? SubjectGroup::kCivilServant : static_cast<SubjectGroup>(index);
  subject.leading = alias;
  MC_CHECK_OK(OptionalBool(at, "leading", subject.leading));
  if (alias && !subject.leading) {
    return at.Find("leading")->Fail("leader_not_leading", "must not be false when group is \"leader\"");
  }
  return Ok();
}

Status ReadGeneral(const JsonAt& at, const CaseContext& context, Subject& subject) {
  const auto general = at.Find("general");
  if (!general) return Ok();
  MC_TRY(subject.general, general->Decimal());
  if (*subject.general > context.policy.general_points) {
    return general->Fail("general_over_scale", "must be within 0.." + context.policy.general_points.ToShortest());
  }
  return Ok();
}

Result<Ratio> ReadTerm(const JsonAt& leadership, std::string_view key) {
  MC_TRY(const JsonAt at, leadership.Member(key));
  MC_TRY(Ratio value, at.Decimal());
  if (value > Ratio(1)) return at.Fail("term_over_one", "must be within 0..1");
  return value;
}

Status ReadLeadership(const JsonAt& at, Subject& subject) {
  const auto leadership = at.Find("leadership");
  if (subject.leading && !leadership) {
    return at.Member("leadership").error();  // says where it is missing
  }
  if (!leadership) return Ok();
  if (!subject.leading) return leadership->Fail("leadership_not_leading", "is only for a leading subject");
  MC_CHECK_OK(leadership->Keys({"unit_results", "organising", "unity"}));
  MC_TRY(subject.leadership.unit_results, ReadTerm(*leadership, "unit_results"));
  MC_TRY(subject.leadership.organising, ReadTerm(*leadership, "organising"));
  MC_TRY(subject.leadership.unity, ReadTerm(*leadership, "unity"));
  return Ok();
}

std::vector<std::string> BarIds(const Policy& policy) {
  std::vector<std::string> ids;
  for (const BarRule& bar : policy.bars) ids.push_back(bar.id);
  return ids;
}

Result<BarFact> ReadBar(const JsonAt& at, const CaseContext& context, const Subject& subject) {
  MC_CHECK_OK(at.Keys({"rule", "document", "date"}));
  MC_TRY(const JsonAt rule, at.Member("rule"));
  MC_TRY(const std::size_t index, rule.OneOf(BarIds(context.policy)));
  const BarRule& bar = context.policy.bars[index];
  if (bar.leaders_only && !subject.leading) return rule.Fail("bar_for_leaders", "is only for a leading subject");
  BarFact fact{bar.id, "", ""};
  MC_TRY(fact.document, at.MemberText("document", kCaseTextLimitBytes));
  MC_TRY(const JsonAt date, at.Member("date"));
  MC_TRY(const CivilDate day, date.Date());
  fact.date = FormatDate(day);
  return fact;
}

Status ReadBars(const JsonAt& at, const CaseContext& context, Subject& subject) {
  const auto bars = at.Find("bars");
  if (!bars) return Ok();
  MC_TRY(const std::vector<JsonAt> items, bars->Items(context.limits.bars_per_subject));
  for (const JsonAt& item : items) {
    MC_TRY(BarFact fact, ReadBar(item, context, subject));
    subject.bars.push_back(std::move(fact));
  }
  return Ok();
}

Result<Subject> ReadSubject(const JsonAt& at, const CaseContext& context) {
  MC_CHECK_OK(at.Keys({"id", "group", "leading", "general", "lines", "leadership", "bars", "unit", "peer_group"}));
  Subject subject;
  MC_TRY(subject.id, at.MemberText("id", kCaseTextLimitBytes));
  MC_CHECK_OK(ReadGroup(at, subject));
  MC_CHECK_OK(ReadGeneral(at, context, subject));
  MC_CHECK_OK(ReadLines(at, context, subject));
  MC_CHECK_OK(ReadLeadership(at, subject));
  MC_CHECK_OK(ReadBars(at, context, subject));
  MC_CHECK_OK(OptionalText(at, "unit", subject.unit));
  MC_CHECK_OK(OptionalText(at, "peer_group", subject.peer_group));
  return subject;
}

Status ReadPeriod(const JsonAt& root, CaseContext& context) {
  const auto period = root.Find("period");
  if (!period) return Ok();
  const auto read = period->value().is_string() ? ParsePeriod(period->value().get_ref<const std::string&>())
                                                : Result<Period>(ConfigError("bad_period", ""));
  if (!read.ok()) return period->Fail("bad_period", "must be a month \"yyyy-mm\"");
  context.period = *read;
  return Ok();
}

}  // namespace

Result<CaseFile> ParseCase(const Json& document, const Policy& policy, const Catalogue* catalogue,
                           const CaseLimits& limits) {
  const JsonAt root(document);
  CaseContext context{policy, catalogue, std::nullopt, limits};
  if (!document.is_object()) return root.Fail("not_object", "must be an object");
  if (!document.contains("subjects")) {
    MC_TRY(Subject subject, ReadSubject(root, context));
    return CaseFile{std::nullopt, {std::move(subject)}};
  }
  MC_CHECK_OK(root.Keys({"period", "subjects"}));
  MC_CHECK_OK(ReadPeriod(root, context));
  CaseFile file{context.period, {}};
  MC_TRY(const JsonAt subjects, root.Member("subjects"));
  MC_TRY(const std::vector<JsonAt> items, subjects.Items(limits.subjects));
  std::set<std::string> ids;
  for (const JsonAt& item : items) {
    MC_TRY(Subject subject, ReadSubject(item, context));
    if (!ids.insert(subject.id).second) {
      return item.Find("id")->Fail("duplicate_id", "repeats the id of an earlier subject");
    }
    file.subjects.push_back(std::move(subject));
  }
  return file;
}

}  // namespace mc
