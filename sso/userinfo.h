// Who it is: the userinfo answer (OpenID Connect Core section 5.3) and the personal number in it, which leaves this
// file only as its keyed HMAC. Pure functions; safe from any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/http.h"
#include "core/time.h"
#include "sso/id_token.h"

namespace mc::sso {

// A person as a provider proves them, after every check. Made by CheckUserinfoResponse and IdentityFromIdToken alone;
// a session may be begun from nothing else.
class Identity {
 public:
  const std::string& provider() const { return provider_; }  // id in the settings
  const std::string& issuer() const { return issuer_; }
  const std::string& subject() const { return subject_; }
  const std::string& session_id() const { return session_id_; }    // the provider's, for its logout; may be empty
  const std::string& person_hmac() const { return person_hmac_; }  // as Person::national_id_hmac
  const std::string& level() const { return level_; }              // empty: none known
  const std::optional<Instant>& auth_time() const { return auth_time_; }
  const std::string& id_token() const { return id_token_; }  // the hint for a logout: a secret
  const std::string& return_path() const { return return_path_; }
  Instant sign_in_begun_at() const { return begun_at_; }
  bool showed_anew() const { return anew_; }  // max_age 0 was asked for: a step-up

 private:
  Identity() = default;
  friend class IdentityMaker;

  std::string provider_, issuer_, subject_, session_id_, person_hmac_, level_, id_token_, return_path_;
  std::optional<Instant> auth_time_;
  Instant begun_at_;
  bool anew_ = false;
};

// Whether the profile reads anything from userinfo; without, no call is made.
bool AsksUserinfo(const Provider& provider);

// The access token in the header alone (RFC 6750 section 2.1).
HttpRequest UserinfoRequest(const ReadyProvider& provider, const ValidatedIdToken& token);

// The same with any access token.
HttpRequest BearerRequest(const ReadyProvider& provider, const std::string& access_token);

// kUserinfoUnreachable, kUserinfoStatus, kUserinfoMalformed; kUserinfoSubject: `sub` is missing or not the id_token's
// (Core section 5.3.2); kClaimAcr; kIdentityKind, kIdentityMissing, kIdentityMalformed. `person_key` is the one that
// the directory was imported with.
Checked<Identity> CheckUserinfoResponse(const ReadyProvider& provider, const ValidatedIdToken& token,
                                        const Result<HttpResponse>& answer, std::string_view person_key);

// For a profile that reads nothing from userinfo; kIdentityMissing for one that does. The other reasons as above.
Checked<Identity> IdentityFromIdToken(const ReadyProvider& provider, const ValidatedIdToken& token,
                                      std::string_view person_key);

// For CheckEncryptedUserinfo (sso/encrypted.h), which alone calls it: the person of a provider without id_token.
Checked<Identity> IdentityFromEncrypted(const ReadyProvider& provider, const PendingSignIn& begun, const Json& userinfo,
                                        std::string_view person_key);

}  // namespace mc::sso
