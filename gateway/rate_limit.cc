#include "gateway/rate_limit.h"

#include <algorithm>

namespace mc {
namespace {

constexpr std::int64_t kMinuteMicros = 60 * kMicrosPerSecond;

}  // namespace

RateLimit::RateLimit(std::int64_t per_minute) : interval_micros_(kMinuteMicros / per_minute) {}

std::optional<std::int64_t> RateLimit::Take(const std::string& key, Instant now) {
  const std::lock_guard lock(lock_);
  std::int64_t& spent = spent_[key];
  // A clock that was set back locks nobody out for longer than a minute.
  spent = std::clamp(spent, now.micros, now.micros + kMinuteMicros);
  const std::int64_t over = spent + interval_micros_ - (now.micros + kMinuteMicros);
  if (over > 0) return (over + kMicrosPerSecond - 1) / kMicrosPerSecond;
  spent += interval_micros_;
  return std::nullopt;
}

}  // namespace mc
