#include "sso/discovery.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "sso/exchange.h"
#include "sso/jws.h"
#include "sso/strict_json.h"
#include "sso/url.h"

namespace mc::sso {
namespace {

constexpr std::string_view kWellKnown = "/.well-known/openid-configuration";

// Whether the list `name` holds `value`; `if_absent` where the provider does not say.
bool Offers(const Json& said, std::string_view name, std::string_view value, bool if_absent) {
  const auto found = said.find(name);
  if (found == said.end()) return if_absent;
  return found->is_array() && std::find(found->begin(), found->end(), Json(value)) != found->end();
}

// One address: compared with what is pinned, or filled in when it is of the provider's own origin.
CheckStatus Fill(const Json& said, std::string_view name, const std::string& origin, std::string& pinned) {
  const TextMember member = TextOf(said, name, kUrlLimitBytes);
  if (member.presence == Presence::kWrong) return RefusalReason::kDiscoveryMalformed;
  if (member.presence == Presence::kAbsent) return Unit{};
  if (!pinned.empty()) {
    return member.text == pinned ? CheckStatus(Unit{}) : CheckStatus(RefusalReason::kDiscoveryPinned);
  }
  const auto url = ParseUrl(member.text);
  if (!url || url->origin != origin) return RefusalReason::kDiscoveryEndpoint;
  pinned = member.text;
  return Unit{};
}

CheckStatus FillAll(const Json& said, const std::string& origin, Endpoints& endpoints) {
  MC_CHECK_OK(Fill(said, "authorization_endpoint", origin, endpoints.authorization));
  MC_CHECK_OK(Fill(said, "token_endpoint", origin, endpoints.token));
  MC_CHECK_OK(Fill(said, "userinfo_endpoint", origin, endpoints.userinfo));
  MC_CHECK_OK(Fill(said, "jwks_uri", origin, endpoints.jwks));
  MC_CHECK_OK(Fill(said, "end_session_endpoint", origin, endpoints.end_session));
  return Unit{};
}

// Defaults of absent members: Discovery section 3, RFC 8414 section 2 (no code_challenge_methods_supported: no PKCE).
bool IsSupported(const Json& said, const ProviderProfile& profile) {
  const char* auth = profile.client_auth == ClientAuth::kBasic ? "client_secret_basic" : "client_secret_post";
  const char* mode = profile.response_mode == ResponseMode::kQuery ? "query" : "form_post";
  return Offers(said, "response_types_supported", "code", false) &&
         Offers(said, "code_challenge_methods_supported", "S256", false) &&
         Offers(said, "id_token_signing_alg_values_supported", AlgorithmName(profile.algorithm), false) &&
         Offers(said, "token_endpoint_auth_methods_supported", auth, profile.client_auth == ClientAuth::kBasic) &&
         Offers(said, "response_modes_supported", mode, profile.response_mode == ResponseMode::kQuery);
}

}  // namespace

HttpRequest DiscoveryRequest(const Provider& provider) {
  return ProviderRequest("GET", provider.profile.address + std::string(kWellKnown), kDiscoveryLimitBytes);
}

Checked<ReadyProvider> CheckDiscoveryResponse(const Provider& provider, const Result<HttpResponse>& answer) {
  if (!answer.ok()) {
    return WasTooLong(answer.error()) ? RefusalReason::kDiscoveryMalformed : RefusalReason::kDiscoveryUnreachable;
  }
  if (answer->status != 200) return RefusalReason::kDiscoveryUnreachable;
  const auto said = AnsweredObject(*answer, kDiscoveryLimitBytes);
  if (!said) return RefusalReason::kDiscoveryMalformed;
  // Discovery section 4.3: exactly, as texts.
  if (TextOf(*said, "issuer", kUrlLimitBytes).text != provider.profile.issuer) return RefusalReason::kDiscoveryIssuer;
  Provider filled = provider;
  MC_CHECK_OK(FillAll(*said, ParseUrl(provider.profile.address)->origin, filled.profile.endpoints));
  if (!IsSupported(*said, provider.profile)) return RefusalReason::kDiscoveryUnsupported;
  // RFC 9207 section 3: what the provider says of itself can only make us stricter.
  if (said->value("authorization_response_iss_parameter_supported", Json()) == Json(true)) {
    filled.profile.names_issuer = true;
  }
  auto ready = ReadyProvider::Make(std::move(filled));
  if (!ready.ok()) return RefusalReason::kDiscoveryMalformed;
  return std::move(ready).value();
}

}  // namespace mc::sso
