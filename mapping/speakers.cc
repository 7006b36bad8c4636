#include "mapping/speakers.h"

#include <algorithm>

namespace mc {
namespace {

bool MayBeLead(const PersonKeys& by, const Evidence& task, const Link& lead, CivilDate day,
               const BuildContext& context) {
  if (by == task.lead || (!by.account.empty() && by.account == task.lead.account)) return true;
  if (lead.state != LinkState::kResolved) return false;
  const Link unit = context.identity.ResolveUnit(task.unit, day);
  const Link link = context.identity.ResolvePerson(by, task.register_id, unit, day);
  if (link.state == LinkState::kResolved) return link.id == lead.id;
  if (link.state == LinkState::kAmbiguous) {
    return std::binary_search(link.candidates.begin(), link.candidates.end(), lead.id);
  }
  return context.identity.EverOf(lead.id, by, task.register_id, unit, day);
}

}  // namespace

bool ByAnother(const PersonKeys& by, const Evidence& task, const Link& lead, CivilDate day,
               const BuildContext& context) {
  return !by.empty() && !MayBeLead(by, task, lead, day, context);
}

bool ByKnownOther(const PersonKeys& by, const Evidence& task, const Link& lead, CivilDate day,
                  const BuildContext& context) {
  const Link unit = context.identity.ResolveUnit(task.unit, day);
  const Link link = context.identity.ResolvePerson(by, task.register_id, unit, day);
  return link.state == LinkState::kResolved && ByAnother(by, task, lead, day, context);
}

}  // namespace mc
