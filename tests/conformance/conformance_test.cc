// Goal: every connector that there is keeps every promise, or says with a reason which not.
// Method: walk the registry of kinds; hold each case against each platform, over a real
// socket into a real store. A waived case must go on failing.

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "connectors/registry.h"
#include "tests/conformance/cases.h"

using namespace mc;
using namespace mc::conformance;

namespace {

const Waiver* WaiverFor(const std::string& platform, const std::string& test) {
  for (const Waiver& waiver : Waivers()) {
    if (waiver.test == test && (waiver.platform == "*" || waiver.platform == platform)) return &waiver;
  }
  return nullptr;
}

void Hold(const PlatformRow& row, const Case& test) {
  CAPTURE(row.name);
  CAPTURE(test.name);
  Trial trial{row, {}, {}};
  test.run(trial);
  if (WaiverFor(row.name, test.name)) {
    CHECK_MESSAGE(!trial.problems.empty(), "the waiver is no longer needed: take it away");
    return;
  }
  for (const std::string& problem : trial.problems) FAIL_CHECK(problem);
}

}  // namespace

TEST_CASE("every kind that can be pulled has a platform here") {
  for (const KindRow& kind : KindTable()) {
    CAPTURE(kind.name);
    const bool here = std::any_of(Platforms().begin(), Platforms().end(),
                                  [&](const PlatformRow& row) { return row.kind == kind.kind; });
    const bool waived = std::any_of(KindWaivers().begin(), KindWaivers().end(),
                                    [&](const KindWaiver& waiver) { return waiver.kind == kind.kind; });
    CHECK((here || waived) == (kind.make != nullptr));
    CHECK_FALSE((here && waived));  // a waiver that is no longer needed
  }
}

TEST_CASE("waivers of kinds have a reason") {
  for (const KindWaiver& waiver : KindWaivers()) CHECK(waiver.reason.size() > 40);
}

TEST_CASE("waivers name a case, a platform and a reason") {
  for (const Waiver& waiver : Waivers()) {
    CAPTURE(waiver.test);
    CHECK(std::any_of(Cases().begin(), Cases().end(), [&](const Case& test) { return test.name == waiver.test; }));
    CHECK((waiver.platform == "*" || std::any_of(Platforms().begin(), Platforms().end(),
                                                 [&](const auto& row) { return row.name == waiver.platform; })));
    CHECK(waiver.reason.size() > 40);
  }
}

TEST_CASE("access") {
  for (const PlatformRow& row : Platforms()) {
    for (const Case& test : AccessCases()) Hold(row, test);
  }
}

TEST_CASE("pulls") {
  for (const PlatformRow& row : Platforms()) {
    for (const Case& test : PullCases()) Hold(row, test);
  }
}

TEST_CASE("wire") {
  for (const PlatformRow& row : Platforms()) {
    for (const Case& test : WireCases()) Hold(row, test);
  }
}

TEST_CASE("records") {
  for (const PlatformRow& row : Platforms()) {
    for (const Case& test : RecordCases()) Hold(row, test);
  }
}

TEST_CASE("runs") {
  for (const PlatformRow& row : Platforms()) {
    for (const Case& test : RunCases()) Hold(row, test);
  }
}
