// Working hours of the city's offices: weekdays, public holidays and swapped days, as data
// with dates and a legal source (docs/formats/work-calendar.md).
//
// Times of day are city time. A calendar speaks only for the days from `first_day` to
// `last_day`; outside them holidays are not known, and nothing is guessed. Immutable after
// reading; any thread.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/json.h"
#include "core/result.h"
#include "core/time.h"

namespace mc {

inline constexpr std::int64_t kWorkingHoursLimit = 100'000;

class WorkCalendar {
 public:
  // Strict. kConfig with JSON Pointer and rule.
  static Result<WorkCalendar> Parse(const Json& document);

  // Monday to Friday, 08:00-12:00 and 13:00-17:00, no holidays, any year: for an
  // installation that names no calendar.
  static WorkCalendar Plain();

  const std::string& id() const { return id_; }
  bool Covers(CivilDate day) const { return first_day_ <= day && day <= last_day_; }

  // kConfig "outside_calendar" for a day that the calendar does not cover.
  Result<bool> IsWorkingDay(CivilDate day) const;

  // The instant at which `hours` of working time have passed since `start`; time outside
  // working hours does not count. A span that ends with a working interval ends there, not
  // at the next morning; 0 hours end at `start`.
  // kConfig "outside_calendar" when that is beyond the calendar; "bad_hours" outside
  // 0..kWorkingHoursLimit.
  Result<Instant> AddWorkingHours(Instant start, std::int64_t hours) const;

 private:
  // Microseconds after 00:00; begin < end.
  struct Interval {
    std::int64_t begin = 0, end = 0;
  };
  using Hours = std::vector<Interval>;  // sorted, apart from each other

  friend class WorkCalendarReader;
  WorkCalendar() = default;
  const Hours& HoursOf(CivilDate day) const;

  std::string id_;
  CivilDate first_day_;
  CivilDate last_day_;
  std::array<Hours, 7> weekdays_;      // Monday first
  std::map<CivilDate, Hours> special_;  // holidays (empty) and swapped days
};

}  // namespace mc
