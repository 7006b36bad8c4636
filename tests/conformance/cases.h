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
  std::vector<ConnectorKind> only = {};  // kinds that it is about; empty: all
};
bool IsAbout(const Case& test, ConnectorKind kind);

const std::vector<Case>& Cases();

// The groups that Cases() is made of.
std::vector<Case> AccessCases();  // settings, credentials, what is sent
std::vector<Case> PullCases();    // again, resumed, edited, deleted, paging
std::vector<Case> WireCases();    // answers that are none
std::vector<Case> RecordCases();  // one bad record, changed shapes
std::vector<Case> HandCases();    // what is brought, cut or spoilt; the rules of the inbox
std::vector<Case> RunCases();     // clocks, two collectors, empty or dead, stopping

// A case that platforms do not pass, or that finds nothing to ask of them, with the reason. It must
// go on so: a waiver that is no longer needed fails the suite.
struct Waiver {
  std::vector<std::string> platforms;  // empty: all
  std::string test;
  std::string reason;
};
const std::vector<Waiver>& Waivers();

}  // namespace mc::conformance
