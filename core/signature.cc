#include "core/signature.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>
#include <optional>

#include "core/digest.h"
#include "core/text.h"

namespace mc {
namespace {

constexpr std::size_t kKeyBytes = 32;        // RFC 8032, section 5.1.5: seed and public key alike
constexpr std::size_t kSignatureBytes = 64;  // RFC 8032, section 5.1.6
constexpr std::size_t kKeyIdBytes = 4;
constexpr char kAlgorithmEd25519 = '\x01';                    // signed-note: signature type
constexpr std::string_view kSignatureMark = "\xE2\x80\x94 ";  // em dash U+2014, space
constexpr std::size_t kMaxNoteSignatures = 100;

struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
struct FreeMdCtx {
  void operator()(EVP_MD_CTX* ctx) const { EVP_MD_CTX_free(ctx); }
};
using Key = std::unique_ptr<EVP_PKEY, FreeKey>;
using MdCtx = std::unique_ptr<EVP_MD_CTX, FreeMdCtx>;

const unsigned char* In(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
unsigned char* Out(std::string& bytes) { return reinterpret_cast<unsigned char*>(bytes.data()); }

Key PrivateKey(std::string_view seed) {
  if (seed.size() != kKeyBytes) std::abort();
  Key key(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, In(seed), seed.size()));
  if (!key) std::abort();
  return key;
}

std::string KeyId(std::string_view name, std::string_view public_key) {
  std::string preimage(name);
  preimage += '\n';
  preimage += kAlgorithmEd25519;
  preimage += public_key;
  return std::string(AsBytes(Sha256(preimage)).substr(0, kKeyIdBytes));
}

struct NoteVerifier {
  std::string name;
  std::string id;
  std::string public_key;
};

// "name+0a1b2c3d+base64": the id must be the one that name and key give.
std::optional<NoteVerifier> ParseVerifierKey(std::string_view text) {
  const auto first = text.find('+');
  if (first == std::string_view::npos) return std::nullopt;
  const auto second = text.find('+', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  const auto key = FromBase64(text.substr(second + 1));
  const auto id = FromHex(text.substr(first + 1, second - first - 1));
  if (!key || !id || key->size() != kKeyBytes + 1 || key->front() != kAlgorithmEd25519) return std::nullopt;
  NoteVerifier verifier{std::string(text.substr(0, first)), *id, key->substr(1)};
  if (!IsNoteName(verifier.name) || verifier.id != KeyId(verifier.name, verifier.public_key)) return std::nullopt;
  return verifier;
}

struct NoteSignature {
  std::string_view name;
  std::string bytes;  // key id || signature
};

// One signature line without its newline.
std::optional<NoteSignature> ParseSignatureLine(std::string_view line) {
  if (line.substr(0, kSignatureMark.size()) != kSignatureMark) return std::nullopt;
  line.remove_prefix(kSignatureMark.size());
  const auto space = line.find(' ');
  if (space == std::string_view::npos) return std::nullopt;
  auto bytes = FromBase64(line.substr(space + 1));
  const std::string_view name = line.substr(0, space);
  if (!bytes || bytes->size() <= kKeyIdBytes || !IsNoteName(name)) return std::nullopt;
  return NoteSignature{name, std::move(*bytes)};
}

// No control character but the newline, and UTF-8 throughout.
bool IsNoteText(std::string_view text) {
  const auto is_control = [](char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\n') || c == '\x7f'; };
  return !text.empty() && text.back() == '\n' && IsValidUtf8(text) &&
         std::none_of(text.begin(), text.end(), is_control);
}

Error BadNote(const char* why) { return DataError("bad_note", std::string("the signed note is not valid: ") + why); }

// Every signature line must be well formed; those of other keys are passed over, and each
// one by this key must verify.
Status CheckSignatures(std::string_view lines, std::string_view text, const NoteVerifier& verifier) {
  bool verified = false;
  for (std::size_t count = 0; !lines.empty(); ++count) {
    const auto end = lines.find('\n');
    if (end == std::string_view::npos || count == kMaxNoteSignatures) return BadNote("malformed signature lines");
    const auto signature = ParseSignatureLine(lines.substr(0, end));
    if (!signature) return BadNote("malformed signature lines");
    lines.remove_prefix(end + 1);
    const std::string_view bytes = signature->bytes;
    if (signature->name != verifier.name || bytes.substr(0, kKeyIdBytes) != verifier.id) continue;
    if (!Ed25519Verify(verifier.public_key, text, bytes.substr(kKeyIdBytes))) {
      return BadNote("the signature does not fit the text");
    }
    verified = true;
  }
  if (!verified) return BadNote("no signature by the given key");
  return Ok();
}

}  // namespace

std::string Ed25519PublicKey(std::string_view seed) {
  const Key key = PrivateKey(seed);
  std::string public_key(kKeyBytes, '\0');
  std::size_t length = public_key.size();
  if (EVP_PKEY_get_raw_public_key(key.get(), Out(public_key), &length) != 1) std::abort();
  return public_key;
}

std::string Ed25519Sign(std::string_view seed, std::string_view message) {
  const Key key = PrivateKey(seed);
  const MdCtx ctx(EVP_MD_CTX_new());
  std::string signature(kSignatureBytes, '\0');
  std::size_t length = signature.size();
  const bool done = ctx && EVP_DigestSignInit(ctx.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
                    EVP_DigestSign(ctx.get(), Out(signature), &length, In(message), message.size()) == 1;
  if (!done) std::abort();
  return signature;
}

bool Ed25519Verify(std::string_view public_key, std::string_view message, std::string_view signature) {
  if (public_key.size() != kKeyBytes || signature.size() != kSignatureBytes) return false;
  const Key key(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, In(public_key), public_key.size()));
  const MdCtx ctx(EVP_MD_CTX_new());
  return key && ctx && EVP_DigestVerifyInit(ctx.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
         EVP_DigestVerify(ctx.get(), In(signature), signature.size(), In(message), message.size()) == 1;
}

bool IsNoteName(std::string_view name) {
  // White space of Unicode beyond ASCII, as UTF-8.
  constexpr std::array<std::string_view, 19> kSpaces = {
      "\xC2\x85",     "\xC2\xA0",     "\xE1\x9A\x80", "\xE2\x80\x80", "\xE2\x80\x81", "\xE2\x80\x82", "\xE2\x80\x83",
      "\xE2\x80\x84", "\xE2\x80\x85", "\xE2\x80\x86", "\xE2\x80\x87", "\xE2\x80\x88", "\xE2\x80\x89", "\xE2\x80\x8A",
      "\xE2\x80\xA8", "\xE2\x80\xA9", "\xE2\x80\xAF", "\xE2\x81\x9F", "\xE3\x80\x80"};
  const auto forbidden = [](char c) { return static_cast<unsigned char>(c) <= 0x20 || c == '\x7f' || c == '+'; };
  return !name.empty() && IsValidUtf8(name) && std::none_of(name.begin(), name.end(), forbidden) &&
         std::none_of(kSpaces.begin(), kSpaces.end(),
                      [name](std::string_view space) { return name.find(space) != std::string_view::npos; });
}

std::string VerifierKey(const NoteSigner& signer) {
  const std::string public_key = Ed25519PublicKey(signer.seed);
  return signer.name + "+" + ToHex(KeyId(signer.name, public_key)) + "+" + ToBase64(kAlgorithmEd25519 + public_key);
}

std::string SignNote(const NoteSigner& signer, std::string_view text) {
  if (!IsNoteText(text) || !IsNoteName(signer.name)) std::abort();
  const std::string id = KeyId(signer.name, Ed25519PublicKey(signer.seed));
  std::string note(text);
  note += '\n';
  note += kSignatureMark;
  note += signer.name + " " + ToBase64(id + Ed25519Sign(signer.seed, text)) + "\n";
  return note;
}

Result<std::string> OpenNote(std::string_view note, std::string_view verifier_key) {
  const auto verifier = ParseVerifierKey(verifier_key);
  if (!verifier) return BadNote("the verifier key is not of the form name+hash+key for Ed25519");
  // The text ends at the last empty line; it may hold empty lines itself.
  const auto split = note.rfind("\n\n");
  if (split == std::string_view::npos) return BadNote("no signature");
  const std::string_view text = note.substr(0, split + 1);
  if (!IsNoteText(text)) return BadNote("the text is not plain UTF-8 lines");
  MC_CHECK_OK(CheckSignatures(note.substr(split + 2), text, *verifier));
  return std::string(text);
}

}  // namespace mc
