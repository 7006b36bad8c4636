// Keeps the sheets that people read up to date: scores a period and keeps its sheets in the store, on command and, in
// `serve`, whenever the log has grown.
#pragma once

#include <chrono>
#include <functional>
#include <thread>

#include "core/result.h"
#include "core/time.h"
#include "gateway/installation.h"
#include "gateway/scheduler.h"
#include "storage/sheet_store.h"

namespace mc {

// Of one scoring; renewed when its sheets are made, and kSheetsLeaseAgain after that.
inline constexpr std::int64_t kSheetsLeaseSecs = 900;
inline constexpr std::chrono::seconds kSheetsLeaseAgain{60};

// Under a lease of the period's, so that several gateways do not do the same. As of the cut-off, or of `now` before
// it. `stopped` is asked often; true ends it. kTransient "lease_held": another one is at it, "interrupted"; kConfig for
// what must be imported first; the errors of scoring and of Store::KeepSheets. The sheets are made one by one while
// they are kept: beside the scoring itself, memory does not grow with their number.
Result<SheetEdition> KeepSheetsOf(const Installation& installation, Store& store, Period period, Instant now,
                                  const std::function<bool()>& stopped);

// A thread of its own. Looks once a minute whether the log has grown since the sheets were made, by more than what
// happened at the gate, for every period that has sheets, and for this month and the last. Failures are logged and
// tried again.
class SheetKeeper {
 public:
  // installation and clock outlive it.
  SheetKeeper(const Installation& installation, const Clock& clock) : installation_(installation), clock_(clock) {}
  SheetKeeper(const SheetKeeper&) = delete;
  SheetKeeper& operator=(const SheetKeeper&) = delete;
  ~SheetKeeper();

  void Start();
  void Stop();  // from any thread
  void Join();

  // What the thread does each time; the scorings that it made. Public for tests, which run no thread.
  Result<int> LookOnce();

 private:
  void Work();

  const Installation& installation_;
  const Clock& clock_;
  StopFlag stop_;
  std::thread thread_;
};

}  // namespace mc
