// SHA-256, HMAC-SHA-256 and encodings (OpenSSL inside).
// Pure functions; safe from any thread.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace mc {

using Digest = std::array<std::uint8_t, 32>;

Digest Sha256(std::string_view bytes);
Digest Sha256(std::initializer_list<std::string_view> parts);  // of one after the other
Digest HmacSha256(std::string_view key, std::string_view bytes);

std::string_view AsBytes(const Digest& digest);
std::optional<Digest> DigestFromBytes(std::string_view bytes);  // REQUIRES 32 bytes, else nullopt

std::string ToHex(std::string_view bytes);
inline std::string ToHex(const Digest& digest) { return ToHex(AsBytes(digest)); }
std::optional<std::string> FromHex(std::string_view hex);
std::string ToBase64(std::string_view bytes);  // RFC 4648 section 4, padded
std::optional<std::string> FromBase64(std::string_view text);

}  // namespace mc
