// Which machine sends this request, for every route that a machine may use: RFC 6750, with the tokens of
// sso/access_token.h. Default: none.
//
// A token is good for what stands in its scope and nothing else; it never gives a person's role. Its client is looked
// up at every request, so that one that was revoked is refused as soon as that is known here (gateway/known_clients.h),
// with tokens that it still holds. Safe from any thread; what it borrows outlives it.
#pragma once

#include <optional>
#include <string>

#include "core/audit.h"
#include "gateway/known_clients.h"
#include "gateway/rate_limit.h"
#include "gateway/route.h"
#include "sso/access_token.h"

namespace mc {

class MachineGate {
 public:
  MachineGate(const KnownClients& clients, const sso::TokenKeys& keys, AuditSink& audit, const Clock& clock,
              std::int64_t requests_per_minute)
      : clients_(clients), keys_(keys), audit_(audit), clock_(clock), limit_(requests_per_minute) {}

  // Nothing: the request comes from a machine whose scope is `scope`. Else its answer: 400, 401, 403, 429 or 503.
  std::optional<RouteAnswer> Refuse(const RouteRequest& request, const std::string& scope);
  // The same of a request that was let in and is whole now: a client may have been revoked while its body came. No 429,
  // because it was counted.
  std::optional<RouteAnswer> RefuseWhole(const RouteRequest& request, const std::string& scope);

 private:
  // The client of that scope, or why not.
  Result<std::shared_ptr<const MachineClient>, RouteAnswer> EnterFor(const RouteRequest& request,
                                                                     const std::string& scope);
  // The client, or why not.
  Result<std::shared_ptr<const MachineClient>, RouteAnswer> Enter(const RouteRequest& request);
  RouteAnswer Unauthorized(const std::string& client, const std::string& reason);
  void Tell(const std::string& client, const std::string& reason);

  const KnownClients& clients_;
  const sso::TokenKeys& keys_;
  AuditSink& audit_;
  const Clock& clock_;
  RateLimit limit_;
};

// What any answer about machines says of time: 503 while nobody can be told from anybody, 429 past a limit.
RouteAnswer ComeAgain(int status, const std::string& detail, std::int64_t seconds);

// What stands behind `scheme` and a blank in Authorization, the scheme in any letter case; empty without one.
std::string CredentialsOf(const RouteRequest& request, std::string_view scheme);

}  // namespace mc
