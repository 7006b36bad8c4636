// Inside of the engines: counts the four numbers anew beside the sums that are kept.
#pragma once

#include "storage/sql_check.h"
#include "storage/quality_sums.h"

namespace mc {

class QualityChecker {
 public:
  // REQUIRES: both outlive the checker. May throw SqlFailure.
  QualityChecker(SqlStore& store, FaultList& faults) : store_(store), faults_(faults) {}

  // Each record once; `own` is the evidence at its own leaf, if any, and `stated` what that says where it was read.
  void Take(const RecordRow& record, const EvidenceRow* own, const Evidence* stated);
  // Runs, the day's leaf, then the comparison.
  void Check();

 private:
  void CheckPlaces();
  void CheckChains();
  void TakeRuns();
  void TakeRun(const RunQuality& run, const std::string& code);
  void TakeClean();
  void TakeReadBacks();

  SqlStore& store_;
  FaultList& faults_;
  QualitySums expected_;
  std::map<std::string, RunMinutes> before_;  // by source
};

}  // namespace mc
