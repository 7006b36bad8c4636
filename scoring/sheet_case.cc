#include "scoring/sheet_case.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "core/json.h"
#include "core/json_at.h"
#include "scoring/score_json.h"

namespace mc {
namespace {

constexpr std::size_t kTextLimitBytes = 10'000;
constexpr std::size_t kListLimit = 1'000'000;
constexpr ScoreStatus kStatuses[] = {ScoreStatus::kScored, ScoreStatus::kInsufficientData, ScoreStatus::kAwaitingData,
                                     ScoreStatus::kAwaitingAssessment, ScoreStatus::kNotApplicable};

// --- writing

Json RatioOrNull(const std::optional<Ratio>& value) { return value ? Json(value->ToFraction()) : Json(nullptr); }

Json SubjectJson(const Subject& s) {
  Json bars = Json::array();
  for (const BarFact& bar : s.bars) {
    bars.push_back({{"rule", bar.rule}, {"document", bar.document}, {"date", bar.date}});
  }
  return {{"id", s.id},
          {"group", Name(s.group)},
          {"leading", s.leading},
          {"general", RatioOrNull(s.general)},
          {"unit_results", RatioOrNull(s.leadership.unit_results)},
          {"organising", RatioOrNull(s.leadership.organising)},
          {"unity", RatioOrNull(s.leadership.unity)},
          {"bars", std::move(bars)},
          {"unit", s.unit},
          {"peer_group", s.peer_group},
          {"waiting", s.waiting_for_data},
          {"waits_for_managed", s.waits_for_managed ? Json(Name(*s.waits_for_managed)) : Json(nullptr)},
          {"waits_for_managed_reason", s.waits_for_managed_reason}};
}

Json LineJson(const ScoreInputLine& line, const LineSource& source) {
  return {{"label", line.label},
          {"product", line.product},
          {"edition", line.edition},
          {"coefficient", line.coefficient.ToFraction()},
          {"assigned", line.assigned.ToFraction()},
          {"completed", line.completed.ToFraction()},
          {"quality_failures", line.quality_failures},
          {"late", line.late},
          {"excused_quality_failures", line.excused_quality_failures},
          {"excused_late", line.excused_late},
          {"exceeded", line.exceeded.ToFraction()},
          {"innovation", line.innovation},
          {"carried_over", line.carried_over},
          {"no_deadline", line.no_deadline},
          {"assigned_on", FormatDate(source.assigned_on)},
          {"leaves", source.leaves}};
}

// --- reading. Members are read one by one; a wrong one keeps the first error and the rest is empty.

class Members {
 public:
  Members(const JsonAt& at, const std::vector<std::string>& keys) : at_(at), status_(at.Keys(keys)) {}

  const Status& status() const { return status_; }

  std::string Text(const char* key) {
    const JsonAt* member = Find(key);
    const bool is_text = member && member->value().is_string() &&
                         member->value().get_ref<const std::string&>().size() <= kTextLimitBytes;
    if (!is_text) return Failed(key), "";
    return member->value().get<std::string>();
  }
  bool Bool(const char* key) {
    const JsonAt* member = Find(key);
    return member ? Kept(member->Bool(), false) : false;
  }
  std::int64_t Count(const char* key) {
    const JsonAt* member = Find(key);
    return member ? Kept(member->Count(0, INT64_MAX), std::int64_t{0}) : 0;
  }
  Ratio Fraction(const char* key) { return Kept(Ratio::FromFraction(Text(key)), Ratio()); }
  std::optional<Ratio> FractionOrNull(const char* key) {
    const JsonAt* member = Find(key);
    if (!member || member->value().is_null()) return std::nullopt;
    return Fraction(key);
  }
  CivilDate Date(const char* key) {
    const JsonAt* member = Find(key);
    return member ? Kept(member->Date(), CivilDate{}) : CivilDate{};
  }
  std::vector<JsonAt> Items(const char* key) {
    const JsonAt* member = Find(key);
    return member ? Kept(member->Items(kListLimit), std::vector<JsonAt>{}) : std::vector<JsonAt>{};
  }
  std::vector<std::int64_t> Leaves(const char* key) {
    std::vector<std::int64_t> leaves;
    for (const JsonAt& item : Items(key)) {
      leaves.push_back(Kept(item.Count(leaves.empty() ? 0 : leaves.back() + 1, INT64_MAX), std::int64_t{0}));
    }
    return leaves;
  }
  std::optional<ScoreStatus> StatusOrNull(const char* key) {
    const JsonAt* member = Find(key);
    if (!member || member->value().is_null()) return std::nullopt;
    const std::string name = Text(key);
    for (const ScoreStatus status : kStatuses) {
      if (Name(status) == name) return status;
    }
    return Failed(key), std::nullopt;
  }
  void Failed(const char* key) { Keep(DataError("bad_case", std::string("member ") + key)); }
  void Keep(const Status& status) {
    if (status_.ok() && !status.ok()) status_ = status;
  }

