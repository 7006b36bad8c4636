#include "core/work_calendar.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "core/json_at.h"

namespace mc {
namespace {

constexpr std::size_t kDaysLimit = 4'000;      // holidays or swaps of one calendar
constexpr std::size_t kIntervalsLimit = 10;    // of one day
constexpr std::size_t kCalendarTextLimitBytes = 2'000;
const std::vector<std::string> kWeekdays = {"monday", "tuesday",  "wednesday", "thursday",
                                            "friday", "saturday", "sunday"};

// "08:00" .. "24:00" as microseconds after midnight.
std::optional<std::int64_t> ParseTimeOfDay(std::string_view text) {
  const auto digit = [&](std::size_t i) { return text[i] >= '0' && text[i] <= '9' ? text[i] - '0' : 100; };
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  const int hour = digit(0) * 10 + digit(1);
  const int minute = digit(3) * 10 + digit(4);
  if (minute > 59 || hour > 24 || (hour == 24 && minute != 0)) return std::nullopt;
  return hour * kMicrosPerHour + minute * kMicrosPerMinute;
}

}  // namespace

class WorkCalendarReader {
 public:
  Result<WorkCalendar> Read(const Json& document) {
    const JsonAt root(document);
    MC_CHECK_OK(root.Keys({"schema", "id", "title", "source", "legal_review", "first_day", "last_day", "weekdays",
                           "holidays", "swapped_days"}));
    MC_CHECK_OK(ReadHead(root));
    MC_CHECK_OK(ReadWeekdays(root));
    MC_CHECK_OK(ReadHolidays(root));
    MC_CHECK_OK(ReadSwaps(root));
    return std::move(calendar_);
  }

 private:
  using Hours = WorkCalendar::Hours;

  Status ReadHead(const JsonAt& root) {
    MC_TRY(const JsonAt schema, root.Member("schema"));
    if (schema.value() != "minhchung/work-calendar@1") {
      return schema.Fail("bad_schema", "must be \"minhchung/work-calendar@1\"");
    }
    MC_TRY(const JsonAt id, root.Member("id"));
    MC_TRY(calendar_.id_, id.Text(kCalendarTextLimitBytes));
    for (const char* key : {"title", "source"}) {
      MC_TRY(const JsonAt text, root.Member(key));
      MC_CHECK_OK(text.Text(kCalendarTextLimitBytes));
    }
    if (const auto review = root.Find("legal_review")) MC_CHECK_OK(review->Bool());
    MC_TRY(const JsonAt first, root.Member("first_day"));
    MC_TRY(calendar_.first_day_, first.Date());
    MC_TRY(const JsonAt last, root.Member("last_day"));
    MC_TRY(calendar_.last_day_, last.Date());
    if (calendar_.last_day_ < calendar_.first_day_) return last.Fail("bad_span", "is before first_day");
    return Ok();
  }

  static Result<Hours> ReadHours(const JsonAt& list) {
    Hours hours;
    MC_TRY(const auto items, list.Items(kIntervalsLimit));
    for (const JsonAt& item : items) {
      MC_TRY(const std::string text, item.Text(kCalendarTextLimitBytes));
      const auto dash = text.find('-');
      if (dash == std::string::npos) return item.Fail("bad_interval", "must be as in \"08:00-12:00\"");
      const auto begin = ParseTimeOfDay(std::string_view(text).substr(0, dash));
      const auto end = ParseTimeOfDay(std::string_view(text).substr(dash + 1));
      if (!begin || !end || *begin >= *end) return item.Fail("bad_interval", "must be as in \"08:00-12:00\"");
      if (!hours.empty() && *begin < hours.back().end) {
        return item.Fail("bad_interval", "must begin after the interval before it ends");
      }
      hours.push_back({*begin, *end});
    }
    return hours;
  }

  Status ReadWeekdays(const JsonAt& root) {
    MC_TRY(const JsonAt weekdays, root.Member("weekdays"));
    MC_CHECK_OK(weekdays.Keys(kWeekdays));
    bool any = false;
    for (std::size_t i = 0; i < kWeekdays.size(); ++i) {
      const auto list = weekdays.Find(kWeekdays[i]);
      if (!list) continue;
      MC_TRY(calendar_.weekdays_[i], ReadHours(*list));
      any = any || !calendar_.weekdays_[i].empty();
    }
    if (!any) return weekdays.Fail("no_hours", "at least one weekday must have working hours");
    return Ok();
  }

