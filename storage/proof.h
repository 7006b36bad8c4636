// Inclusion and consistency proofs: RFC 6962 sections 2.1.1 and 2.1.2, SHA-256.
//
// Makers read tiles (merkle.h), each tile once, two for each level at most for inclusion and
// three for consistency: never a scan. The stored tree may be larger than the tree asked about.
// Verifiers are pure and strict: a proof that is too long, too short or for a place outside
// the tree is refused. Safe from any thread, as far as the reader is.
#pragma once

#include <cstdint>
#include <vector>

#include "core/digest.h"
#include "core/result.h"
#include "storage/merkle.h"

namespace mc {

// Of an inclusion proof: from the leaf's sibling up to the root's child.
using ProofHashes = std::vector<Digest>;

// As many hashes as any proof within an index of 63 bits can have.
inline constexpr std::size_t kMaxProofHashes = 63;

// That leaf `index` stands in the tree of `size` leaves. kData "no_such_leaf" for an index
// outside of it; the reader's errors, and kInternal "bad_tile".
Result<ProofHashes> MakeInclusionProof(std::int64_t index, std::int64_t size, const TileReader& read);

// That the tree of `size` leaves begins with that of `old_size`: without hashes where the sizes
// are equal or the old tree is empty. kData "no_such_tree" unless 0 <= old_size <= size.
Result<ProofHashes> MakeConsistencyProof(std::int64_t old_size, std::int64_t size, const TileReader& read);

// kData "bad_inclusion": the proof does not lead from this leaf, at this place, to this root.
// A root alone does not fix the size: take both from one signed head.
Status CheckInclusion(std::int64_t index, std::int64_t size, const Digest& leaf_hash, const Digest& root,
                      const ProofHashes& proof);

// kData "bad_consistency": the proof does not show that the tree with `root` begins with the
// tree with `old_root`.
Status CheckConsistency(std::int64_t old_size, std::int64_t size, const Digest& old_root, const Digest& root,
                        const ProofHashes& proof);

}  // namespace mc
