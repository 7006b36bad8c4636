// The only maker of VerifiedFacts.
#pragma once

#include <vector>

#include "core/result.h"
#include "storage/facts.h"
#include "storage/store.h"

namespace mc {

class FactVerifier {
 public:
  // Re-hashes every evidence that `facts` name, opens its commitment against its leaf and
  // checks the leaves against the signed head. kInternal "unverified_evidence" names the
  // first that fails. REQUIRES: store outlives the call.
  static Result<VerifiedFacts> Verify(Store& store, std::vector<Fact> facts);
};

}  // namespace mc
