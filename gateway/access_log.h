// What happens at the gate, counted by the minute and written to the ledger (docs/formats/access.md): sign-ins,
// refusals, logouts. Whoever floods us with refusals makes a count rise, and neither ledger nor operating log longer.
//
// A request never waits for the store: Write counts in memory, a thread of its own writes. What was counted since the
// last write, at most kAccessWriteMicros, is lost when the process is killed; it shows as a start without an end.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <tuple>

#include "core/audit.h"
#include "core/random.h"
#include "core/result.h"
#include "core/time.h"
#include "gateway/scheduler.h"
#include "storage/access.h"

namespace mc {

inline constexpr std::int64_t kAccessWriteMicros = 60 * kMicrosPerSecond;
inline constexpr std::int64_t kAccessSignMicros = 600 * kMicrosPerSecond;  // between two heads signed for it alone

// Counted where a word is not one of docs/formats/access.md, or there are more rows than one object takes.
inline constexpr const char* kOtherEvent = "other";

class AccessLog final : public AuditSink {
 public:
  // `store` is used by nobody else, `sign` signs its log's head; what is borrowed outlives it.
  AccessLog(AccessStore& store, std::function<Status()> sign, const Clock& clock, RandomSource& random);
  AccessLog(const AccessLog&) = delete;
  AccessLog& operator=(const AccessLog&) = delete;
  ~AccessLog() override;

  // Short: counts under a lock that is never held while the store is used.
  void Write(const AuditEvent& event) override;

  void Start();
  void Stop();  // from any thread
  void Join();  // writes what is left, and signs

  // Writes what was counted, and one line per row to the operating log. On an error all of it is kept for the next
  // time. Called by the thread; by tests without one.
  Status Flush();

 private:
  using Key = std::tuple<std::string, std::string, std::string>;  // event, provider, reason
  struct Counted {
    Instant from, to;
    std::map<Key, std::int64_t> rows;
  };

  void Work();
  void Count(const std::string& event, const std::string& provider, const std::string& reason, std::int64_t times,
             Instant from, Instant to);  // REQUIRES lock_
  bool IsDue(Instant now) const;
  void Sign(Instant now);

  AccessStore& store_;
  const std::function<Status()> sign_;
  const Clock& clock_;
  const std::string process_;
  mutable std::mutex lock_;  // guards counted_
  Counted counted_;
  Instant signed_at_;      // of the writing thread
  bool unsigned_ = false;  // the same
  StopFlag stop_;
  std::thread thread_;
};

}  // namespace mc
