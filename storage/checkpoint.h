// Tree heads as C2SP tlog-checkpoints inside signed notes (docs/formats/checkpoint.md).
//
// The body has three lines: origin, size in decimal, root in base64. The origin is the
// signer's name, so that a checkpoint is bound to its log. No extension lines.
// Pure functions; safe from any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/digest.h"
#include "core/result.h"
#include "core/signature.h"

namespace mc {

struct Checkpoint {
  std::string origin;
  std::int64_t size = 0;
  Digest root{};
  bool operator==(const Checkpoint&) const = default;
};

std::string CheckpointBody(const Checkpoint& checkpoint);
// Strict inverse; kData "bad_checkpoint".
Result<Checkpoint> ParseCheckpointBody(std::string_view body);

// The signed note over a head of the log named by the signer.
std::string SignCheckpoint(const NoteSigner& signer, std::int64_t size, const Digest& root);
// The head, when the note carries a good signature by `verifier_key` and its origin is
// that key's name. kData "bad_note" / "bad_checkpoint".
Result<Checkpoint> OpenCheckpoint(std::string_view note, std::string_view verifier_key);
// The head that a note states, whoever signed it. Only for a note that is trusted already.
Result<Checkpoint> ReadCheckpoint(std::string_view note);

}  // namespace mc
