#include <algorithm>

#include "tests/conformance/cases.h"

namespace mc::conformance {

const std::vector<Case>& Cases() {
  static const std::vector<Case> all = [] {
    std::vector<Case> cases;
    for (auto group : {AccessCases(), PullCases(), WireCases(), RecordCases(), HandCases(), RunCases()}) {
      cases.insert(cases.end(), group.begin(), group.end());
    }
    return cases;
  }();
  return all;
}

bool IsAbout(const Case& test, ConnectorKind kind) {
  return test.only.empty() || std::find(test.only.begin(), test.only.end(), kind) != test.only.end();
}

const std::vector<Waiver>& Waivers() {
  static const std::vector<std::string> folders = {"file_drop", "file_drop of archives"};
  static const std::vector<std::string> handed = {"file_drop", "file_drop of archives", "inbox"};
  static const std::vector<std::string> open311 = {"reports_open311", "reports_open311_xml"};
  static const std::string no_total =
      "GeoReport v2 states no total and promises no order, so what an answer leaves out shows nowhere in that pull. "
      "Each run reads 120 days again (lookback_days), which paging_mended holds.";
  static const std::vector<Waiver> all = {
      {{"documents", "documents_vxp", "public_service", "citizen_reports", "hanoiwork", "reports_open311",
        "reports_open311_xml", "reports_p3", "http_json by page", "http_json by link", "http_json signed", "http_xml"},
       "too_wide_credentials",
       "The credential is a key, a password or a signature of which no answer says what it may do; trying a write "
       "would be one, and nothing may be asked that the manifest does not name."},
      {{"documents_lgsp", "dossiers_2025", "dossiers_adapter", "reports_p1"},
       "too_wide_credentials",
       "The platform's papers name no scope, so the manifest asks for none and there is nothing to compare with. An "
       "installation that is told its scope writes it into the manifest."},
      {{"http_json in one answer", "file_drop", "file_drop of archives", "inbox"},
       "too_wide_credentials",
       "There is no credential of ours: nothing could be too wide."},
      {folders,
       "deletion_told",
       "What was put into a folder lies there as it was put. A file that is there no more was taken away by somebody, "
       "and says nothing of the records in it: read-back calls them unknown."},
      {{"inbox"}, "deletion_told", "Nobody can be asked for what was pushed: read-back says nothing of it."},
      {folders,
       "change_told",
       "A file that was changed is another file, which the next pull takes: there is no change without being told."},
      {{"inbox"}, "change_told", "Nobody can be asked for what was pushed: read-back says nothing of it."},
      {open311, "paging_skipped", no_total},
      {open311, "paging_reversed", no_total},
      {open311, "paging_shrinks", no_total},
      {{"reports_p1"}, "paging_skipped",
       "The list states no total, so an entry that an answer leaves out shows nowhere in that pull. Each run reads the "
       "whole list again, which paging_mended holds."},
      {folders, "credentials",
       "A folder has no credentials of ours: who may put files there is the operating system's matter. One that "
       "cannot be read is held by empty_or_dead."},
      {{"inbox"}, "credentials", "We show none: the sender shows its token to us, which push_refused holds."},
      {{"inbox"}, "reads_only", "It asks nobody and opens nothing of the sender's; what it reads is our own store."},
      {handed, "fault_once",
       "Nobody is asked, so nothing can be asked again: what arrives spoilt is held by hand_faults, for each fault "
       "that a file or message can have."},
      {handed, "fault_for_good", "Nobody is asked; a sender that spoils everything is held by hand_faults."},
      {handed, "token_expires", "There is no token of ours that could end."},
      {handed, "stopped", "It never waits: there is no attempt to wait for. Stopping between pages is held by resume."},
  };
  return all;
}

}  // namespace mc::conformance
