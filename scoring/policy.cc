#include "scoring/policy.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <set>

#include "core/digest.h"
#include "core/json_at.h"

namespace mc {
namespace {

Result<Ratio> MemberRatio(const JsonAt& object, std::string_view key) {
  MC_TRY(const JsonAt at, object.Member(key));
  return at.DecimalOrFraction();
}

Result<Ratio> MemberRate(const JsonAt& object, std::string_view key) {
  MC_TRY(const JsonAt at, object.Member(key));
  MC_TRY(Ratio rate, at.DecimalOrFraction());
  if (rate < Ratio(0) || rate > Ratio(1)) return at.Fail("rate_out_of_range", "must be within 0..1");
  return rate;
}

// A choice that this engine implements in one way only: the file must say so all the same,
// or a policy that means something else would be scored by our reading of it.
Status Only(const JsonAt& object, std::string_view key, const std::string& name) {
  MC_TRY(const JsonAt at, object.Member(key));
  MC_TRY([[maybe_unused]] const std::size_t index, at.OneOf({name}));
  return Ok();
}

Status OnlyValue(const JsonAt& value, const std::string& name) {
  MC_TRY([[maybe_unused]] const std::size_t index, value.OneOf({name}));
  return Ok();
}

Status ReadSubjectGroups(const JsonAt& value, Policy& policy) {
  MC_TRY(const std::vector<JsonAt> items, value.Items(kPolicyListLimit));
  if (items.empty()) return value.Fail("empty_list", "must name at least one group");
  for (const JsonAt& item : items) {
    MC_TRY(const std::size_t index, item.OneOf({"cadre", "civil_servant", "public_employee", "contract"}));
    const auto group = static_cast<SubjectGroup>(index);
    const auto& known = policy.subject_groups;
    if (std::find(known.begin(), known.end(), group) != known.end()) return item.Fail("repeated", "stands twice");
    policy.subject_groups.push_back(group);
  }
  return Ok();
}

Status ReadScale(const JsonAt& value, Policy& policy) {
  MC_CHECK_OK(value.Keys({"general", "results"}));
  MC_TRY(policy.general_points, MemberRatio(value, "general"));
  MC_TRY(policy.results_points, MemberRatio(value, "results"));
  if (policy.general_points + policy.results_points != Ratio(100)) {
    return value.Fail("scale_not_100", "general and results must add up to 100");
  }
  return Ok();
}

Status ReadGeneralSplit(const JsonAt& value, Policy& policy) {
  MC_TRY(const std::vector<JsonAt> items, value.Items(kPolicyListLimit));
  std::set<std::string> ids;
  for (const JsonAt& item : items) {
    MC_CHECK_OK(item.Keys({"id", "name", "max"}));
    GeneralGroup group;
    MC_TRY(group.id, item.MemberText("id", kPolicyTextLimitBytes));
    MC_TRY(group.name, item.MemberText("name", kPolicyTextLimitBytes));
    MC_TRY(group.max, MemberRatio(item, "max"));
    if (!ids.insert(group.id).second) return item.Fail("repeated", "repeats the id " + group.id);
    policy.general_groups.push_back(std::move(group));
  }
  return Ok();
}

Status ExpectNames(const JsonAt& list, const std::vector<std::string>& names) {
  MC_TRY(const std::vector<JsonAt> items, list.Items(kPolicyListLimit));
  if (items.size() != names.size()) {
    return list.Fail("wrong_length", "must hold " + std::to_string(names.size()) + " names");
  }
  for (std::size_t i = 0; i < names.size(); ++i) MC_CHECK_OK(OnlyValue(items[i], names[i]));
  return Ok();
}

Status ReadTerms(const JsonAt& value, Policy&) {
  MC_CHECK_OK(value.Keys({"non_leader", "leader"}));
  MC_TRY(const JsonAt non_leader, value.Member("non_leader"));
  MC_CHECK_OK(ExpectNames(non_leader, {"a", "b", "c"}));
  MC_TRY(const JsonAt leader, value.Member("leader"));
  return ExpectNames(leader, {"a", "b", "c", "d", "dd", "e"});
}

Status ReadConversion(const JsonAt& value, Policy&) { return OnlyValue(value, "assigned_and_completed"); }
Status ReadDenominator(const JsonAt& value, Policy&) { return OnlyValue(value, "assigned"); }
Status ReadCap(const JsonAt& value, Policy&) { return OnlyValue(value, "assigned_by_line"); }
Status ReadExcuse(const JsonAt& value, Policy&) { return OnlyValue(value, "authority_document"); }
Status ReadZeroAssigned(const JsonAt& value, Policy&) { return OnlyValue(value, "insufficient_data"); }

Status ReadDeduction(const JsonAt& value, Policy& policy) {
  MC_CHECK_OK(value.Keys({"rate", "unit", "floor"}));
  MC_TRY(policy.deduction_rate, MemberRate(value, "rate"));
  MC_CHECK_OK(Only(value, "unit", "instance"));
  return Only(value, "floor", "0");
}

Status ReadLeadership(const JsonAt& value, Policy& policy) {
  MC_CHECK_OK(value.Keys({"d_all_completed", "d_any_not_completed"}));
  MC_TRY(policy.d_all_completed, MemberRate(value, "d_all_completed"));
  MC_TRY(policy.d_any_not_completed, MemberRate(value, "d_any_not_completed"));
  if (policy.d_any_not_completed > policy.d_all_completed) {
    return value.Fail("d_not_descending", "d_any_not_completed must not exceed d_all_completed");
  }
  return Ok();
}

const std::vector<std::string>& ClassNames() {
  static const std::vector<std::string> names = {"excellent", "good", "completed", "not_completed"};
  return names;
}

Status ReadBands(const JsonAt& value, Policy& policy) {
  MC_TRY(const std::vector<JsonAt> items, value.Items(kPolicyListLimit));
  if (items.size() != ClassNames().size()) return value.Fail("wrong_length", "must hold the four classes");
  for (std::size_t i = 0; i < items.size(); ++i) {
    MC_CHECK_OK(items[i].Keys({"class", "from"}));
    MC_CHECK_OK(Only(items[i], "class", ClassNames()[i]));
    Band band{ClassNames()[i], 0};
    MC_TRY(band.from, MemberRatio(items[i], "from"));
    if (band.from < Ratio(0) || band.from > Ratio(100)) {
      return items[i].Fail("band_out_of_scale", "from must be within 0..100");
    }
    if (i > 0 && band.from >= policy.bands.back().from) {
      return items[i].Fail("bands_not_descending", "from must be below that of the band before");
    }
    policy.bands.push_back(std::move(band));
  }
  if (policy.bands.back().from != Ratio(0)) return items.back().Fail("bands_end", "the last band must start at 0");
  return Ok();
}

Status ReadQuota(const JsonAt& value, Policy& policy) {
  MC_CHECK_OK(value.Keys({"rate", "base", "group", "rounding", "ties"}));
  MC_TRY(policy.quota_rate, MemberRate(value, "rate"));
  MC_TRY(const JsonAt base, value.Member("base"));
  MC_TRY(const std::size_t index, base.OneOf({"good_only", "good_or_better"}));
  policy.quota_base = index == 0 ? QuotaBase::kGoodOnly : QuotaBase::kGoodOrBetter;
  MC_CHECK_OK(Only(value, "group", "unit_and_peer_group"));
  MC_CHECK_OK(Only(value, "rounding", "floor"));
  return Only(value, "ties", "together");
}

Status ReadQuotaException(const JsonAt& value, Policy&) {
  MC_CHECK_OK(value.Keys({"rate", "needs"}));
  MC_TRY([[maybe_unused]] const Ratio rate, MemberRate(value, "rate"));
  return Only(value, "needs", "authority_document");
}

Status ReadMinAssurance(const JsonAt& value, Policy& policy) {
  MC_TRY(const std::size_t index, value.OneOf({"recorded", "signed", "corroborated", "confirmed"}));
  constexpr std::array kLevels = {Assurance::kRecorded, Assurance::kSigned, Assurance::kCorroborated,
                                  Assurance::kConfirmed};
  policy.min_assurance = kLevels[index];
  return Ok();
}

Status ReadCarryOver(const JsonAt& value, Policy& policy) {
  MC_TRY(const std::size_t index, value.OneOf({"next", "none"}));
  policy.carry_over = index == 0 ? CarryOver::kNext : CarryOver::kNone;
  return Ok();
}

Status ReadCutoffDays(const JsonAt& value, Policy& policy) {
  MC_TRY(policy.cutoff_days, value.Count(0, kCutoffDaysLimit));
  return Ok();
}

Status ReadReportDue(const JsonAt& value, Policy& policy) {
  MC_TRY(policy.report_due_working_hours, value.Count(0, kReportDueHoursLimit));
  return Ok();
}

Status ReadAggregation(const JsonAt& value, Policy&) {
  MC_CHECK_OK(value.Keys({"quarter", "year"}));
  MC_CHECK_OK(Only(value, "quarter", "ratio_of_sums"));
  return Only(value, "year", "mean_of_periods");
}

// No amount is known; a policy that names one would be scored without it.
Status ReadMalus(const JsonAt& value, Policy&) {
  MC_TRY(const std::vector<JsonAt> items, value.Items(kPolicyListLimit));
  if (!items.empty()) return value.Fail("malus_not_supported", "must be empty until amounts are issued");
  return Ok();
}

Status ReadRounding(const JsonAt& value, Policy&) {
  MC_CHECK_OK(value.Keys({"arithmetic", "display", "display_places", "classify_on"}));
  MC_CHECK_OK(Only(value, "arithmetic", "ratio"));
  MC_CHECK_OK(Only(value, "display", "half_up"));
  MC_CHECK_OK(Only(value, "classify_on", "exact"));
  MC_TRY(const JsonAt places, value.Member("display_places"));
  MC_TRY([[maybe_unused]] const std::int64_t count, places.Count(2, 2));
  return Ok();
}

Status ReadQualityGates(const JsonAt& value, Policy& policy) {
  MC_CHECK_OK(value.Keys({"correct", "complete", "clean", "live"}));
  QualityGates& gates = policy.quality_gates;
  for (const auto& [name, gate] : {std::pair("correct", &gates.correct), std::pair("complete", &gates.complete),
                                   std::pair("clean", &gates.clean), std::pair("live", &gates.live)}) {
    if (!value.Find(name)) continue;
    MC_TRY(*gate, MemberRate(value, name));
  }
  return Ok();
}

Result<RuleSource> ReadSource(const JsonAt& rule, std::string name) {
  RuleSource source;
  source.rule = std::move(name);
  source.pointer = rule.pointer();
  MC_TRY(source.article, rule.MemberText("article", kPolicyTextLimitBytes));
  MC_TRY(source.known_from, rule.MemberText("known_from", kPolicyTextLimitBytes));
  MC_TRY(const JsonAt confidence, rule.Member("confidence"));
  static const std::vector<std::string> kLevels = {"H", "M", "L", "NF"};
  MC_TRY(const std::size_t level, confidence.OneOf(kLevels));
  source.confidence = kLevels[level];
  MC_TRY(const JsonAt review, rule.Member("legal_review"));
  MC_TRY(source.legal_review, review.Bool());
  if (const auto note = rule.Find("note")) {
    MC_TRY(source.note, note->Text(kPolicyTextLimitBytes));
  }
  return source;
}

// Each bar is a rule of its own and carries its own source.
Status ReadBar(const JsonAt& item, Policy& policy) {
  MC_CHECK_OK(item.Keys({"id", "text", "applies_to", "article", "known_from", "confidence", "legal_review", "note"}));
  BarRule bar;
  MC_TRY(bar.id, item.MemberText("id", kPolicyTextLimitBytes));
  MC_TRY(bar.text, item.MemberText("text", kPolicyTextLimitBytes));
  MC_TRY(const JsonAt applies, item.Member("applies_to"));
  MC_TRY(const std::size_t who, applies.OneOf({"all", "leaders"}));
  bar.leaders_only = who == 1;
  MC_TRY(RuleSource source, ReadSource(item, "bars/" + bar.id));
  bar.source = source.article + ", " + policy.document_number;
  if (FindBar(policy, bar.id) != nullptr) return item.Fail("repeated", "repeats the id " + bar.id);
  policy.sources.push_back(std::move(source));
  policy.bars.push_back(std::move(bar));
  return Ok();
}

Status ReadBars(const JsonAt& list, Policy& policy) {
  MC_TRY(const std::vector<JsonAt> items, list.Items(kPolicyListLimit));
  for (const JsonAt& item : items) MC_CHECK_OK(ReadBar(item, policy));
  return Ok();
}

struct RuleDefinition {
  const char* name;
  Status (*read)(const JsonAt& value, Policy& policy);
  bool may_be_absent = false;
};

constexpr std::array kRules = {
    RuleDefinition{"subject_groups", ReadSubjectGroups},
    RuleDefinition{"scale", ReadScale},
    RuleDefinition{"general_split", ReadGeneralSplit},
    RuleDefinition{"terms", ReadTerms},
    RuleDefinition{"conversion", ReadConversion},
    RuleDefinition{"denominator", ReadDenominator},
    RuleDefinition{"cap", ReadCap},
    RuleDefinition{"deduction", ReadDeduction},
    RuleDefinition{"excuse", ReadExcuse},
    RuleDefinition{"zero_assigned", ReadZeroAssigned},
    RuleDefinition{"leadership", ReadLeadership},
    RuleDefinition{"bands", ReadBands},
    RuleDefinition{"quota", ReadQuota},
    RuleDefinition{"quota_exception", ReadQuotaException},
    RuleDefinition{"min_assurance", ReadMinAssurance},
    RuleDefinition{"carry_over", ReadCarryOver},
    RuleDefinition{"cutoff_days", ReadCutoffDays},
    RuleDefinition{"report_due_working_hours", ReadReportDue},
    RuleDefinition{"aggregation", ReadAggregation},
    RuleDefinition{"malus_for_heads", ReadMalus},
    RuleDefinition{"rounding", ReadRounding},
    RuleDefinition{"quality_gates", ReadQualityGates, true},
};

Status ReadRule(const JsonAt& rules, const RuleDefinition& definition, Policy& policy) {
  if (definition.may_be_absent && !rules.Find(definition.name)) return Ok();
  MC_TRY(const JsonAt rule, rules.Member(definition.name));
  MC_CHECK_OK(rule.Keys({"value", "article", "known_from", "confidence", "legal_review", "note"}));
  MC_TRY(RuleSource source, ReadSource(rule, definition.name));
  MC_TRY(const JsonAt value, rule.Member("value"));
  MC_CHECK_OK(definition.read(value, policy));
  policy.sources.push_back(std::move(source));
  return Ok();
}

Status ReadDates(const JsonAt& root, Policy& policy) {
  MC_TRY(const JsonAt from, root.Member("effective_from"));
  MC_TRY(policy.effective_from, from.Date());
  if (const auto to = root.Find("effective_to")) {
    MC_TRY(policy.effective_to, to->Date());
    if (*policy.effective_to < policy.effective_from) return to->Fail("bad_span", "must not be before effective_from");
  }
  return Ok();
}

Status ReadHead(const JsonAt& root, Policy& policy) {
  MC_CHECK_OK(root.Keys(
      {"schema", "id", "title", "issuer", "document", "status", "effective_from", "effective_to", "note", "rules"}));
  MC_CHECK_OK(Only(root, "schema", "minhchung/policy@1"));
  MC_TRY(policy.id, root.MemberText("id", kPolicyTextLimitBytes));
  MC_TRY(policy.title, root.MemberText("title", kPolicyTextLimitBytes));
  MC_TRY(policy.issuer, root.MemberText("issuer", kPolicyTextLimitBytes));
  MC_TRY([[maybe_unused]] const std::string note, root.MemberText("note", kPolicyTextLimitBytes));
  MC_TRY(const JsonAt document, root.Member("document"));
  MC_CHECK_OK(document.Keys({"number", "date"}));
  MC_TRY(policy.document_number, document.MemberText("number", kPolicyTextLimitBytes));
  MC_TRY(const JsonAt date, document.Member("date"));
  MC_TRY(policy.document_date, date.Date());
  MC_TRY(const JsonAt status, root.Member("status"));
  MC_TRY(const std::size_t state, status.OneOf({"draft", "signed"}));
  policy.draft = state == 0;
  return ReadDates(root, policy);
}

std::vector<std::string> RuleNames() {
  std::vector<std::string> names = {"bars"};
  for (const RuleDefinition& definition : kRules) names.emplace_back(definition.name);
  return names;
}

// The groups that an assessor fills in must reach exactly the general points.
Status CheckGeneralSplit(const JsonAt& rules, const Policy& policy) {
  Ratio sum = 0;
  for (const GeneralGroup& group : policy.general_groups) sum += group.max;
  if (sum == policy.general_points) return Ok();
  MC_TRY(const JsonAt rule, rules.Member("general_split"));
  MC_TRY(const JsonAt value, rule.Member("value"));
  return value.Fail("split_not_general", "the groups' max must add up to the general points");
}

// Reads everything it can: one fault per rule, so that a keeper sees them all at once.
std::vector<Error> ReadAll(const JsonAt& root, Policy& policy) {
  std::vector<Error> faults;
  const auto keep = [&faults](const Status& status) {
    if (!status.ok()) faults.push_back(status.error());
    return status.ok();
  };
  if (!keep(ReadHead(root, policy))) return faults;
  const auto rules = root.Member("rules");
  if (!rules.ok()) return {rules.error()};
  if (!keep(rules->Keys(RuleNames())) && !rules->value().is_object()) return faults;
  for (const RuleDefinition& definition : kRules) keep(ReadRule(*rules, definition, policy));
  const auto bars = rules->Member("bars");
  keep(bars.ok() ? ReadBars(*bars, policy) : Status(bars.error()));
  if (!faults.empty()) return faults;
  keep(CheckGeneralSplit(*rules, policy));
  const auto bytes = CanonicalJson(root.value());
  if (!bytes.ok()) return {root.Fail("not_canonical", "must not hold floats")};
  policy.digest = ToHex(Sha256(*bytes));
  return faults;
}

bool SafeId(std::string_view id) {
  return !id.empty() && id.size() <= 100 && id.front() != '.' &&
         id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-.") == std::string_view::npos;
}

// `"/a/b": rule` -> its two parts.
PolicyFinding FaultFrom(const Error& error) {
  const auto quote = error.message.find("\": ");
  if (error.message.empty() || error.message.front() != '"' || quote == std::string::npos) {
    return {true, "", error.message};
  }
  return {true, error.message.substr(1, quote - 1), error.message.substr(quote + 3)};
}

}  // namespace

Result<Policy> ParsePolicy(const Json& document) {
  Policy policy;
  const std::vector<Error> faults = ReadAll(JsonAt(document), policy);
  if (!faults.empty()) return faults.front();
  return policy;
}

Result<Policy> LoadPolicy(const std::string& policies_dir, const std::string& id) {
  if (!SafeId(id)) return ConfigError("bad_policy_id", "a policy id holds only a-z, 0-9, '-' and '.'");
  const std::string path = policies_dir + "/" + id + ".json";
  MC_TRY(const Json document, ReadJsonFile(path));
  auto policy = ParsePolicy(document);
  if (!policy.ok()) return ConfigError(policy.error().code, path + ": " + policy.error().message);
  if (policy->id != id) return ConfigError("policy_id_differs", path + ": \"/id\": must be \"" + id + "\"");
  return policy;
}

std::vector<PolicyFinding> CheckPolicy(const Json& document) {
  Policy policy;
  std::vector<PolicyFinding> findings;
  for (const Error& fault : ReadAll(JsonAt(document), policy)) findings.push_back(FaultFrom(fault));
  for (const RuleSource& source : policy.sources) {
    if (!source.legal_review) continue;
    // What the authority has signed is settled law; an open question in it is a fault.
    findings.push_back({!policy.draft, source.pointer,
                        "needs legal review (confidence " + source.confidence + ", " + source.article + ")"});
  }
  return findings;
}

const BarRule* FindBar(const Policy& policy, std::string_view id) {
  for (const BarRule& bar : policy.bars) {
    if (bar.id == id) return &bar;
  }
  return nullptr;
}

Instant CutOff(const Policy& policy, Period period) {
  return {EndOfPeriod(period).micros + policy.cutoff_days * kMicrosPerDay};
}

}  // namespace mc
