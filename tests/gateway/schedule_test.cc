#include "gateway/schedule.h"

#include <doctest/doctest.h>

#include <vector>

using namespace mc;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

constexpr milliseconds kInterval = minutes(15);
constexpr std::int64_t kMiddle = kJitterSteps / 2;
const ScheduleLimits kLimits;

const Error kDown = TransientError("timeout", "the source did not answer in time");
const Error kRefused = AuthError("refused", "check the secret");
const Error kNoSecret = ConfigError("missing_secret", "give the secret");

SourceStatus Fresh(const ManualClock& clock) {
  SourceStatus status;
  status.source = "reports";
  status.next_try = clock.Now();
  return status;
}

void Forward(ManualClock& clock, milliseconds by) { clock.Set({clock.Now().micros + by.count() * 1000}); }

milliseconds WaitOf(const SourceStatus& status, const ManualClock& clock) {
  REQUIRE(status.next_try);
  return milliseconds((status.next_try->micros - clock.Now().micros) / 1000);
}

// Goes to the next try, runs, and takes `error` as its end; returns how long is waited then.
milliseconds Step(SourceStatus& status, ManualClock& clock, const std::optional<Error>& error,
                  std::int64_t jitter = kMiddle) {
  REQUIRE(status.next_try);
  clock.Set(std::max(*status.next_try, clock.Now()));
  CHECK(IsDue(status, clock.Now()));
  status = AfterRun(BeforeRun(status), error, clock.Now(), kInterval, jitter, kLimits);
  CHECK_FALSE(IsDue(status, clock.Now()));
  return status.next_try ? WaitOf(status, clock) : milliseconds(-1);
}

}  // namespace

// Goal: what a run ended with decides, by the classes of blueprint section 7.
TEST_CASE("schedule: how a run ended") {
  const std::pair<std::optional<Error>, RunEnd> cases[] = {
      {std::nullopt, RunEnd::kDone},
      {kDown, RunEnd::kTransient},
      {DataError("not_offered", ""), RunEnd::kTransient},
      {kRefused, RunEnd::kAuth},
      {kNoSecret, RunEnd::kStop},
      {InternalError("exception", ""), RunEnd::kStop},
      {InternalError("store_full", ""), RunEnd::kTransient},
      {TransientError("interrupted", ""), RunEnd::kInterrupted},
      {TransientError("lease_held", ""), RunEnd::kElsewhere},
      {TransientError("fenced_off", ""), RunEnd::kElsewhere},
      {TransientError("store_busy", ""), RunEnd::kStoreAway},
      {TransientError("store_connection", ""), RunEnd::kStoreAway},
  };
  for (const auto& [error, end] : cases) {
    CAPTURE((error ? error->code : "none"));
    CHECK(EndOf(error) == end);
  }
}

