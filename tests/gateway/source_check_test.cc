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
      {TransientError("reset", ""), 0, CheckStep::kAddress},
      {TransientError("connect_refused", ""), 0, CheckStep::kAddress},
      {TransientError("timeout", ""), 0, CheckStep::kAddress},
      {ConfigError("bad_url", ""), 0, CheckStep::kAddress},
      {TransientError("tls_expired", ""), 0, CheckStep::kCertificate},
      {TransientError("tls_not_yet_valid", ""), 0, CheckStep::kCertificate},
      {ConfigError("tls_name", ""), 0, CheckStep::kCertificate},
      {ConfigError("tls_untrusted", ""), 0, CheckStep::kCertificate},
      {ConfigError("tls_self_signed", ""), 0, CheckStep::kCertificate},
      {ConfigError("tls_version", ""), 0, CheckStep::kCertificate},
      {ConfigError("tls", ""), 0, CheckStep::kCertificate},
      {ConfigError("bad_ca_file", ""), 0, CheckStep::kSettings},
      {ConfigError("missing_secret", ""), 0, CheckStep::kSettings},
      {AuthError("refused", ""), 401, CheckStep::kCredentials},
      {AuthError("refused", ""), 403, CheckStep::kRights},
      {AuthError("token_refused", ""), 400, CheckStep::kCredentials},
      {AuthError("login_refused", ""), 200, CheckStep::kCredentials},
      {AuthError("session_refused", ""), 200, CheckStep::kCredentials},
      {TransientError("html_instead_of_data", ""), 200, CheckStep::kShape},
      {ConfigError("http_status", ""), 400, CheckStep::kShape},
      {TransientError("unexpected_answer", ""), 200, CheckStep::kShape},
      {TransientError("source_error", ""), 200, CheckStep::kShape},
      {TransientError("token_endpoint", ""), 503, CheckStep::kShape},
      {ConfigError("token_request", ""), 400, CheckStep::kShape},
      {DataError("body_too_large", ""), 200, CheckStep::kShape},
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
  const auto after = [&](std::int64_t secs) { return Instant{theirs.micros + secs * kMicrosPerSecond}; };
  CHECK_FALSE(CheckClock(answer, after(kClockSkewLimitSeconds)));
  CHECK_FALSE(CheckClock(answer, after(-kClockSkewLimitSeconds)));
  REQUIRE(CheckClock(answer, after(kClockSkewLimitSeconds + 1)));
  CHECK(CheckClock(answer, after(kClockSkewLimitSeconds + 1))->message.find("301 s ahead") != std::string::npos);
  REQUIRE(CheckClock(answer, after(-kClockSkewLimitSeconds - 1)));
  CHECK(CheckClock(answer, after(-kClockSkewLimitSeconds - 1))->message.find("behind") != std::string::npos);
  CHECK_FALSE(CheckClock({200, {}, ""}, theirs));
  CHECK_FALSE(CheckClock({200, {{"date", "yesterday"}}, ""}, theirs));
}

// Goal: no certificate is never called a good one, and one that ends soon is told in time.
TEST_CASE("sources check: what is said of a certificate") {
  const Instant now{1'781'172'245 * kMicrosPerSecond};
  const Instant limit{now.micros + kCertificateWarningDays * kMicrosPerDay};
  using enum FindingState;
  struct Case {
    const char* base_url;
    HttpPeer peer;
    FindingState state;
    const char* code;
  };
  const Case cases[] = {
      {"https://a.example", {"8.8.8.8", limit}, kOk, ""},
      {"https://a.example", {"8.8.8.8", Instant{limit.micros - 1}}, kWarning, "certificate_ends_soon"},
      {"https://127.0.0.1", {"127.0.0.1", now}, kWarning, "certificate_ends_soon"},
      {"https://a.example", {}, kOk, ""},
      {"http://a.example", {"8.8.8.8", {}}, kWarning, "no_tls"},
      {"HTTP://a.example", {"8.8.8.8", {}}, kWarning, "no_tls"},
      {"http://a.example", {}, kWarning, "no_tls"},  // who knows where that is
      {"http://10.0.0.1:80/x", {"8.8.8.8", {}}, kWarning, "no_tls"},
      {"http://a.example", {"10.0.0.1", {}}, kOk, "no_certificate"},
      {"http://a.example", {"fd00::1", {}}, kOk, "no_certificate"},
      {"http://127.0.0.1:7101/x", {}, kOk, "no_certificate"},
      {"http://localhost/x", {}, kOk, "no_certificate"},
      {"http://[::1]:80/x", {}, kOk, "no_certificate"},
      {"http://[2001:db8::1]:80/x", {}, kWarning, "no_tls"},
      {"", {}, kOk, "not_over_http"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.base_url);
    CAPTURE(c.peer.address);
    const StepResult result = CheckCertificate(c.base_url, c.peer, now);
    CHECK(result.step == CheckStep::kCertificate);
    CHECK(Name(result.state) == Name(c.state));
    CHECK(result.code == c.code);
    if (*c.code != 0) CHECK(ViAdvice(c.code) != ViAdvice("no such code"));
  }
  CHECK(CheckCertificate("https://a.example", {"8.8.8.8", limit}, now).text.find("valid until 2026-07") == 0);
}

// Goal: rights beyond reading are a warning that names them, bounded, and no foreign byte steers a terminal.
TEST_CASE("sources check: what is said of rights beyond the manifest's scope") {
  const auto told = [](const std::vector<std::string>& surplus) {
    const StepResult result = CheckRights(surplus);
    CHECK(result.step == CheckStep::kRights);
    CHECK(Name(result.state) == (surplus.empty() ? "ok" : "warning"));
    CHECK(result.code == (surplus.empty() ? "" : "scope_too_wide"));
    return result.text.substr(result.text.find(": ") + 1);
  };
  const std::string longest(kShownScopeBytes, 'w');
  CHECK(told({}) == "");
  CHECK(told({"delete", "write"}) == " delete, write");
  CHECK(told(std::vector<std::string>(kShownScopes, "w")) == " w, w, w, w, w");
  CHECK(told(std::vector<std::string>(kShownScopes + 1, "w")) == " w, w, w, w, w and 1 more");
  CHECK(told({longest}) == " " + longest);
  CHECK(told({longest + "w"}) == " 1 more");
  CHECK(told({"a\x1b[2J", "ghi\xc3\xa0", "write", "\"x\""}) == " write and 3 more");
  CHECK(ViAdvice("scope_too_wide").find("chỉ có quyền đọc") != std::string::npos);
}
