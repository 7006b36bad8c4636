// The rows behind the four numbers: what is missing from each, record by record where there is one.
// Pure; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/json.h"
#include "gateway/quality.h"
#include "storage/store.h"

namespace mc {

struct QualityRow {
  std::string source;
  std::string number;   // "correct", "complete", "clean", "live"
  std::int64_t ik = 0;  // of the record; 0: it is of no single one
  std::string what;     // item key, else the record's own id; empty with no record
  std::string reason;   // code
  std::string detail;   // what people are told beside it; may be empty
};

// What the rows are looked for in, all of one period or of all time. Borrows: use it in the call.
struct MeasuredRows {
  const std::vector<SourceQuality>& shown;
  const std::vector<SourceTotals>& totals;
  const std::vector<QuarantineEntry>& quarantine;
  const std::vector<ContradictedRecord>& contradicted;
  const std::vector<EvidenceRevision>& evidence;
  const std::vector<WorkItem>& items;
  const IdentityIndex& identity;
};

// By source, then in the order of the numbers. One row each: open rejections and records that read-back contradicts
// (correct), evidence that leads to nobody or is in a conflict (clean). One row for all: how much of what the source
// says it has is not held (complete), how many minutes it was silent too long (live), as many as `shown` lacks, in
// `detail`.
std::vector<QualityRow> RowsBehind(const MeasuredRows& of);

Json RowsToJson(const std::vector<QualityRow>& rows);  // an array

}  // namespace mc
