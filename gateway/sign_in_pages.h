// Signing in, stepping up and signing out, as pages (docs/operating/sign-in.md):
//
//   GET  /sign-in                      a button per provider; leads on at once where there is one alone
//   GET  /sign-in/{p}                  to the provider, with a cookie for this one sign-in
//   GET  /sign-in/{p}/callback         back from it (POST for one that posts); session, then where the person was going
//   POST /sign-in/{p}/backchannel-logout  the provider ends sessions: 200, or 400 (Back-Channel Logout section 2.8)
//   GET  /step-up?to=                  the person shows anew who they are, surely enough; `with` names another provider
//                                      than the session's, which a page offers where that one cannot ask for it
//   POST /sign-out, GET /sign-out/done here, then at the provider
//
// Safe from any thread; what it borrows outlives it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/audit.h"
#include "gateway/identity_providers.h"
#include "gateway/people.h"
#include "gateway/serve.h"
#include "gateway/web_gate.h"
#include "sso/sessions.h"

namespace mc {

class SignInPages {
 public:
  struct Parts {
    const std::vector<std::unique_ptr<IdentityProvider>>& providers;
    sso::Sessions& sessions;
    const People& people;
    WebGate& gate;
    AuditSink& audit;
    RandomSource& random;
    const Clock& clock;
    std::string contact;  // whom somebody asks who is not in the directory
  };
  explicit SignInPages(Parts parts) : parts_(std::move(parts)) {}

  void AddTo(HttpServer& server);

  // One function per route, for tests without a socket.
  RouteAnswer Choose(const RouteRequest& request);
  RouteAnswer Begin(const RouteRequest& request);
  RouteAnswer Callback(const RouteRequest& request);
  RouteAnswer StepUp(const RouteRequest& request);
  RouteAnswer SignOut(const RouteRequest& request);
  RouteAnswer SignedOut(const RouteRequest& request);
  RouteAnswer BackchannelLogout(const RouteRequest& request);

 private:
  IdentityProvider* Find(const std::string& id) const;
  RouteAnswer ToProvider(const RouteRequest& request, IdentityProvider& provider, sso::SignInWish wish);
  RouteAnswer Admit(const RouteRequest& request, const sso::Identity& identity);
  RouteAnswer BeginSession(const RouteRequest& request, const sso::Identity& identity, const KnownPerson& person);
  RouteAnswer Refuse(const RouteRequest& request, const std::string& provider, std::string_view reason,
                     std::string_view kind, int status);
  RouteAnswer RefuseAs(const RouteRequest& request, sso::RefusalReason reason);
  RouteAnswer StepUpElsewhere(const RouteRequest& request, const IdentityProvider& asked);
  RouteAnswer UnknownPerson(const RouteRequest& request);
  void Write(const std::string& event, const std::string& provider, std::string_view reason = "");

  const Parts parts_;
};

}  // namespace mc
