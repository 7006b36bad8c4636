#include "gateway/link_effect.h"

#include <map>
#include <set>

#include "scoring/score_json.h"

namespace mc {
namespace {

using Sheets = std::map<std::string, SheetSummary>;

SheetSummary SummaryOf(const ScoreCard& card) {
  SheetSummary summary;
  summary.status = card.status;
  if (card.results_points) summary.results = card.results_points->ToShortest();
  if (card.total) summary.total = card.total->ToShortest();
  const auto& reached = card.class_after_quota ? card.class_after_quota : card.class_after_gates;
  if (reached) summary.class_reached = *reached;
  summary.lines = static_cast<std::int64_t>(card.lines.size());
  return summary;
}

Result<Sheets> SheetsWith(Store& store, const RulesFor& rules, const DirectoryData& directory, Period period) {
  MC_TRY(ScoreRules made, rules(period));
  made.directory = directory;
  MC_TRY(const ScoreRun run, RunScoring(store, std::move(made)));
  Sheets sheets;
  for (std::size_t i = 0; i < run.sheets.subjects.size(); ++i) {
    sheets.emplace(run.sheets.subjects[i].id, SummaryOf(run.sheets.cards[i]));
  }
  return sheets;
}

}  // namespace

std::vector<Period> PeriodsTouched(CivilDate from, Instant now) {
  std::vector<Period> periods;
  const Period last = PeriodOf(CityDate(now));
  for (Period period = PeriodOf(from); period <= last; period = NextPeriod(period)) periods.push_back(period);
  return periods;
}

Result<std::vector<SheetChange>> ChangesOf(Store& store, const RulesFor& rules, const DirectoryData& before,
                                           const DirectoryData& after, const std::vector<Period>& periods) {
  std::vector<SheetChange> changes;
  for (const Period period : periods) {
    MC_TRY(Sheets without, SheetsWith(store, rules, before, period));
    MC_TRY(Sheets with, SheetsWith(store, rules, after, period));
    std::set<std::string> people;
    for (const auto& [person, sheet] : without) people.insert(person);
    for (const auto& [person, sheet] : with) people.insert(person);
    for (const std::string& person : people) {
      if (without[person] == with[person]) continue;
      changes.push_back({period, person, without[person], with[person]});
    }
  }
  return changes;
}

}  // namespace mc
