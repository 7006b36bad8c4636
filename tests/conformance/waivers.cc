#include "tests/conformance/cases.h"

namespace mc::conformance {

const std::vector<Case>& Cases() {
  static const std::vector<Case> all = [] {
    std::vector<Case> cases;
    for (auto group : {AccessCases(), PullCases(), WireCases(), RecordCases(), RunCases()}) {
      cases.insert(cases.end(), group.begin(), group.end());
    }
    return cases;
  }();
  return all;
}

const std::vector<Waiver>& Waivers() {
  static const std::vector<Waiver> all = {
      {"*", "too_wide_credentials",
       "None of these wires states what a credential may do, and trying a write would be one. Nothing is lost by it."},
      {"*", "deletion_told",
       "These sources list what they have and say nothing of what they removed. The evidence stays; a record that is "
       "gone is seen when it is read back, which is a check of quality and not of a pull."},
      {"*", "new_field_told",
       "Records are kept whole with all their fields, and no connector holds a list of those it knows. Nothing is "
       "lost; "
       "a replay with new rules reads the field."},
  };
  return all;
}

const std::vector<KindWaiver>& KindWaivers() {
  static const std::vector<KindWaiver> all = {
      {ConnectorKind::kFileDrop,
       "It has no wire that could fail, no windows and no credentials. Its own tests resume from every cursor, and "
       "tell apart changed, empty and missing; a platform that is a folder is still to be written."},
      {ConnectorKind::kInbox,
       "Senders come to it; there is no source to ask, so no window, no wire and no clock of another. Its own tests "
       "hold "
       "resuming, bad messages and repeats; a platform that pushes is still to be written."},
  };
  return all;
}

}  // namespace mc::conformance
