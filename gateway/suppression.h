// Signs that a source or unit hides, holds back, re-dates or repeats what it did: findings, never a verdict. A finding
// changes no score by itself; what an attack could gain is taken away where things are counted (docs/decisions/0017).
// It says what was seen, of which source, unit and month, and in which rows.
//
// Pure but for ReadReceipts; any thread.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/evidence.h"
#include "core/json.h"
#include "core/result.h"
#include "storage/store.h"

namespace mc {

// A pull arrives late where an earlier complete one was so far past its event.
inline constexpr std::int64_t kLateArrivalDays = 7;
// A series of numbers with fewer members, or with more than one in ten missing, is none that a gap could be told of.
inline constexpr std::int64_t kSeriesLeastMembers = 20;
inline constexpr std::int64_t kSeriesGapsPerTen = 1;
inline constexpr std::size_t kFindingRowLimit = 200;  // kept of one finding; `count` is of all

// An ended run as its leaf in the log tells.
struct LoggedReceipt {
  std::int64_t leaf = 0;
  std::string source;
  bool complete = false;
  std::optional<std::int64_t> control_total, offered;
  std::optional<Instant> complete_through;
};
// Every receipt of the log, in its order. Errors as LedgerReader and LeafOpener.
Result<std::vector<LoggedReceipt>> ReadReceipts(Store& store);

struct FindingRow {
  std::int64_t ik = 0;  // of the record; 0: it is of no single one
  std::string what;     // native id of the outcome, item key, or the number that is missing
  std::string detail;   // field, reason or pull; no personal data
  bool operator==(const FindingRow&) const = default;
};

struct SuppressionFinding {
  // "total_short": the source's last pull gave fewer rows than it counts. "number_gap": numbers missing in a series
  // that is else whole. "came_late": shown only long after a complete pull was past its event. "dates_rewritten": a
  // later revision states another assignment, deadline or completion. "gone", "changed_untold": by read-back.
  // "look_alike": several cases or documents of one unit and kind, of one second, that do not name each other.
  std::string kind;
  std::string source;
  std::string unit;    // code, else name, as the source writes it; empty: none is stated
  std::string period;  // "2026-06"; empty: of no single month
  std::int64_t count = 0;
  std::int64_t of = 0;  // records of that source, unit and month; total_short: what the source counts
  std::vector<FindingRow> rows;
};

struct FindingInputs {
  const std::vector<EvidenceRevision>& evidence;  // every revision, in leaf order
  const std::vector<LoggedReceipt>& receipts;
  const std::map<std::int64_t, RecordMark>& marks;
};

// By kind, source, unit, period.
std::vector<SuppressionFinding> FindSuppression(const FindingInputs& inputs);

Json FindingsToJson(const std::vector<SuppressionFinding>& findings);  // an array
// What was seen and what to do about it, for people.
std::string ViFinding(const SuppressionFinding& finding);
// Source, unit and period of a finding, fit for one line of a terminal.
std::string ViFindingPlace(const SuppressionFinding& finding);

}  // namespace mc
