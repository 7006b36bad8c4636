// One leaf's place under a signed head as text: c2sp.org/tlog-proof@v1 (docs/formats/proof.md).
//
// Pure functions; safe from any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"
#include "storage/checkpoint.h"
#include "storage/proof.h"

namespace mc {

struct TlogProof {
  // Nothing covers these bytes: whoever passes the proof on can put others in. We write none.
  std::optional<std::string> extra;
  std::int64_t index = 0;
  ProofHashes hashes;      // from the leaf's sibling up to the root's child
  std::string checkpoint;  // the signed note, verbatim
  bool operator==(const TlogProof&) const = default;
};

std::string TlogProofText(const TlogProof& proof);

// Strict inverse; kData "bad_tlog_proof". It reads the form alone: neither the checkpoint nor
// the hashes are checked.
Result<TlogProof> ParseTlogProof(std::string_view text);

// Everything that a proof can show: the checkpoint is signed with `verifier_key`, and the leaf
// with this hash stands at the proof's index under that head, which is returned. kData
// "bad_note", "bad_checkpoint", "bad_inclusion".
Result<Checkpoint> CheckTlogProof(const TlogProof& proof, const Digest& leaf_hash, std::string_view verifier_key);

}  // namespace mc