TEST_CASE("schedule: a good source keeps its interval, moved by at most a twentieth to either side") {
  ManualClock clock(Instant{1'780'000'000 * kMicrosPerSecond});
  SourceStatus status = Fresh(clock);
  CHECK(Step(status, clock, std::nullopt, 0) == kInterval * 95 / 100);
  CHECK(Step(status, clock, std::nullopt, kMiddle) == kInterval);
  const milliseconds longest = Step(status, clock, std::nullopt, kJitterSteps - 1);
  CHECK(longest < kInterval * 105 / 100);
  CHECK(longest > kInterval * 104 / 100);
  CHECK(status.last_success == clock.Now());
  CHECK(status.failures == 0);
}

// Goal: back-off, opening at the limit and not before it, trials, longer and longer, recovery.
TEST_CASE("schedule: a source that is down") {
  ManualClock clock(Instant{1'780'000'000 * kMicrosPerSecond});
  SourceStatus status = Fresh(clock);
  Step(status, clock, std::nullopt);
  const auto good_at = status.last_success;
  // Of the doubled wait 30 s, 60 s, ... jitter in the middle leaves three quarters.
  milliseconds wait = seconds(30);
  for (std::int64_t failure = 1; failure < kLimits.failures_to_open; ++failure, wait *= 2) {
    CHECK(Step(status, clock, kDown) == wait * 3 / 4);
    CHECK(status.breaker == BreakerState::kClosed);
    CHECK(status.failures == failure);
  }
  milliseconds open = minutes(30);
  for (int trial = 0; trial < 4; ++trial, open = std::min<milliseconds>(open * 2, hours(6))) {
    CHECK(Step(status, clock, kDown) == open * 3 / 4);
    CHECK(status.breaker == BreakerState::kOpen);
    CHECK(BeforeRun(status).breaker == BreakerState::kHalfOpen);
  }
  CHECK(Step(status, clock, kDown) == milliseconds(hours(6)) * 3 / 4);  // the longest
  CHECK(Step(status, clock, kDown) == milliseconds(hours(6)) * 3 / 4);
  CHECK(status.last_success == good_at);
  CHECK(status.error_code == "timeout");
  CHECK(status.error_text == kDown.message);
  CHECK(Step(status, clock, std::nullopt) == kInterval);
  CHECK(status.breaker == BreakerState::kClosed);
  CHECK(status.failures == 0);
  CHECK(status.error_code.empty());
  CHECK(Step(status, clock, kDown) == milliseconds(seconds(30)) * 3 / 4);  // from the start again
}

TEST_CASE("schedule: jitter moves the upper half of a back-off") {
  ManualClock clock(Instant{0});
  SourceStatus low = Fresh(clock), high = Fresh(clock);
  CHECK(Step(low, clock, kDown, 0) == seconds(15));
  const milliseconds wait = Step(high, clock, kDown, kJitterSteps - 1);
  CHECK(wait < seconds(30));
  CHECK(wait > seconds(29));
}

TEST_CASE("schedule: a short interval bounds the back-off, Retry-After lengthens it up to its limit") {
  ManualClock clock(Instant{0});
  SourceStatus status = Fresh(clock);
  status.failures = 3;
  status = AfterRun(status, kDown, clock.Now(), minutes(1), kJitterSteps - 1, kLimits);
  CHECK(WaitOf(status, clock) < minutes(1));
  Error busy = kDown;
  const std::pair<seconds, milliseconds> cases[] = {
      {seconds(600), seconds(600)}, {hours(24), hours(24)}, {hours(24) + seconds(1), hours(24)}};
  for (const auto& [asked, waited] : cases) {
    busy.retry_after = asked;
    SourceStatus one = Fresh(clock);
    one = AfterRun(one, busy, clock.Now(), kInterval, kMiddle, kLimits);
    CHECK(WaitOf(one, clock) == waited);
  }
}

// Goal: refused credentials are tried once again, then left alone for the long interval.
TEST_CASE("schedule: refused credentials") {
  ManualClock clock(Instant{0});
  SourceStatus status = Fresh(clock);
  CHECK(Step(status, clock, kRefused) == kLimits.auth_again);
  CHECK(status.breaker == BreakerState::kClosed);
  CHECK(Step(status, clock, kRefused) == kLimits.longest_open);
  CHECK(status.breaker == BreakerState::kOpen);
  CHECK(Step(status, clock, kRefused) == kLimits.longest_open);
  // A restart is an operator's act.
  const SourceStatus restarted = AfterStart(status, clock.Now(), kInterval);
  CHECK(IsDue(restarted, clock.Now()));
  CHECK(Step(status, clock, std::nullopt) == kInterval);
  CHECK(Step(status, clock, kDown) < minutes(1));
  CHECK(Step(status, clock, kRefused) == kLimits.auth_again);  // the first refusal after another failure
}

TEST_CASE("schedule: a config error stops until a restart or a good sync") {
  ManualClock clock(Instant{5});
  SourceStatus status = Fresh(clock);
  CHECK_FALSE(IsStopped(status));
  CHECK(Step(status, clock, kNoSecret) == milliseconds(-1));
  CHECK(IsStopped(status));
  Forward(clock, hours(24 * 365));
  CHECK_FALSE(IsDue(status, clock.Now()));
  CHECK(IsDue(AfterStart(status, clock.Now(), kInterval), clock.Now()));
  const SourceStatus synced = AfterRun(status, std::nullopt, clock.Now(), kInterval, kMiddle, kLimits);
  CHECK(synced.breaker == BreakerState::kClosed);
  CHECK(WaitOf(synced, clock) == kInterval);
}

TEST_CASE("schedule: what is no failure of the source changes nothing but the time") {
  ManualClock clock(Instant{0});
  SourceStatus status = Fresh(clock);
  for (int i = 0; i < 5; ++i) Step(status, clock, kDown);
  REQUIRE(status.breaker == BreakerState::kOpen);
  const SourceStatus before = status;
  const std::pair<const char*, milliseconds> pauses[] = {{"lease_held", kLimits.lease_held},
                                                         {"fenced_off", kLimits.lease_held},
                                                         {"interrupted", milliseconds(0)},
                                                         {"store_busy", kLimits.first_back_off},
                                                         {"store_connection", kLimits.first_back_off}};
  for (const auto& [code, pause] : pauses) {
    SourceStatus after =
        AfterRun(BeforeRun(before), TransientError(code, ""), clock.Now(), kInterval, kMiddle, kLimits);
    CHECK(WaitOf(after, clock) == pause);
    after.next_try = before.next_try;
    CHECK(after == before);
  }
}

// Goal: a restart neither storms a source that is down nor pulls a good one early.
TEST_CASE("schedule: after a start") {
  ManualClock clock(Instant{1'780'000'000 * kMicrosPerSecond});
  SourceStatus good = Fresh(clock);
  Step(good, clock, std::nullopt);
  CHECK(AfterStart(good, clock.Now(), kInterval) == good);
  CHECK(WaitOf(AfterStart(good, clock.Now(), minutes(1)), clock) == minutes(1));  // a shorter interval in the settings
  SourceStatus down = Fresh(clock);
  for (int i = 0; i < 6; ++i) Step(down, clock, kDown);
  CHECK(AfterStart(down, clock.Now(), kInterval) == down);
  const SourceStatus killed = AfterStart(BeforeRun(down), clock.Now(), kInterval);
  CHECK(killed.breaker == BreakerState::kOpen);
  CHECK(IsDue(killed, clock.Now()));
}

// Goal: a clock that was a day ahead and is put right holds no source back, and makes nobody run in circles.
TEST_CASE("schedule: a clock that goes back") {
  for (const std::optional<Error>& error : {std::optional<Error>(), std::optional(kDown), std::optional(kRefused)}) {
    ManualClock clock(Instant{1'780'000'000 * kMicrosPerSecond});
    SourceStatus status = Fresh(clock);
    Forward(clock, hours(24));
    Step(status, clock, error);
    Forward(clock, -hours(24));
    CHECK(IsDue(status, clock.Now()));
    // Even where the run is somebody else's.
    const SourceStatus elsewhere =
        AfterRun(BeforeRun(status), TransientError("lease_held", ""), clock.Now(), kInterval, kMiddle, kLimits);
    CHECK_FALSE(IsDue(elsewhere, clock.Now()));
    status = AfterRun(BeforeRun(status), error, clock.Now(), kInterval, kMiddle, kLimits);
    CHECK_FALSE(IsDue(status, clock.Now()));
  }
}
