// libcurl behind HttpClient. The easy handle is kept, so that its connection is reused.

#include <curl/curl.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <functional>
#include <mutex>
#include <optional>
#include <utility>

#include "core/certificate.h"
#include "core/http_peer.h"
#include "core/text.h"

namespace mc {
namespace {

constexpr std::size_t kHeaderLimitBytes = 256 * 1024;
constexpr curl_off_t kReserveLimitBytes = 1024 * 1024;

// What one transfer collects; curl's callbacks write into it.
struct Transfer {
  CURL* handle = nullptr;
  HttpResponse response;
  std::int64_t body_limit_bytes = 0;
  std::size_t header_bytes = 0;
  bool body_too_large = false;
  bool headers_too_large = false;
};

// Room for the answer as it announces itself, so that a page is not copied over and over while it grows. What
// is announced may be a lie: no more is set aside than a page commonly has.
std::size_t AnnouncedBytes(const Transfer& transfer) {
  curl_off_t length = 0;
  curl_easy_getinfo(transfer.handle, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
  return static_cast<std::size_t>(std::clamp<curl_off_t>(length, 0, kReserveLimitBytes));
}

// After gzip decoding, so that a small answer cannot unfold into a large one.
std::size_t TakeBody(char* data, std::size_t size, std::size_t count, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  const std::size_t bytes = size * count;
  if (static_cast<std::int64_t>(transfer.response.body.size() + bytes) > transfer.body_limit_bytes) {
    transfer.body_too_large = true;
    return 0;
  }
  if (transfer.response.body.empty()) transfer.response.body.reserve(AnnouncedBytes(transfer));
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

// What of the certificate did not verify (X509_V_ERR_*). curl compares the name itself and leaves the
// verdict as it was before ("unspecified").
Error CertificateError(long verdict) {
  switch (verdict) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return TransientError("tls_expired", "the source's certificate, or its issuer's, has expired: its keeper must "
                                           "renew it");
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return TransientError("tls_not_yet_valid", "the source's certificate is not valid yet: compare this machine's "
                                                 "clock, else its keeper must replace it");
    case X509_V_OK:
    case X509_V_ERR_UNSPECIFIED:
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return ConfigError("tls_name", "the certificate is of another host: give base_url the name that it carries");
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
      return ConfigError("tls_self_signed", "the source's certificate is signed by itself: ask its keeper for one that "
                                            "an authority issued, or give this one as sources.*.ca_file");
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
      return ConfigError("tls_untrusted", "the certificate's issuer is not trusted here: give its root certificate as "
                                          "sources.*.ca_file, or install it on this machine");
    default:
      return ConfigError("tls", std::string("the source's certificate cannot be accepted: ") +
                                    X509_verify_cert_error_string(verdict));
  }
}

// A handshake that failed before a certificate was judged. curl has one code for all of them; OpenSSL's words tell
// them apart.
Error HandshakeError(std::string_view words) {
  const auto says = [words](std::string_view part) { return words.find(part) != std::string_view::npos; };
  if (says("unsupported protocol") || says("alert protocol version")) {
    return ConfigError("tls_version", "the source offers no TLS 1.2 or later: its keeper must switch it on");
  }
  // OpenSSL's words begin so; without them the system failed, not TLS.
  if (!says("error:") || says("unexpected eof")) {
    return TransientError("reset", "the connection broke while TLS was set up");
  }
  return ConfigError("tls", "the TLS handshake failed: check scheme and port in base_url, and what the source offers");
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

Error ErrorOf(CURLcode code, CURL* handle, const Transfer& transfer, std::string_view words) {
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
      return CertificateError(verdict);
    }
    case CURLE_SSL_CACERT_BADFILE:
      return ConfigError("bad_ca_file", "the file of trusted certificates cannot be read or holds none as PEM: check "
                                        "sources.*.ca_file");
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_ISSUER_ERROR: return HandshakeError(words);
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

// The end of the source's own certificate, which comes first; a connection that is used again does not tell it.
std::optional<Instant> CertificateUntil(CURL* handle) {
  const curl_certinfo* chain = nullptr;
  if (curl_easy_getinfo(handle, CURLINFO_CERTINFO, &chain) != CURLE_OK || !chain) return std::nullopt;
  for (const curl_slist* line = chain->num_of_certs > 0 ? chain->certinfo[0] : nullptr; line; line = line->next) {
    constexpr std::string_view kCert = "Cert:";
    if (!std::string_view(line->data).starts_with(kCert)) continue;
    const auto ends = CertificateEnds(std::string_view(line->data).substr(kCert.size()));
    if (ends.ok()) return ends->front();
  }
  return std::nullopt;
}

bool HasLineBreak(std::string_view text) { return text.find_first_of(std::string_view("\r\n\0", 3)) != text.npos; }

class CurlClient final : public PeerClient {
 public:
  CurlClient(std::function<bool()> stopped, std::string ca_file)
      : stopped_(std::move(stopped)), ca_file_(std::move(ca_file)) {
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
    transfer.handle = handle_;
    transfer.body_limit_bytes = request.body_limit_bytes;
    curl_slist* headers = HeaderList(request);
    Configure(request, headers, transfer);
    const CURLcode code = curl_easy_perform(handle_);
    curl_slist_free_all(headers);
    if (code != CURLE_OK) return ErrorOf(code, handle_, transfer, words_.data());
    long status = 0;
    curl_easy_getinfo(handle_, CURLINFO_RESPONSE_CODE, &status);
    transfer.response.status = static_cast<int>(status);
    RememberPeer();
    return std::move(transfer.response);
  }

  const HttpPeer& Peer() const override { return peer_; }

 private:
  void RememberPeer() {
    const char* address = nullptr;
    if (curl_easy_getinfo(handle_, CURLINFO_PRIMARY_IP, &address) == CURLE_OK && address) peer_.address = address;
    if (const auto until = CertificateUntil(handle_)) peer_.certificate_until = until;
  }

  static curl_slist* HeaderList(const HttpRequest& request) {
    curl_slist* list = curl_slist_append(nullptr, "Expect:");  // no pause for "100 Continue"
    for (const auto& [name, value] : request.headers) list = curl_slist_append(list, (name + ": " + value).c_str());
    return list;
  }

  static int Progress(void* user, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    return static_cast<CurlClient*>(user)->stopped_() ? 1 : 0;
  }

  void ConfigureTls() {
    curl_easy_setopt(handle_, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(handle_, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(handle_, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    curl_easy_setopt(handle_, CURLOPT_CERTINFO, 1L);
    words_[0] = '\0';
    curl_easy_setopt(handle_, CURLOPT_ERRORBUFFER, words_.data());
    if (ca_file_.empty()) return;
    curl_easy_setopt(handle_, CURLOPT_CAINFO, ca_file_.c_str());
    curl_easy_setopt(handle_, CURLOPT_CAPATH, nullptr);  // the system's folder would be trusted beside it
  }

  void Configure(const HttpRequest& request, curl_slist* headers, Transfer& transfer) {
    curl_easy_reset(handle_);  // options only; connections stay
    curl_easy_setopt(handle_, CURLOPT_URL, request.url.c_str());
    curl_easy_setopt(handle_, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(handle_, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(handle_, CURLOPT_PROXY, "");  // also not from the environment
    curl_easy_setopt(handle_, CURLOPT_NOSIGNAL, 1L);
    ConfigureTls();
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
  std::string ca_file_;
  std::array<char, CURL_ERROR_SIZE> words_{};  // of the last failure
  HttpPeer peer_;
  CURL* handle_ = nullptr;
};

}  // namespace

std::unique_ptr<HttpClient> MakeCurlClient(std::function<bool()> stopped) {
  return std::make_unique<CurlClient>(std::move(stopped), "");
}

std::unique_ptr<PeerClient> MakePeerClient(std::function<bool()> stopped, std::string ca_file) {
  return std::make_unique<CurlClient>(std::move(stopped), std::move(ca_file));
}

}  // namespace mc
