// The back channel: a code for tokens (OpenID Connect Core section 3.1.3, RFC 6749 sections 4.1.3 and 5).
//
// Pure functions; safe from any thread. Values hold secrets: never log them.
#pragma once

#include <string>

#include "core/http.h"
#include "core/json.h"
#include "sso/authorization.h"
#include "sso/jws.h"
#include "sso/refusal.h"

namespace mc::sso {

inline constexpr std::size_t kAccessTokenLimitBytes = 16 * 1024;

// A form, with the client's secret in the head or in the form as the profile says, never in both.
HttpRequest TokenRequest(const ReadyProvider& provider, const ValidatedResponse& response);

// An access token with an id_token whose form and header are right. Made by CheckTokenResponse alone.
class TokenResponse {
 public:
  const UnverifiedJws& id_token() const { return id_token_; }

 private:
  TokenResponse(std::string access_token, std::string id_token_text, UnverifiedJws id_token, ValidatedResponse response)
      : access_token_(std::move(access_token)),
        id_token_text_(std::move(id_token_text)),
        id_token_(std::move(id_token)),
        response_(std::move(response)) {}
  friend Checked<TokenResponse> CheckTokenResponse(const ReadyProvider&, ValidatedResponse,
                                                   const Result<HttpResponse>&);
  friend class ValidatedIdToken;

  std::string access_token_, id_token_text_;
  UnverifiedJws id_token_;
  ValidatedResponse response_;
};

// The access token of a token answer (RFC 6749 section 5.1), in either flow. kTokenError, kTokenType; kTokenMalformed:
// it is missing or cannot stand in a header.
Checked<std::string> BearerTokenOf(const Json& answer);

// Takes the response that the request was made of: its code was spent. The group B of RefusalReason, and those of
// ParseJws.
Checked<TokenResponse> CheckTokenResponse(const ReadyProvider& provider, ValidatedResponse response,
                                          const Result<HttpResponse>& answer);

}  // namespace mc::sso
