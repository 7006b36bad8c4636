#include "mapping/standing.h"

#include <algorithm>

namespace mc {
namespace {

Period HomeOf(const WorkItem& item) { return PeriodOf(CityDate(item.due ? *item.due : item.assigned_at)); }

// Quantity completed by `until` (absent: at all).
Ratio CompletedBy(const WorkItem& item, const Instant* until) {
  Ratio sum = 0;
  if (!item.held.empty()) return sum;
  for (const Completion& c : item.completions) {
    if (!until || EndOf(c.at) <= *until) sum += c.quantity;
  }
  return sum;
}

bool AnyLate(const WorkItem& item) {
  if (!item.due || !item.held.empty()) return false;
  return std::any_of(item.completions.begin(), item.completions.end(),
                     [&](const Completion& c) { return IsLate(c.at, *item.due); });
}

}  // namespace

Instant CutOffOf(Period period, const PeriodRules& rules) {
  return Instant{EndOfPeriod(period).micros + rules.cutoff_days * kMicrosPerDay};
}

bool IsLate(const Moment& done, const Moment& due) {
  // Known only to the day: the day decides, so that nobody is blamed on a guess.
  if (done.bare_date) return CityDate(done) > CityDate(due);
  return done.at > EndOf(due);
}

std::optional<Standing> StandIn(const WorkItem& item, Period period, const PeriodRules& rules) {
  if (item.left || item.self_set) return std::nullopt;
  const Period home = HomeOf(item);
  if (home > period) return std::nullopt;

  Standing standing;
  standing.no_deadline = !item.due;
  standing.quality_failures = item.quality_failures;
  standing.late = item.due ? item.missed_before : 0;
  standing.assigned = item.quantity;
  standing.completed = CompletedBy(item, nullptr);
  if (home == period) {
    standing.late += AnyLate(item) ? 1 : 0;
    return standing;
  }
  if (!rules.carry_over) return std::nullopt;
  const Instant before = CutOffOf(PreviousPeriod(period), rules);
  const Ratio done_before = CompletedBy(item, &before);
  if (done_before >= item.quantity) return std::nullopt;
  standing.carried_over = true;
  standing.assigned = item.quantity - done_before;
  standing.completed -= done_before;
  // Carried over means that the deadline in force passed while something was open.
  standing.late += item.due ? 1 : 0;
  return standing;
}

std::optional<ItemClass> Classify(const WorkItem& item) {
  if (item.left) return std::nullopt;
  if (!item.held.empty()) return ItemClass::kHeld;
  if (item.lead.state != LinkState::kResolved) return ItemClass::kUnresolved;
  if (item.self_set) return ItemClass::kClaimedOnly;
  if (CompletedBy(item, nullptr) >= item.quantity) return ItemClass::kCompleted;
  return item.claimed && !item.claim_counts ? ItemClass::kClaimedOnly : ItemClass::kAssigned;
}

}  // namespace mc
