#include "core/json_repair.h"

#include "core/text.h"

namespace mc {
namespace {

// Behind the closing quote of the string that begins at `at`.
std::size_t SkipString(std::string_view text, std::size_t at) {
  for (++at; at < text.size() && text[at] != '"'; ++at) {
    if (text[at] == '\\') ++at;
  }
  return at < text.size() ? at + 1 : text.size();
}

// Only where a value may begin: not within another number or word.
bool BeginsValue(std::string_view text, std::size_t at) {
  constexpr std::string_view kBefore = ":[, \t\r\n";
  return at > 0 && kBefore.find(text[at - 1]) != std::string_view::npos;
}

bool EndsValue(std::string_view text, std::size_t at) {
  constexpr std::string_view kAfter = ",]} \t\r\n";
  return at == text.size() || kAfter.find(text[at]) != std::string_view::npos;
}

}  // namespace

std::optional<std::string> QuoteLeadingZeros(std::string_view json) {
  std::string out;
  std::size_t copied = 0;
  for (std::size_t at = 0; at < json.size();) {
    if (json[at] == '"') {
      at = SkipString(json, at);
      continue;
    }
    std::size_t end = at;
    while (end < json.size() && IsAsciiDigit(json[end])) ++end;
    const bool whole = end - at > 1 && json[at] == '0' && BeginsValue(json, at) && EndsValue(json, end);
    if (whole) {
      out.append(json.substr(copied, at - copied)).append("\"").append(json.substr(at, end - at)).append("\"");
      copied = end;
    }
    at = end > at ? end : at + 1;
  }
  if (copied == 0) return std::nullopt;
  return out.append(json.substr(copied));
}

}  // namespace mc
