// Access tokens that we give to machines and take back from them (RFC 6749 section 4.4, in the form of RFC 9068):
// signed by our own key under one algorithm, for one audience, one scope, for minutes. No id_token is one of them.
//
// Pure functions over values; safe from any thread. A token is a secret: never log one.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/es256_key.h"
#include "core/time.h"
#include "sso/jws.h"

namespace mc::sso {

inline constexpr std::int64_t kAccessTokenSecs = 300;       // from its making to its end
inline constexpr std::int64_t kAccessTokenSkewSecs = 30;    // how far the clocks of two gateways may be apart
inline constexpr std::size_t kAccessClaimLimitBytes = 128;  // of client, scope and jti each

// What a token says. `issuer` and `audience` of a checked one are ours.
struct AccessGrant {
  std::string client, scope;
  std::string id;  // jti
  Instant at;      // cut to seconds
};

// Keys that we sign with or take, by their names (RFC 7638: the SHA-256 of the key itself), and what they are for.
class TokenKeys {
 public:
  // `keys`: the first one signs, at least one. kConfig "token_key_twice".
  static Result<TokenKeys> Make(std::vector<Es256Key> keys, std::string issuer, std::string audience);

  const std::string& issuer() const { return issuer_; }
  const std::string& audience() const { return audience_; }
  const std::string& key_set() const { return key_set_; }  // RFC 7517, public parts alone

  std::string Sign(const AccessGrant& grant) const;  // empty when signing failed
  // kJwt..., kKey..., kSignatureBad, kClaimIss, kClaimAud, kClaimExp (past, missing, or further off than we ever give),
  // kClaimIat, kClaimNbf, kClaimSub (missing, or not the client), kClaimScope, kClaimTokenId.
  Checked<AccessGrant> Check(std::string_view token, Instant now) const;

 private:
  TokenKeys(Es256Key signer, std::string kid, KeySet keys, std::string key_set, std::string issuer,
            std::string audience);

  Es256Key signer_;
  std::string kid_;
  KeySet keys_;
  std::string key_set_, issuer_, audience_;
};

}  // namespace mc::sso
