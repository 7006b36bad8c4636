// One collection of one source: lease, pages through mapping into the store, one receipt.
//
// At-least-once fetch, idempotent commit: each page is one transaction of the store with
// its records, evidence, rejections and cursor, so a run may be killed anywhere and started
// again. A Store, HttpClient and Connector belong to one thread; several sources run in
// several threads with objects of their own.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "connectors/connector.h"
#include "core/result.h"
#include "core/time.h"
#include "mapping/mapper.h"
#include "storage/store.h"

namespace mc {

// A saved file longer than this is refused unread (the limit of one HTTP answer).
inline constexpr std::int64_t kSavedFileLimitBytes = 64ll * 1024 * 1024;

// A run sets it while it holds a lease: whatever waits inside a pull (a slow answer, a pause before the next attempt)
// calls it every second or so, from the run's thread, so that the lease does not end meanwhile. Empty otherwise.
using Heartbeat = std::function<void()>;

// What one run works with. Everything outlives the run.
struct RunContext {
  Store& store;
  const Clock& clock;
  const Manifest& manifest;
  const Mapper& mapper;
  std::string holder;  // who holds the lease: this machine
  std::int64_t lease_ttl_secs = 60;
  std::function<void(const BatchCounts&)> progress;  // after each page; from the run's thread
  // Asked between pages and while waiting for a lease; true ends the run with "interrupted",
  // its receipt written. Empty: never.
  std::function<bool()> stopped = {};
  Heartbeat* heartbeat = nullptr;
};

struct SourceResult {
  std::string source;
  std::string register_id;
  BatchCounts counts;
  std::optional<Error> error;                 // what stopped the run; pages before it are committed
  std::map<std::string, std::int64_t> notes;  // what the connector noticed, and on how many pages
  std::vector<std::string> new_fields;        // "stream/name" that the source never sent before (known_fields.h)
  std::optional<std::int64_t> control_total;  // the source's own count, and what it offered of that
  std::optional<std::int64_t> offered;
  // Saved files only.
  std::int64_t files_taken = 0;
  std::vector<std::string> files_refused;  // "path: sentence"
  std::vector<std::string> files_skipped;  // other extensions; "path: sentence"
};

// Pulls every stream to its end. Where another machine died holding the lease, waits for as
// long as that can last.
SourceResult PullSource(const RunContext& context, Connector& connector);

// A pull that failed before its first request (settings, a secret) leaves a receipt too.
SourceResult FailPull(const RunContext& context, const Error& error);

// What became of quarantined records that were read anew with today's rules.
// Why a record is not read anew: a later state of it was.
inline constexpr std::string_view kNewerStateRead = "newer_state_read";

struct ReplayResult {
  BatchCounts counts;  // duplicate: still in quarantine
  std::vector<std::pair<std::int64_t, RejectionReason>> still_unread;  // ik -> today's reason
  std::vector<std::pair<std::int64_t, std::string>> not_tried;         // ik -> why: not kept whole, or kNewerStateRead
  std::optional<Error> error;
};

// REQUIRES: entries of the context's source. In a run of its own with a receipt (kReplay); each opened
// record is audited; slices are committed one by one, so a kill loses nothing that was read.
ReplayResult ReplayQuarantine(const RunContext& context, const std::vector<QuarantineEntry>& entries);

// Walks `dir` in sorted order and takes each .edxml, .xml, .json, .ndjson and .csv file through the same
// parse, mapping and transaction. Symbolic links and hidden files are not followed.
SourceResult TakeSaved(const RunContext& context, const std::string& dir);

}  // namespace mc
