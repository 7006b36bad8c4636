// What an operator reads each morning (`daily`): first what waits for somebody to act, the most urgent first, then how
// the day went, source by source. Pure but for ReadDaily; any thread.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/json.h"
#include "core/result.h"
#include "core/time.h"
#include "gateway/installation.h"
#include "gateway/link_queue.h"
#include "gateway/quality.h"
#include "gateway/quality_gates.h"
#include "gateway/source_state.h"
#include "gateway/suppression.h"
#include "gateway/witness_state.h"
#include "storage/read_back_store.h"
#include "storage/store.h"

namespace mc {

// What waits longer than this is told as old.
inline constexpr std::int64_t kOldQuarantineDays = 3;
inline constexpr std::int64_t kOldWaitingKeyDays = 7;

// Everything of one city day. What stands (sources, quarantine, queue) is as of `now`; receipts are of that day.
struct DailyReading {
  CivilDate day;
  Instant now;
  std::vector<SourceState> sources;
  std::vector<RunReceipt> receipts;
  std::vector<SourceQuality> quality;
  std::vector<QuarantineEntry> quarantine;
  std::vector<WaitingKey> waiting;
  std::int64_t held_items = 0;
  std::map<std::string, std::int64_t> held;  // reason code -> items that are held for it; one may be held for several
  std::vector<ClosedGate> gates;             // of the day's month
  std::map<std::string, std::string> unit_names;  // of the units in `gates`
  std::vector<ReadBack> read_backs;               // the last one of each source that was ever read back
  std::vector<SuppressionFinding> findings;       // of suppression, in the day's month and in no single one
  std::optional<CivilDate> closed_day;            // whose numbers were committed to the log last
  std::vector<WitnessState> witnesses;
  std::int64_t ledger_size = 0;
  std::int64_t unsigned_leaves = 0;
};

// Reads the store once from end to end: for once a day. Writes nothing. Errors: those of the store and the settings.
Result<DailyReading> ReadDaily(const Installation& installation, Store& store, CivilDate day, Instant now);

// Something that somebody must do. Codes are stable; texts are Vietnamese.
struct DailyTask {
  enum class Urgency { kNow, kSoon };
  Urgency urgency = Urgency::kSoon;
  std::string code;     // "witness_contradicts", "source_stopped", ...
  std::string subject;  // source, witness or reason; may be empty
  std::string text;
  std::vector<std::string> details = {};  // lines under the text
  std::string command = {};               // that shows or mends it; may be empty
};

// Most urgent first, otherwise in the order of the reading.
std::vector<DailyTask> DailyTasks(const DailyReading& reading);

// Of one source on that day: its runs added up.
struct DailyFlow {
  std::string source;
  std::int64_t runs = 0, failed = 0;
  BatchCounts counts;
};
std::vector<DailyFlow> DailyFlows(const std::vector<RunReceipt>& receipts);  // by source

std::string DailyText(const DailyReading& reading);  // ends with a newline
Json DailyToJson(const DailyReading& reading);

}  // namespace mc
