#include "core/time.h"

#include <array>
#include <chrono>
#include <cstdio>

namespace mc {
namespace {

std::int64_t FloorDiv(std::int64_t a, std::int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

// Days since 1970-01-01; a year is taken from March so that the leap day comes last.
std::int32_t DaysFromCivil(int year, int month, int day) {
  const int y = month <= 2 ? year - 1 : year;
  const int era = static_cast<int>(FloorDiv(y, 400));
  const int year_of_era = y - era * 400;
  const int day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  const int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146'097 + day_of_era - 719'468;
}

bool IsLeap(int year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }

int DaysInMonth(int year, int month) {
  constexpr std::array<int, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && IsLeap(year) ? 29 : kDays[static_cast<std::size_t>(month - 1)];
}

// Reads fixed-width texts from left to right; any mismatch makes it fail for good.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  int Digits(std::size_t count) {
    if (rest_.size() < count) return Fail();
    int value = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (rest_[i] < '0' || rest_[i] > '9') return Fail();
      value = value * 10 + (rest_[i] - '0');
    }
    rest_.remove_prefix(count);
    return value;
  }

  bool Take(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  void Expect(char c) {
    if (!Take(c)) Fail();
  }

  // ".5" is 500 000 microseconds; one to six digits.
  std::int64_t Fraction() {
    std::int64_t value = 0;
    std::size_t digits = 0;
    for (; digits < rest_.size() && rest_[digits] >= '0' && rest_[digits] <= '9'; ++digits) {
      if (digits == 6) return Fail();
      value = value * 10 + (rest_[digits] - '0');
    }
    if (digits == 0) return Fail();
    for (std::size_t i = digits; i < 6; ++i) value *= 10;
    rest_.remove_prefix(digits);
    return value;
  }

  int Fail() {
    failed_ = true;
    return 0;
  }
  bool Done() const { return !failed_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool failed_ = false;
};

Error BadTime(const char* wanted) { return DataError("bad_time", std::string("not ") + wanted); }

struct TimeOfDay {
  int hour, minute, second;
  std::int64_t fraction;
};

TimeOfDay ScanTimeOfDay(Scanner& scan) {
  TimeOfDay t{};
  t.hour = scan.Digits(2);
  scan.Expect(':');
  t.minute = scan.Digits(2);
  scan.Expect(':');
  t.second = scan.Digits(2);
  t.fraction = scan.Take('.') ? scan.Fraction() : 0;
  return t;
}

// Offset from UTC in minutes; 'Z' is 0.
int ScanOffset(Scanner& scan) {
  if (scan.Take('Z')) return 0;
  const bool minus = scan.Take('-');
  if (!minus) scan.Expect('+');
  const int hours = scan.Digits(2);
  scan.Expect(':');
  const int minutes = scan.Digits(2);
  if (hours > 23 || minutes > 59) scan.Fail();
  return (minus ? -1 : 1) * (hours * 60 + minutes);
}

template <typename... Args>
std::string Printed(const char* format, Args... args) {
  std::array<char, 96> buffer{};
  const int length = std::snprintf(buffer.data(), buffer.size(), format, args...);
  return std::string(buffer.data(), static_cast<std::size_t>(length));
}

// `before`, then `value` (not negative) in so many digits.
void AppendDigits(std::string& to, char before, std::int64_t value, int digits) {
  char text[8];
  text[0] = before;
  for (int i = digits; i > 0; --i, value /= 10) text[i] = static_cast<char>('0' + value % 10);
  to.append(text, static_cast<std::size_t>(digits) + 1);
}

}  // namespace

std::optional<CivilDate> MakeDate(int year, int month, int day) {
  if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > DaysInMonth(year, month)) {
    return std::nullopt;
  }
  return CivilDate{DaysFromCivil(year, month, day)};
}

