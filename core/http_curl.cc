// libcurl behind HttpClient. The easy handle is kept, so that its connection is reused.

#include <curl/curl.h>
#include <openssl/x509_vfy.h>

#include <cerrno>
#include <functional>

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
    std::string& value = transfer.response.headers[ToLowerAscii(Trim(line.substr(0, colon)))];
    // Of the headers that are read, only Link is a list that may come in several lines (RFC 9110 5.3).
    const bool more = !value.empty() && ToLowerAscii(Trim(line.substr(0, colon))) == "link";
    value = (more ? value + ", " : "") + std::string(Trim(line.substr(colon + 1)));
  }
  return bytes;
}

// What of the certificate did not verify (X509_V_ERR_*).
Error TlsError(long verdict) {
  switch (verdict) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return ConfigError("tls_expired", "the source's certificate is not valid today: its keeper must renew it");
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return ConfigError("tls_name", "the certificate is of another host: give base_url the name that it carries");
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
      return ConfigError("tls_untrusted",
                         "the certificate's issuer is not trusted here: install the issuer's root certificate");
    default: return ConfigError("tls", "no verified TLS connection: check the certificate and the name in the address");
  }
}

// Where a connection was never made. Without an address curl tells a refusal from a lost
// way only by the system's error.
Error ConnectError(CURL* handle) {
  long system_error = 0;
  curl_easy_getinfo(handle, CURLINFO_OS_ERRNO, &system_error);
  if (system_error == ECONNREFUSED) {
    return TransientError("connect_refused", "nobody listens at the source's address and port");
  }
  return TransientError("connect_failed", "the source cannot be reached: check address, network and firewall");
}

Error ErrorOf(CURLcode code, CURL* handle, const Transfer& transfer) {
  if (transfer.body_too_large) {
    return DataError("body_too_large",
                     "the answer is longer than " + std::to_string(transfer.body_limit_bytes) +
                         " bytes; ask for fewer records per page or raise page_body_limit_bytes in the manifest");
  }
  if (transfer.headers_too_large) return DataError("body_too_large", "the header of the answer is too long");
  switch (code) {
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL: return ConfigError("bad_url", "the address is not a usable http or https URL");
    case CURLE_PEER_FAILED_VERIFICATION: {
      long verdict = 0;
      curl_easy_getinfo(handle, CURLINFO_SSL_VERIFYRESULT, &verdict);
      return TlsError(verdict);
    }
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_ISSUER_ERROR: return TlsError(X509_V_OK);
    case CURLE_COULDNT_RESOLVE_HOST:
      return TransientError("resolve_failed", "the name in the address is not known: check base_url and DNS");
    case CURLE_COULDNT_CONNECT: return ConnectError(handle);
    case CURLE_ABORTED_BY_CALLBACK: return TransientError("interrupted", "the request was given up: the program ends");
    case CURLE_OPERATION_TIMEDOUT: {
      curl_off_t connected = 0;
      curl_easy_getinfo(handle, CURLINFO_CONNECT_TIME_T, &connected);
      return connected > 0
                 ? TransientError("timeout", "the source did not answer in time")
                 : TransientError("connect_failed", "the source cannot be reached in time: check network and firewall");
    }
    case CURLE_PARTIAL_FILE:
    case CURLE_BAD_CONTENT_ENCODING:
      return TransientError("truncated_body", "the answer ended before its announced length");
    default: return TransientError("reset", std::string("the connection broke: ") + curl_easy_strerror(code));
  }
}

bool HasLineBreak(std::string_view text) { return text.find_first_of(std::string_view("\r\n\0", 3)) != text.npos; }

class CurlClient final : public HttpClient {
 public:
  explicit CurlClient(std::function<bool()> stopped) : stopped_(std::move(stopped)) {
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
    if (code != CURLE_OK) return ErrorOf(code, handle_, transfer);
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

  static int Progress(void* user, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    return static_cast<CurlClient*>(user)->stopped_() ? 1 : 0;
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
    if (stopped_) {
      curl_easy_setopt(handle_, CURLOPT_NOPROGRESS, 0L);
      curl_easy_setopt(handle_, CURLOPT_XFERINFOFUNCTION, &Progress);
      curl_easy_setopt(handle_, CURLOPT_XFERINFODATA, this);
    }
    if (request.method == "POST") {
      curl_easy_setopt(handle_, CURLOPT_POST, 1L);
      curl_easy_setopt(handle_, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
      curl_easy_setopt(handle_, CURLOPT_POSTFIELDS, request.body.c_str());
    } else if (request.method != "GET") {
      curl_easy_setopt(handle_, CURLOPT_CUSTOMREQUEST, request.method.c_str());
    }
  }

  std::function<bool()> stopped_;
  CURL* handle_ = nullptr;
};

}  // namespace

std::unique_ptr<HttpClient> MakeCurlClient(std::function<bool()> stopped) {
  return std::make_unique<CurlClient>(std::move(stopped));
}

}  // namespace mc
