// The four numbers of a day, committed to the log once the day is over. Clean numbers come from the items at its end:
// the only part that reads all evidence (docs/decisions/0016-four-numbers.md).
#pragma once

#include <functional>
#include <memory>
#include <thread>

#include "core/result.h"
#include "core/time.h"
#include "gateway/installation.h"
#include "gateway/scheduler.h"
#include "storage/store.h"

namespace mc {

// Signs the head. kConfig "day_open" for a day that is not over, "day_passed", and those of Installation.
Result<QualityDay> CloseDay(const Installation& installation, Store& store, CivilDate day, Instant now);

// Closes each day after its end, in a thread of its own, and yesterday when it starts, where anything was collected.
// A day on which it did not run has no leaf. Failures are logged and tried again.
class DayCloser {
 public:
  // installation and clock outlive it.
  DayCloser(const Installation& installation, const Clock& clock) : installation_(installation), clock_(clock) {}
  DayCloser(const DayCloser&) = delete;
  DayCloser& operator=(const DayCloser&) = delete;
  ~DayCloser();

  void Start();
  void Stop();  // from any thread
  void Join();

 private:
  void Work();
  Status CloseYesterday();

  const Installation& installation_;
  const Clock& clock_;
  StopFlag stop_;
  std::thread thread_;
};

}  // namespace mc