 private:
  const JsonAt* Find(const char* key) {
    if (!status_.ok()) return nullptr;
    auto member = at_.Member(key);
    if (!member.ok()) return Keep(member.error()), nullptr;
    found_ = *member;
    return &*found_;
  }
  template <typename T>
  T Kept(Result<T> value, T otherwise) {
    if (value.ok()) return std::move(value).value();
    Keep(value.error());
    return otherwise;
  }

  const JsonAt& at_;
  Status status_;
  std::optional<JsonAt> found_;
};

Result<Subject> SubjectFrom(const JsonAt& at) {
  Members in(at, {"id", "group", "leading", "general", "unit_results", "organising", "unity", "bars", "unit",
                  "peer_group", "waiting", "waits_for_managed", "waits_for_managed_reason"});
  Subject s;
  s.id = in.Text("id");
  const auto group = SubjectGroupFrom(in.Text("group"));
  if (!group) in.Failed("group");
  s.group = group.value_or(SubjectGroup::kCivilServant);
  s.leading = in.Bool("leading");
  s.general = in.FractionOrNull("general");
  s.leadership = {in.FractionOrNull("unit_results"), in.FractionOrNull("organising"), in.FractionOrNull("unity")};
  for (const JsonAt& item : in.Items("bars")) {
    Members bar(item, {"rule", "document", "date"});
    s.bars.push_back({bar.Text("rule"), bar.Text("document"), bar.Text("date")});
    in.Keep(bar.status());
  }
  s.unit = in.Text("unit");
  s.peer_group = in.Text("peer_group");
  for (const JsonAt& item : in.Items("waiting")) {
    if (!item.value().is_string()) in.Failed("waiting");
    s.waiting_for_data.push_back(item.value().is_string() ? item.value().get<std::string>() : "");
  }
  s.waits_for_managed = in.StatusOrNull("waits_for_managed");
  s.waits_for_managed_reason = in.Text("waits_for_managed_reason");
  MC_CHECK_OK(in.status());
  return s;
}

Status TakeLine(const JsonAt& at, SheetCase& sheet) {
  Members in(at, {"label", "product", "edition", "coefficient", "assigned", "completed", "quality_failures", "late",
                  "excused_quality_failures", "excused_late", "exceeded", "innovation", "carried_over", "no_deadline",
                  "assigned_on", "leaves"});
  ScoreInputLine line;
  line.label = in.Text("label");
  line.product = in.Text("product");
  line.edition = in.Text("edition");
  line.coefficient = in.Fraction("coefficient");
  line.assigned = in.Fraction("assigned");
  line.completed = in.Fraction("completed");
  line.quality_failures = in.Count("quality_failures");
  line.late = in.Count("late");
  line.excused_quality_failures = in.Count("excused_quality_failures");
  line.excused_late = in.Count("excused_late");
  line.exceeded = in.Fraction("exceeded");
  line.innovation = in.Bool("innovation");
  line.carried_over = in.Bool("carried_over");
  line.no_deadline = in.Bool("no_deadline");
  sheet.subject.lines.push_back(std::move(line));
  LineSource source;
  source.assigned_on = in.Date("assigned_on");
  source.leaves = in.Leaves("leaves");
  sheet.sources.push_back(std::move(source));
  return in.status();
}

Result<SheetCase> CaseFrom(const JsonAt& at) {
  SheetCase sheet;
  Members in(at, {"subject", "lines", "beside", "context"});
  MC_CHECK_OK(in.status());
  MC_TRY(const JsonAt subject, at.Member("subject"));
  MC_TRY(sheet.subject, SubjectFrom(subject));
  for (const JsonAt& line : in.Items("lines")) in.Keep(TakeLine(line, sheet));
  for (const JsonAt& item : in.Items("beside")) {
    Members beside(item, {"item", "why", "leaves"});
    sheet.beside.push_back({beside.Text("item"), beside.Text("why"), beside.Leaves("leaves")});
    in.Keep(beside.status());
  }
  sheet.context = in.Leaves("context");
  MC_CHECK_OK(in.status());
  return sheet;
}

}  // namespace

Result<std::string> SheetCaseText(const SheetCase& sheet) {
  Json lines = Json::array(), beside = Json::array();
  for (std::size_t i = 0; i < sheet.sources.size(); ++i) {
    lines.push_back(LineJson(sheet.subject.lines[i], sheet.sources[i]));
  }
  for (const BesideItem& item : sheet.beside) {
    beside.push_back({{"item", item.item}, {"why", item.why}, {"leaves", item.leaves}});
  }
  return CanonicalJson(Json{{"subject", SubjectJson(sheet.subject)},
                            {"lines", std::move(lines)},
                            {"beside", std::move(beside)},
                            {"context", sheet.context}});
}

Result<SheetCase> ParseSheetCase(std::string_view text) {
  const auto json = ParseJson(text);
  if (!json.ok()) return DataError("bad_case", "case.json is not JSON");
  auto sheet = CaseFrom(JsonAt(*json));
  if (!sheet.ok()) return DataError("bad_case", "case.json: " + sheet.error().message);
  const auto again = SheetCaseText(*sheet);
  if (!again.ok() || *again != text) return DataError("bad_case", "case.json is not in its one byte form");
  return sheet;
}

std::vector<std::int64_t> LeavesUsed(const SheetCase& sheet) {
  std::set<std::int64_t> leaves(sheet.context.begin(), sheet.context.end());
  for (const LineSource& source : sheet.sources) leaves.insert(source.leaves.begin(), source.leaves.end());
  for (const BesideItem& item : sheet.beside) leaves.insert(item.leaves.begin(), item.leaves.end());
  return {leaves.begin(), leaves.end()};
}

Status CheckCoefficients(const Catalogue& catalogue, const SheetCase& sheet) {
  for (std::size_t i = 0; i < sheet.sources.size(); ++i) {
    const ScoreInputLine& line = sheet.subject.lines[i];
    const auto found = catalogue.Find(line.product, sheet.sources[i].assigned_on);
    if (found && found->product->coefficient == line.coefficient && EditionLabel(*found->edition) == line.edition) {
      continue;
    }
    return DataError("coefficient", "line " + line.label + ": its coefficient is not that of the catalogue");
  }
  return Ok();
}

Status CheckArithmetic(const Policy& policy, const SheetCase& sheet, std::string_view score_text) {
  const auto given = ParseJson(score_text);
  if (!given.ok() || !given->is_object()) return DataError("score", "score.json is not a score card");
  if (const Status bars = CheckBars(policy, sheet.subject); !bars.ok()) {
    return DataError("unknown_bar", "case.json: " + bars.error().message);
  }
  Json card = CardToJson(Score(policy, sheet.subject));
  for (const char* of_the_group : {"class_after_quota", "quota_note"}) {
    card[of_the_group] = given->value(of_the_group, Json(nullptr));
  }
  for (const auto& [key, value] : card.items()) {
    if (!given->contains(key) || given->at(key) != value) {
      return DataError("score", "score.json: " + key + " is not what its inputs give");
    }
  }
  const auto canonical = CanonicalJson(card);
  if (canonical.ok() && *canonical == score_text) return Ok();
  return DataError("score", "score.json is not in its one byte form");
}

}  // namespace mc
