// One bounded HTTP request (libcurl inside http_curl.cc). A fake in tests.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/result.h"

namespace mc {

struct HttpRequest {
  std::string method = "GET";
  std::string url;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  std::int64_t body_limit_bytes = 64ll * 1024 * 1024;  // of the answer, after decoding
  std::chrono::milliseconds connect_timeout{5'000};
  std::chrono::milliseconds total_timeout{60'000};
};

struct HttpResponse {
  int status = 0;
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;
};

// Used by one thread at a time; keeps its connection alive between calls.
class HttpClient {
 public:
  virtual ~HttpClient() = default;
  // Any HTTP status is an answer, not an error. Errors: kTransient "resolve_failed" (no
  // address for the name), "connect_refused" (nobody listens), "connect_failed" (no way, or
  // no answer to the connection in time), "timeout" (connected, too slow), "truncated_body",
  // "reset" (also in the handshake), "interrupted", "tls_expired", "tls_not_yet_valid" (both mend without us); kConfig
  // "bad_url", "bad_header", "bad_ca_file", "tls_name" (of another host), "tls_untrusted" (unknown issuer),
  // "tls_self_signed", "tls_version" (below 1.2), "tls" (any other failure to set it up); kData "body_too_large".
  // Redirects are not followed; TLS is always verified.
  virtual Result<HttpResponse> Send(const HttpRequest& request) = 0;
};

// `stopped` is asked about once a second, from the calling thread, while a request runs;
// true ends the request with "interrupted".
std::unique_ptr<HttpClient> MakeCurlClient(std::function<bool()> stopped = {});

}  // namespace mc
