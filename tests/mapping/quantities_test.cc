// Goal: a task of several products washes nothing and gives nothing twice (4a "Join", "Field authority"; decision
// 0001, rules 19, 20 and 29).
// Method: few statements each, and the standing of every item that they make.
#include "tests/mapping/conflict_support.h"

using namespace mc;
using namespace mc::test;

namespace {

Evidence& Several(Story& s, std::int64_t quantity, const std::string& due, const std::vector<ResultRef>& results) {
  Evidence& task = s.Task("T1", "an", "2026-06-08 08:00:00", due);
  task.quantity = Ratio(quantity);
  if (!results.empty()) task.claims = {{At("2026-06-15"), results}};
  return task;
}

}  // namespace

TEST_CASE("an acceptance states how much there is in all, and results are part of that") {
  for (const auto& [results, stated, stands] : {std::tuple{2, 2, "4 2 0 0"},
                                                {2, 3, "4 3 0 0"},
                                                {2, 1, "4 2 0 0"},
                                                {2, 0, "4 4 0 0"},  // states no quantity: what is open
                                                {0, 2, "4 2 0 0"}}) {
    Story s;
    Evidence& task = Several(s, 4, "2026-06-30", {});
    task.acceptance = Acceptance{At("2026-06-20 08:00:00"), By("em"), std::nullopt, std::nullopt};
    if (stated) task.acceptance->quantity = Ratio(stated);
    for (int i = 0; i < results; ++i) s.Document("H26.1", std::to_string(i) + "/BC", "2026-06-10", "", "T1");
    CAPTURE(stands);
    CHECK(Stands(s.Item(kTask, "2026-06-30"), "2026-06") == stands);
  }
}

TEST_CASE("what an acceptance says of a delivery to come has not happened") {
  Story s;
  s.Task("T1", "an", "2026-06-08 08:00:00", "2026-06-30").acceptance =
      Acceptance{At("2026-06-28 08:00:00"), By("em"), At("2026-07-02"), std::nullopt};
  CHECK(Stands(s.Item(kTask, "2026-06-30"), "2026-06") == "1 0 0 0");
  CHECK(Stands(s.Item(kTask, "2026-07-31"), "2026-07") == "1 1 1 0 carried");
}
