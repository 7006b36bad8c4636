#include "connectors/http_pull.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <random>

#include "connectors/sniff.h"
#include "core/text.h"

namespace mc {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds kFirstBackOff{500};
constexpr milliseconds kLongestBackOff{30'000};
constexpr std::int64_t kAuthAttempts = 2;

std::optional<int> Number(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 0) return std::nullopt;
  return value;
}

// "Sun, 06 Nov 1994 08:49:37 GMT", the one form that RFC 9110 lets a server send.
std::optional<Instant> HttpDate(std::string_view text) {
  static constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                               "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  if (text.size() != 29 || text.substr(3, 2) != ", " || text.substr(25) != " GMT") return std::nullopt;
  const auto month = std::find(kMonths.begin(), kMonths.end(), text.substr(8, 3));
  const auto day = Number(text.substr(5, 2)), year = Number(text.substr(12, 4));
  const auto hour = Number(text.substr(17, 2)), minute = Number(text.substr(20, 2)),
             second = Number(text.substr(23, 2));
  if (month == kMonths.end() || !day || !year || !hour || !minute || !second) return std::nullopt;
  const auto date = MakeDate(*year, static_cast<int>(month - kMonths.begin()) + 1, *day);
  if (!date) return std::nullopt;
  const std::int64_t of_day = (*hour * 60ll + *minute) * 60 + *second;
  return Instant{date->days * kMicrosPerDay + of_day * kMicrosPerSecond};
}

double Jitter() {
  static thread_local std::minstd_rand engine{std::random_device{}()};
  return std::uniform_real_distribution<double>(0.0, 1.0)(engine);
}

Error StatusError(int status) {
  const std::string text = "the source answers with HTTP status " + std::to_string(status);
  if (status == 401 || status == 403) return AuthError("refused", text + ": check the secret and its rights");
  if (status == 408 || status == 425 || status == 429 || status >= 500) return TransientError("http_status", text);
  if (status >= 200 && status <= 299) {
    return TransientError("http_status", text + ", which is no answer by the manifest's success test");
  }
  if (status == 404 || status == 410) return DataError("not_offered", text + ": check base_url and path");
  if (status >= 300 && status < 400) {
    return ConfigError("redirected", text + ": redirects are not followed, give the final base_url");
  }
  return ConfigError("http_status", text + ": the request does not fit this source");
}

bool IsAnswer(const std::optional<SuccessTest>& test, int status) {
  if (!test || test->status.empty()) return status >= 200 && status <= 299;
  return std::find(test->status.begin(), test->status.end(), status) != test->status.end();
}

Status CheckBody(const HttpResponse& response) {
  switch (Sniff(response.body)) {
    case LooksLike::kEmpty: return TransientError("empty_answer", "the source answers with an empty body");
    case LooksLike::kHtml:
      return TransientError("html_instead_of_data", "the source answers with an HTML page instead of data");
    default: return Ok();
  }
}

}  // namespace

std::optional<seconds> RetryAfterOf(const HttpResponse& response, Instant now) {
  const auto header = response.headers.find("retry-after");
  if (header == response.headers.end()) return std::nullopt;
  const std::string_view text = Trim(header->second);
  if (const auto wait = Number(text)) return seconds(*wait);
  const auto date = HttpDate(text);
  if (!date) return std::nullopt;
  const std::int64_t micros = std::max<std::int64_t>(0, date->micros - now.micros);
  return seconds((micros + kMicrosPerSecond - 1) / kMicrosPerSecond);
}

milliseconds BackOff(std::int64_t failed, double jitter) {
  milliseconds wait = kFirstBackOff;
  for (std::int64_t i = 1; i < failed && wait < kLongestBackOff; ++i) wait *= 2;
  wait = std::min(wait, kLongestBackOff);
  return wait / 2 + milliseconds(static_cast<std::int64_t>(jitter * static_cast<double>(wait.count() / 2)));
}

