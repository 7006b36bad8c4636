// The four numbers as they stand at this moment, by source and unit: the store's sums, but for what is clean, which is
// a matter of the items in hand. One reading for score, `quality` and the day's text, so that they cannot differ.
#pragma once

#include <optional>
#include <vector>

#include "core/evidence.h"
#include "core/result.h"
#include "core/work_item.h"
#include "gateway/quality_units.h"
#include "mapping/identity.h"
#include "storage/store.h"

namespace mc {

// Of `period`, or of all time without one. `evidence`: all or only the period's; older revisions count nothing.
// A unit is what its name means on `day`. The store's errors.
Result<std::vector<SourceNumbers>> NumbersNow(Store& store, const std::vector<EvidenceRevision>& evidence,
                                              const std::vector<WorkItem>& items, const IdentityIndex& identity,
                                              const std::optional<Period>& period, CivilDate day);

}  // namespace mc