void SplitDate(CivilDate date, int& year, int& month, int& day) {
  const std::int64_t shifted = std::int64_t{date.days} + 719'468;
  const std::int64_t era = FloorDiv(shifted, 146'097);
  const int day_of_era = static_cast<int>(shifted - era * 146'097);
  const int year_of_era = (day_of_era - day_of_era / 1'460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int shifted_month = (5 * day_of_year + 2) / 153;
  day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
  month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
  year = static_cast<int>(year_of_era + era * 400) + (month <= 2 ? 1 : 0);
}

int Weekday(CivilDate date) {
  // 1970-01-01 was a Thursday.
  const std::int64_t shifted = std::int64_t{date.days} + 3;
  return static_cast<int>(shifted - FloorDiv(shifted, 7) * 7);
}

CivilDate CityDate(Instant at) {
  return CivilDate{static_cast<std::int32_t>(FloorDiv(at.micros + kCityOffsetMicros, kMicrosPerDay))};
}

Instant StartOfDay(CivilDate date) { return Instant{std::int64_t{date.days} * kMicrosPerDay - kCityOffsetMicros}; }

Moment BareDate(CivilDate date) { return Moment{StartOfDay(date), true}; }

Instant EndOf(const Moment& m) { return m.bare_date ? Instant{m.at.micros + kMicrosPerDay} : m.at; }

Period PeriodOf(CivilDate date) {
  int year = 0, month = 0, day = 0;
  SplitDate(date, year, month, day);
  return Period{year, month};
}

Period NextPeriod(Period p) { return p.month == 12 ? Period{p.year + 1, 1} : Period{p.year, p.month + 1}; }

Period PreviousPeriod(Period p) { return p.month == 1 ? Period{p.year - 1, 12} : Period{p.year, p.month - 1}; }

CivilDate FirstDay(Period p) { return CivilDate{DaysFromCivil(p.year, p.month, 1)}; }

CivilDate LastDay(Period p) { return CivilDate{FirstDay(NextPeriod(p)).days - 1}; }

Instant EndOfPeriod(Period p) { return StartOfDay(FirstDay(NextPeriod(p))); }

// By hand because several are written per record, and printf costs five times as much.
std::string FormatInstant(Instant at) {
  const std::int64_t days = FloorDiv(at.micros, kMicrosPerDay);
  const std::int64_t rest = at.micros - days * kMicrosPerDay;
  std::string text = FormatDate(CivilDate{static_cast<std::int32_t>(days)});
  AppendDigits(text, 'T', rest / kMicrosPerHour, 2);
  AppendDigits(text, ':', rest / kMicrosPerMinute % 60, 2);
  AppendDigits(text, ':', rest / kMicrosPerSecond % 60, 2);
  AppendDigits(text, '.', rest % kMicrosPerSecond, 6);
  return text += 'Z';
}

std::string FormatDate(CivilDate date) {
  int year = 0, month = 0, day = 0;
  SplitDate(date, year, month, day);
  if (year < 1000 || year > 9999) return Printed("%04d-%02d-%02d", year, month, day);
  std::string text = std::to_string(year);
  AppendDigits(text, '-', month, 2);
  AppendDigits(text, '-', day, 2);
  return text;
}

std::string FormatPeriod(Period period) { return Printed("%04d-%02d", period.year, period.month); }

std::string FormatMoment(const Moment& m) { return m.bare_date ? FormatDate(CityDate(m)) : FormatInstant(m.at); }

std::string FormatCity(const Moment& m) {
  const CivilDate date = CityDate(m);
  int year = 0, month = 0, day = 0;
  SplitDate(date, year, month, day);
  std::string shown = Printed("%02d/%02d/%04d", day, month, year);
  if (m.bare_date) return shown;
  const std::int64_t into_day = m.at.micros - StartOfDay(date).micros;
  return shown + Printed(" %02d:%02d", static_cast<int>(into_day / kMicrosPerHour),
                         static_cast<int>(into_day / kMicrosPerMinute % 60));
}

Result<CivilDate> ParseDate(std::string_view text) {
  Scanner scan(text);
  const int year = scan.Digits(4);
  scan.Expect('-');
  const int month = scan.Digits(2);
  scan.Expect('-');
  const int day = scan.Digits(2);
  const auto date = MakeDate(year, month, day);
  if (!scan.Done() || !date) return BadTime("a day of the form 2026-06-30");
  return *date;
}

Result<Instant> ParseInstant(std::string_view text) {
  constexpr const char* kWanted = "an RFC 3339 instant such as 2026-06-30T17:00:00Z";
  constexpr std::size_t kDateChars = 10;
  if (text.size() < kDateChars) return BadTime(kWanted);
  const auto date = ParseDate(text.substr(0, kDateChars));
  Scanner scan(text.substr(kDateChars));
  scan.Expect('T');
  const TimeOfDay t = ScanTimeOfDay(scan);
  const int offset = ScanOffset(scan);
  // Leap seconds do not occur in these systems; ":60" is an error and not a guess.
  if (!date.ok() || !scan.Done() || t.hour > 23 || t.minute > 59 || t.second > 59) return BadTime(kWanted);
  return Instant{std::int64_t{date->days} * kMicrosPerDay + t.hour * kMicrosPerHour +
                 (t.minute - offset) * kMicrosPerMinute + t.second * kMicrosPerSecond + t.fraction};
}

Result<Period> ParsePeriod(std::string_view text) {
  Scanner scan(text);
  const int year = scan.Digits(4);
  scan.Expect('-');
  const int month = scan.Digits(2);
  if (!scan.Done() || !MakeDate(year, month, 1)) return BadTime("a month of the form 2026-06");
  return Period{year, month};
}

Result<Moment> ParseMoment(std::string_view text) {
  if (text.find('T') == std::string_view::npos) {
    MC_TRY(const CivilDate date, ParseDate(text));
    return BareDate(date);
  }
  MC_TRY(const Instant at, ParseInstant(text));
  return Moment{at, false};
}

Instant SystemClock::Now() const {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return Instant{std::chrono::duration_cast<std::chrono::microseconds>(now).count()};
}

}  // namespace mc
