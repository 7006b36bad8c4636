// A bundle of kind score: the files above the leaves, and what they prove (docs/formats/bundle.md).
//
// Pure: no store, no network, no settings, no clock. Errors are kData, named as in the format.
#pragma once

#include <string>

#include "core/result.h"
#include "gateway/bundle_check.h"
#include "storage/proof.h"

namespace mc {

inline constexpr const char* kCaseFile = "case.json";
inline constexpr const char* kScoreFile = "score.json";
inline constexpr const char* kPolicyFile = "policy.json";
inline constexpr const char* kCatalogueFile = "catalogue.json";
inline constexpr const char* kListFile = "list.json";
inline constexpr const char* kListSaltFile = "list.salt";
inline constexpr const char* kIndexProofFile = "index-proof.json";

// Where a person's entry stands in the index.
struct IndexProof {
  Digest pseudonym{};
  std::int64_t position = 0;
  ProofHashes hashes;
};
Result<std::string> IndexProofText(const IndexProof& proof);   // canonical JSON
Result<IndexProof> ParseIndexProof(std::string_view text);     // strict inverse; "bad_index_proof"

// Everything behind the subject, leaves included; fills report.leaves.
Status CheckScore(BundleReader& reader, const std::string& key, BundleReport& report);

}  // namespace mc
