#include "core/signature.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>
#include <optional>
#include <vector>

#include "core/digest.h"
#include "core/digest_context.h"
#include "core/text.h"

namespace mc {
namespace {

constexpr std::size_t kEd25519KeyBytes = 32;  // RFC 8032, section 5.1.5: seed and public key alike
constexpr std::size_t kSignatureBytes = 64;  // RFC 8032, section 5.1.6
constexpr std::size_t kKeyIdBytes = 4;
constexpr char kEd25519 = '\x01';  // signed-note: signature types
constexpr char kCosignature = '\x04';
constexpr std::size_t kTimeBytes = 8;                         // tlog-cosignature: u64 timestamp
constexpr std::string_view kSignatureMark = "\xE2\x80\x94 ";  // em dash U+2014, space
constexpr std::size_t kMaxNoteSignatures = 100;

struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using Key = std::unique_ptr<EVP_PKEY, FreeKey>;

unsigned char* Out(std::string& bytes) { return reinterpret_cast<unsigned char*>(bytes.data()); }

Key PrivateKey(std::string_view seed) {
  if (seed.size() != kEd25519KeyBytes) std::abort();
  Key key(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, UnsignedBytes(seed), seed.size()));
  if (!key) std::abort();
  return key;
}

std::string KeyId(std::string_view name, char type, std::string_view public_key) {
  std::string preimage(name);
  preimage += '\n';
  preimage += type;
  preimage += public_key;
  return std::string(AsBytes(Sha256(preimage)).substr(0, kKeyIdBytes));
}

std::string KeyText(const NoteSigner& signer, char type) {
  const std::string public_key = Ed25519PublicKey(signer.seed);
  return signer.name + "+" + ToHex(KeyId(signer.name, type, public_key)) + "+" + ToBase64(type + public_key);
}

std::string SignatureLine(std::string_view name, std::string_view id, std::string_view signature) {
  std::string bytes(id);
  bytes += signature;
  return std::string(kSignatureMark) + std::string(name) + " " + ToBase64(bytes) + "\n";
}

struct NoteVerifier {
  std::string name;
  std::string id;
  std::string public_key;
};

// "name+0a1b2c3d+base64": the id must be the one that name and key give.
std::optional<NoteVerifier> ParseVerifierKey(std::string_view text, char type) {
  const auto first = text.find('+');
  if (first == std::string_view::npos) return std::nullopt;
  const auto second = text.find('+', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  const auto key = FromBase64(text.substr(second + 1));
  const auto id = FromHex(text.substr(first + 1, second - first - 1));
  if (!key || !id || key->size() != kEd25519KeyBytes + 1 || key->front() != type) return std::nullopt;
  NoteVerifier verifier{std::string(text.substr(0, first)), *id, key->substr(1)};
  if (!IsNoteName(verifier.name) || verifier.id != KeyId(verifier.name, type, verifier.public_key)) return std::nullopt;
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

// The bytes after the key id of each signature by this key. nullopt when a line, of whomever, is malformed.
std::optional<std::vector<std::string>> SignaturesBy(const NoteVerifier& verifier, std::string_view lines) {
  std::vector<std::string> found;
  for (std::size_t count = 0; !lines.empty(); ++count) {
    const auto end = lines.find('\n');
    if (end == std::string_view::npos || count == kMaxNoteSignatures) return std::nullopt;
    const auto signature = ParseSignatureLine(lines.substr(0, end));
    if (!signature) return std::nullopt;
    lines.remove_prefix(end + 1);
    const std::string_view bytes = signature->bytes;
    if (signature->name != verifier.name || bytes.substr(0, kKeyIdBytes) != verifier.id) continue;
    found.emplace_back(bytes.substr(kKeyIdBytes));
  }
  return found;
}

// Each signature by this key must verify.
Status CheckSignatures(std::string_view lines, std::string_view text, const NoteVerifier& verifier) {
  const auto signatures = SignaturesBy(verifier, lines);
  if (!signatures) return BadNote("malformed signature lines");
  if (signatures->empty()) return BadNote("no signature by the given key");
  for (const std::string& signature : *signatures) {
    if (!Ed25519Verify(verifier.public_key, text, signature)) return BadNote("the signature does not fit the text");
  }
  return Ok();
}

Error BadCosignature(const char* why) {
  return DataError("bad_cosignature", std::string("the cosignature is not valid: ") + why);
}

std::string CosignedMessage(std::string_view text, std::int64_t time) {
  return "cosignature/v1\ntime " + std::to_string(time) + "\n" + std::string(text);
}

std::string BigEndian(std::int64_t time) {
  std::string bytes(kTimeBytes, '\0');
  for (std::size_t i = 0; i < kTimeBytes; ++i) {
    bytes[kTimeBytes - 1 - i] = static_cast<char>((static_cast<std::uint64_t>(time) >> (8 * i)) & 0xFF);
  }
  return bytes;
}

// nullopt past 2^63 - 1, which no cosigner may state.
std::optional<std::int64_t> FromBigEndian(std::string_view bytes) {
  std::uint64_t time = 0;
  for (const char c : bytes) time = time << 8 | static_cast<unsigned char>(c);
  if (time > static_cast<std::uint64_t>(INT64_MAX)) return std::nullopt;
  return static_cast<std::int64_t>(time);
}

// `bytes`: time || signature.
Result<Cosignature> CheckCosignature(const std::string& bytes, std::string_view text, const NoteVerifier& verifier) {
  if (bytes.size() != kTimeBytes + kSignatureBytes) return BadCosignature("it is not a time and a signature");
  const auto time = FromBigEndian(std::string_view(bytes).substr(0, kTimeBytes));
  if (!time) return BadCosignature("its time is out of range");
  if (!Ed25519Verify(verifier.public_key, CosignedMessage(text, *time), std::string_view(bytes).substr(kTimeBytes))) {
    return BadCosignature("it does not fit the checkpoint");
  }
  return Cosignature{SignatureLine(verifier.name, verifier.id, bytes), *time};
}

}  // namespace

std::string Ed25519PublicKey(std::string_view seed) {
  const Key key = PrivateKey(seed);
  std::string public_key(kEd25519KeyBytes, '\0');
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
                    EVP_DigestSign(ctx.get(), Out(signature), &length, UnsignedBytes(message), message.size()) == 1;
  if (!done) std::abort();
  return signature;
}

bool Ed25519Verify(std::string_view public_key, std::string_view message, std::string_view signature) {
  if (public_key.size() != kEd25519KeyBytes || signature.size() != kSignatureBytes) return false;
  const Key key(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, UnsignedBytes(public_key), public_key.size()));
  const MdCtx ctx(EVP_MD_CTX_new());
  return key && ctx && EVP_DigestVerifyInit(ctx.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
         EVP_DigestVerify(ctx.get(), UnsignedBytes(signature), signature.size(), UnsignedBytes(message),
                          message.size()) == 1;
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

std::string VerifierKey(const NoteSigner& signer) { return KeyText(signer, kEd25519); }

std::string SignNote(const NoteSigner& signer, std::string_view text) {
  if (!IsNoteText(text) || !IsNoteName(signer.name)) std::abort();
  const std::string id = KeyId(signer.name, kEd25519, Ed25519PublicKey(signer.seed));
  return std::string(text) + "\n" + SignatureLine(signer.name, id, Ed25519Sign(signer.seed, text));
}

Result<std::string> OpenNote(std::string_view note, std::string_view verifier_key) {
  const auto verifier = ParseVerifierKey(verifier_key, kEd25519);
  if (!verifier) return BadNote("the verifier key is not of the form name+hash+key for Ed25519");
  const auto parts = SplitNote(note);
  if (!parts) return BadNote("no signature");
  if (!IsNoteText(parts->text)) return BadNote("the text is not plain UTF-8 lines");
  MC_CHECK_OK(CheckSignatures(parts->signatures, parts->text, *verifier));
  return std::string(parts->text);
}

// The text may hold empty lines itself.
std::optional<NoteParts> SplitNote(std::string_view note) {
  const auto split = note.rfind("\n\n");
  if (split == std::string_view::npos) return std::nullopt;
  return NoteParts{note.substr(0, split + 1), note.substr(split + 2)};
}

std::string CosignerKey(const NoteSigner& cosigner) { return KeyText(cosigner, kCosignature); }

bool IsCosignerKey(std::string_view text) { return ParseVerifierKey(text, kCosignature).has_value(); }

Cosignature CosignNote(const NoteSigner& cosigner, std::string_view text, std::int64_t time) {
  if (!IsNoteText(text) || !IsNoteName(cosigner.name) || time < 0) std::abort();
  const std::string id = KeyId(cosigner.name, kCosignature, Ed25519PublicKey(cosigner.seed));
  const std::string signature = Ed25519Sign(cosigner.seed, CosignedMessage(text, time));
  return {SignatureLine(cosigner.name, id, BigEndian(time) + signature), time};
}

Result<Cosignature> FindCosignature(std::string_view lines, std::string_view text, std::string_view cosigner_key) {
  const auto verifier = ParseVerifierKey(cosigner_key, kCosignature);
  if (!verifier) return BadCosignature("the key is not a cosigner's, of the form name+hash+key with type 4");
  const auto found = SignaturesBy(*verifier, lines);
  if (!found) return BadCosignature("malformed signature lines");
  std::optional<Cosignature> first;
  for (const std::string& bytes : *found) {
    MC_TRY(const Cosignature checked, CheckCosignature(bytes, text, *verifier));
    if (!first) first = checked;
  }
  if (first) return *first;
  return DataError("no_cosignature", "no cosignature by " + verifier->name);
}

}  // namespace mc
