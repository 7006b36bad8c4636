// All evidence of a store, as items are built from it.
#pragma once

#include <vector>

#include "core/evidence.h"
#include "core/result.h"
#include "storage/store.h"

namespace mc {

// Every revision, by rising leaf, with what it only says again marked (mapping/said_before.h). In memory whole. Errors
// are the store's.
Result<std::vector<EvidenceRevision>> AllEvidence(Store& store);

}  // namespace mc
