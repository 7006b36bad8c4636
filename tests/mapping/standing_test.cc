// In which period an item stands, and with what figures: table over items made by hand.
#include "tests/support/evidence_maker.h"

using namespace mc;
using namespace mc::test;

namespace {

WorkItem Item(const std::string& assigned, const std::string& due, const std::vector<std::string>& done = {}) {
  WorkItem item;
  item.assigned_at = At(assigned);
  if (!due.empty()) item.due = At(due);
  for (const std::string& at : done) item.completions.push_back({At(at), 1, Assurance::kRecorded, ""});
  item.lead.state = LinkState::kResolved;
  return item;
}

}  // namespace

TEST_CASE("standing by period") {
  struct Case {
    const char* name;
    WorkItem item;
    std::array<const char*, 3> stands;  // 2026-05, 06, 07
  };
  const std::vector<Case> cases = {
      {"done in time", Item("2026-05-05", "2026-06-10", {"2026-06-09 10:00:00"}), {"-", "1 1 0 0", "-"}},
      {"early completion does not move it", Item("2026-05-05", "2026-06-10", {"2026-05-09 10:00:00"}), {"-", "1 1 0 0", "-"}},
      {"late in its period", Item("2026-05-05", "2026-06-10", {"2026-06-11 10:00:00"}), {"-", "1 1 1 0", "-"}},
      {"unfinished is carried over with one late", Item("2026-05-05", "2026-05-10"), {"1 0 0 0", "1 0 1 0 carried", "1 0 1 0 carried"}},
      {"no deadline: period of assignment, never late", Item("2026-05-05", ""), {"1 0 0 0 no_deadline", "1 0 0 0 carried no_deadline", "1 0 0 0 carried no_deadline"}},
      {"a bare due date on the last day stands in that month", Item("2026-05-05", "2026-05-31", {"2026-05-31 23:59:59"}), {"1 1 0 0", "-", "-"}},
      {"due at midnight is the next month's", Item("2026-05-05", "2026-06-01 00:00:00", {"2026-05-31 23:59:59"}), {"-", "1 1 0 0", "-"}},
      {"completed at the very cut-off counts", Item("2026-05-05", "2026-05-20", {"2026-06-01 00:00:00"}), {"1 1 1 0", "-", "-"}},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    CHECK(Stands(c.item, "2026-05") == c.stands[0]);
    CHECK(Stands(c.item, "2026-06") == c.stands[1]);
    CHECK(Stands(c.item, "2026-07") == c.stands[2]);
  }
}

TEST_CASE("completed one second after the cut-off is carried over") {
  // As of the May cut-off the completion is not there yet.
  CHECK(Stands(Item("2026-05-05", "2026-05-20"), "2026-05") == "1 0 0 0");
  CHECK(Stands(Item("2026-05-05", "2026-05-20", {"2026-06-01 00:00:01"}), "2026-06") == "1 1 1 0 carried");
}

TEST_CASE("carry_over none, and days of grace") {
  const WorkItem open = Item("2026-05-05", "2026-05-10");
  CHECK_FALSE(StandIn(open, {2026, 6}, {false, 0}));
  const WorkItem graced = Item("2026-05-05", "2026-05-10", {"2026-06-03 10:00:00"});
  CHECK(StandIn(graced, {2026, 6}, {true, 2}));
  CHECK_FALSE(StandIn(graced, {2026, 6}, {true, 3}));
}

TEST_CASE("a completion known only to the day is late only on a later day") {
  CHECK_FALSE(IsLate(At("2026-06-10"), At("2026-06-10 08:00:00")));
  CHECK(IsLate(At("2026-06-11"), At("2026-06-10 08:00:00")));
  CHECK(IsLate(At("2026-06-10 08:00:01"), At("2026-06-10 08:00:00")));
  CHECK_FALSE(IsLate(At("2026-06-10 08:00:00"), At("2026-06-10 08:00:00")));
}

TEST_CASE("left and self-set items stand nowhere; held ones stand as unfinished") {
  WorkItem item = Item("2026-05-05", "2026-05-10", {"2026-05-09"});
  item.held.push_back("no_product");
  CHECK(Stands(item, "2026-06") == "1 0 1 0 carried");
  item.left = "withdrawn";
  CHECK(Stands(item, "2026-05") == "-");
  CHECK_FALSE(Classify(item));
}
