// Sealing of raw payloads: AES-256-GCM under one key per record, which is itself wrapped
// (AES-256-GCM) by the installation's sealing key. Destroying the wrapped key erases the
// payload; a copy of the database from before still has both, and is erased by itself.
// Pure functions over their arguments; safe from any thread.
#pragma once

#include <string>
#include <string_view>

#include "core/random.h"
#include "core/result.h"

namespace mc {

inline constexpr std::size_t kSealKeyBytes = 32;

struct SealedPayload {
  std::string wrapped_key;  // nonce(12) || ciphertext(32) || tag(16)
  std::string box;          // nonce(12) || ciphertext || tag(16)
};

// `context` is authenticated with both boxes (the record's key): a box moved to another
// row does not open. REQUIRES: sealing_key.size() == kSealKeyBytes.
SealedPayload Seal(std::string_view sealing_key, std::string_view context, std::string_view plain,
                   RandomSource& random);

// kInternal "seal_broken" when key, context or bytes do not fit.
Result<std::string> Open(std::string_view sealing_key, std::string_view context, const SealedPayload& sealed);

}  // namespace mc
