// In which periods an item stands, and with what figures (blueprint 4a "Period", "Cut-off",
// "Late", "Unfinished"; decision 0001, rules 4 to 6). Pure; any thread.
#pragma once

#include <optional>

#include "core/time.h"
#include "core/work_item.h"

namespace mc {

struct PeriodRules {
  bool carry_over = true;  // policy: carry_over = next
  std::int64_t cutoff_days = 0;
};

Instant CutOffOf(Period period, const PeriodRules& rules);

// True iff a completion at `done` misses the deadline `due`.
bool IsLate(const Moment& done, const Moment& due);

// How the item stands in `period`; nullopt when it does not. The item must have been built
// as of the instant at which the sheet is made. A held item stands as if unfinished.
std::optional<Standing> StandIn(const WorkItem& item, Period period, const PeriodRules& rules);

// One class per item for the summary (decision 0001, rule 28); nullopt: it left, and is in
// no total.
enum class ItemClass { kHeld, kUnresolved, kCompleted, kClaimedOnly, kAssigned };
std::optional<ItemClass> Classify(const WorkItem& item);

}  // namespace mc
