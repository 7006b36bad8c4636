// What citizens say, beside the work that it is about: for the assessor of the general criteria
// (group b), and for the person to see. It is an input of no item, fact or score
// (docs/decisions/0006-satisfaction.md): items are built first and are not changed here.
// Pure; safe from any thread.
#pragma once

#include <vector>

#include "core/evidence.h"
#include "core/time.h"
#include "core/work_item.h"
#include "mapping/identity.h"

namespace mc {

// Borrows from what it was linked from.
struct Satisfaction {
  const EvidenceRevision* revision = nullptr;
  const WorkItem* item = nullptr;  // the work; null: said of a unit, or of something that nobody knows
  Link unit;                       // as the source names it, that day
};

// The latest revision of each, of what was said by as_of, in leaf order. A dossier or report is
// found by its id among keys and aliases; an id that two registers use finds neither.
std::vector<Satisfaction> LinkSatisfaction(const std::vector<EvidenceRevision>& evidence,
                                           const std::vector<WorkItem>& items, const IdentityIndex& identity,
                                           Instant as_of);

}  // namespace mc
