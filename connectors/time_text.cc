#include "connectors/time_text.h"

#include <array>
#include <charconv>
#include <vector>

namespace mc {
namespace {

constexpr std::array<std::string_view, 6> kParts = {"yyyy", "MM", "dd", "HH", "mm", "ss"};
constexpr std::string_view kBetween = "/-:.T ";
constexpr std::int64_t kMicrosPerMilli = 1000;

struct Token {
  int part = -1;  // index in kParts, or
  char text = 0;  // a separator
};

// Empty when the pattern is none: a part twice, or something else in it.
std::vector<Token> Tokens(std::string_view pattern) {
  std::vector<Token> tokens;
  std::array<bool, 6> seen{};
  while (!pattern.empty()) {
    Token token;
    for (std::size_t i = 0; i < kParts.size() && token.part < 0; ++i) {
      if (pattern.starts_with(kParts[i])) token.part = static_cast<int>(i);
    }
    if (token.part < 0 && kBetween.find(pattern[0]) == std::string_view::npos) return {};
    if (token.part < 0) {
      token.text = pattern[0];
      pattern.remove_prefix(1);
    } else {
      if (seen[static_cast<std::size_t>(token.part)]) return {};
      seen[static_cast<std::size_t>(token.part)] = true;
      pattern.remove_prefix(kParts[static_cast<std::size_t>(token.part)].size());
    }
    tokens.push_back(token);
  }
  return seen[0] && seen[1] && seen[2] ? tokens : std::vector<Token>{};
}

std::string Padded(int value, std::size_t width) {
  std::string text = std::to_string(value);
  return text.size() < width ? std::string(width - text.size(), '0') + text : text;
}

std::array<int, 6> CityParts(Instant at) {
  std::array<int, 6> parts{};
  const CivilDate day = CityDate(at);
  SplitDate(day, parts[0], parts[1], parts[2]);
  const std::int64_t second = (at.micros - StartOfDay(day).micros) / kMicrosPerSecond;
  parts[3] = static_cast<int>(second / 3600);
  parts[4] = static_cast<int>(second / 60 % 60);
  parts[5] = static_cast<int>(second % 60);
  return parts;
}

std::string FormatPattern(std::string_view pattern, Instant at) {
  const std::array<int, 6> parts = CityParts(at);
  std::string out;
  for (const Token& token : Tokens(pattern)) {
    const auto part = static_cast<std::size_t>(token.part < 0 ? 0 : token.part);
    out += token.part < 0 ? std::string(1, token.text) : Padded(parts[part], kParts[part].size());
  }
  return out;
}

std::optional<std::int64_t> Number(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || text.empty() || value < 0) return std::nullopt;
  return value;
}

std::optional<Instant> ReadPattern(std::string_view pattern, std::string_view text) {
  std::array<int, 6> parts{};
  for (const Token& token : Tokens(pattern)) {
    if (token.part < 0) {
      if (!text.starts_with(token.text)) return std::nullopt;
      text.remove_prefix(1);
      continue;
    }
    const std::size_t width = kParts[static_cast<std::size_t>(token.part)].size();
    const auto value = text.size() < width ? std::nullopt : Number(text.substr(0, width));
    if (!value) return std::nullopt;
    parts[static_cast<std::size_t>(token.part)] = static_cast<int>(*value);
    text.remove_prefix(width);
  }
  const auto date = MakeDate(parts[0], parts[1], parts[2]);
  if (!text.empty() || !date || parts[3] > 23 || parts[4] > 59 || parts[5] > 59) return std::nullopt;
  const std::int64_t second = (parts[3] * 60ll + parts[4]) * 60 + parts[5];
  return Instant{StartOfDay(*date).micros + second * kMicrosPerSecond};
}

std::optional<Instant> ReadEpoch(std::string_view text, std::int64_t unit) {
  constexpr std::int64_t kLatest = 253'402'300'800;  // the year 10000, in seconds
  const auto value = Number(text);
  if (!value || *value > kLatest * kMicrosPerSecond / unit) return std::nullopt;
  return Instant{*value * unit};
}

}  // namespace

bool IsTimeFormat(std::string_view format) {
  return format == "iso" || format == "iso_city" || format == "epoch_seconds" || format == "epoch_millis" ||
         !Tokens(format).empty();
}

bool IsWholeDays(std::string_view format) {
  return !Tokens(format).empty() && format.find("HH") == std::string_view::npos;
}

std::string FormatTime(std::string_view format, Instant at) {
  if (format == "iso") return FormatPattern("yyyy-MM-ddTHH:mm:ss", {at.micros - kCityOffsetMicros}) + "Z";
  if (format == "iso_city") return FormatPattern("yyyy-MM-ddTHH:mm:ss", at) + "+07:00";
  if (format == "epoch_seconds") return std::to_string(at.micros / kMicrosPerSecond);
  if (format == "epoch_millis") return std::to_string(at.micros / kMicrosPerMilli);
  return FormatPattern(format, at);
}

std::optional<Instant> ReadTime(std::string_view format, std::string_view text) {
  if (format == "epoch_seconds") return ReadEpoch(text, kMicrosPerSecond);
  if (format == "epoch_millis") return ReadEpoch(text, kMicrosPerMilli);
  if (format != "iso" && format != "iso_city") return ReadPattern(format, text);
  const auto at = ParseInstant(text);
  return at.ok() ? std::optional(*at) : std::nullopt;
}

}  // namespace mc
