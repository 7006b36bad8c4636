// Time: UTC microseconds, city dates at +07:00, and moments known only to the day.
//
// Vietnam has had no daylight saving since 1975, so the city's offset is a constant
// and no time-zone database is needed. Everything here is a value; only SystemClock
// reads the machine's clock.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"

namespace mc {

inline constexpr std::int64_t kMicrosPerSecond = 1'000'000;
inline constexpr std::int64_t kMicrosPerMinute = 60 * kMicrosPerSecond;
inline constexpr std::int64_t kMicrosPerHour = 60 * kMicrosPerMinute;
inline constexpr std::int64_t kMicrosPerDay = 86'400 * kMicrosPerSecond;
inline constexpr std::int64_t kCityOffsetMicros = 7 * 3'600 * kMicrosPerSecond;

// Microseconds since 1970-01-01T00:00:00Z.
struct Instant {
  std::int64_t micros = 0;
  auto operator<=>(const Instant&) const = default;
};

// A day of the city's calendar, as days since 1970-01-01.
struct CivilDate {
  std::int32_t days = 0;
  auto operator<=>(const CivilDate&) const = default;
};

// A point in time as a source states it: exact, or a bare date.
// For a bare date `at` is 00:00 of that day, city time.
struct Moment {
  Instant at;
  bool bare_date = false;
  bool operator==(const Moment&) const = default;
};

// A month, written "2026-06".
struct Period {
  std::int32_t year = 1970;
  std::int32_t month = 1;  // 1..12
  auto operator<=>(const Period&) const = default;
};

// Calendar arithmetic (proleptic Gregorian). MakeDate refuses days that do not exist.
std::optional<CivilDate> MakeDate(int year, int month, int day);
void SplitDate(CivilDate date, int& year, int& month, int& day);
// 0 = Monday .. 6 = Sunday.
int Weekday(CivilDate date);

CivilDate CityDate(Instant at);
inline CivilDate CityDate(const Moment& m) { return CityDate(m.at); }
Instant StartOfDay(CivilDate date);  // 00:00 city time
Moment BareDate(CivilDate date);

// The last instant a moment may mean: a bare date lasts to 24:00 of that day.
Instant EndOf(const Moment& m);

Period PeriodOf(CivilDate date);
Period NextPeriod(Period p);
Period PreviousPeriod(Period p);
CivilDate FirstDay(Period p);
CivilDate LastDay(Period p);
Instant EndOfPeriod(Period p);  // 24:00 of its last day, city time

// Texts. RFC 3339 in UTC with six digits: "2026-06-30T17:00:00.000000Z".
std::string FormatInstant(Instant at);
std::string FormatDate(CivilDate date);    // "2026-06-30"
std::string FormatPeriod(Period period);   // "2026-06"
std::string FormatMoment(const Moment& m);  // a date, or an RFC 3339 instant
std::string FormatCity(const Moment& m);    // for people: "30/06/2026" or "30/06/2026 17:05"

// Strict inverse of the four above; kData "bad_time" otherwise. ParseInstant takes
// any RFC 3339 instant with an offset (or Z) and up to six fractional digits.
Result<Instant> ParseInstant(std::string_view text);
Result<CivilDate> ParseDate(std::string_view text);
Result<Period> ParsePeriod(std::string_view text);
Result<Moment> ParseMoment(std::string_view text);

// Injected time. Implementations are safe to call from any thread.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Instant Now() const = 0;
};

class SystemClock final : public Clock {
 public:
  Instant Now() const override;
};

class ManualClock final : public Clock {
 public:
  explicit ManualClock(Instant now) : now_(now) {}
  Instant Now() const override { return now_; }
  void Set(Instant now) { now_ = now; }

 private:
  Instant now_;
};

}  // namespace mc
