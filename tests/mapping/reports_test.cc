// Citizens' reports as items: what several records of one report say together.
#include "tests/support/evidence_maker.h"

using namespace mc;
using namespace mc::test;

namespace {
const std::string kKey = "report:ihanoi:260012";
}

TEST_CASE("a report that is in both queries is one item, and what was said last counts") {
  Story s;
  s.Report("260012", "H26.1", "2026-06-10 08:30:00", "");
  s.Report("260012", "H26.1", "2026-06-10 08:30:00", "2026-06-12 16:00:05");
  REQUIRE(s.Items("2026-06-30").size() == 1);
  const WorkItem item = s.Item(kKey, "2026-06-30");
  REQUIRE(item.completions.size() == 1);
  CHECK(item.completions[0].at == At("2026-06-12 16:00:05"));
}
