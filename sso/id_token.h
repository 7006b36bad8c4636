// The claims of an id_token (OpenID Connect Core section 3.1.3.7): for us, from whom we asked, fresh, about this
// sign-in, and as sure of the person as was asked for. Pure functions; safe from any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/time.h"
#include "sso/jws.h"
#include "sso/token.h"

namespace mc::sso {

inline constexpr std::int64_t kIdTokenAgeMostSecs = 600;  // from `iat` to us
inline constexpr std::size_t kSubjectLimitBytes = 255;    // Core section 2
inline constexpr std::size_t kSessionIdLimitBytes = 255;
inline constexpr std::size_t kAudienceMost = 16;

// Who is speaking and to whom: `iss`, `aud` and `azp`, which id_token and logout token have in common. kClaimIss;
// kClaimAud: we are not in it, or it is neither a text nor a list of texts; kClaimAzp: not us, or missing beside
// several audiences.
CheckStatus CheckParties(const Provider& provider, const Json& claims);

// `sid` where it is there: kClaimSid when it is no usable text. Empty without one.
Checked<std::string> SessionIdOf(const Json& claims);

// Made by Check alone. Holds the access token for userinfo and the id_token as a hint for the logout: secrets.
class ValidatedIdToken {
 public:
  // The group C of RefusalReason. REQUIRES: `jwt` verified tokens.id_token(); kSignatureBad where it is another.
  static Checked<ValidatedIdToken> Check(const ReadyProvider& provider, TokenResponse tokens, const VerifiedJwt& jwt,
                                         Instant now);

  const std::string& subject() const { return subject_; }
  const std::string& session_id() const { return session_id_; }  // `sid`; empty without one
  const std::string& level() const { return level_; }            // empty: not said, or said in userinfo
  const std::optional<Instant>& auth_time() const { return auth_time_; }
  const Json& claims() const { return jwt_.claims(); }
  const std::string& access_token() const { return access_token_; }
  const std::string& text() const { return text_; }
  const SignInWish& wish() const { return wish_; }
  Instant begun_at() const { return begun_at_; }  // the sign-in, here

 private:
  explicit ValidatedIdToken(VerifiedJwt jwt) : jwt_(std::move(jwt)) {}

  VerifiedJwt jwt_;
  std::string subject_, session_id_, level_, access_token_, text_;
  std::optional<Instant> auth_time_;
  SignInWish wish_;
  Instant begun_at_;
};

// The level that `claims` state, by the profile's order: kClaimAcr when `least` is not reached, the level is unknown
// or of the wrong kind, or it is missing although one is asked for. Empty without a level.
Checked<std::string> LevelReached(const Provider& provider, const Json& claims, const std::string& least);

}  // namespace mc::sso
