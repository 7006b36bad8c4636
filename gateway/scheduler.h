// Pulls every source by its schedule, one thread per source: a slow or dead source never
// delays another one. Decides nothing itself (gateway/schedule.h) and pulls nothing itself.
//
// The state of each source is in the store and is read there before every decision, so a
// `sync` of another process (or its success) counts here too.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "connectors/connector.h"
#include "core/result.h"
#include "core/time.h"
#include "gateway/schedule.h"
#include "storage/store.h"

namespace mc {

// One end for many waiters. Safe from any thread.
class StopFlag {
 public:
  void Set();
  bool IsSet() const;
  // Waits; false when the wait was cut short, or never began, because the flag is set.
  bool Sleep(std::chrono::milliseconds wait) const;

 private:
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  bool set_ = false;
};

struct ScheduledSource {
  std::string id;
  std::chrono::milliseconds interval;
};

struct SchedulerSettings {
  std::vector<ScheduledSource> sources;
  // Pulls one source to its end; returns what stopped it. Called from the source's thread,
  // for one source never twice at once; comes back soon after `stop` is set, with an error
  // "interrupted" where it gave up.
  std::function<std::optional<Error>(const std::string& source, const StopFlag& stop)> run;
  // A store for one thread. Called from each source's thread.
  std::function<Result<std::unique_ptr<Store>>()> open_store;
  const Clock& clock;  // outlives the scheduler
  ScheduleLimits limits = {};
  // How long a change that another process makes to a source's state may stay unseen.
  std::chrono::milliseconds look_again = std::chrono::seconds(15);
};

class Scheduler {
 public:
  explicit Scheduler(SchedulerSettings settings) : settings_(std::move(settings)) {}
  ~Scheduler();  // Stop and Join
  Scheduler(const Scheduler&) = delete;
  Scheduler& operator=(const Scheduler&) = delete;

  void Start();  // once
  void Stop();   // from any thread, any number of times; does not wait
  void Join();   // after Stop: until every running page is committed or given up

 private:
  void Work(const ScheduledSource& source);
  Status WorkWith(Store& store, const ScheduledSource& source, bool& first);

  const SchedulerSettings settings_;
  StopFlag stop_;
  std::vector<std::thread> threads_;
};

// The status of one source, or a new one that is due now.
Result<SourceStatus> StatusOf(Store& store, const std::string& source, Instant now);
// A whole number in [0, kJitterSteps), another one each time. Any thread.
std::int64_t DrawJitter();

}  // namespace mc
