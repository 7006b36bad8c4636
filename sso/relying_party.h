// One provider, whole: the steps of the other headers in their order, with one audit line for every refusal.
//
// Safe from any thread; what it borrows must outlive it. It makes no session: an Identity is what a session may be
// begun from.
#pragma once

#include <string>
#include <string_view>

#include "core/audit.h"
#include "core/http.h"
#include "core/random.h"
#include "core/time.h"
#include "sso/authorization.h"
#include "sso/key_set.h"
#include "sso/logout.h"
#include "sso/userinfo.h"

namespace mc::sso {

// What all providers of one gateway share.
struct SharedParts {
  const Clock& clock;
  RandomSource& random;  // safe from any thread, or called by one alone
  AuditSink& audit;
  PendingSignIns& pending;
  std::string person_key;  // as the directory was imported with: a secret
};

class RelyingParty {
 public:
  RelyingParty(ReadyProvider provider, SharedParts& parts)
      : provider_(std::move(provider)), parts_(parts), keys_(provider_, parts.clock) {}

  const ReadyProvider& provider() const { return provider_; }

  // Remembers the sign-in. kConfig "bad_wish"; the errors of where sign-ins under way are kept.
  Result<BegunSignIn> Begin(SignInWish wish);

  // The whole way from a browser's return to a person. `http` is the calling thread's own; at most four calls go
  // through it: token, keys, keys once more, userinfo. A refusal is written to the audit, once.
  Checked<Identity> Finish(const Callback& callback, HttpClient& http);

  // A logout that the provider orders. The answer to it is LogoutStatus(result). Order and refusal are written to
  // the audit, once.
  Checked<LogoutOrder> TakeLogout(const LogoutRequest& request, HttpClient& http);

 private:
  Checked<Identity> Identify(const Callback& callback, HttpClient& http);
  Checked<Identity> IdentifyEncrypted(ValidatedResponse response, HttpClient& http);
  Checked<LogoutOrder> ReadLogout(const LogoutRequest& request, HttpClient& http);
  void Write(std::string_view event, std::string_view reason, std::string_view text);

  const ReadyProvider provider_;
  SharedParts& parts_;
  KeySetCache keys_;
  LogoutTokens logout_tokens_;
};

}  // namespace mc::sso
