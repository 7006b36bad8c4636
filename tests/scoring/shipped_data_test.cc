// Goal: the data files under policies/ are read by the code that uses them and say what the
// documentation says. Method: read each and look at telling days.
#include "core/work_calendar.h"
#include "tests/scoring/scoring_support.h"

namespace mc {
namespace {

WorkCalendar Shipped() {
  auto read = WorkCalendar::Parse(test::ReadShipped("policies/work-calendar-2026.json"));
  REQUIRE_MESSAGE(read.ok(), read.error().message);
  return *read;
}

TEST_CASE("the work calendar of 2026") {
  const WorkCalendar calendar = Shipped();
  struct Row {
    const char* day;
    bool works;
  };
  const std::vector<Row> rows = {
      {"2026-01-01", false}, {"2026-01-02", false}, {"2026-01-10", true},  {"2026-02-13", true},
      {"2026-02-16", false}, {"2026-02-20", false}, {"2026-02-23", true},  {"2026-04-27", false},
      {"2026-04-30", false}, {"2026-05-01", false}, {"2026-05-04", true},  {"2026-06-30", true},
      {"2026-08-22", true},  {"2026-08-31", false}, {"2026-09-02", false}, {"2026-09-03", true},
  };
  for (const Row& row : rows) {
    CAPTURE(row.day);
    const auto works = calendar.IsWorkingDay(*ParseDate(row.day));
    REQUIRE(works.ok());
    CHECK(*works == row.works);
  }
  CHECK_FALSE(calendar.IsWorkingDay(*ParseDate("2027-01-01")).ok());
}

TEST_CASE("80 working hours, the policy's time for a report, are ten working days") {
  const WorkCalendar calendar = Shipped();
  const std::int64_t hours = test::Nd335().report_due_working_hours;
  const auto due = [&](const char* received) {
    const auto end = calendar.AddWorkingHours(*ParseInstant(received), hours);
    REQUIRE(end.ok());
    return FormatCity(Moment{*end, false});
  };
  CHECK(due("2026-06-01T08:00:00+07:00") == "12/06/2026 17:00");
  CHECK(due("2026-06-01T10:00:00+07:00") == "15/06/2026 10:00");
  CHECK(due("2026-04-24T08:00:00+07:00") == "12/05/2026 17:00");  // three days off in between
}

}  // namespace
}  // namespace mc
