#include "gateway/scheduler.h"

#include <algorithm>
#include <exception>
#include <random>
#include <utility>

#include "core/log.h"

namespace mc {
namespace {

using std::chrono::milliseconds;

// Where the store itself cannot be opened or read: one more than nothing, less than a storm.
constexpr milliseconds kStorePause{10'000};

milliseconds Until(const std::optional<Instant>& at, Instant now, milliseconds longest) {
  if (!at) return longest;
  const milliseconds wait((std::max<std::int64_t>(0, at->micros - now.micros) + 999) / 1000);
  return std::min(wait, longest);
}

// A thread must not die of one source.
std::optional<Error> RunGuarded(const SchedulerSettings& settings, const std::string& source, const StopFlag& stop) {
  try {
    return settings.run(source, stop);
  } catch (const std::exception&) {
    return InternalError("exception",
                         "a bug of this program stopped the pull; report it with the log around this time");
  }
}

void LogEnd(const SourceStatus& status) {
  if (status.error_code.empty()) return;
  Log(LogLevel::kWarn, "source_failed",
      {{"source", status.source},
       {"error", status.error_code},
       {"failures", std::to_string(status.failures)},
       {"breaker", std::string(Name(status.breaker))},
       {"next_try", status.next_try ? FormatInstant(*status.next_try) : "never"}});
}

}  // namespace

void StopFlag::Set() {
  {
    const std::lock_guard lock(mutex_);
    set_ = true;
  }
  changed_.notify_all();
}

bool StopFlag::IsSet() const {
  const std::lock_guard lock(mutex_);
  return set_;
}

bool StopFlag::Sleep(milliseconds wait) const {
  std::unique_lock lock(mutex_);
  return !changed_.wait_for(lock, wait, [this] { return set_; });
}

std::int64_t DrawJitter() {
  static thread_local std::minstd_rand engine{std::random_device{}()};
  return std::uniform_int_distribution<std::int64_t>(0, kJitterSteps - 1)(engine);
}

Result<SourceStatus> StatusOf(Store& store, const std::string& source, Instant now) {
  MC_TRY(std::vector<SourceStatus> all, store.ListSourceStatus());
  for (SourceStatus& status : all) {
    if (status.source == source) return std::move(status);
  }
  SourceStatus fresh;
  fresh.source = source;
  fresh.next_try = now;
  return fresh;
}

Scheduler::~Scheduler() {
  Stop();
  Join();
}

void Scheduler::Start() {
  for (const ScheduledSource& source : settings_.sources) {
    threads_.emplace_back([this, &source] { Work(source); });
  }
}

void Scheduler::Stop() { stop_.Set(); }

void Scheduler::Join() {
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

// A store that fails takes nothing from the schedule: it is opened again after a pause.
void Scheduler::Work(const ScheduledSource& source) {
  bool first = true;
  while (!stop_.IsSet()) {
    auto store = settings_.open_store();
    const Status status = store.ok() ? WorkWith(**store, source, first) : Status(store.error());
    if (status.ok()) return;
    Log(LogLevel::kError, "schedule_failed", {{"source", source.id}, {"error", status.error().code}});
    stop_.Sleep(kStorePause);
  }
}

Status Scheduler::WorkWith(Store& store, const ScheduledSource& source, bool& first) {
  while (!stop_.IsSet()) {
    MC_TRY(SourceStatus status, StatusOf(store, source.id, settings_.clock.Now()));
    if (first) {
      status = AfterStart(std::move(status), settings_.clock.Now(), source.interval);
      MC_CHECK_OK(store.SaveSourceStatus(status));
      first = false;
    }
    const Instant now = settings_.clock.Now();
    if (!IsDue(status, now)) {
      stop_.Sleep(Until(status.next_try, now, settings_.look_again));
      continue;
    }
    status = BeforeRun(std::move(status));
    MC_CHECK_OK(store.SaveSourceStatus(status));
    const std::optional<Error> error = RunGuarded(settings_, source.id, stop_);
    status = AfterRun(std::move(status), error, settings_.clock.Now(), source.interval, DrawJitter(), settings_.limits);
    LogEnd(status);
    MC_CHECK_OK(store.SaveSourceStatus(status));
  }
  return Ok();
}

}  // namespace mc
