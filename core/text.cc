#include "core/text.h"

#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/utf8.h>

#include <cstdint>
#include <cstring>
#include <limits>

namespace mc {
namespace {

constexpr std::string_view kBom = "\xEF\xBB\xBF";
constexpr std::string_view kNoBreakSpace = "\xC2\xA0";

bool IsAsciiSpace(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

// How many bytes at the front are ASCII; eight at a time, as most of a message is.
std::int64_t AsciiPrefix(std::string_view text) {
  constexpr std::uint64_t kHighBits = 0x8080808080808080u;
  std::size_t i = 0;
  for (std::uint64_t eight = 0; i + sizeof eight <= text.size(); i += sizeof eight) {
    std::memcpy(&eight, text.data() + i, sizeof eight);
    if ((eight & kHighBits) != 0) break;
  }
  while (i < text.size() && static_cast<unsigned char>(text[i]) < 0x80) ++i;
  return static_cast<std::int64_t>(i);
}

bool IsAscii(std::string_view text) { return AsciiPrefix(text) == static_cast<std::int64_t>(text.size()); }

}  // namespace

bool IsValidUtf8(std::string_view text) {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  const auto length = static_cast<std::int64_t>(text.size());
  for (std::int64_t i = 0; i < length;) {
    i += AsciiPrefix(text.substr(static_cast<std::size_t>(i)));
    if (i == length) break;
    UChar32 c = 0;
    U8_NEXT(bytes, i, length, c);
    if (c < 0) return false;
  }
  return true;
}

std::optional<std::string> ToNfc(std::string_view text) {
  if (IsAscii(text)) return std::string(text);
  // ICU counts in 32 bits.
  if (text.size() > static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max()) || !IsValidUtf8(text)) {
    return std::nullopt;
  }
  UErrorCode error = U_ZERO_ERROR;
  const icu::Normalizer2* nfc = icu::Normalizer2::getNFCInstance(error);
  if (U_FAILURE(error)) return std::nullopt;
  std::string result;
  icu::StringByteSink<std::string> sink(&result, static_cast<std::int32_t>(text.size()));
  nfc->normalizeUTF8(0, icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())), sink, nullptr, error);
  if (U_FAILURE(error)) return std::nullopt;
  return result;
}

std::string_view StripBom(std::string_view text) {
  if (text.substr(0, kBom.size()) == kBom) text.remove_prefix(kBom.size());
  return text;
}

std::string_view Trim(std::string_view text) {
  for (;;) {
    if (!text.empty() && IsAsciiSpace(text.front())) {
      text.remove_prefix(1);
    } else if (text.substr(0, kNoBreakSpace.size()) == kNoBreakSpace) {
      text.remove_prefix(kNoBreakSpace.size());
    } else {
      break;
    }
  }
  for (;;) {
    if (!text.empty() && IsAsciiSpace(text.back())) {
      text.remove_suffix(1);
    } else if (text.size() >= kNoBreakSpace.size() &&
               text.substr(text.size() - kNoBreakSpace.size()) == kNoBreakSpace) {
      text.remove_suffix(kNoBreakSpace.size());
    } else {
      return text;
    }
  }
}

std::string WithoutTrailingSlash(std::string url) {
  while (url.ends_with('/')) url.pop_back();
  return url;
}

std::string ToLowerAscii(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

namespace {

// The mark that NFKD leaves behind a letter, and the one Vietnamese letter that it does not take apart.
bool IsMark(UChar32 c) { return u_charType(c) == U_NON_SPACING_MARK; }
UChar32 Plain(UChar32 c) { return c == 0x0111 ? 'd' : c; }

}  // namespace

std::string FoldedForSearch(std::string_view text) {
  UErrorCode error = U_ZERO_ERROR;
  const icu::Normalizer2* nfkd = icu::Normalizer2::getNFKDInstance(error);
  if (U_FAILURE(error) || !IsValidUtf8(text)) return "";
  icu::UnicodeString all =
      icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())));
  all = nfkd->normalize(all.foldCase(), error);
  if (U_FAILURE(error)) return "";
  icu::UnicodeString folded;
  for (std::int32_t i = 0; i < all.length(); i = all.moveIndex32(i, 1)) {
    const UChar32 c = all.char32At(i);
    if (!IsMark(c)) folded.append(Plain(c));
  }
  std::string result;
  folded.toUTF8String(result);
  return result;
}

}  // namespace mc
