// Ed25519, C2SP signed notes (c2sp.org/signed-note) and cosignatures of checkpoints
// (c2sp.org/tlog-cosignature, the Ed25519 kind, type 0x04); OpenSSL inside.
// Pure functions; safe from any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"

namespace mc {

// An Ed25519 key with the name under which it signs notes.
struct NoteSigner {
  std::string name;  // "minhchung.example/log"
  std::string seed;  // 32 bytes, secret
};

std::string Ed25519PublicKey(std::string_view seed);                       // 32 bytes
std::string Ed25519Sign(std::string_view seed, std::string_view message);  // 64 bytes
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

// A note taken apart at its last empty line; nullopt for a text without one. Checks nothing else.
struct NoteParts {
  std::string_view text;        // with its last newline
  std::string_view signatures;  // whole lines
};
std::optional<NoteParts> SplitNote(std::string_view note);

// --- cosignatures: "as of this time, this is the largest consistent head that I have seen"

// "name+hash+base64(0x04||key)": the verifier key of a cosigner. One Ed25519 key serves one cosigner.
std::string CosignerKey(const NoteSigner& cosigner);
bool IsCosignerKey(std::string_view text);

struct Cosignature {
  std::string line;       // as it stands in a note, with its newline
  std::int64_t time = 0;  // POSIX seconds, as the cosigner states them
};

// REQUIRES: as SignNote; time >= 0.
Cosignature CosignNote(const NoteSigner& cosigner, std::string_view text, std::int64_t time);

// The first cosignature of `text` by `cosigner_key` among signature lines; those of other keys are
// passed over. kData "no_cosignature" without one; "bad_cosignature" for lines that are malformed, and
// when one by this key does not verify.
Result<Cosignature> FindCosignature(std::string_view lines, std::string_view text, std::string_view cosigner_key);

}  // namespace mc
