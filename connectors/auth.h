// The headers by which a source knows us, for every kind of manifest section "auth".
//
// OAuth2 is the client credentials grant (RFC 6749 section 4.4); "login" is that of a provincial
// LGSP hub: user and password for a bearer token, beside fixed headers; "session" that of the adapter
// of the national public-service portal (guide of the Government Office, v1.4, 2020): user and
// password for a session, which stands in the body of every call. Used by one thread at a time,
// like the connector that owns it, so that one token is asked for at a time. No value of
// a secret, token or session is ever part of an error.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "connectors/connector.h"
#include "core/http.h"
#include "core/result.h"
#include "core/time.h"

namespace mc {

// Of a scope that is a list, so many elements are read. Where there are more, these already tell that it is too wide.
inline constexpr std::size_t kScopesLimit = 1'000;

using Headers = std::vector<std::pair<std::string, std::string>>;

std::string PercentEncoded(std::string_view text);  // all but RFC 3986 unreserved characters
// Where an endpoint stands: base_url without slashes at its end, then the path.
std::string UrlOf(const SourceSettings& settings, const std::string& path);
// What is signed: {"name":"value",...} without white space.
std::string SignedText(const Headers& headers);

class Authorizer {
 public:
  // REQUIRES: all outlive it.
  Authorizer(const Manifest& manifest, const SourceSettings& settings, HttpClient& http, const Clock& clock)
      : manifest_(manifest), settings_(settings), http_(http), clock_(clock) {}

  // kAuth "token_refused" (the client is not known or not allowed), "login_refused" (the same of a
  // session's login), kConfig "token_request", kTransient "token_endpoint" and those of HttpClient.
  // `parameters` are headers of the request itself; kHmac signs them after those of the manifest.
  Result<Headers> ForRequest(const Headers& parameters = {});
  void Refused() { token_.reset(); }  // the source did not take the token
  // The body as it is sent: with the session, where there is one. REQUIRES a good ForRequest
  // before, and for a session the text of a JSON object.
  std::string BodyOf(const std::string& body) const;
  // An answer was none. No list of the codes is public by which an adapter says that a session
  // is over, so any of them lets go of it; the next request logs in again.
  void AnswerFailed();

  // Words of scope (RFC 6749 section 3.3) that the token in use has beyond the manifest's, as the source
  // says: in its answer (section 5.1), else in the claims of the token, if it is a JWT (RFC 9068). Sorted;
  // empty where it says nothing, and where the manifest names no scope to compare with.
  std::vector<std::string> Surplus() const;

 private:
  struct Token {
    std::string text;
    Instant until;
    std::vector<std::string> scope = {};
  };

  const std::string& Secret(const std::string& name) const { return settings_.secrets.at(name); }
  Headers Signed(const Headers& parameters) const;
  Headers Fixed() const;
  Headers SessionHeaders() const;
  HttpRequest Post(const std::string& path, const std::string& content_type, std::string body) const;
  HttpRequest TokenRequest() const;
  HttpRequest LoginRequest() const;
  HttpRequest SessionRequest() const;
  Result<Token> AskForToken();
  Result<Token> LogIn();
  Result<Token> LogInForSession();
  Result<Token> NewToken();
  Status Renew();

  const Manifest& manifest_;
  const SourceSettings& settings_;
  HttpClient& http_;
  const Clock& clock_;
  std::optional<Token> token_;
};

}  // namespace mc
