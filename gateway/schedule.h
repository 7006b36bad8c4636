// When a source is pulled next, and what its failures change: the decision alone.
//
// Pure: the clock's reading and the jitter are handed in, nothing is read or written here.
// SourceStatus (storage/store.h) is the whole state, so that `serve`, `sync` and
// `sources list` of several processes speak of the same thing. Rules: blueprint section 7.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "core/result.h"
#include "core/time.h"
#include "storage/store.h"

namespace mc {

// Jitter is a whole number of thousandths, 0..kJitterSteps - 1.
inline constexpr std::int64_t kJitterSteps = 1000;

struct ScheduleLimits {
  std::chrono::milliseconds first_back_off = std::chrono::seconds(30);  // doubled with each further failure
  std::int64_t failures_to_open = 5;                                    // runs, one after another
  std::chrono::milliseconds first_open = std::chrono::minutes(30);      // doubled with each failed trial
  std::chrono::milliseconds longest_open = std::chrono::hours(6);       // also after refused credentials
  std::chrono::milliseconds auth_again = std::chrono::minutes(1);       // "once again"
  std::chrono::milliseconds lease_held = std::chrono::seconds(1);       // somebody else pulled it for a whole lease
  std::chrono::milliseconds longest_retry_after = std::chrono::hours(24);
};

// How a run ended, as the scheduler sees it.
enum class RunEnd {
  kDone,         // complete
  kTransient,    // the source or the way to it failed; a whole run's data error too
  kAuth,         // credentials refused
  kStop,         // config error or a bug of ours: no further try helps
  kElsewhere,    // another collector holds or took the source: no failure of it
  kInterrupted,  // we were asked to end: no failure of it
  kStoreAway,    // our own store was busy or could not be reached: no failure of it, tried again after first_back_off
};
RunEnd EndOf(const std::optional<Error>& error);

// A status from the first start of a process on: what an operator may have mended (refused
// credentials, config) is tried at once, a source that is down keeps its pause, a source
// that was pulled keeps its interval.
SourceStatus AfterStart(SourceStatus status, Instant now, std::chrono::milliseconds interval);

// Its time has come; also when the last run ended after `now`: a clock that was ahead would hold the source back for as
// long as it was ahead.
bool IsDue(const SourceStatus& status, Instant now);

// Before a run: an open breaker becomes half open, its one trial.
SourceStatus BeforeRun(SourceStatus status);

// After a run that ended at `now` with `error`, or without one. REQUIRES: 0 <= jitter < kJitterSteps.
SourceStatus AfterRun(SourceStatus status, const std::optional<Error>& error, Instant now,
                      std::chrono::milliseconds interval, std::int64_t jitter, const ScheduleLimits& limits = {});

std::string_view Name(BreakerState state);   // "closed", "open", "half_open"
bool IsStopped(const SourceStatus& status);  // tried at least once, and nothing planned

}  // namespace mc
