// Ed25519 and C2SP signed notes (c2sp.org/signed-note), OpenSSL inside.
// Pure functions; safe from any thread.
#pragma once

#include <string>
#include <string_view>

#include "core/result.h"

namespace mc {

// An Ed25519 key with the name under which it signs notes.
struct NoteSigner {
  std::string name;  // "minhchung.example/log"
  std::string seed;  // 32 bytes, secret
};

std::string Ed25519PublicKey(std::string_view seed);                          // 32 bytes
std::string Ed25519Sign(std::string_view seed, std::string_view message);     // 64 bytes
bool Ed25519Verify(std::string_view public_key, std::string_view message, std::string_view signature);

// A name fit for a note: not empty, UTF-8, no white space, control character or '+'.
bool IsNoteName(std::string_view name);

// "name+hash+base64(0x01||key)", the verifier key text of signed-note.
std::string VerifierKey(const NoteSigner& signer);

// Returns the note with one signature line. REQUIRES: IsNoteName(signer.name); `text` is
// UTF-8, ends in a newline and holds no other control character.
std::string SignNote(const NoteSigner& signer, std::string_view text);

// The text of the note when the signature by `verifier_key` is there and verifies.
// kData "bad_note" otherwise.
Result<std::string> OpenNote(std::string_view note, std::string_view verifier_key);

}  // namespace mc
