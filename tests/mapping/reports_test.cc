// Citizens' reports as items: what several records of one report say together.
#include <nlohmann/json.hpp>

#include "core/work_calendar.h"
#include "tests/support/evidence_maker.h"

using namespace mc;
using namespace mc::test;

namespace {
const std::string kReportKey = "report:ihanoi:260012";

bool Has(const std::vector<std::string>& list, const std::string& text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}
}

TEST_CASE("a report that is in both queries is one item, and what was said last counts") {
  Story s;
  s.Report("260012", "H26.1", "2026-06-10 08:30:00", "");
  s.Report("260012", "H26.1", "2026-06-10 08:30:00", "2026-06-12 16:00:05");
  REQUIRE(s.Items("2026-06-30").size() == 1);
  const WorkItem item = s.Item(kReportKey, "2026-06-30");
  REQUIRE(item.completions.size() == 1);
  CHECK(item.completions[0].at == At("2026-06-12 16:00:05"));
}

TEST_CASE("a report is due when it says, else by the policy's working hours, else never") {
  const WorkCalendar calendar = WorkCalendar::Plain();
  const IdentityIndex identity(SmallDirectory());
  const auto report = [&](const char* due, std::int64_t hours) {
    Story s;
    Evidence& e = s.Report("260012", "H26.1", "2026-06-10 08:30:00", "");  // a Wednesday
    if (*due) e.due_at = At(due);
    return BuildItems(s.revisions(), identity, {Assurance::kRecorded, hours, &calendar}, AsOf("2026-06-30")).front();
  };
  CHECK(report("2026-06-11 09:00:00", 8).due == At("2026-06-11 09:00:00"));
  CHECK(report("", 8).due == At("2026-06-11 08:30:00"));
  CHECK(report("", 8).notes.empty());
  CHECK_FALSE(report("", 0).due);
  CHECK(Has(report("", 0).notes, "no_deadline"));
}

TEST_CASE("what happens to a report after as_of has not happened") {
  Story s;
  s.Report("260012", "H26.1", "2026-06-10 08:30:00", "2026-06-12 16:00:05");
  CHECK(s.Items("2026-06-09").empty());
  CHECK(s.Item(kReportKey, "2026-06-11").completions.empty());
  CHECK(s.Item(kReportKey, "2026-06-12").completions.size() == 1);
}

TEST_CASE("a duplicate leaves, by its status or by the report that it names; without a product it is held") {
  Story by_status, by_name, unknown, nothing;
  for (Story* s : {&by_status, &by_name, &unknown, &nothing}) s->Report("260012", "H26.1", "2026-06-10 08:30:00", "");
  by_status.revisions().front().evidence.status = "duplicate";
  by_name.revisions().front().evidence.duplicate_of = "260001";
  unknown.revisions().front().evidence.product = "";
  unknown.revisions().front().evidence.type_known = false;
  nothing.revisions().front().evidence.product = "";
  CHECK(by_status.Item(kReportKey, "2026-06-30").left == "duplicate");
  CHECK(by_name.Item(kReportKey, "2026-06-30").left == "duplicate");
  CHECK(Has(unknown.Item(kReportKey, "2026-06-30").held, "type_not_in_table"));
  CHECK(Has(nothing.Item(kReportKey, "2026-06-30").held, "no_product"));
}

TEST_CASE("a report whose deadline the calendar does not cover is held: nothing is guessed") {
  const Result<Json> year = ParseJson(R"({"schema": "minhchung/work-calendar@1", "id": "y", "title": "y", "source": "y",
    "first_day": "2026-01-01", "last_day": "2026-06-10", "weekdays": {"wednesday": ["08:00-12:00"]},
    "holidays": [], "swapped_days": []})");
  const auto calendar = WorkCalendar::Parse(*year);
  REQUIRE(calendar.ok());
  const IdentityIndex identity(SmallDirectory());
  const auto items = [&](Story& s, std::int64_t hours) {
    return BuildItems(s.revisions(), identity, {Assurance::kRecorded, hours, &*calendar}, AsOf("2026-06-30"));
  };
  Story s;
  s.Report("260012", "H26.1", "2026-06-10 08:30:00", "2026-06-12 16:00:05");
  const WorkItem beyond = items(s, 8).front();
  CHECK(beyond.held == std::vector<std::string>{"outside_calendar"});
  CHECK_FALSE(Has(beyond.notes, "no_deadline"));
  CHECK(Stands(beyond, "2026-06") == "1 0 0 0 no_deadline");
  CHECK(items(s, 2).front().held.empty());
  CHECK(items(s, 0).front().held.empty());

  ResultRef ref;
  ref.kind = ResultKind::kReport;
  ref.native_id = "260012";
  s.Task("T1", "an", "2026-06-10 08:00:00", "2026-06-20").claims = {{At("2026-06-15"), {ref}}};
  CHECK(items(s, 8).front().held.empty());  // the task's own deadline is in force
  CHECK(Stands(items(s, 8).front(), "2026-06") == "1 1 0 0");
  s.revisions().back().evidence.due_at.reset();
  CHECK(items(s, 8).front().held == std::vector<std::string>{"outside_calendar"});
  s.revisions().pop_back();

  s.revisions().front().evidence.due_at = At("2026-06-11 09:00:00");
  CHECK(items(s, 8).front().held.empty());
  s.revisions().front().evidence.due_at.reset();
  s.revisions().front().evidence.duplicate_of = "260001";
  CHECK(items(s, 8).front().held.empty());
}
