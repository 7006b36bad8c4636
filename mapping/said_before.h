// Revisions that say again, word for word, what stood already: a source that goes back to what it had said, or a record
// that was read out of quarantine and states nothing new. They end a hold (decision 0030) and are no newer word.
#pragma once

#include <vector>

#include "core/evidence.h"

namespace mc {

// Sets said_leaf. `evidence`: by rising leaf, each record's revisions in their order. Pure; any thread.
void MarkSaidBefore(std::vector<EvidenceRevision>& evidence);

}  // namespace mc
