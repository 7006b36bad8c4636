#include "gateway/schedule.h"

#include <algorithm>

#include "gateway/exit_code.h"

namespace mc {
namespace {

using std::chrono::milliseconds;

// Of the interval, so that sources do not meet every quarter of an hour for ever.
constexpr std::int64_t kSpreadPercent = 10;

Instant Later(Instant now, milliseconds wait) { return {now.micros + wait.count() * 1000}; }

// The interval, moved by up to half of the spread to either side.
milliseconds Spread(milliseconds interval, std::int64_t jitter) {
  const std::int64_t width = interval.count() * kSpreadPercent / 100;
  return interval - milliseconds(width / 2) + milliseconds(width * jitter / kJitterSteps);
}

// `first` doubled `doublings` times, at most `longest`, of which jitter moves the upper half.
milliseconds Doubled(milliseconds first, std::int64_t doublings, milliseconds longest, std::int64_t jitter) {
  milliseconds wait = std::min(first, longest);
  for (std::int64_t i = 0; i < doublings && wait < longest; ++i) wait = std::min(wait * 2, longest);
  return wait / 2 + milliseconds((wait.count() - wait.count() / 2) * jitter / kJitterSteps);
}

milliseconds RetryAfter(const Error& error, const ScheduleLimits& limits) {
  if (!error.retry_after) return milliseconds(0);
  return std::min<milliseconds>(*error.retry_after, limits.longest_retry_after);
}

void TakeTransient(SourceStatus& status, const Error& error, Instant now, milliseconds interval, std::int64_t jitter,
                   const ScheduleLimits& limits) {
  const std::int64_t trials = status.failures - limits.failures_to_open;
  const bool opens = trials >= 0;
  status.breaker = opens ? BreakerState::kOpen : BreakerState::kClosed;
  // Back-off never waits longer than the source's own interval; only the breaker does.
  const milliseconds wait =
      opens ? Doubled(limits.first_open, trials, limits.longest_open, jitter)
            : Doubled(limits.first_back_off, status.failures - 1, std::max(interval, limits.first_back_off), jitter);
  status.next_try = Later(now, std::max(wait, RetryAfter(error, limits)));
}

void TakeAuth(SourceStatus& status, Instant now, bool refused_before, const ScheduleLimits& limits) {
  status.breaker = refused_before ? BreakerState::kOpen : BreakerState::kClosed;
  status.next_try = Later(now, refused_before ? limits.longest_open : limits.auth_again);
}

// The clock was ahead when the last run ended, and was put right since: what it planned is as far ahead.
bool IsAheadOf(const SourceStatus& status, Instant now) { return status.last_try && *status.last_try > now; }

// How long until the next try after an end that is no failure of the source; nothing of the others.
std::optional<milliseconds> PauseOf(RunEnd end, const ScheduleLimits& limits) {
  switch (end) {
    case RunEnd::kInterrupted: return milliseconds(0);
    case RunEnd::kElsewhere: return limits.lease_held;
    case RunEnd::kStoreAway: return limits.first_back_off;
    default: return std::nullopt;
  }
}

bool IsRefused(const SourceStatus& status) { return status.failures > 0 && status.error_class == ErrorClass::kAuth; }

}  // namespace

RunEnd EndOf(const std::optional<Error>& error) {
  if (!error) return RunEnd::kDone;
  if (error->code == "interrupted") return RunEnd::kInterrupted;
  if (error->code == "lease_held" || error->code == "fenced_off") return RunEnd::kElsewhere;
  if (error->code == "store_busy" || error->code == "store_connection") return RunEnd::kStoreAway;
  switch (error->error_class) {
    case ErrorClass::kTransient:
    case ErrorClass::kData: return RunEnd::kTransient;
    case ErrorClass::kAuth: return RunEnd::kAuth;
    case ErrorClass::kConfig: return RunEnd::kStop;
    // A full disk may be freed while we wait; a bug does not go away.
    case ErrorClass::kInternal:
      return IsStoreError(*error) || IsDiskError(*error) ? RunEnd::kTransient : RunEnd::kStop;
  }
  return RunEnd::kStop;
}

SourceStatus AfterStart(SourceStatus status, Instant now, milliseconds interval) {
  const bool mendable = IsStopped(status) || IsRefused(status);
  if (mendable || !status.next_try) status.next_try = now;
  // The interval may have been shortened in the settings meanwhile.
  const bool good = status.breaker == BreakerState::kClosed && status.failures == 0;
  if (good && status.last_try) status.next_try = std::min(*status.next_try, Later(*status.last_try, interval));
  if (status.breaker == BreakerState::kHalfOpen) {  // killed in the trial
    status.breaker = BreakerState::kOpen;
    status.next_try = now;
  }
  return status;
}

bool IsDue(const SourceStatus& status, Instant now) {
  return status.next_try && (*status.next_try <= now || IsAheadOf(status, now));
}

SourceStatus BeforeRun(SourceStatus status) {
  if (status.breaker == BreakerState::kOpen) status.breaker = BreakerState::kHalfOpen;
  return status;
}

SourceStatus AfterRun(SourceStatus status, const std::optional<Error>& error, Instant now, milliseconds interval,
                      std::int64_t jitter, const ScheduleLimits& limits) {
  const RunEnd end = EndOf(error);
  if (const auto pause = PauseOf(end, limits)) {
    if (status.breaker == BreakerState::kHalfOpen) status.breaker = BreakerState::kOpen;
    if (IsAheadOf(status, now)) status.last_try = now;
    status.next_try = Later(now, *pause);
    return status;
  }
  status.last_try = now;
  if (end == RunEnd::kDone) {
    status = {status.source, BreakerState::kClosed, 0, Later(now, Spread(interval, jitter)), now, now, {}, "", ""};
    return status;
  }
  const bool refused_before = IsRefused(status);
  ++status.failures;
  status.error_class = error->error_class;
  status.error_code = error->code;
  status.error_text = error->message;
  if (end == RunEnd::kTransient) TakeTransient(status, *error, now, interval, jitter, limits);
  if (end == RunEnd::kAuth) TakeAuth(status, now, refused_before, limits);
  if (end == RunEnd::kStop) {
    status.breaker = BreakerState::kOpen;
    status.next_try = std::nullopt;
  }
  return status;
}

std::string_view Name(BreakerState state) {
  switch (state) {
    case BreakerState::kClosed: return "closed";
    case BreakerState::kOpen: return "open";
    case BreakerState::kHalfOpen: return "half_open";
  }
  return "";
}

bool IsStopped(const SourceStatus& status) { return status.last_try && !status.next_try; }

}  // namespace mc
