// Evidence -> WorkItems: keys, joins, backing, leads, deadlines (blueprint 4a and
// docs/decisions/0001-counting-rules-settled.md).
//
// Pure: no clock, no I/O. Safe from any thread.
#pragma once

#include <cstdint>
#include <vector>

#include "core/evidence.h"
#include "core/time.h"
#include "core/work_calendar.h"
#include "core/work_item.h"
#include "mapping/identity.h"

namespace mc {

// What the policy leaves open (marked * in 4a).
struct ItemSettings {
  Assurance min_assurance = Assurance::kRecorded;
  std::int64_t report_due_working_hours = 0;  // 0: reports without a stated deadline have none
  const WorkCalendar* calendar = nullptr;     // needed where the hours are not 0; not owned
};

// All items as they stood at `as_of`; events after it do not exist. `evidence` holds every
// revision, in leaf order. The result is sorted by key and does not depend on the order in
// which records arrived, but for conflicts: what was said first stands against what came later
// (docs/decisions/0015-conflicts.md).
std::vector<WorkItem> BuildItems(const std::vector<EvidenceRevision>& evidence, const IdentityIndex& identity,
                                 const ItemSettings& settings, Instant as_of);

}  // namespace mc
