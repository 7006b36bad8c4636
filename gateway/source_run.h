// One run of one source of an installation: everything it needs, opened for it alone.
//
// `sync`, `serve` and `quarantine replay` work through this. Each call uses objects of its
// own, so several sources may run in several threads; one source at a time on one machine
// (HostLock), one machine at a time (lease).
#pragma once

#include <functional>
#include <string>

#include "connectors/connector.h"
#include "core/result.h"
#include "gateway/collector.h"
#include "gateway/installation.h"
#include "gateway/read_back.h"

namespace mc {

using RunProgress = std::function<void(const BatchCounts&)>;

// Opens manifest, rules, store and lock, and hands them to `use`. An error is one of opening
// them: nothing was run.
Status WithRun(const Installation& installation, const std::string& source, RunProgress progress,
               const std::function<void(const RunContext&, Store&)>& use);

struct PullOptions {
  std::string record_dir;  // sync --record; empty: nothing is kept
  Sleeper sleep = SleepThread;
  RunProgress progress;
  std::function<bool()> stopped = {};  // ends the pull early when it says true; from the run's thread
};

// Pulls every stream of the source. An error of the settings (a missing secret, a bad address)
// leaves a receipt as a failed pull does; it stands in SourceResult::error like every other.
SourceResult PullOneSource(const Installation& installation, const std::string& source, const PullOptions& options);

// Reads the source back (read_back.h) within the limits of the settings. An error of the settings stands in
// ReadBackResult::error, and nothing is kept of it.
ReadBackResult ReadBackOneSource(const Installation& installation, const std::string& source,
                                 const PullOptions& options);
// Whether the time since the last one, or since the first page of the source, is over. False where the store cannot
// be asked: the next pull tells.
bool IsReadBackDue(const Installation& installation, const std::string& source, Instant now);

}  // namespace mc
