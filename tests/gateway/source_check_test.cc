#include "gateway/source_check.h"

#include <doctest/doctest.h>

#include "gateway/source_texts.h"

using namespace mc;

// Goal: each error is told at the step where an operator has to act.
TEST_CASE("sources check: the step of an error") {
  struct Case {
    Error error;
    int http_status;
    CheckStep step;
  };
  const Case cases[] = {
      {TransientError("resolve_failed", ""), 0, CheckStep::kAddress},
      {TransientError("connect_refused", ""), 0, CheckStep::kAddress},
      {TransientError("timeout", ""), 0, CheckStep::kAddress},
      {ConfigError("bad_url", ""), 0, CheckStep::kAddress},
      {ConfigError("tls_expired", ""), 0, CheckStep::kCertificate},
      {ConfigError("tls", ""), 0, CheckStep::kCertificate},
      {ConfigError("missing_secret", ""), 0, CheckStep::kSettings},
      {AuthError("refused", ""), 401, CheckStep::kCredentials},
      {AuthError("refused", ""), 403, CheckStep::kRights},
      {AuthError("token_refused", ""), 400, CheckStep::kCredentials},
      {AuthError("login_refused", ""), 200, CheckStep::kCredentials},
      {AuthError("session_refused", ""), 200, CheckStep::kCredentials},
      {TransientError("html_instead_of_data", ""), 200, CheckStep::kShape},
      {ConfigError("http_status", ""), 400, CheckStep::kShape},
  };
  for (const Case& c : cases) {
    CAPTURE(c.error.code);
    CHECK(Name(StepOf(c.error, c.http_status)) == Name(c.step));
    CHECK(ViAdvice(c.error.code) != ViAdvice("no such code"));
  }
}

TEST_CASE("sources check: the clock, at the limit and one past it") {
  const Instant theirs{1'781'172'245 * kMicrosPerSecond};
  const HttpResponse answer{200, {{"date", "Thu, 11 Jun 2026 10:04:05 GMT"}}, ""};
  const auto after = [&](std::int64_t seconds) { return Instant{theirs.micros + seconds * kMicrosPerSecond}; };
  CHECK_FALSE(CheckClock(answer, after(kClockSkewLimitSeconds)));
  CHECK_FALSE(CheckClock(answer, after(-kClockSkewLimitSeconds)));
  REQUIRE(CheckClock(answer, after(kClockSkewLimitSeconds + 1)));
  CHECK(CheckClock(answer, after(kClockSkewLimitSeconds + 1))->message.find("301 s ahead") != std::string::npos);
  REQUIRE(CheckClock(answer, after(-kClockSkewLimitSeconds - 1)));
  CHECK(CheckClock(answer, after(-kClockSkewLimitSeconds - 1))->message.find("behind") != std::string::npos);
  CHECK_FALSE(CheckClock({200, {}, ""}, theirs));
  CHECK_FALSE(CheckClock({200, {{"date", "yesterday"}}, ""}, theirs));
}
