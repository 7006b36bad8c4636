// The promises of every connector, one case each, and what is waived.
//
// A case builds its own stages and reports what is not as promised; it knows no wire. The
// numbers are those of the acceptance suite that the project set itself (README.md).
#pragma once

#include <string>
#include <vector>

#include "tests/conformance/stage.h"

namespace mc::conformance {

struct Case {
  std::string name;
  void (*run)(Trial&);
};

const std::vector<Case>& Cases();

// The groups that Cases() is made of.
std::vector<Case> AccessCases();  // settings, credentials, what is sent
std::vector<Case> PullCases();    // again, resumed, edited, deleted, paging
std::vector<Case> WireCases();    // answers that are none
std::vector<Case> RecordCases();  // one bad record, changed shapes
std::vector<Case> RunCases();     // clocks, two collectors, empty or dead, stopping

// A case that a platform does not pass, with the reason. It must go on failing: a waiver
// that is no longer needed fails the suite.
struct Waiver {
  std::string platform;  // "*": all
  std::string test;
  std::string reason;
};
const std::vector<Waiver>& Waivers();

// A kind that can be pulled and has no platform here, with the reason.
struct KindWaiver {
  ConnectorKind kind;
  std::string reason;
};
const std::vector<KindWaiver>& KindWaivers();

}  // namespace mc::conformance
