#include "gateway/clean_judge.h"

#include <algorithm>

#include "mapping/conflicts.h"

namespace mc {
namespace {

std::optional<Unclean> ConflictOf(const WorkItem& item) {
  if (item.lead.state == LinkState::kAmbiguous) return Unclean{item.lead.reason, item.key};
  if (item.unit.state == LinkState::kAmbiguous) return Unclean{item.unit.reason, item.key};
  const auto held = std::find_if(item.held.begin(), item.held.end(), IsConflict);
  return held != item.held.end() ? std::optional(Unclean{*held, item.key}) : std::nullopt;
}

}  // namespace

CleanJudge::CleanJudge(const std::vector<WorkItem>& items, const IdentityIndex& identity) : identity_(identity) {
  for (const WorkItem& item : items) {
    const bool resolved = item.lead.state == LinkState::kResolved || item.unit.state == LinkState::kResolved;
    const std::optional<Unclean> conflict = ConflictOf(item);
    for (const EvidenceRef& ref : item.evidence) {
      Seen& one = seen_.try_emplace(ref.ik, Seen{false, std::nullopt, {item.unit.reason, item.key}}).first->second;
      one.resolved = one.resolved || resolved;
      if (!one.conflict) one.conflict = conflict;
    }
  }
}

// Evidence that is in no item (a result document, a message about one) stands by its unit.
std::optional<Unclean> CleanJudge::ByItsUnit(const Evidence& evidence) const {
  const auto when = evidence.occurred_at ? evidence.occurred_at : evidence.assigned_at;
  if (!when) return Unclean{"no_time", ""};
  const Link unit = identity_.ResolveUnit(evidence.unit, CityDate(*when));
  return unit.state == LinkState::kResolved ? std::nullopt : std::optional(Unclean{unit.reason, ""});
}

std::optional<Unclean> CleanJudge::WhyNot(const EvidenceRevision& revision) const {
  const auto found = seen_.find(revision.ik);
  if (found == seen_.end()) return ByItsUnit(revision.evidence);
  if (found->second.conflict) return found->second.conflict;
  return found->second.resolved ? std::nullopt : std::optional(found->second.unresolved);
}

}  // namespace mc
