// What was checked of every piece of evidence behind a sheet, with result and reason, for `explain`: integrity,
// origin, person, unit, uniqueness, backing, read-back. Nothing here decides anything: items were built and
// facts verified before. A check that was not made is a row that says so.
//
// For one thread; the run must outlive the results. Errors: those of the store but for evidence that does not
// verify, which is a result.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "connectors/manifest.h"
#include "core/check_result.h"
#include "core/json.h"
#include "core/result.h"
#include "gateway/score_run.h"
#include "mapping/manual_links.h"
#include "storage/store.h"

namespace mc {

// How a source's records come in.
struct Channel {
  ConnectorKind kind = ConnectorKind::kHttpJson;
  AuthKind auth = AuthKind::kNone;
};

// What the checks need beside the run.
struct CheckSources {
  std::map<std::string, Channel> channels;  // by source; one that is not there is not pulled: its records came in files
  ManualLinks links;
  std::map<std::int64_t, CheckResult> read_back;  // by record, of those that were read again and contradicted
};

using CheckRows = std::vector<CheckResult>;

class EvidenceChecks {
 public:
  // Re-hashes what the items name, and opens it against the signed log.
  static Result<EvidenceChecks> Make(Store& store, const ScoreRun& run, const std::vector<const WorkItem*>& items,
                                     CheckSources sources);

  // In the order of item.evidence, one list each; `item` need not be one of Make's, then integrity was not checked.
  std::vector<CheckRows> Of(const WorkItem& item) const;

 private:
  EvidenceChecks(const ScoreRun& run, CheckSources sources) : run_(&run), sources_(std::move(sources)) {}
  CheckResult Integrity(const EvidenceRef& ref) const;
  CheckResult Origin(const EvidenceRevision& revision) const;
  CheckResult Person(const WorkItem& item, const EvidenceRevision& revision) const;
  CheckResult Unit(const WorkItem& item, const EvidenceRevision& revision) const;
  CheckResult ReadBack(const EvidenceRef& ref) const;
  std::string KeyOf(const Link& link, const PersonKeys& said, const std::string& register_id, CivilDate day) const;

  const ScoreRun* run_;
  CheckSources sources_;
  std::map<std::int64_t, const EvidenceRevision*> by_ik_;
  std::map<std::int64_t, bool> intact_;  // of what was re-hashed
};

// One line for people: that all held, or which did not and which were not made.
std::string ChecksInOneLine(const std::vector<CheckRows>& checks);
std::vector<std::string> ChecksAsTable(const CheckRows& rows);
Json ChecksAsJson(const CheckRows& rows);

}  // namespace mc
