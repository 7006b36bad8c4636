// Locks a period: its sheets are made once more from the log as it stands, and one leaf takes the
// root over everybody's list (docs/formats/period-index.md). And does so again, to check.
//
// For one thread. Errors as of RunScoring; kConfig "period_open" before the cut-off; kTransient "sheets_waiting" while
// a register or a closed gate keeps sheets waiting: a lock has no way back, and they would wait for ever.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/random.h"
#include "core/result.h"
#include "gateway/score_run.h"
#include "scoring/sheet_case.h"
#include "storage/store.h"

namespace mc {

// What a lock is made with, whenever it is made again.
struct LockRules {
  std::string documents;   // Installation::RuleDocuments
  std::string person_key;  // of the directory's national numbers
  Period period;
  std::int64_t through = 0;
  SourcesByRegister sources = {};  // of the settings; who waits for one has the same list
};

struct AttributedRun {
  ScoreRun run;
  std::vector<SheetCase> cases;  // parallel to run.sheets.subjects
};
// Reads the leaves below rules.through only. kConfig "no_directory".
Result<AttributedRun> RunForLock(Store& store, const LockRules& rules);

enum class Waiting { kRefused, kSealed };  // what becomes of sheets that wait for a register or a closed gate

struct LockResult {
  std::int64_t leaf = 0;
  std::int64_t people = 0;
  std::int64_t leaves = 0;               // named in lists, each once
  std::int64_t waiting = 0;              // sheets that are locked as awaiting_data, for whatever reason
  std::int64_t waiting_for_sources = 0;  // of these: for a register or a closed gate
};
// Signs the head before and after.
Result<LockResult> LockSheets(Store& store, LockRules rules, Waiting waiting, Instant now, RandomSource& random);

// Attribution once more, on the database: every list of a locked period is exactly the leaves that are
// attributed to its person, everybody with a post has one, and nobody else. Faults by name.
struct IndexReport {
  std::int64_t periods = 0, people = 0;
  std::int64_t attributed = 0;      // leaves of evidence in lists
  std::int64_t unattributed = 0;    // leaves of evidence that were read and stand for nobody in the period
  std::int64_t not_comparable = 0;  // leaves of locked lines in which a leaf was erased: nobody can make them again
  std::vector<Fault> faults;
};
Result<IndexReport> CheckIndexes(Store& store, const std::string& person_key);

}  // namespace mc
