// libcurl behind HttpClient. The easy handle is kept, so that its connection is reused.

#include <curl/curl.h>

#include <mutex>

#include "core/http.h"
#include "core/text.h"

namespace mc {
namespace {

constexpr std::size_t kHeaderLimitBytes = 256 * 1024;

// What one transfer collects; curl's callbacks write into it.
struct Transfer {
  HttpResponse response;
  std::int64_t body_limit_bytes = 0;
  std::size_t header_bytes = 0;
  bool body_too_large = false;
  bool headers_too_large = false;
};

// After gzip decoding, so that a small answer cannot unfold into a large one.
std::size_t TakeBody(char* data, std::size_t size, std::size_t count, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  const std::size_t bytes = size * count;
  if (static_cast<std::int64_t>(transfer.response.body.size() + bytes) > transfer.body_limit_bytes) {
    transfer.body_too_large = true;
    return 0;
  }
  transfer.response.body.append(data, bytes);
  return bytes;
}

std::size_t TakeHeader(char* data, std::size_t size, std::size_t count, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  const std::size_t bytes = size * count;
  transfer.header_bytes += bytes;
  if (transfer.header_bytes > kHeaderLimitBytes) {
    transfer.headers_too_large = true;
    return 0;
  }
  const std::string_view line(data, bytes);
  if (line.starts_with("HTTP/")) transfer.response.headers.clear();  // an interim answer came before
  if (const std::size_t colon = line.find(':'); colon != std::string_view::npos) {
    transfer.response.headers[ToLowerAscii(Trim(line.substr(0, colon)))] = std::string(Trim(line.substr(colon + 1)));
  }
  return bytes;
}

Error ErrorOf(CURLcode code, const Transfer& transfer) {
  if (transfer.body_too_large) {
    return DataError("body_too_large",
                     "the answer is longer than " + std::to_string(transfer.body_limit_bytes) +
                         " bytes; ask for fewer records per page or raise page_body_limit_bytes in the manifest");
  }
  if (transfer.headers_too_large) return DataError("body_too_large", "the header of the answer is too long");
  switch (code) {
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL: return ConfigError("bad_url", "the address is not a usable http or https URL");
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_ISSUER_ERROR:
      return ConfigError("tls", "no verified TLS connection: check the certificate and the name in the address");
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT: return TransientError("connect_failed", "the source cannot be reached");
    case CURLE_OPERATION_TIMEDOUT: return TransientError("timeout", "the source did not answer in time");
    case CURLE_PARTIAL_FILE:
    case CURLE_BAD_CONTENT_ENCODING:
      return TransientError("truncated_body", "the answer ended before its announced length");
    default: return TransientError("reset", std::string("the connection broke: ") + curl_easy_strerror(code));
  }
}

bool HasLineBreak(std::string_view text) { return text.find_first_of(std::string_view("\r\n\0", 3)) != text.npos; }

class CurlClient final : public HttpClient {
 public:
  CurlClient() {
    static std::once_flag once;
    std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
    handle_ = curl_easy_init();
  }
  ~CurlClient() override { curl_easy_cleanup(handle_); }
  CurlClient(const CurlClient&) = delete;
  CurlClient& operator=(const CurlClient&) = delete;

  Result<HttpResponse> Send(const HttpRequest& request) override {
    if (!handle_) return InternalError("curl_init", "libcurl could not be initialised");
    for (const auto& [name, value] : request.headers) {
      if (HasLineBreak(name) || HasLineBreak(value)) {
        return ConfigError("bad_header", "the header " + ToLowerAscii(name.substr(0, 40)) + " holds a line break");
      }
    }
    Transfer transfer;
    transfer.body_limit_bytes = request.body_limit_bytes;
    curl_slist* headers = HeaderList(request);
    Configure(request, headers, transfer);
    const CURLcode code = curl_easy_perform(handle_);
    curl_slist_free_all(headers);
    if (code != CURLE_OK) return ErrorOf(code, transfer);
    long status = 0;
    curl_easy_getinfo(handle_, CURLINFO_RESPONSE_CODE, &status);
    transfer.response.status = static_cast<int>(status);
    return std::move(transfer.response);
  }

 private:
  static curl_slist* HeaderList(const HttpRequest& request) {
    curl_slist* list = curl_slist_append(nullptr, "Expect:");  // no pause for "100 Continue"
    for (const auto& [name, value] : request.headers) list = curl_slist_append(list, (name + ": " + value).c_str());
    return list;
  }

  void Configure(const HttpRequest& request, curl_slist* headers, Transfer& transfer) {
    curl_easy_reset(handle_);  // options only; connections stay
    curl_easy_setopt(handle_, CURLOPT_URL, request.url.c_str());
    curl_easy_setopt(handle_, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(handle_, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(handle_, CURLOPT_PROXY, "");  // also not from the environment
    curl_easy_setopt(handle_, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle_, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(handle_, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(handle_, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    curl_easy_setopt(handle_, CURLOPT_ACCEPT_ENCODING, "gzip");
    curl_easy_setopt(handle_, CURLOPT_USERAGENT, "minhchung");
    curl_easy_setopt(handle_, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(request.connect_timeout.count()));
    curl_easy_setopt(handle_, CURLOPT_TIMEOUT_MS, static_cast<long>(request.total_timeout.count()));
    curl_easy_setopt(handle_, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(handle_, CURLOPT_WRITEFUNCTION, &TakeBody);
    curl_easy_setopt(handle_, CURLOPT_WRITEDATA, &transfer);
    curl_easy_setopt(handle_, CURLOPT_HEADERFUNCTION, &TakeHeader);
    curl_easy_setopt(handle_, CURLOPT_HEADERDATA, &transfer);
    if (request.method == "POST") {
      curl_easy_setopt(handle_, CURLOPT_POST, 1L);
      curl_easy_setopt(handle_, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
      curl_easy_setopt(handle_, CURLOPT_POSTFIELDS, request.body.c_str());
    } else if (request.method != "GET") {
      curl_easy_setopt(handle_, CURLOPT_CUSTOMREQUEST, request.method.c_str());
    }
  }

  CURL* handle_ = nullptr;
};

}  // namespace

std::unique_ptr<HttpClient> MakeCurlClient() { return std::make_unique<CurlClient>(); }

}  // namespace mc
