#include "gateway/access_log.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "core/digest.h"
#include "core/log.h"

namespace mc {
namespace {

constexpr std::chrono::milliseconds kAccessLook{1'000};
constexpr std::size_t kProcessBytes = 8;

}  // namespace

AccessLog::AccessLog(AccessStore& store, std::function<Status()> sign, const Clock& clock, RandomSource& random)
    : store_(store),
      sign_(std::move(sign)),
      clock_(clock),
      process_(ToHex(random.Bytes(kProcessBytes))),
      signed_at_(clock.Now()) {}

AccessLog::~AccessLog() {
  Stop();
  Join();
}

void AccessLog::Count(const std::string& event, const std::string& provider, const std::string& reason,
                      std::int64_t times, Instant from, Instant to) {
  Key key{event, provider, reason};
  const bool full = counted_.rows.size() + 1 >= kAccessRowsLimit && !counted_.rows.contains(key);
  if (full || !IsAccessRow({event, provider, reason, 1})) key = {kOtherEvent, "", ""};
  const bool first = counted_.rows.empty();
  counted_.from = first ? from : std::min(counted_.from, from);
  counted_.to = first ? to : std::max(counted_.to, to);
  counted_.rows[std::move(key)] += times;
}

void AccessLog::Write(const AuditEvent& event) {
  const std::lock_guard lock(lock_);
  Count(event.event, event.provider, event.reason, 1, event.at, event.at);
}

bool AccessLog::IsDue(Instant now) const {
  const std::lock_guard lock(lock_);
  return !counted_.rows.empty() && now.micros - counted_.from.micros >= kAccessWriteMicros;
}

Status AccessLog::Flush() {
  Counted taken;
  {
    const std::lock_guard lock(lock_);
    taken = std::exchange(counted_, {});
  }
  if (taken.rows.empty()) return Ok();
  AccessCounts counts{process_, taken.from, taken.to, {}};
  for (const auto& [key, times] : taken.rows) {
    counts.rows.push_back({std::get<0>(key), std::get<1>(key), std::get<2>(key), times});
  }
  if (const auto leaf = store_.AppendAccess(counts); !leaf.ok()) {
    const std::lock_guard lock(lock_);
    for (const AccessRow& row : counts.rows) {
      Count(row.event, row.provider, row.reason, row.count, counts.from, counts.to);
    }
    return leaf.error();
  }
  unsigned_ = true;
  for (const AccessRow& row : counts.rows) {
    Log(LogLevel::kInfo, "gate",
        {{"event", row.event},
         {"provider", row.provider},
         {"reason", row.reason},
         {"count", std::to_string(row.count)}});
  }
  return Ok();
}

// Proofs need a signed head; a head per minute would be more heads than leaves.
void AccessLog::Sign(Instant now) {
  if (!unsigned_) return;
  signed_at_ = now;
  const Status done = sign_();
  if (!done.ok()) return Log(LogLevel::kWarn, "gate_not_signed", {{"error", done.error().code}});
  unsigned_ = false;
}

void AccessLog::Work() {
  while (stop_.Sleep(kAccessLook)) {
    const Instant now = clock_.Now();
    if (IsDue(now)) {
      const Status written = Flush();
      if (!written.ok()) {
        Log(LogLevel::kWarn, "gate_not_written", {{"error", written.error().code}});
        stop_.Sleep(kAccessLook * 10);
      }
    }
    if (now.micros - signed_at_.micros >= kAccessSignMicros) Sign(now);
  }
}

void AccessLog::Start() {
  Write({clock_.Now(), "serve_started", "", "", ""});
  thread_ = std::thread([this] { Work(); });
}

void AccessLog::Stop() { stop_.Set(); }

void AccessLog::Join() {
  if (!thread_.joinable()) return;
  thread_.join();
  Write({clock_.Now(), "serve_stopped", "", "", ""});
  const Status written = Flush();
  if (!written.ok()) Log(LogLevel::kError, "gate_lost", {{"error", written.error().code}});
  Sign(clock_.Now());
}

}  // namespace mc