std::string QueryText(const std::vector<std::pair<std::string, std::string>>& query) {
  std::string out;
  for (const auto& [name, value] : query) {
    out += (out.empty() ? "?" : "&") + PercentEncoded(name) + "=" + PercentEncoded(value);
  }
  return out;
}

std::string ShownCode(const std::string& code) {
  constexpr std::size_t kLongestCode = 16;
  const auto plain = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
  };
  const bool shown = !code.empty() && code.size() <= kLongestCode && std::all_of(code.begin(), code.end(), plain);
  return shown ? " (" + code + ")" : "";
}

Fetcher::Fetcher(const Manifest& manifest, const SourceSettings& settings, HttpClient& http, const Clock& clock,
                 Sleeper sleep)
    : manifest_(manifest),
      settings_(settings),
      http_(http),
      clock_(clock),
      sleep_(std::move(sleep)),
      authorizer_(manifest, settings, http, clock) {}

std::string Fetcher::AddressOf(const FetchRequest& request) const {
  if (!request.url.empty()) return request.url;
  return UrlOf(settings_, manifest_.endpoints.at(request.endpoint).path) + QueryText(request.query);
}

Result<HttpRequest> Fetcher::Build(const FetchRequest& request) {
  const Endpoint& endpoint = manifest_.endpoints.at(request.endpoint);
  HttpRequest out;
  out.method = endpoint.method;
  out.url = AddressOf(request);
  out.headers.emplace_back("Accept", "application/json, application/xml;q=0.9, */*;q=0.1");
  out.headers.insert(out.headers.end(), request.headers.begin(), request.headers.end());
  MC_TRY(const Headers auth, authorizer_.ForRequest(request.headers));
  out.headers.insert(out.headers.end(), auth.begin(), auth.end());
  if (endpoint.method == "POST") {
    out.headers.emplace_back("Content-Type", request.content_type);
    out.body = authorizer_.BodyOf(request.json_body);
  }
  out.body_limit_bytes = manifest_.limits.page_body_limit_bytes;
  out.connect_timeout = milliseconds(manifest_.limits.connect_timeout_ms);
  out.total_timeout = milliseconds(manifest_.limits.request_timeout_ms);
  return out;
}

Result<HttpResponse> Fetcher::Once(const FetchRequest& request, const Accept& accept) {
  last_status_ = 0;
  MC_TRY(const HttpRequest built, Build(request));
  MC_TRY(HttpResponse response, http_.Send(built));
  last_status_ = response.status;
  if (!IsAnswer(manifest_.endpoints.at(request.endpoint).success, response.status)) {
    if (response.status == 401) authorizer_.Refused();
    Error error = StatusError(response.status);
    if (error.error_class == ErrorClass::kTransient) error.retry_after = RetryAfterOf(response, clock_.Now());
    return error;
  }
  Status taken = CheckBody(response);
  if (taken.ok()) taken = accept(response);
  if (taken.ok()) return response;
  authorizer_.AnswerFailed();
  return taken.error();
}

Result<HttpResponse> Fetcher::Fetch(const FetchRequest& request, const Accept& accept) {
  const seconds longest_wait{manifest_.limits.retry_after_limit_seconds};
  std::int64_t refused = 0;  // apart: a token may end while the source is down
  for (std::int64_t attempt = 1;; ++attempt) {
    auto result = Once(request, accept);
    if (result.ok()) return result;
    const Error& error = result.error();
    const bool auth = error.error_class == ErrorClass::kAuth;
    if (!auth && error.error_class != ErrorClass::kTransient) return result;
    if (auth) ++refused;
    if (attempt >= manifest_.limits.max_attempts || refused >= kAuthAttempts) return result;
    // A source that asks for a long pause gets it: the next run comes later.
    if (error.retry_after && *error.retry_after > longest_wait) return result;
    milliseconds wait = BackOff(attempt, Jitter());
    if (error.retry_after) wait = std::max<milliseconds>(wait, *error.retry_after);
    if (!sleep_(wait)) return TransientError("interrupted", "the pull was interrupted while it waited to try again");
  }
}

}  // namespace mc
