#include "gateway/machine_gate.h"

#include "core/text.h"

namespace mc {
namespace {

constexpr std::int64_t kStaleRetrySecs = 5;

}  // namespace

RouteAnswer ComeAgain(int status, const std::string& detail, std::int64_t seconds) {
  RouteAnswer answer = ProblemAnswer(status, TitleOf(status), detail);
  answer.headers.emplace_back("Retry-After", std::to_string(seconds));
  return answer;
}

std::string CredentialsOf(const RouteRequest& request, std::string_view scheme) {
  const auto found = request.headers.find("authorization");
  if (found == request.headers.end() || found->second.size() <= scheme.size()) return "";
  const std::string_view value = found->second;
  if (ToLowerAscii(value.substr(0, scheme.size())) != ToLowerAscii(scheme) || value[scheme.size()] != ' ') return "";
  return std::string(Trim(value.substr(scheme.size())));
}

void MachineGate::Tell(const std::string& client, const std::string& reason) {
  audit_.Write({clock_.Now(), "machine_refused", client, reason, "a machine's request was refused"});
}

// RFC 6750 section 3.1. The client is told that the token is not good, and nothing of why.
RouteAnswer MachineGate::Unauthorized(const std::string& client, const std::string& reason) {
  Tell(client, reason);
  RouteAnswer answer = ProblemAnswer(401, TitleOf(401), "the access token is not good: ask for another one");
  answer.headers.emplace_back("WWW-Authenticate", R"(Bearer error="invalid_token")");
  return answer;
}

Result<std::shared_ptr<const MachineClient>, RouteAnswer> MachineGate::Enter(const RouteRequest& request) {
  // RFC 6750 section 2.3 is not served: what stands in an address is logged everywhere.
  if (!request.query.empty()) {
    Tell("", "query");
    return ProblemAnswer(400, TitleOf(400), "this address takes no parameters; a token stands in Authorization alone");
  }
  const std::string token = CredentialsOf(request, "Bearer");
  if (token.empty()) {
    Tell("", "token_missing");
    RouteAnswer answer = ProblemAnswer(401, TitleOf(401), "give an access token of POST /oauth/token as Bearer");
    answer.headers.emplace_back("WWW-Authenticate", "Bearer");
    return answer;
  }
  const auto grant = keys_.Check(token, clock_.Now());
  if (!grant.ok()) return Unauthorized("", std::string(sso::Code(grant.error())));
  auto client = clients_.Find(grant->client);
  if (!client.ok()) return ComeAgain(503, client.error().message, kStaleRetrySecs);
  if (!*client) return Unauthorized("", "client_unknown");
  if ((*client)->revoked_at) return Unauthorized(grant->client, "client_revoked");
  if ((*client)->scope != grant->scope) return Unauthorized(grant->client, "claim_scope");
  return std::move(client).value();
}

Result<std::shared_ptr<const MachineClient>, RouteAnswer> MachineGate::EnterFor(const RouteRequest& request,
                                                                                const std::string& scope) {
  MC_TRY(auto client, Enter(request));
  if (client->scope == scope) return client;
  Tell(client->id, "scope");
  RouteAnswer answer = ProblemAnswer(403, TitleOf(403), "the client's scope is another one; nothing was taken");
  answer.headers.emplace_back("WWW-Authenticate", R"(Bearer error="insufficient_scope")");
  return answer;
}

std::optional<RouteAnswer> MachineGate::Refuse(const RouteRequest& request, const std::string& scope) {
  const auto client = EnterFor(request, scope);
  if (!client.ok()) return client.error();
  const std::string& id = (*client)->id;
  if (const auto wait = limit_.Take(id, clock_.Now())) {
    Tell(id, "rate");
    return ComeAgain(429, "too many requests of this client: wait, then send the same again", *wait);
  }
  return std::nullopt;
}

std::optional<RouteAnswer> MachineGate::RefuseWhole(const RouteRequest& request, const std::string& scope) {
  const auto client = EnterFor(request, scope);
  return client.ok() ? std::nullopt : std::optional(client.error());
}

}  // namespace mc
