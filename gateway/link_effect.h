// What a link would change: the sheets of each period that it touches, with it and without it.
// Reads the store and writes nothing. For one thread. Errors as of RunScoring.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/directory.h"
#include "core/result.h"
#include "core/time.h"
#include "gateway/score_run.h"
#include "storage/store.h"

namespace mc {

// What people see of one sheet.
struct SheetSummary {
  std::optional<ScoreStatus> status;          // nullopt: no sheet
  std::string results, total, class_reached;  // exact, empty where there is none
  std::int64_t lines = 0;
  bool operator==(const SheetSummary&) const = default;
};

struct SheetChange {
  Period period;
  std::string person;
  SheetSummary before, after;
};

// Those from the first day that have begun by `now`: what is unfinished stands in later ones again.
std::vector<Period> PeriodsTouched(CivilDate from, Instant now);

// Sheets that differ, by period and person. `rules` makes those of a period but for its directory.
using RulesFor = std::function<Result<ScoreRules>(Period)>;
Result<std::vector<SheetChange>> ChangesOf(Store& store, const RulesFor& rules, const DirectoryData& before,
                                           const DirectoryData& after, const std::vector<Period>& periods);

}  // namespace mc
