// Goal: patience is bounded, Retry-After is kept, and every answer gets its class.
// Method: a fake that gives a script of answers; waits are recorded, never slept.

#include "connectors/http_pull.h"

#include <doctest/doctest.h>

#include "tests/support/fake_http.h"

using namespace mc;
using namespace mc::testing;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

constexpr const char* kGood = R"({"PageData":[],"TotalRows":0})";
const Instant kPullNow = At("2026-06-10T03:00:00Z");

// Gives the answers in order, the last one for ever.
FakeHttpClient::Answer Script(std::vector<Result<HttpResponse>> answers) {
  return [answers = std::move(answers), at = std::size_t{0}](const HttpRequest&) mutable {
    const std::size_t now = std::min(at, answers.size() - 1);
    ++at;
    return answers[now];
  };
}

struct Outcome {
  Result<HttpResponse> result;
  std::size_t requests;
  std::vector<milliseconds> waits;
};

Outcome Run(std::vector<Result<HttpResponse>> answers, bool keep_waiting = true) {
  const Manifest manifest = ManifestNamed("hanoiwork");  // max_attempts 5, Retry-After up to 120 s
  const SourceSettings settings = SettingsFor(manifest, *MakeDate(2026, 6, 1));
  FakeHttpClient http(Script(std::move(answers)));
  ManualClock clock(kPullNow);
  std::vector<milliseconds> waits;
  Fetcher fetcher(manifest, settings, http, clock, [&](milliseconds wait) {
    waits.push_back(wait);
    return keep_waiting;
  });
  auto result = fetcher.Fetch({"read", {}, "{}"}, [](const HttpResponse&) { return Ok(); });
  return {std::move(result), http.requests.size(), std::move(waits)};
}

}  // namespace

TEST_CASE("classes of answers, and how often each is asked again") {
  struct Row {
    const char* name;
    std::vector<Result<HttpResponse>> answers;
    const char* code;  // empty: success
    ErrorClass error_class;
    std::size_t requests;
  };
  const Result<HttpResponse> cut = TransientError("truncated_body", "x");
  const Row rows[] = {
      {"at once", {Answered(kGood)}, "", {}, 1},
      {"5xx then good", {Answered("", 503), Answered("", 500), Answered(kGood)}, "", {}, 3},
      {"5xx for ever", {Answered("", 502)}, "http_status", ErrorClass::kTransient, 5},
      {"good at the last attempt",
       {Answered("", 502), Answered("", 502), Answered("", 502), Answered("", 502), Answered(kGood)},
       "",
       {},
       5},
      {"429", {Answered("", 429), Answered(kGood)}, "", {}, 2},
      {"408", {Answered("", 408), Answered(kGood)}, "", {}, 2},
      {"401 once", {Answered("", 401), Answered(kGood)}, "", {}, 2},
      {"a token that ends while the source is down",
       {Answered("", 503), Answered("", 401), Answered(kGood)},
       "",
       {},
       3},
      {"refused twice, with another failure between",
       {Answered("", 401), Answered("", 503), Answered("", 401), Answered(kGood)},
       "refused",
       ErrorClass::kAuth,
       3},
      {"401", {Answered("", 401)}, "refused", ErrorClass::kAuth, 2},
      {"403", {Answered("", 403)}, "refused", ErrorClass::kAuth, 2},
      {"404", {Answered("", 404)}, "not_offered", ErrorClass::kData, 1},
      {"400", {Answered("", 400)}, "http_status", ErrorClass::kConfig, 1},
      {"redirect", {Answered("", 302, {{"location", "http://else.example/"}})}, "redirected", ErrorClass::kConfig, 1},
      {"cut, then whole", {cut, Answered(kGood)}, "", {}, 2},
      {"cut for ever", {cut}, "truncated_body", ErrorClass::kTransient, 5},
      {"too large", {Result<HttpResponse>(DataError("body_too_large", "x"))}, "body_too_large", ErrorClass::kData, 1},
      {"HTML with 200", {Answered("<!DOCTYPE html><html>")}, "html_instead_of_data", ErrorClass::kTransient, 5},
      {"HTML, then data", {Answered("<html>"), Answered(kGood)}, "", {}, 2},
      {"empty with 200", {Answered(" \r\n")}, "empty_answer", ErrorClass::kTransient, 5},
      {"empty with 204", {Answered("", 204)}, "empty_answer", ErrorClass::kTransient, 5},
  };
  for (const Row& row : rows) {
    INFO(row.name);
    const Outcome out = Run(row.answers);
    CHECK(out.requests == row.requests);
    CHECK(out.waits.size() == row.requests - 1);
    CHECK(out.result.ok() == std::string(row.code).empty());
    if (out.result.ok()) continue;
    CHECK(out.result.error().code == row.code);
    CHECK(out.result.error().error_class == row.error_class);
    CHECK(out.result.error().message.find("s3cret") == std::string::npos);
  }
}

