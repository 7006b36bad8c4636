#include "gateway/rate_limit.h"

namespace mc {
namespace {

constexpr std::int64_t kMinuteMicros = 60 * kMicrosPerSecond;

}  // namespace

RateLimit::RateLimit(std::int64_t per_minute) : interval_micros_(kMinuteMicros / per_minute) {}

std::optional<std::int64_t> RateLimit::Take(const std::string& key, Instant now) {
  const std::lock_guard lock(lock_);
  std::int64_t& spent = spent_[key];
  // Further than a minute ahead: the clock was set back, and what was spent before says nothing of this minute.
  if (spent < now.micros || spent > now.micros + kMinuteMicros) spent = now.micros;
  const std::int64_t over = spent + interval_micros_ - (now.micros + kMinuteMicros);
  if (over > 0) return (over + kMicrosPerSecond - 1) / kMicrosPerSecond;
  spent += interval_micros_;
  return std::nullopt;
}

}  // namespace mc
