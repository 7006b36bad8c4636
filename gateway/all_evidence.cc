#include "gateway/all_evidence.h"

#include "mapping/said_before.h"

namespace mc {

Result<std::vector<EvidenceRevision>> AllEvidence(Store& store) {
  std::vector<EvidenceRevision> evidence;
  MC_CHECK_OK(store.ScanEvidence([&](const EvidenceRevision& revision) {
    evidence.push_back(revision);
    return Ok();
  }));
  MarkSaidBefore(evidence);
  return evidence;
}

}  // namespace mc
