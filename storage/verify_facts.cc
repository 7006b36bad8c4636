#include "storage/verify_facts.h"

namespace mc {

Result<VerifiedFacts> FactVerifier::Verify(Store& store, std::vector<Fact> facts) {
  std::vector<EvidenceRef> evidence;
  for (const Fact& fact : facts) evidence.insert(evidence.end(), fact.evidence.begin(), fact.evidence.end());
  MC_TRY(std::string checkpoint, store.VerifyEvidence(evidence));
  return VerifiedFacts(std::move(facts), std::move(checkpoint));
}

}  // namespace mc
