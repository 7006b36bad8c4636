// Dates as platforms write them, by the format lists of a rule file.
//
// A format is a pattern of yyyy MM dd HH mm ss with `/ - : . space T` between them, or the
// word "iso" (date, T, time, optional fraction, optional Z or offset). A text without a
// zone is city time. "day:" in front of one that has a time: it is written as a time, and means
// its day in the city; a Z there is a real one, since what writes midnight so knows of zones.
// Pure; immutable after parsing; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.h"

namespace mc {

// A year outside is a default value of some software ("0001-01-01"), never an event.
inline constexpr int kEarliestYear = 1990;
inline constexpr int kLatestYear = 2100;

enum class DatePrecision { kDay, kMinute, kSecond };

struct ReadDate {
  Moment moment;
  DatePrecision precision = DatePrecision::kDay;
  bool zulu = false;         // a literal Z was there; `moment` took it for UTC
  bool time_in_day = false;  // "day:", and the time is no midnight: somebody's "now"
};

class DateFormat {
 public:
  // nullopt when the pattern is none: unknown letters, a part twice, no full date; "day:" of a day.
  static std::optional<DateFormat> Parse(std::string_view pattern);
  // The whole text in this format and a day that exists; otherwise nullopt.
  std::optional<ReadDate> Read(std::string_view text) const;

 private:
  std::optional<ReadDate> ReadAsWritten(std::string_view text) const;

  std::string pattern_;
  DatePrecision precision_ = DatePrecision::kDay;
  bool iso_ = false;
  bool day_only_ = false;
};

// The first format that reads the text.
std::optional<ReadDate> ReadDateText(std::string_view text, const std::vector<DateFormat>& formats);

// True when both say the same as far as the less precise one goes.
bool SameTime(const ReadDate& a, const ReadDate& b);

}  // namespace mc
