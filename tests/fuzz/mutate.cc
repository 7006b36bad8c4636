#include "tests/fuzz/mutate.h"

#include <algorithm>

namespace mc::fuzz {
namespace {

constexpr std::size_t kMostEdits = 4;
constexpr std::size_t kSpanBytes = 64;
constexpr std::size_t kMostBytes = 128 * 1024;

std::string_view SpanOf(std::string_view text, Dice& dice) {
  const std::size_t at = dice.Below(text.size() + 1);
  return text.substr(at, dice.Below(kSpanBytes));
}

void Edit(std::string& text, std::string_view other, Dice& dice) {
  const std::size_t at = dice.Below(text.size() + 1);
  switch (dice.Below(9)) {
    case 0:
      if (at < text.size()) text[at] = static_cast<char>(text[at] ^ (1 << dice.Below(8)));
      break;
    case 1:
      if (at < text.size()) text[at] = static_cast<char>(dice.Below(256));
      break;
    case 2:
    case 3: text.insert(at, Tokens()[dice.Below(Tokens().size())]); break;
    case 4: text.erase(at, dice.Below(kSpanBytes)); break;
    case 5: text.insert(at, std::string(SpanOf(text, dice))); break;
    case 6: text.insert(at, std::string(SpanOf(other, dice))); break;
    case 7:
      if (dice.Below(4) == 0) text.resize(at);
      break;
    default: {  // one span many times: depth and number
      const std::string span(text.substr(at, 1 + dice.Below(8)));
      for (std::size_t i = dice.Below(200); i > 0; --i) text.insert(at, span);
    }
  }
  if (text.size() > kMostBytes) text.resize(kMostBytes);
}

}  // namespace

std::uint64_t Dice::Next() {
  std::uint64_t z = (state_ += 0x9E3779B97F4A7C15u);
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}

const std::vector<std::string>& Tokens() {
  static const std::vector<std::string> tokens = {
      "{", "}", "[", "]", "\"", "\\", ",", ":", "null", "true", "006", "-0", "1e999", "0.5", "9223372036854775808",
      "99999999999999999999", "\\u0000", "\\ud800", "\\u009b", "\\/", "//", "/*", "\"data\":[", "\"id\":\"1\"",
      "<", ">", "</", "/>", "=", "'", "&", ";", "&lt;", "&#0;", "&#x110000;", "&bomb;", "<![CDATA[", "]]>", "<!--",
      "-->", "<?xml version=\"1.0\"?>", " encoding=\"utf-16\"", "<!DOCTYPE a [", "xmlns=\"u\"", " xlink:href=\"x\"",
      "\xFF", "\xC2\x80", "\xED\xA0\x80", "\xEF\xBB\xBF", "a\xCC\x81", std::string(1, '\0'), "\n", "\r\n", "\t", " ",
      "/", "~1", "..", "%00", "+07:00", "T24:00:00Z", "2024-02-30", "0001-01-01", "PK\x03\x04", "PK\x05\x06"};
  return tokens;
}

std::string Mutated(std::string_view seed, std::string_view other, Dice& dice) {
  std::string text(seed);
  for (std::size_t edits = 1 + dice.Below(kMostEdits); edits > 0; --edits) Edit(text, other, dice);
  return text;
}

}  // namespace mc::fuzz
