// The canonical bytes of an evidence, written straight from it: the same bytes as
// CanonicalJson(EvidenceToJson(evidence)), at a tenth of the cost, for what is done once
// per record. Format: docs/formats/evidence.md, canonical-json.md.
// Pure; safe from any thread.
#pragma once

#include <cstddef>
#include <string>

#include "core/evidence.h"
#include "core/result.h"

namespace mc {

struct EvidenceBytes {
  std::string canonical;
  // Where mapping_version and marks stand in it, the comma before them included: what an
  // evidence states is the rest.
  std::size_t provenance_at = 0;
  std::size_t provenance_end = 0;
};

// kInternal "not_canonical" when a text is not UTF-8.
Result<EvidenceBytes> WriteEvidence(const Evidence& evidence);

}  // namespace mc
