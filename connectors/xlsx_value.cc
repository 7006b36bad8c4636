#include "connectors/xlsx_value.h"

#include <algorithm>
#include <charconv>
#include <cstdio>

#include "core/text.h"
#include "core/time.h"

namespace mc::xlsx {
namespace {

constexpr int kMostPlainDigits = 30;
constexpr std::int64_t kSecondsPerDay = 86'400;
constexpr std::int64_t kFractionUnits = 1'000'000'000'000;  // of a day: 12 digits
constexpr int kFractionDigits = 12;
constexpr std::int64_t kPhantomDay = 60;      // 29 February 1900, which there was not
constexpr std::int64_t kLastSerial = 2'958'465;  // 31 December 9999

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// digits x 10^exponent, without a sign; no zero at either end, empty for 0.
struct Number {
  bool negative = false;
  std::string digits;
  std::int64_t exponent = 0;
};

void Strip(Number& number) {
  while (!number.digits.empty() && number.digits.back() == '0') {
    number.digits.pop_back();
    ++number.exponent;
  }
  number.digits.erase(0, std::min(number.digits.find_first_not_of('0'), number.digits.size()));
}

void RoundToSignificant(Number& number) {
  if (number.digits.size() <= kSignificantDigits) return;
  const bool up = number.digits[kSignificantDigits] >= '5';
  number.exponent += static_cast<std::int64_t>(number.digits.size()) - kSignificantDigits;
  number.digits.resize(kSignificantDigits);
  std::size_t at = number.digits.size();
  for (; up && at > 0 && number.digits[at - 1] == '9'; --at) number.digits[at - 1] = '0';
  if (up && at > 0) ++number.digits[at - 1];
  if (up && at == 0) number.digits.insert(0, "1");
  Strip(number);
}

std::optional<std::int64_t> ExponentOf(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<Number> Read(std::string_view text) {
  Number number;
  number.negative = text.starts_with('-');
  if (number.negative || text.starts_with('+')) text.remove_prefix(1);
  std::size_t at = 0;
  for (; at < text.size() && IsDigit(text[at]); ++at) number.digits += text[at];
  if (at < text.size() && text[at] == '.') {
    for (++at; at < text.size() && IsDigit(text[at]); ++at, --number.exponent) number.digits += text[at];
  }
  if (number.digits.empty()) return std::nullopt;
  if (at < text.size()) {
    if (text[at] != 'e' && text[at] != 'E') return std::nullopt;
    const auto exponent = ExponentOf(text.substr(at + 1));
    if (!exponent || *exponent > 1'000 || *exponent < -1'000) return std::nullopt;
    number.exponent += *exponent;
  }
  number.digits.erase(0, std::min(number.digits.find_first_not_of('0'), number.digits.size()));
  Strip(number);
  RoundToSignificant(number);
  return number;
}

std::optional<std::string> Plain(const Number& number) {
  if (number.digits.empty()) return "0";
  const auto size = static_cast<std::int64_t>(number.digits.size());
  const std::int64_t point = size + number.exponent;  // digits before it
  if (point > kMostPlainDigits || -number.exponent > kMostPlainDigits) return std::nullopt;
  std::string text = number.negative ? "-" : "";
  if (point <= 0) return text + "0." + std::string(static_cast<std::size_t>(-point), '0') + number.digits;
  if (number.exponent >= 0) return text + number.digits + std::string(static_cast<std::size_t>(number.exponent), '0');
  return text + number.digits.substr(0, static_cast<std::size_t>(point)) + "." +
         number.digits.substr(static_cast<std::size_t>(point));
}

// --- dates

std::string ClockText(std::int64_t second) {
  char text[16];
  std::snprintf(text, sizeof text, "%02d:%02d:%02d", static_cast<int>(second / 3'600),
                static_cast<int>(second / 60 % 60), static_cast<int>(second % 60));
  return text;
}

std::optional<CivilDate> DayOf(std::int64_t serial, bool from_1904) {
  if (serial > kLastSerial || (!from_1904 && serial == kPhantomDay)) return std::nullopt;
  const auto first = from_1904             ? MakeDate(1904, 1, 1)
                     : serial < kPhantomDay ? MakeDate(1899, 12, 31)
                                            : MakeDate(1899, 12, 30);
  return CivilDate{static_cast<std::int32_t>(first->days + serial)};
}

// A plain number that is not negative, as whole days and units of a day.
std::optional<std::pair<std::int64_t, std::int64_t>> DaysOf(std::string_view plain) {
  const std::size_t point = std::min(plain.find('.'), plain.size());
  constexpr std::size_t kMostDayDigits = 7;
  if (plain.starts_with('-') || point > kMostDayDigits) return std::nullopt;
  std::string fraction(plain.substr(std::min(point + 1, plain.size())));
  fraction.resize(kFractionDigits, '0');
  return std::pair(*ExponentOf(plain.substr(0, point)), *ExponentOf(fraction));
}

std::optional<std::string> DateText(std::string_view plain, const Shown& shown, bool from_1904) {
  auto days = DaysOf(plain);
  if (!days) return std::nullopt;
  auto& [day, fraction] = *days;
  std::int64_t second = (fraction * kSecondsPerDay + kFractionUnits / 2) / kFractionUnits;
  if (!shown.date) return ClockText(second % kSecondsPerDay);
  if (shown.time && second == kSecondsPerDay) {
    second = 0;
    ++day;
  }
  const auto date = DayOf(day, from_1904);
  if (!date) return std::nullopt;
  return FormatDate(*date) + (shown.time ? " " + ClockText(second) : "");
}

// --- formats

// The letters of a format code: without literals in quotes or behind \ _ *, and without [..];
// an elapsed time such as [h] shows no time of day.
std::string LettersOf(std::string_view code, bool& elapsed) {
  std::string letters;
  for (std::size_t i = 0; i < code.size(); ++i) {
    const char c = code[i];
    if (c == '"' || c == '[') {
      const std::size_t end = std::min(code.find(c == '"' ? '"' : ']', i + 1), code.size());
      const std::string inside = ToLowerAscii(code.substr(i + 1, end - i - 1));
      elapsed = elapsed || (c == '[' && !inside.empty() && inside.find_first_not_of("hms") == std::string::npos);
      i = end;
    } else if (c == '\\' || c == '_' || c == '*') {
      ++i;
    } else {
      letters += c;
    }
  }
  return ToLowerAscii(letters);
}

}  // namespace

Shown ShownBy(std::string_view format_code) {
  bool elapsed = false;
  const std::string letters = LettersOf(format_code, elapsed);
  Shown shown;
  if (!letters.empty() && letters.find_first_not_of('0') == std::string::npos) {
    shown.zeros = static_cast<int>(std::min<std::size_t>(letters.size(), kSignificantDigits));
    return shown;
  }
  if (elapsed || letters == "general") return shown;
  shown.time = letters.find_first_of("hs") != std::string::npos;
  const bool month = letters.find('m') != std::string::npos;
  shown.date = letters.find_first_of("yd") != std::string::npos || (month && !shown.time);
  return shown;
}

Shown ShownByBuiltIn(std::int64_t id) {
  constexpr Shown kDate = {.date = true}, kTime = {.time = true}, kBoth = {.date = true, .time = true};
  if (id == 22) return kBoth;
  if ((id >= 14 && id <= 17) || (id >= 27 && id <= 31) || id == 36 || (id >= 50 && id <= 58)) return kDate;
  if ((id >= 18 && id <= 21) || (id >= 32 && id <= 35) || id == 45 || id == 47) return kTime;
  return {};  // 46 is [h]:mm:ss, an elapsed time
}

std::optional<std::string> PlainNumber(std::string_view text) {
  const auto number = Read(Trim(text));
  return number ? Plain(*number) : std::nullopt;
}

std::string NumberText(std::string_view number, const Shown& shown, bool from_1904) {
  const auto plain = PlainNumber(number);
  if (!plain) return std::string(Trim(number));
  if (shown.date || shown.time) return DateText(*plain, shown, from_1904).value_or(*plain);
  const auto zeros = static_cast<std::size_t>(shown.zeros);
  const bool whole = plain->find_first_of("-.") == std::string::npos;
  return whole && plain->size() < zeros ? std::string(zeros - plain->size(), '0') + *plain : *plain;
}

std::string Unescaped(std::string_view text) {
  constexpr std::size_t kEscape = 7;  // _x000D_
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned code = 0;
    const std::string_view part = text.substr(i, kEscape);
    const bool escape = part.size() == kEscape && part.starts_with("_x") && part.ends_with('_') &&
                        std::from_chars(part.data() + 2, part.data() + 6, code, 16).ptr == part.data() + 6;
    if (escape && code < 0x80) {
      out += static_cast<char>(code);
      i += kEscape - 1;
    } else {
      out += text[i];
    }
  }
  return out;
}

}  // namespace mc::xlsx
