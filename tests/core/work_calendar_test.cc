// Goal: working time counts exactly the hours that the calendar data names, and a broken
// calendar is refused by pointer and rule.
// Method: the calendar of docs/formats/work-calendar.md and its table, borders of intervals
// to the microsecond; then the same document broken in one place at a time.
#include "core/work_calendar.h"

#include <doctest/doctest.h>

#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace mc {
namespace {

Json CalendarDocument() {
  const Json office = Json::array({"08:00-12:00", "13:30-17:30"});
  return {{"schema", "minhchung/work-calendar@1"},
          {"id", "test-2026"},
          {"title", "Lịch thử"},
          {"source", "ví dụ"},
          {"legal_review", true},
          {"first_day", "2026-01-01"},
          {"last_day", "2026-12-31"},
          {"weekdays",
           {{"monday", office}, {"tuesday", office}, {"wednesday", office}, {"thursday", office}, {"friday", office}}},
          {"holidays", Json::array({{{"date", "2026-01-01"}, {"name", "Tết Dương lịch"}}})},
          {"swapped_days",
           Json::array({{{"off", "2026-01-02"}, {"worked", "2026-01-10"}, {"name", "Hoán đổi"}}})}};
}

WorkCalendar Calendar() { return std::move(WorkCalendar::Parse(CalendarDocument())).value(); }

Instant CityTime(const std::string& city) { return *ParseInstant(city + "+07:00"); }

TEST_CASE("hours are counted inside the intervals only") {
  struct Row {
    const char* start;
    std::int64_t hours;
    const char* end;
  };
  const std::vector<Row> rows = {
      {"2026-01-05T08:00:00", 4, "2026-01-05T12:00:00"},  {"2026-01-05T08:00:00", 5, "2026-01-05T14:30:00"},
      {"2026-01-05T08:00:00", 8, "2026-01-05T17:30:00"},  {"2026-01-05T08:00:00", 9, "2026-01-06T09:00:00"},
      {"2026-01-05T12:30:00", 1, "2026-01-05T14:30:00"},  {"2026-01-05T12:00:00", 1, "2026-01-05T14:30:00"},
      {"2026-01-05T11:59:59.999999", 1, "2026-01-05T14:29:59.999999"},
      {"2026-01-05T17:30:00", 1, "2026-01-06T09:00:00"},  {"2026-01-05T17:29:59.999999", 1, "2026-01-06T08:59:59.999999"},
      {"2026-01-05T00:00:00", 1, "2026-01-05T09:00:00"},  {"2026-01-01T09:00:00", 1, "2026-01-05T09:00:00"},
      {"2026-01-09T16:30:00", 2, "2026-01-10T09:00:00"},  {"2026-01-10T16:30:00", 2, "2026-01-12T09:00:00"},
      {"2026-01-16T16:30:00", 2, "2026-01-19T09:00:00"},  {"2026-01-05T08:00:00", 40, "2026-01-09T17:30:00"},
      {"2026-01-05T08:00:00", 48, "2026-01-10T17:30:00"}, {"2026-12-31T16:30:00", 1, "2026-12-31T17:30:00"},
  };
  const WorkCalendar calendar = Calendar();
  for (const Row& row : rows) {
    CAPTURE(row.start);
    CAPTURE(row.hours);
    const auto end = calendar.AddWorkingHours(CityTime(row.start), row.hours);
    REQUIRE(end.ok());
    CHECK(FormatInstant(*end) == FormatInstant(CityTime(row.end)));
  }
}

TEST_CASE("no hours end where they start, even outside working time and the calendar") {
  const WorkCalendar calendar = Calendar();
  for (const char* start : {"2026-01-03T03:00:00", "2020-01-01T00:00:00"}) {
    CHECK(*calendar.AddWorkingHours(CityTime(start), 0) == CityTime(start));
  }
}

TEST_CASE("beyond the calendar and beyond the limits nothing is guessed") {
  const WorkCalendar calendar = Calendar();
  CHECK(calendar.AddWorkingHours(CityTime("2025-12-31T16:00:00"), 1).error().code == "outside_calendar");
  CHECK(calendar.AddWorkingHours(CityTime("2026-12-31T16:30:00"), 2).error().code == "outside_calendar");
  CHECK(calendar.AddWorkingHours(CityTime("2026-01-05T08:00:00"), kWorkingHoursLimit).error().code ==
        "outside_calendar");
  CHECK(calendar.AddWorkingHours(CityTime("2026-01-05T08:00:00"), kWorkingHoursLimit + 1).error().code == "bad_hours");
  CHECK(calendar.AddWorkingHours(CityTime("2026-01-05T08:00:00"), -1).error().code == "bad_hours");
  CHECK(calendar.IsWorkingDay(*ParseDate("2027-01-01")).error().code == "outside_calendar");
}

TEST_CASE("working days: weekdays, holidays and both days of a swap") {
  const WorkCalendar calendar = Calendar();
  const std::vector<std::pair<const char*, bool>> rows = {
      {"2026-01-01", false}, {"2026-01-02", false}, {"2026-01-03", false}, {"2026-01-04", false},
      {"2026-01-05", true},  {"2026-01-10", true},  {"2026-01-11", false}, {"2026-12-31", true}};
  for (const auto& [day, working] : rows) {
    CAPTURE(day);
    CHECK(*calendar.IsWorkingDay(*ParseDate(day)) == working);
  }
}

TEST_CASE("the plain calendar: eight hours, five days, any year") {
  const WorkCalendar plain = WorkCalendar::Plain();
  CHECK(*plain.AddWorkingHours(CityTime("2026-01-01T08:00:00"), 8) == CityTime("2026-01-01T17:00:00"));
  CHECK(*plain.AddWorkingHours(CityTime("2026-01-02T16:00:00"), 2) == CityTime("2026-01-05T09:00:00"));
  CHECK(plain.AddWorkingHours(CityTime("2026-01-01T08:00:00"), kWorkingHoursLimit).ok());
  CHECK_FALSE(*plain.IsWorkingDay(*ParseDate("2026-01-03")));
}

TEST_CASE("an interval may end at 24:00") {
  Json document = CalendarDocument();
  document["weekdays"] = {{"monday", {"22:00-24:00"}}, {"tuesday", {"00:00-01:00"}}};
  document["swapped_days"] = Json::array();
  const WorkCalendar calendar = std::move(WorkCalendar::Parse(document)).value();
  CHECK(*calendar.AddWorkingHours(CityTime("2026-01-05T08:00:00"), 2) == CityTime("2026-01-06T00:00:00"));
  CHECK(*calendar.AddWorkingHours(CityTime("2026-01-05T08:00:00"), 3) == CityTime("2026-01-06T01:00:00"));
}

TEST_CASE("a calendar broken in one place is refused there") {
  struct Row {
    const char* pointer;
    const char* code;
    std::function<void(Json&)> damage;
  };
  const auto interval = [](const char* text) {
    return [text](Json& d) { d["weekdays"]["monday"][1] = text; };
  };
  const std::vector<Row> rows = {
      {"/schema", "bad_schema", [](Json& d) { d["schema"] = "minhchung/work-calendar@2"; }},
      {"/id", "missing_key", [](Json& d) { d.erase("id"); }},
      {"/title", "not_text", [](Json& d) { d["title"] = 1; }},
      {"/legal_review", "not_bool", [](Json& d) { d["legal_review"] = "yes"; }},
      {"/holiday", "unknown_key", [](Json& d) { d["holiday"] = 1; }},
      {"/last_day", "bad_span", [](Json& d) { d["last_day"] = "2025-12-31"; }},
      {"/first_day", "bad_date", [](Json& d) { d["first_day"] = "2026-02-29"; }},
      {"/weekdays/mondey", "unknown_key", [](Json& d) { d["weekdays"]["mondey"] = Json::array(); }},
      {"/weekdays", "no_hours", [](Json& d) { d["weekdays"] = {{"monday", Json::array()}}; }},
      {"/weekdays/monday/1", "bad_interval", interval("11:59-17:00")},
      {"/weekdays/monday/1", "bad_interval", interval("17:00-17:00")},
      {"/weekdays/monday/1", "bad_interval", interval("17:00-13:00")},
      {"/weekdays/monday/1", "bad_interval", interval("13:00-24:01")},
      {"/weekdays/monday/1", "bad_interval", interval("13:00-25:00")},
      {"/weekdays/monday/1", "bad_interval", interval("13:60-14:00")},
      {"/weekdays/monday/1", "bad_interval", interval("1:00-14:00")},
      {"/weekdays/monday/1", "bad_interval", interval("13h00-14h00")},
      {"/weekdays/monday/1", "bad_interval", interval("13:00")},
      {"/holidays/0/date", "outside_calendar", [](Json& d) { d["holidays"][0]["date"] = "2027-01-01"; }},
      {"/holidays/0/name", "missing_key", [](Json& d) { d["holidays"][0].erase("name"); }},
      {"/holidays/1/date", "duplicate_day", [](Json& d) { d["holidays"].push_back(d["holidays"][0]); }},
      {"/swapped_days/0/off", "duplicate_day", [](Json& d) { d["swapped_days"][0]["off"] = "2026-01-01"; }},
      {"/swapped_days/0/off", "bad_swap", [](Json& d) { d["swapped_days"][0]["off"] = "2026-01-03"; }},
      {"/swapped_days/0/worked", "bad_swap", [](Json& d) { d["swapped_days"][0]["worked"] = "2026-01-05"; }},
      {"/swapped_days/0/worked", "duplicate_day", [](Json& d) { d["swapped_days"][0]["worked"] = "2026-01-02"; }},
  };
  REQUIRE(WorkCalendar::Parse(CalendarDocument()).ok());
  for (const Row& row : rows) {
    Json document = CalendarDocument();
    row.damage(document);
    const auto parsed = WorkCalendar::Parse(document);
    CAPTURE(row.pointer);
    CAPTURE(row.code);
    REQUIRE_FALSE(parsed.ok());
    CAPTURE(parsed.error().message);
    CHECK(parsed.error().code == row.code);
    CHECK(parsed.error().message.rfind("\"" + std::string(row.pointer) + "\":", 0) == 0);
  }
}

}  // namespace
}  // namespace mc
