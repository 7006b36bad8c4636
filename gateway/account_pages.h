// What a signed-in person sees of themselves: who they are, their open sessions; and the same for programs,
// /api/v1/me. Safe from any thread; what it borrows outlives it.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gateway/identity_providers.h"
#include "gateway/page_texts.h"
#include "gateway/serve.h"
#include "gateway/web_gate.h"
#include "sso/sessions.h"

namespace mc {

class AccountPages {
 public:
  struct Parts {
    const std::vector<std::unique_ptr<IdentityProvider>>& providers;
    sso::Sessions& sessions;
    WebGate& gate;
    AuditSink& audit;
    const Clock& clock;
    // What the first page offers besides: HTML.
    std::function<std::string(Language, const Caller&)> links;
  };
  explicit AccountPages(Parts parts) : parts_(std::move(parts)) {}

  void AddTo(HttpServer& server);

  RouteAnswer Home(const RouteRequest& request);    // GET /
  RouteAnswer Revoke(const RouteRequest& request);  // POST /sessions/end, of a form with "session": its handle
  RouteAnswer Me(const RouteRequest& request);      // GET /api/v1/me

 private:
  std::string WhoHtml(Language language, const Caller& caller);
  std::string SessionsHtml(Language language, const Caller& caller);
  std::string ProviderTitle(const std::string& id) const;
  std::string LogoutOrigins() const;

  const Parts parts_;
};

}  // namespace mc
