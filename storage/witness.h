// A witness: somebody outside who cosigns the heads of this log, one after the other, and never
// two that contradict each other (C2SP tlog-witness and tlog-cosignature; docs/formats/witness.md).
//
// Functions are pure; safe from any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/http.h"
#include "core/result.h"
#include "core/signature.h"
#include "storage/ledger_reader.h"

namespace mc {

// Room for a hundred signature lines of Ed25519, or thirty of the kind after quantum computers.
inline constexpr std::int64_t kWitnessAnswerLimitBytes = 16 * 1024;

// What a witness says of a head that it was shown.
struct WitnessAnswer {
  enum class Kind {
    kCosigned,   // `cosignature` verified over this head
    kOtherSize,  // the head that it cosigned last has `size` leaves: not the size that we named
    kFork,       // it holds a head that this one does not extend; `size` of that one
    kFailed,     // anything else: `error` says what. It speaks neither for nor against the head
  };
  Kind kind = Kind::kFailed;
  Cosignature cosignature;
  std::int64_t size = 0;
  Error error;
};

// One witness. Used by one thread at a time.
class Witness {
 public:
  virtual ~Witness() = default;
  virtual const std::string& key() const = 0;  // its verifier key; IsCosignerKey
  // Shows it the head with the proof that it extends the one of `known_size`, the size that the
  // witness is known to have cosigned last (0: none). kOtherSize only with a size above the head's.
  virtual WitnessAnswer Show(const LedgerHead& head, std::int64_t known_size, const TileReader& tiles) = 0;
};

// The body of add-checkpoint. REQUIRES: a proof of at most kMaxProofHashes; `checkpoint` a signed note.
std::string AddCheckpointBody(std::int64_t old_size, const ProofHashes& proof, std::string_view checkpoint);

// What the answer to add-checkpoint says. Its words are data of a stranger: no more of them than
// numbers and a verified line get through. Codes of kFailed: "witness_log_unknown" (404),
// "witness_key_unknown" (403), "witness_status" (any other that the protocol does not know),
// "witness_answer" (a form that it does not know), "bad_cosignature", "no_cosignature".
WitnessAnswer ReadWitnessAnswer(const HttpResponse& response, std::int64_t old_size, const LedgerHead& head,
                                std::string_view witness_key);

}  // namespace mc
