// VNeID's own exchange (profile flow "encrypted_oauth2"): the authorization code flow of RFC 6749 with sealed answers
// (core/private_key.h), no id_token and no nonce. Who it is stands in userinfo alone, which is asked for over the same
// TLS with the token that the code gave; the code comes from this browser's own sign-in, by state and cookie. The same
// promises as in the other headers: each answer is checked by a pair of functions, and made by the check alone.
//
// Pure functions; safe from any thread. Values hold secrets: never log them.
#pragma once

#include <string>
#include <string_view>

#include "core/http.h"
#include "core/random.h"
#include "sso/authorization.h"
#include "sso/refusal.h"
#include "sso/userinfo.h"

namespace mc::sso {

inline constexpr std::size_t kWrappedKeyLimitBytes = 1'024;  // of base64; 512 bytes are 4,096 bits

// The code as the token request must name it. `key`: the parameter encrypt_key, empty without one, when the code is
// plain. kCallbackMalformed.
Checked<std::string> OpenedCode(const ReadyProvider& provider, const std::string& code, const std::string& key,
                                RandomSource& random);

// An access token of this exchange. Made by CheckEncryptedToken alone.
class EncryptedToken {
 public:
  const std::string& access_token() const { return access_token_; }
  const PendingSignIn& pending() const { return response_.pending(); }

 private:
  EncryptedToken(std::string access_token, ValidatedResponse response)
      : access_token_(std::move(access_token)), response_(std::move(response)) {}
  friend Checked<EncryptedToken> CheckEncryptedToken(const ReadyProvider&, ValidatedResponse,
                                                     const Result<HttpResponse>&, RandomSource&);
  std::string access_token_;
  ValidatedResponse response_;
};

// The answer to TokenRequest(). The group B of RefusalReason but kIdTokenMissing; kTokenMalformed also for an answer
// that is not sealed; kTokenNotOpened for one that is, but does not open to a JSON object: as a rule the provider holds
// the public half of another key. Told apart here, since this answer comes from the provider, by no way of a browser.
Checked<EncryptedToken> CheckEncryptedToken(const ReadyProvider& provider, ValidatedResponse response,
                                            const Result<HttpResponse>& answer, RandomSource& random);

HttpRequest EncryptedUserinfoRequest(const ReadyProvider& provider, const EncryptedToken& token);

// As CheckUserinfoResponse; the subject is the HMAC of the number, since this provider names nobody otherwise.
Checked<Identity> CheckEncryptedUserinfo(const ReadyProvider& provider, const EncryptedToken& token,
                                         const Result<HttpResponse>& answer, std::string_view person_key,
                                         RandomSource& random);

}  // namespace mc::sso