  // A day within the calendar that no other row has spoken for.
  Result<CivilDate> NewSpecialDay(const JsonAt& row, std::string_view key) const {
    MC_TRY(const JsonAt member, row.Member(key));
    MC_TRY(const CivilDate day, member.Date());
    if (!calendar_.Covers(day)) return member.Fail("outside_calendar", "must be within first_day..last_day");
    if (calendar_.special_.contains(day)) return member.Fail("duplicate_day", "this day stands twice");
    return day;
  }

  static Status CheckName(const JsonAt& row) {
    MC_TRY(const JsonAt name, row.Member("name"));
    MC_CHECK_OK(name.Text(kCalendarTextLimitBytes));
    return Ok();
  }

  Status ReadHolidays(const JsonAt& root) {
    MC_TRY(const JsonAt list, root.Member("holidays"));
    MC_TRY(const auto rows, list.Items(kDaysLimit));
    for (const JsonAt& row : rows) {
      MC_CHECK_OK(row.Keys({"date", "name"}));
      MC_CHECK_OK(CheckName(row));
      MC_TRY(const CivilDate day, NewSpecialDay(row, "date"));
      calendar_.special_[day] = {};
    }
    return Ok();
  }

  // The hours of the day off are worked on another day, which is free otherwise.
  Status ReadSwaps(const JsonAt& root) {
    MC_TRY(const JsonAt list, root.Member("swapped_days"));
    MC_TRY(const auto rows, list.Items(kDaysLimit));
    for (const JsonAt& row : rows) {
      MC_CHECK_OK(row.Keys({"off", "worked", "name"}));
      MC_CHECK_OK(CheckName(row));
      MC_TRY(const CivilDate off, NewSpecialDay(row, "off"));
      const Hours hours = calendar_.HoursOf(off);
      if (hours.empty()) return row.Member("off")->Fail("bad_swap", "is no working day anyway");
      calendar_.special_[off] = {};
      MC_TRY(const CivilDate worked, NewSpecialDay(row, "worked"));
      if (!calendar_.HoursOf(worked).empty()) return row.Member("worked")->Fail("bad_swap", "is a working day already");
      calendar_.special_[worked] = hours;
    }
    return Ok();
  }

  WorkCalendar calendar_;
};

Result<WorkCalendar> WorkCalendar::Parse(const Json& document) { return WorkCalendarReader().Read(document); }

WorkCalendar WorkCalendar::Plain() {
  WorkCalendar calendar;
  calendar.id_ = "plain";
  calendar.first_day_ = *MakeDate(1, 1, 1);
  calendar.last_day_ = *MakeDate(9999, 12, 31);
  for (std::size_t i = 0; i < 5; ++i) {
    calendar.weekdays_[i] = {{8 * kMicrosPerHour, 12 * kMicrosPerHour}, {13 * kMicrosPerHour, 17 * kMicrosPerHour}};
  }
  return calendar;
}

const WorkCalendar::Hours& WorkCalendar::HoursOf(CivilDate day) const {
  const auto special = special_.find(day);
  return special != special_.end() ? special->second : weekdays_[static_cast<std::size_t>(Weekday(day))];
}

Result<bool> WorkCalendar::IsWorkingDay(CivilDate day) const {
  if (!Covers(day)) return ConfigError("outside_calendar", "the work calendar does not cover " + FormatDate(day));
  return !HoursOf(day).empty();
}

Result<Instant> WorkCalendar::AddWorkingHours(Instant start, std::int64_t hours) const {
  if (hours < 0 || hours > kWorkingHoursLimit) {
    return ConfigError("bad_hours", "working hours must be within 0.." + std::to_string(kWorkingHoursLimit));
  }
  if (hours == 0) return start;
  std::int64_t left = hours * kMicrosPerHour;
  for (CivilDate day = CityDate(start);; ++day.days) {
    if (!Covers(day)) return ConfigError("outside_calendar", "the work calendar does not cover " + FormatDate(day));
    const std::int64_t midnight = StartOfDay(day).micros;
    for (const Interval& interval : HoursOf(day)) {
      const std::int64_t begin = std::max(midnight + interval.begin, start.micros);
      const std::int64_t worked = midnight + interval.end - begin;
      if (worked <= 0) continue;
      if (left <= worked) return Instant{begin + left};
      left -= worked;
    }
  }
}

}  // namespace mc
