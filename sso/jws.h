// Signed tokens in compact form (RFC 7515 section 7.1, RFC 7519), under the advice of RFC 8725: one pinned
// algorithm, keys from the provider's own set only, no encryption, no "none", no HMAC.
//
// A token goes through two steps, and only the second leaves claims: ParseJws looks at the form and the header and
// trusts nothing; VerifyJws checks the signature. Values; safe from any thread.
#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "core/json.h"
#include "core/public_key.h"
#include "sso/jwk.h"
#include "sso/refusal.h"

namespace mc::sso {

inline constexpr std::size_t kJwtLimitBytes = 16 * 1024;
inline constexpr std::size_t kJwtHeaderLimitBytes = 2 * 1024;

std::string_view AlgorithmName(SignatureAlgorithm algorithm);  // "RS256"
std::optional<SignatureAlgorithm> AlgorithmFrom(std::string_view name);

// What "typ" must say (RFC 8725 section 3.11), in any letter case and with or without "application/" (RFC 7515
// section 4.1.9).
enum class JwtUse {
  kIdToken,      // absent or "JWT"
  kLogoutToken,  // absent, "JWT" or "logout+jwt" (Back-Channel Logout section 2.4)
  kAccessToken,  // "at+jwt" (RFC 9068 section 4)
};

// A token whose form and header are right. Nothing of it is known to be true.
class UnverifiedJws {
 public:
  const std::optional<std::string>& kid() const { return kid_; }

 private:
  UnverifiedJws() = default;
  friend Checked<UnverifiedJws> ParseJws(std::string_view, SignatureAlgorithm, JwtUse);
  friend class VerifiedJwt;

  std::optional<std::string> kid_;
  SignatureAlgorithm algorithm_ = SignatureAlgorithm::kRs256;
  JwtUse use_ = JwtUse::kIdToken;
  std::shared_ptr<const std::string> signing_input_;
  std::string signature_;
};

// kJwtMalformed, kJwtHeader, kJwtAlgorithm, kJwtCritical, kJwtEmbeddedKey, kJwtType.
Checked<UnverifiedJws> ParseJws(std::string_view text, SignatureAlgorithm pinned, JwtUse use);

// The claims of a token whose signature verified, made by Verify alone. Whether they are for us, fresh and about
// this sign-in is still open: sso/id_token.h, sso/logout.h.
class VerifiedJwt {
 public:
  // kJwtAlgorithm: keys read for another algorithm. kKeyUnknown, kKeyUnfit, kKeyAmbiguous, kSignatureBad; kJwtPayload:
  // signed, but not one object as StrictObject reads it.
  static Checked<VerifiedJwt> Verify(const UnverifiedJws& jws, const KeySet& keys);

  const Json& claims() const { return *claims_; }
  JwtUse use() const { return use_; }
  bool IsOf(const UnverifiedJws& jws) const { return signing_input_ == jws.signing_input_; }  // this very object

 private:
  VerifiedJwt(Json claims, const UnverifiedJws& jws);

  std::shared_ptr<const Json> claims_;
  std::shared_ptr<const std::string> signing_input_;
  JwtUse use_;
};

}  // namespace mc::sso
