// The threads of the scheduler, against sources that are slow, dead, failing and recovering.
// Run under ThreadSanitizer too (label `threads`).
#include "gateway/scheduler.h"

#include <doctest/doctest.h>

#include <atomic>
#include <map>
#include <mutex>

#include "tests/gateway/gateway_support.h"

using namespace mc;
using namespace mc::test;
using std::chrono::milliseconds;

namespace {

constexpr milliseconds kPatience{20'000};  // only a hung test waits so long

// Runs of each source, counted; what a run does is given by source.
struct World {
  using Behaviour = std::function<std::optional<Error>(int run, const StopFlag& stop)>;

  TempDir dir;
  SystemClock clock;
  std::map<std::string, Behaviour> behaviour;
  std::mutex mutex;
  std::map<std::string, int> runs;
  std::map<std::string, int> running;
  bool doubled = false;

  int Runs(const std::string& source) {
    const std::lock_guard lock(mutex);
    return runs[source];
  }

  std::optional<Error> Run(const std::string& source, const StopFlag& stop) {
    int run;
    {
      const std::lock_guard lock(mutex);
      run = ++runs[source];
      if (++running[source] > 1) doubled = true;
    }
    auto error = behaviour.at(source)(run, stop);
    const std::lock_guard lock(mutex);
    --running[source];
    return error;
  }

  SchedulerSettings Settings() {
    SchedulerSettings settings{{},
                               [this](const std::string& source, const StopFlag& stop) { return Run(source, stop); },
                               [this] { return Result<std::unique_ptr<Store>>(OpenTestStore(dir, clock)); },
                               clock};
    for (const auto& [id, ignored] : behaviour) settings.sources.push_back({id, milliseconds(20)});
    settings.limits.first_back_off = milliseconds(4);
    settings.limits.failures_to_open = 3;
    settings.limits.first_open = milliseconds(40);
    settings.limits.longest_open = milliseconds(80);
    settings.limits.auth_again = milliseconds(5);
    settings.look_again = milliseconds(20);
    return settings;
  }

  bool Waits(const std::function<bool()>& holds) const {
    const auto give_up = std::chrono::steady_clock::now() + kPatience;
    while (!holds()) {
      if (std::chrono::steady_clock::now() > give_up) return false;
      std::this_thread::sleep_for(milliseconds(2));
    }
    return true;
  }

  SourceStatus Status(const std::string& source) {
    const auto store = OpenTestStore(dir, clock);
    auto status = StatusOf(*store, source, clock.Now());
    REQUIRE(status.ok());
    return *status;
  }
};

std::optional<Error> Good(int, const StopFlag&) { return std::nullopt; }
std::optional<Error> Down(int, const StopFlag&) { return TransientError("connect_refused", "cannot be reached"); }

// Answers only when asked to end.
std::optional<Error> Dead(int, const StopFlag& stop) {
  stop.Sleep(std::chrono::hours(1));
  return TransientError("interrupted", "the pull was interrupted");
}

}  // namespace

// Goal: however many sources are dead, the good ones keep their interval. More dead sources
// than any pool of threads would have.
TEST_CASE("scheduler: dead and slow sources delay nobody") {
  World world;
  for (int i = 0; i < 12; ++i) world.behaviour["dead_" + std::to_string(i)] = Dead;
  world.behaviour["slow"] = [](int, const StopFlag& stop) -> std::optional<Error> {
    if (!stop.Sleep(milliseconds(300))) return TransientError("interrupted", "");
    return std::nullopt;
  };
  world.behaviour["good_1"] = Good;
  world.behaviour["good_2"] = Good;
  Scheduler scheduler(world.Settings());
  scheduler.Start();
  CHECK(world.Waits([&] { return world.Runs("good_1") >= 10 && world.Runs("good_2") >= 10; }));
  CHECK(world.Waits([&] { return world.Runs("slow") >= 2; }));
  for (int i = 0; i < 12; ++i) {
    const std::string dead = "dead_" + std::to_string(i);
    CHECK(world.Waits([&] { return world.Runs(dead) == 1; }));  // its thread may start last
  }
  scheduler.Stop();
  scheduler.Join();
  CHECK_FALSE(world.doubled);
  CHECK(world.Status("good_1").failures == 0);
  CHECK(world.Status("dead_3").failures == 0);  // interrupted is no failure
}

TEST_CASE("scheduler: a failing source opens its breaker and is found well again by its trial") {
  World world;
  std::atomic<bool> up{false};
  world.behaviour["flaky"] = [&](int run, const StopFlag& stop) { return up ? Good(run, stop) : Down(run, stop); };
  Scheduler scheduler(world.Settings());
  scheduler.Start();
  CHECK(world.Waits([&] { return world.Runs("flaky") >= 4; }));
  CHECK(world.Waits([&] { return world.Status("flaky").breaker != BreakerState::kClosed; }));
  const SourceStatus failing = world.Status("flaky");
  CHECK(failing.failures >= 3);
  CHECK(failing.error_code == "connect_refused");
  CHECK_FALSE(failing.last_success);
  up = true;
  CHECK(world.Waits([&] { return world.Status("flaky").last_success.has_value(); }));
  CHECK(world.Status("flaky").breaker == BreakerState::kClosed);
  CHECK(world.Status("flaky").failures == 0);
}

// Goal: a stopped source is left alone, until the state in the store says otherwise (a good `sync`).
TEST_CASE("scheduler: a config error stops one source; a sync of another process wakes it") {
  World world;
  world.behaviour["wrong"] = [](int run, const StopFlag&) -> std::optional<Error> {
    if (run == 1) return ConfigError("missing_secret", "give the secret");
    return std::nullopt;
  };
  world.behaviour["good"] = Good;
  Scheduler scheduler(world.Settings());
  scheduler.Start();
  CHECK(world.Waits([&] { return world.Runs("good") >= 10; }));
  CHECK(world.Runs("wrong") == 1);
  CHECK(IsStopped(world.Status("wrong")));
  {
    const auto store = OpenTestStore(world.dir, world.clock);
    const SourceStatus synced =
        AfterRun(world.Status("wrong"), std::nullopt, world.clock.Now(), milliseconds(1), 0, ScheduleLimits());
    REQUIRE(store->SaveSourceStatus(synced).ok());
  }
  CHECK(world.Waits([&] { return world.Runs("wrong") >= 3; }));
}

TEST_CASE("scheduler: a run that throws stops its source only") {
  World world;
  world.behaviour["broken"] = [](int, const StopFlag&) -> std::optional<Error> { throw std::runtime_error("secret"); };
  world.behaviour["good"] = Good;
  Scheduler scheduler(world.Settings());
  scheduler.Start();
  CHECK(world.Waits([&] { return world.Runs("good") >= 5; }));
  CHECK(world.Waits([&] { return IsStopped(world.Status("broken")); }));
  CHECK(world.Runs("broken") == 1);
  CHECK(world.Status("broken").error_text.find("secret") == std::string::npos);
}

// Goal: the end comes at once although every source sleeps or hangs, and what was running is tried next time.
TEST_CASE("scheduler: stop wakes everybody, a second start goes on where the first ended") {
  World world;
  world.behaviour["dead"] = Dead;
  world.behaviour["good"] = Good;
  {
    SchedulerSettings settings = world.Settings();
    for (ScheduledSource& source : settings.sources) source.interval = std::chrono::hours(1);
    Scheduler scheduler(std::move(settings));
    scheduler.Start();
    CHECK(world.Waits([&] { return world.Runs("dead") == 1 && world.Status("good").last_success; }));
    const auto before = std::chrono::steady_clock::now();
    scheduler.Stop();
    scheduler.Join();
    CHECK(std::chrono::steady_clock::now() - before < std::chrono::seconds(10));
  }
  CHECK(world.Runs("good") == 1);
  SchedulerSettings settings = world.Settings();
  for (ScheduledSource& source : settings.sources) source.interval = std::chrono::hours(1);
  Scheduler again(std::move(settings));
  again.Start();
  CHECK(world.Waits([&] { return world.Runs("dead") == 2; }));
  CHECK(world.Runs("good") == 1);  // its interval is not over
}

TEST_CASE("scheduler: a store that cannot be opened is tried again, the program goes on and ends") {
  World world;
  world.behaviour["good"] = Good;
  SchedulerSettings settings = world.Settings();
  settings.open_store = [] { return Result<std::unique_ptr<Store>>(InternalError("store_io", "broken")); };
  Scheduler scheduler(std::move(settings));
  scheduler.Start();
  std::this_thread::sleep_for(milliseconds(20));
  scheduler.Stop();
  scheduler.Join();
  CHECK(world.Runs("good") == 0);
}

TEST_CASE("stop flag: sleeps to the end, or not at all once it is set") {
  StopFlag flag;
  CHECK(flag.Sleep(milliseconds(1)));
  CHECK_FALSE(flag.IsSet());
  std::thread setter([&] { flag.Set(); });
  CHECK_FALSE(flag.Sleep(kPatience));
  setter.join();
  CHECK_FALSE(flag.Sleep(milliseconds(0)));
  CHECK(flag.IsSet());
}
