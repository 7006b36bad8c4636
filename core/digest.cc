#include "core/digest.h"

#include <openssl/evp.h>

#include <cstdlib>
#include <cstring>
#include <memory>

#include "core/digest_context.h"
#include "core/hex.h"

namespace mc {
namespace {

struct FreeMd {
  void operator()(EVP_MD* md) const { EVP_MD_free(md); }
};

// Fetched once: EVP_sha256() looks the algorithm up again in every call, which costs as
// much as hashing a small record.
const EVP_MD* Sha256Md() {
  static const std::unique_ptr<EVP_MD, FreeMd> md(EVP_MD_fetch(nullptr, "SHA256", nullptr));
  // No SHA-256 means a broken OpenSSL; nothing of this program can work then.
  if (!md) std::abort();
  return md.get();
}

EVP_MD_CTX* ThreadDigestContext() {
  thread_local const MdCtx ctx(EVP_MD_CTX_new());
  if (!ctx) std::abort();
  return ctx.get();
}

constexpr std::string_view kBase64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

// One group of four characters, `pads` of them '='; false when a character is foreign or
// bits that the padding discards are not zero (two texts would mean the same bytes).
bool DecodeGroup(std::string_view group, std::size_t pads, std::string& out) {
  std::uint32_t bits = 0;
  for (std::size_t i = 0; i < 4 - pads; ++i) {
    const auto value = kBase64.find(group[i]);
    if (value == std::string_view::npos) return false;
    bits |= static_cast<std::uint32_t>(value) << (18 - 6 * i);
  }
  if ((pads == 1 && (bits & 0xFF) != 0) || (pads == 2 && (bits & 0xFFFF) != 0)) return false;
  for (std::size_t i = 0; i < 3 - pads; ++i) out.push_back(static_cast<char>(bits >> (16 - 8 * i) & 0xFF));
  return true;
}

}  // namespace

void FreeMdCtx::operator()(evp_md_ctx_st* ctx) const { EVP_MD_CTX_free(ctx); }

Digest Sha256(std::string_view bytes) { return Sha256(std::initializer_list<std::string_view>{bytes}); }

Digest Sha256(std::initializer_list<std::string_view> parts) {
  Digest digest{};
  EVP_MD_CTX* ctx = ThreadDigestContext();
  bool done = EVP_DigestInit_ex2(ctx, Sha256Md(), nullptr) == 1;
  for (const std::string_view part : parts) done = done && EVP_DigestUpdate(ctx, part.data(), part.size()) == 1;
  if (!done || EVP_DigestFinal_ex(ctx, digest.data(), nullptr) != 1) std::abort();
  return digest;
}

// Written out (RFC 2104) because OpenSSL's one-shot HMAC takes an int key length and looks
// the algorithm up each time.
Digest HmacSha256(std::string_view key, std::string_view bytes) {
  constexpr std::size_t kBlockBytes = 64;
  std::string inner(kBlockBytes, '\x36');
  std::string outer(kBlockBytes, '\x5c');
  const Digest hashed = key.size() > kBlockBytes ? Sha256(key) : Digest{};
  const std::string_view used = key.size() > kBlockBytes ? AsBytes(hashed) : key;
  for (std::size_t i = 0; i < used.size(); ++i) {
    inner[i] = static_cast<char>(inner[i] ^ used[i]);
    outer[i] = static_cast<char>(outer[i] ^ used[i]);
  }
  inner.append(bytes);
  outer.append(AsBytes(Sha256(inner)));
  return Sha256(outer);
}

std::string_view AsBytes(const Digest& digest) { return {reinterpret_cast<const char*>(digest.data()), digest.size()}; }

std::optional<Digest> DigestFromBytes(std::string_view bytes) {
  Digest digest{};
  if (bytes.size() != digest.size()) return std::nullopt;
  std::memcpy(digest.data(), bytes.data(), digest.size());
  return digest;
}

std::string ToHex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string hex(bytes.size() * 2, '\0');
  char* to = hex.data();
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    *to++ = kDigits[byte >> 4];
    *to++ = kDigits[byte & 15];
  }
  return hex;
}

std::optional<std::string> FromHex(std::string_view hex) {
  if (hex.size() % 2 != 0) return std::nullopt;
  std::string bytes;
  bytes.reserve(hex.size() / 2);
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    const int high = HexValue(hex[i]);
    const int low = HexValue(hex[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    bytes.push_back(static_cast<char>(high * 16 + low));
  }
  return bytes;
}

std::string ToBase64(std::string_view bytes) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t count = bytes.size() - i < 3 ? bytes.size() - i : 3;
    std::uint32_t bits = 0;
    for (std::size_t k = 0; k < count; ++k) {
      bits |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[i + k])) << (16 - 8 * k);
    }
    for (std::size_t k = 0; k < 4; ++k) text.push_back(k <= count ? kBase64[bits >> (18 - 6 * k) & 63] : '=');
  }
  return text;
}

std::optional<std::string> FromBase64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  std::string bytes;
  bytes.reserve(text.size() / 4 * 3);
  for (std::size_t i = 0; i < text.size(); i += 4) {
    const std::string_view group = text.substr(i, 4);
    const bool last = i + 4 == text.size();
    const std::size_t pads = !last || group[3] != '=' ? 0 : group[2] == '=' ? 2 : 1;
    if (!DecodeGroup(group, pads, bytes)) return std::nullopt;
  }
  return bytes;
}

}  // namespace mc
