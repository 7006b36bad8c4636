// Text as people of many systems type it: UTF-8, NFC (ICU inside), trimmed.
// Pure functions; safe from any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mc {

bool IsValidUtf8(std::string_view text);

// NFC of valid UTF-8 (half-decomposed Vietnamese is real input); nullopt when invalid.
std::optional<std::string> ToNfc(std::string_view text);

// Without a byte order mark at the front.
std::string_view StripBom(std::string_view text);

// Without ASCII white space and U+00A0 at both ends.
std::string_view Trim(std::string_view text);

constexpr bool IsAsciiDigit(char c) { return c >= '0' && c <= '9'; }

// An address without its last slashes, so that a path can be put behind it.
std::string WithoutTrailingSlash(std::string url);

std::string ToLowerAscii(std::string_view text);

// Small letters without marks, "đ" as "d": for searching and suggesting, never to say that two are one.
// Empty for bytes that are not UTF-8.
std::string FoldedForSearch(std::string_view text);

}  // namespace mc
