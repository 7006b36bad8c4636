// Requests with bounded patience: retry, back-off with jitter, Retry-After, and the classes
// of an answer. Knows nothing of any wire shape.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "connectors/auth.h"
#include "connectors/connector.h"
#include "connectors/manifest.h"
#include "core/http.h"
#include "core/result.h"
#include "core/time.h"

namespace mc {

// Seconds, or an HTTP-date relative to `now` (RFC 9110 section 10.2.3); never negative.
std::optional<std::chrono::seconds> RetryAfterOf(const HttpResponse& response, Instant now);

// Wait before attempt `failed` + 1: 0.5 s doubled up to 30 s, of which `jitter` (0..1) moves
// the upper half.
std::chrono::milliseconds BackOff(std::int64_t failed, double jitter);

// name=value pairs of a query, percent-encoded (RFC 3986 unreserved characters stay).
std::string QueryText(const std::vector<std::pair<std::string, std::string>>& query);

// " (-3)": a code of the source, when it is short and plain enough to be shown; else nothing.
std::string ShownCode(const std::string& code);

struct FetchRequest {
  std::string endpoint;  // name in the manifest
  std::vector<std::pair<std::string, std::string>> query;
  std::string json_body;                                         // for POST
  std::string content_type = "application/json; charset=utf-8";  // of the body
  Headers headers = {};  // parameters that travel as headers; REQUIRES values without control characters
  std::string url = "";  // instead of base_url, path and query; REQUIRES the origin of base_url
};

// Judges the body of a 2xx answer; a kTransient error makes the request come again.
using Accept = std::function<Status(const HttpResponse&)>;

// Used by one thread at a time, like the connector that owns it.
class Fetcher {
 public:
  // REQUIRES: manifest, settings, http and clock outlive it.
  Fetcher(const Manifest& manifest, const SourceSettings& settings, HttpClient& http, const Clock& clock,
          Sleeper sleep);

  // An answer with status 2xx that `accept` took, after at most max_attempts. Errors:
  // kAuth "refused" (401 or 403 twice), kTransient "http_status", "html_instead_of_data",
  // "empty_answer" and those of HttpClient and `accept`, kConfig "http_status" and "redirected",
  // kData "not_offered" (404, 410), "body_too_large".
  Result<HttpResponse> Fetch(const FetchRequest& request, const Accept& accept);

  // HTTP status of the last answer; 0 where there was none.
  int last_status() const { return last_status_; }
  std::string AddressOf(const FetchRequest& request) const;
  std::vector<std::string> SurplusScope() const { return authorizer_.Surplus(); }

 private:
  Result<HttpRequest> Build(const FetchRequest& request);
  Result<HttpResponse> Once(const FetchRequest& request, const Accept& accept);

  const Manifest& manifest_;
  const SourceSettings& settings_;
  HttpClient& http_;
  const Clock& clock_;
  Sleeper sleep_;
  Authorizer authorizer_;
  int last_status_ = 0;
};

}  // namespace mc
