// Goal: so many a minute and not one more, whatever the clock does.
// Method: the limiter alone, by the microsecond.
#include "gateway/rate_limit.h"

#include <doctest/doctest.h>

using namespace mc;

TEST_CASE("rate limit: at the limit, one past it, and what comes back") {
  for (const std::int64_t most : {std::int64_t{1}, std::int64_t{7}, std::int64_t{600}, std::int64_t{60'000}}) {
    RateLimit limit(most);
    const Instant now{1'780'000'000 * kMicrosPerSecond};
    for (std::int64_t i = 0; i < most; ++i) REQUIRE_FALSE(limit.Take("a", now));
    const auto wait = limit.Take("a", now);
    REQUIRE(wait);
    CHECK(*wait >= 1);
    CHECK(*wait <= 60);
    CHECK_FALSE(limit.Take("b", now));
    // Told to wait so long, and it is enough.
    CHECK_FALSE(limit.Take("a", Instant{now.micros + *wait * kMicrosPerSecond}));
    // A whole minute later everything is there again, and no more than that.
    const Instant later{now.micros + 3'600 * kMicrosPerSecond};
    for (std::int64_t i = 0; i < most; ++i) REQUIRE_FALSE(limit.Take("a", later));
    CHECK(limit.Take("a", later));
  }
}

TEST_CASE("rate limit: a clock that is set back locks nobody out") {
  RateLimit limit(1);
  CHECK_FALSE(limit.Take("a", Instant{3'600 * kMicrosPerSecond}));
  CHECK_FALSE(limit.Take("a", Instant{0}));
  CHECK(limit.Take("a", Instant{0}) == 60);
  CHECK(limit.Take("a", Instant{60 * kMicrosPerSecond - 1}) == 1);
  CHECK_FALSE(limit.Take("a", Instant{60 * kMicrosPerSecond}));
}
