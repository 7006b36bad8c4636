// POST /oauth/token: an access token for a machine that shows its client's secret (RFC 6749 section 4.4), and
// GET /oauth/jwks: the public keys that such tokens are signed with (RFC 7517).
//
// The secret comes by HTTP Basic alone (section 2.3.1; never in the form, never in the address), and is looked at
// before the body is read. Who has no good one costs one hash; who has, one signature, so many times a minute.
// Safe from any thread; what it borrows outlives it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "core/audit.h"
#include "core/random.h"
#include "gateway/known_clients.h"
#include "gateway/rate_limit.h"
#include "gateway/serve.h"
#include "sso/access_token.h"

namespace mc {

inline constexpr const char* kTokenPath = "/oauth/token";
inline constexpr const char* kKeySetPath = "/oauth/jwks";
inline constexpr std::int64_t kTokenBodyLimitBytes = 4 * 1024;
inline constexpr std::int64_t kTokensPerMinute = 30;             // of one client
inline constexpr std::int64_t kUnknownClientsPerMinute = 1'200;  // of all who show no good secret together

class TokenEndpoint {
 public:
  TokenEndpoint(const KnownClients& clients, const sso::TokenKeys& keys, AuditSink& audit, const Clock& clock)
      : clients_(clients), keys_(keys), audit_(audit), clock_(clock) {}

  // Before the body is read: the answer of a request that is refused.
  std::optional<RouteAnswer> Refuse(const RouteRequest& request);
  RouteAnswer Answer(const RouteRequest& request);
  RouteAnswer KeySet() const;

  // REQUIRES: it outlives the server.
  void AddTo(HttpServer& server);

 private:
  using Shown = Result<std::shared_ptr<const MachineClient>, RouteAnswer>;
  Shown Authenticate(const RouteRequest& request);
  RouteAnswer InvalidClient(const std::string& client, const std::string& reason);
  RouteAnswer Give(const MachineClient& client);
  RouteAnswer Deny(const std::string& client, const char* error, const char* text);
  void Tell(const char* event, const std::string& client, const std::string& reason);

  const KnownClients& clients_;
  const sso::TokenKeys& keys_;
  AuditSink& audit_;
  const Clock& clock_;
  SystemRandom random_;
  RateLimit given_{kTokensPerMinute};
  RateLimit refused_{kUnknownClientsPerMinute};
};

}  // namespace mc
