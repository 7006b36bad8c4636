#include "gateway/token_endpoint.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "core/digest.h"
#include "core/json.h"
#include "core/text.h"
#include "gateway/machine_gate.h"
#include "sso/form.h"

namespace mc {
namespace {

constexpr std::int64_t kNotToldRetrySecs = 5;
constexpr std::size_t kTokenIdBytes = 16;
constexpr const char* kFormType = "application/x-www-form-urlencoded";

struct BasicPair {
  std::string client, secret;
};

// RFC 7617. RFC 6749 section 2.3.1 has both form-encoded; ids and secrets of ours are letters and digits, which are so
// already, and anything else is nobody's.
BasicPair BasicOf(const RouteRequest& request) {
  const auto text = FromBase64(CredentialsOf(request, "Basic"));
  const auto colon = text ? text->find(':') : std::string::npos;
  if (colon == std::string::npos) return {};
  return {text->substr(0, colon), text->substr(colon + 1)};
}

// As long for a wrong one as for a right one.
bool SameDigest(const Digest& a, const Digest& b) {
  unsigned char difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i) difference |= static_cast<unsigned char>(a[i] ^ b[i]);
  return difference == 0;
}

bool HasSecret(const MachineClient& client, const Digest& shown, Instant now) {
  bool has = false;
  for (const ClientSecret& secret : client.secrets) has |= SameDigest(secret.sha256, shown) && secret.IsGood(now);
  return has;
}

// RFC 6749 sections 5.1 and 5.2: JSON that nobody keeps.
RouteAnswer TokenAnswer(int status, const Json& body) {
  return {status, "application/json", body.dump() + "\n", {{"Cache-Control", "no-store"}, {"Pragma", "no-cache"}}};
}

RouteAnswer ErrorAnswer(int status, const char* error, const std::string& text) {
  return TokenAnswer(status, {{"error", error}, {"error_description", text}});
}

bool IsFormType(const RouteRequest& request) {
  const auto found = request.headers.find("content-type");
  if (found == request.headers.end()) return false;
  return ToLowerAscii(Trim(std::string_view(found->second).substr(0, found->second.find(';')))) == kFormType;
}

// The value; empty where it is missing or, which is the same (RFC 6749 section 3.2), empty.
std::string FieldOf(const sso::Form& form, std::string_view name) {
  const std::string* value = sso::ValueOf(form, name);
  return value ? *value : "";
}

}  // namespace

void TokenEndpoint::Tell(const char* event, const std::string& client, const std::string& reason) {
  audit_.Write({clock_.Now(), event, client, reason, "a machine asked for an access token"});
}

RouteAnswer TokenEndpoint::Deny(const std::string& client, const char* error, const char* text) {
  Tell("token_refused", client, error);
  return ErrorAnswer(400, error, text);
}

RouteAnswer TokenEndpoint::InvalidClient(const std::string& client, const std::string& reason) {
  Tell("token_refused", client, reason);
  if (const auto wait = refused_.Take("", clock_.Now())) {
    return ComeAgain(429, "too many requests without a good secret: try again", *wait);
  }
  RouteAnswer answer = ErrorAnswer(401, "invalid_client", "no such client has that secret; give both as HTTP Basic");
  answer.headers.emplace_back("WWW-Authenticate", R"(Basic realm="minhchung")");
  return answer;
}

TokenEndpoint::Shown TokenEndpoint::Authenticate(const RouteRequest& request) {
  const BasicPair shown = BasicOf(request);
  const Digest secret = Sha256(shown.secret);  // also where no client is: that takes the same time
  if (!IsClientId(shown.client)) return InvalidClient("", "client_missing");
  auto client = clients_.Find(shown.client);
  if (!client.ok()) return ComeAgain(503, client.error().message, kNotToldRetrySecs);
  if (!*client) return InvalidClient("", "client_unknown");
  if (!HasSecret(**client, secret, clock_.Now())) return InvalidClient(shown.client, "secret_wrong");
  if ((*client)->revoked_at) return InvalidClient(shown.client, "client_revoked");
  return std::move(client).value();
}

std::optional<RouteAnswer> TokenEndpoint::Refuse(const RouteRequest& request) {
  auto client = Authenticate(request);
  if (!client.ok()) return std::move(client).error();
  const std::string& id = (*client)->id;
  if (!request.query.empty()) return Deny(id, "invalid_request", "this address takes no parameters in itself");
  if (!IsFormType(request)) return Deny(id, "invalid_request", "send a form (application/x-www-form-urlencoded)");
  return std::nullopt;
}

RouteAnswer TokenEndpoint::Answer(const RouteRequest& request) {
  auto client = Authenticate(request);  // it may have been revoked while the body came
  if (!client.ok()) return std::move(client).error();
  const MachineClient& who = **client;
  const auto form = sso::ParseForm(request.body);
  if (!form || sso::HasDuplicate(*form)) return Deny(who.id, "invalid_request", "the form cannot be read");
  const std::string grant = FieldOf(*form, "grant_type"), scope = FieldOf(*form, "scope");
  const std::string resource = FieldOf(*form, "resource"), named = FieldOf(*form, "client_id");
  if (!FieldOf(*form, "client_secret").empty() || !FieldOf(*form, "client_assertion").empty() ||
      (!named.empty() && named != who.id)) {
    return Deny(who.id, "invalid_request", "show who you are once, as HTTP Basic");
  }
  if (grant.empty()) return Deny(who.id, "invalid_request", "say grant_type=client_credentials");
  if (grant != "client_credentials") return Deny(who.id, "unsupported_grant_type", "only client_credentials is served");
  if (!scope.empty() && scope != who.scope) return Deny(who.id, "invalid_scope", "the client has another scope");
  if (!resource.empty() && resource != keys_.audience()) {
    return Deny(who.id, "invalid_target", "tokens of this address are for this gateway alone");  // RFC 8707
  }
  return Give(who);
}

RouteAnswer TokenEndpoint::Give(const MachineClient& client) {
  const Instant now = clock_.Now();
  if (const auto wait = given_.Take(client.id, now)) {
    Tell("token_refused", client.id, "rate");
    return ComeAgain(429, "too many tokens for this client: use the one that you have until it ends", *wait);
  }
  const std::string token = keys_.Sign({client.id, client.scope, ToHex(random_.Bytes(kTokenIdBytes)), now});
  if (token.empty()) return ProblemAnswer(500, TitleOf(500));
  Tell("token_given", client.id, "");
  return TokenAnswer(200, {{"access_token", token},
                           {"token_type", "Bearer"},
                           {"expires_in", sso::kAccessTokenSecs},
                           {"scope", client.scope}});
}

RouteAnswer TokenEndpoint::KeySet() const { return {200, "application/jwk-set+json", keys_.key_set() + "\n", {}}; }

void TokenEndpoint::AddTo(HttpServer& server) {
  server.Post(
      kTokenPath, [this](const RouteRequest& request) { return Refuse(request); },
      [this](const RouteRequest& request) { return Answer(request); }, kTokenBodyLimitBytes);
  server.Get(kKeySetPath, [this](const RouteRequest&) { return KeySet(); });
}

}  // namespace mc
