// How often somebody may do something within a minute. Safe from any thread.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "core/time.h"

namespace mc {

// For each key so many times within a minute: at once, or one after the other. What was not used comes back evenly.
// Keys are kept for ever: only keys of ours may be given.
class RateLimit {
 public:
  explicit RateLimit(std::int64_t per_minute);  // 1 to 60 million
  // Nothing: go on, and it counts. Else, seconds after which it is worth asking again, 1 to 60.
  std::optional<std::int64_t> Take(const std::string& key, Instant now);

 private:
  const std::int64_t interval_micros_;
  std::mutex lock_;
  std::map<std::string, std::int64_t> spent_;  // until when the key has used up what it has
};

}  // namespace mc