TEST_CASE("Retry-After: kept up to the limit, beyond it the pull ends and says when to come back") {
  struct Row {
    const char* header;
    std::size_t requests;
    std::int64_t least_wait_ms;
  };
  const Row rows[] = {
      {"120", 2, 120'000},
      {"121", 1, 0},
      {"Wed, 10 Jun 2026 03:01:00 GMT", 2, 60'000},
      {"Wed, 10 Jun 2026 04:00:00 GMT", 1, 0},
      {"Wed, 10 Jun 2026 01:00:00 GMT", 2, 250},  // past: the usual back-off
      {"soon", 2, 250},
      {"-5", 2, 250},
  };
  for (const Row& row : rows) {
    INFO(row.header);
    const Outcome out = Run({Answered("", 429, {{"retry-after", row.header}}), Answered(kGood)});
    CHECK(out.requests == row.requests);
    if (row.requests == 2) {
      REQUIRE(out.waits.size() == 1);
      CHECK(out.waits[0].count() >= row.least_wait_ms);
    } else {
      REQUIRE_FALSE(out.result.ok());
      CHECK(out.result.error().retry_after.has_value());
    }
  }
}

TEST_CASE("Retry-After as seconds or date") {
  const auto of = [](const char* text) { return RetryAfterOf(Answered("", 503, {{"retry-after", text}}), kPullNow); };
  CHECK(of("7") == seconds(7));
  CHECK(of(" 0 ") == seconds(0));
  CHECK(of("Wed, 10 Jun 2026 03:00:09 GMT") == seconds(9));
  CHECK(of("Wed, 31 Jun 2026 03:00:09 GMT") == std::nullopt);
  CHECK(of("10 Jun 2026") == std::nullopt);
  CHECK(RetryAfterOf(Answered("", 503), kPullNow) == std::nullopt);
}

TEST_CASE("back-off doubles up to 30 seconds; jitter moves its upper half") {
  struct Row {
    std::int64_t failed;
    double jitter;
    std::int64_t ms;
  };
  const Row rows[] = {{1, 0.0, 250}, {1, 1.0, 500}, {2, 0.0, 500}, {4, 0.5, 3000}, {7, 0.0, 15000}, {50, 1.0, 30000}};
  for (const Row& row : rows) CHECK(BackOff(row.failed, row.jitter) == milliseconds(row.ms));
}

TEST_CASE("a wait that is cut short ends the fetch") {
  const Outcome out = Run({Answered("", 503)}, false);
  CHECK(out.requests == 1);
  REQUIRE_FALSE(out.result.ok());
  CHECK(out.result.error().code == "interrupted");
}

TEST_CASE("what a request carries") {
  CHECK(QueryText({}).empty());
  CHECK(QueryText({{"fromDate", "2026/06/01"}, {"q", "a b&c=đ"}}) == "?fromDate=2026%2F06%2F01&q=a%20b%26c%3D%C4%91");
  Rig tasks(ManifestNamed("hanoiwork"), [](const HttpRequest&) { return Answered(kGood); });
  REQUIRE(tasks.connector->Check().ok());
  REQUIRE(tasks.http.requests.size() == 1);
  const HttpRequest& request = tasks.http.requests[0];
  CHECK(request.url == "http://source.example/qlvb/api/qlnv/nhiem-vu/get-all");
  CHECK(request.method == "POST");
  const std::pair<std::string, std::string> bearer{"Authorization", "Bearer s3cret"};
  CHECK(std::find(request.headers.begin(), request.headers.end(), bearer) != request.headers.end());
  CHECK(request.body_limit_bytes == tasks.manifest.limits.page_body_limit_bytes);
  CHECK(request.total_timeout.count() == tasks.manifest.limits.request_timeout_ms);
}
