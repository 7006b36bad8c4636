// Ending a sign-in: at our side (RP-Initiated Logout 1.0) and at the provider's (Back-Channel Logout 1.0).
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "core/digest.h"
#include "core/random.h"
#include "core/time.h"
#include "sso/jws.h"
#include "sso/provider.h"
#include "sso/refusal.h"

namespace mc::sso {

// --- at our side

struct BegunLogout {
  std::string url;    // the browser goes there, with 303, after its session has ended here
  std::string state;  // expected back at logout_redirect_uri; empty: the provider does not send the browser back
};
// nullopt: the provider has no address for it; the session ends here alone. `id_token` is the hint: Identity::id_token.
std::optional<BegunLogout> BeginLogout(const ReadyProvider& provider, std::string_view id_token, RandomSource& random);

// The query with which the browser comes back. kLogoutReturn: no state, or another; kCallbackMalformed,
// kCallbackDuplicate. REQUIRES: `state` of a BegunLogout, not empty.
CheckStatus CheckLogoutReturn(std::string_view query, std::string_view state);

// --- at the provider's side

inline constexpr std::int64_t kLogoutAgeMostSecs = 120;   // from `iat` to us
inline constexpr std::size_t kLogoutTokensMost = 10'000;  // remembered; past it the oldest is dropped
inline constexpr std::size_t kTokenIdLimitBytes = 255;

// What a POST to our back-channel address brought.
struct LogoutRequest {
  std::string method, content_type, query, body;
};
// The token in it, of right form. kLogoutRequest: not a POST of a form with exactly one logout_token; the reasons of
// ParseJws.
Checked<UnverifiedJws> CheckLogoutRequest(const ReadyProvider& provider, const LogoutRequest& request);

// Logout tokens taken lately, by issuer and `jti` (section 2.6 step 8), in memory. Safe from any thread.
class LogoutTokens {
 public:
  // False: it was taken before. Forgets tokens that are too old to pass anyway.
  bool Take(std::string_view issuer, std::string_view token_id, Instant now);

 private:
  std::mutex lock_;  // guards both
  std::map<Digest, Instant> taken_;
  std::multimap<Instant, Digest> by_age_;
};

// A provider's order to end sessions: those of `session_id` where it is there, else all of `subject`. Made by Check
// alone.
class LogoutOrder {
 public:
  // The group G of RefusalReason, and the claims' of group C that it has in common with an id_token.
  static Checked<LogoutOrder> Check(const ReadyProvider& provider, const VerifiedJwt& jwt, LogoutTokens& taken,
                                    Instant now);
  const std::string& issuer() const { return issuer_; }
  const std::string& subject() const { return subject_; }        // may be empty
  const std::string& session_id() const { return session_id_; }  // may be empty, but never both are

 private:
  LogoutOrder() = default;
  std::string issuer_, subject_, session_id_;
};

// Section 2.8: what the provider is answered, always with "Cache-Control: no-store".
inline int LogoutStatus(const Checked<LogoutOrder>& order) { return order.ok() ? 200 : 400; }

}  // namespace mc::sso
