#include "mapping/dates.h"

#include <algorithm>

namespace mc {
namespace {

struct Parts {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
  int micros = 0;
};

int* PartFor(Parts& parts, char letter) {
  switch (letter) {
    case 'y': return &parts.year;
    case 'M': return &parts.month;
    case 'd': return &parts.day;
    case 'H': return &parts.hour;
    case 'm': return &parts.minute;
    case 's': return &parts.second;
    default: return nullptr;
  }
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Reads the front of `text` by the pattern and removes it.
bool TakeByPattern(std::string_view pattern, std::string_view& text, Parts& parts) {
  if (text.size() < pattern.size()) return false;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    int* part = PartFor(parts, pattern[i]);
    if (part == nullptr) {
      if (text[i] != pattern[i]) return false;
      continue;
    }
    if (!IsDigit(text[i])) return false;
    *part = *part * 10 + (text[i] - '0');
  }
  text.remove_prefix(pattern.size());
  return true;
}

std::optional<Instant> ToInstant(const Parts& p) {
  if (p.year < kEarliestYear || p.year > kLatestYear) return std::nullopt;
  if (p.hour > 23 || p.minute > 59 || p.second > 59) return std::nullopt;
  const auto date = MakeDate(p.year, p.month, p.day);
  if (!date) return std::nullopt;
  const std::int64_t seconds = p.hour * 3600LL + p.minute * 60LL + p.second;
  return Instant{StartOfDay(*date).micros + seconds * kMicrosPerSecond + p.micros};
}

// ".123" to micros; digits after the sixth are cut off (.NET writes seven).
bool TakeFraction(std::string_view& text, Parts& parts) {
  if (text.empty() || text[0] != '.') return true;
  std::size_t digits = 0;
  int unit = 100'000;
  for (text.remove_prefix(1); !text.empty() && IsDigit(text[0]); text.remove_prefix(1), ++digits) {
    parts.micros += (text[0] - '0') * unit;
    unit /= 10;
  }
  return digits >= 1 && digits <= 9;
}

// "+07:00", "+0700": minutes east of UTC.
std::optional<int> ReadOffset(std::string_view text) {
  const int sign = text[0] == '-' ? -1 : 1;
  if (text[0] != '+' && text[0] != '-') return std::nullopt;
  text.remove_prefix(1);
  Parts parts;
  if (!TakeByPattern(text.size() == 5 ? "HH:mm" : "HHmm", text, parts) || !text.empty()) return std::nullopt;
  if (parts.hour > 14 || parts.minute > 59) return std::nullopt;
  return sign * (parts.hour * 60 + parts.minute);
}

std::optional<ReadDate> ReadIso(std::string_view text) {
  Parts parts;
  if (!TakeByPattern("yyyy-MM-ddTHH:mm:ss", text, parts) || !TakeFraction(text, parts)) return std::nullopt;
  const auto city = ToInstant(parts);
  if (!city) return std::nullopt;
  ReadDate read{{*city, false}, DatePrecision::kSecond, text == "Z"};
  if (text.empty()) return read;
  const auto offset = read.zulu ? std::optional<int>(0) : ReadOffset(text);
  if (!offset) return std::nullopt;
  read.moment.at.micros += kCityOffsetMicros - *offset * kMicrosPerMinute;
  return read;
}

bool EachPartOnce(std::string_view pattern) {
  for (const std::string_view part : {"yyyy", "MM", "dd", "HH", "mm", "ss"}) {
    const auto count = static_cast<std::size_t>(std::count(pattern.begin(), pattern.end(), part[0]));
    if (count != 0 && (count != part.size() || pattern.find(part) == std::string_view::npos)) return false;
  }
  return true;
}

// Midnight in the city, or in UTC: a day that somebody's software wrote as a time.
bool IsMidnight(Instant at) {
  const std::int64_t city = (at.micros + kCityOffsetMicros) % kMicrosPerDay;
  return city == 0 || city == kCityOffsetMicros;
}

}  // namespace

std::optional<DateFormat> DateFormat::Parse(std::string_view pattern) {
  DateFormat format;
  constexpr std::string_view kDayOf = "day:";
  format.day_only_ = pattern.starts_with(kDayOf);
  if (format.day_only_) pattern.remove_prefix(kDayOf.size());
  format.pattern_ = pattern;
  format.iso_ = pattern == "iso";
  if (format.iso_) return format;
  const auto has = [&](std::string_view part) { return pattern.find(part) != std::string_view::npos; };
  const bool known = pattern.find_first_not_of("yMdHms/-:. T") == std::string_view::npos;
  if (!known || !EachPartOnce(pattern) || !has("yyyy") || !has("MM") || !has("dd")) return std::nullopt;
  if (has("HH") != has("mm") || (has("ss") && !has("HH"))) return std::nullopt;
  if (has("HH")) format.precision_ = has("ss") ? DatePrecision::kSecond : DatePrecision::kMinute;
  if (format.day_only_ && format.precision_ == DatePrecision::kDay) return std::nullopt;
  return format;
}

std::optional<ReadDate> DateFormat::Read(std::string_view text) const {
  auto read = ReadAsWritten(text);
  if (!read || !day_only_) return read;
  const Moment day{StartOfDay(CityDate(read->moment)), true};
  return ReadDate{day, DatePrecision::kDay, false, !IsMidnight(read->moment.at)};
}

std::optional<ReadDate> DateFormat::ReadAsWritten(std::string_view text) const {
  if (iso_) return ReadIso(text);
  Parts parts;
  if (text.size() != pattern_.size() || !TakeByPattern(pattern_, text, parts)) return std::nullopt;
  const auto at = ToInstant(parts);
  if (!at) return std::nullopt;
  return ReadDate{{*at, precision_ == DatePrecision::kDay}, precision_};
}

std::optional<ReadDate> ReadDateText(std::string_view text, const std::vector<DateFormat>& formats) {
  for (const DateFormat& format : formats) {
    if (auto read = format.Read(text)) return read;
  }
  return std::nullopt;
}

bool SameTime(const ReadDate& a, const ReadDate& b) {
  switch (std::min(a.precision, b.precision)) {
    case DatePrecision::kDay: return CityDate(a.moment) == CityDate(b.moment);
    case DatePrecision::kMinute:
      return a.moment.at.micros / kMicrosPerMinute == b.moment.at.micros / kMicrosPerMinute;
    case DatePrecision::kSecond:
      return a.moment.at.micros / kMicrosPerSecond == b.moment.at.micros / kMicrosPerSecond;
  }
  return false;
}

}  // namespace mc
