#include "sso/provider.h"

#include <algorithm>
#include <array>

#include "sso/url.h"

namespace mc::sso {
namespace {

struct RelaxationRow {
  std::string_view name, meaning;
};
constexpr std::array<RelaxationRow, 3> kRelaxations = {{
    {"no_nonce_echo", "an id_token without our nonce is accepted, so that a stolen one is told only by state and PKCE"},
    {"issuer_differs", "the issuer's name is not of the address that is asked, so that the name alone proves nothing"},
    {"plain_loopback", "answers of this machine are accepted without TLS: for trying things out, never for service"},
}};

Error Unfit(const std::string& provider, const std::string& what) {
  return ConfigError("provider_unfit", "provider \"" + provider + "\": " + what);
}

// An address that we ask, or under which we are asked.
Status CheckAddress(const Provider& provider, const std::string& what, const std::string& address) {
  const auto url = ParseUrl(address);
  if (!url) return Unfit(provider.settings.id, what + " must be an absolute https address without user and fragment");
  if (url->https) return Ok();
  if (!url->loopback) return Unfit(provider.settings.id, what + " must be https");
  if (provider.Relaxes(Relaxation::kPlainLoopback)) return Ok();
  return Unfit(provider.settings.id, what + " is plain http: use https, or relax \"plain_loopback\" to try things out");
}

// The issuer is compared, never asked; still, an issuer of elsewhere is a thing to say aloud.
Status CheckIssuer(const Provider& provider) {
  const auto issuer = ParseUrl(provider.profile.issuer);
  if (!issuer || issuer->has_query) {
    return Unfit(provider.settings.id, "issuer must be an absolute address without query and fragment");
  }
  const bool same = issuer->origin == ParseUrl(provider.profile.address)->origin;
  if (same || provider.Relaxes(Relaxation::kIssuerDiffers)) return Ok();
  return Unfit(provider.settings.id,
               "issuer and address are of different hosts: correct one, or relax "
               "\"issuer_differs\" where the provider is known to do so");
}

Status CheckAddresses(const Provider& provider) {
  MC_CHECK_OK(CheckAddress(provider, "address", provider.profile.address));
  if (ParseUrl(provider.profile.address)->has_query || provider.profile.address.ends_with('/')) {
    return Unfit(provider.settings.id, "address must have neither a query nor a slash at its end");
  }
  MC_CHECK_OK(CheckIssuer(provider));
  MC_CHECK_OK(CheckAddress(provider, "redirect_uri", provider.settings.redirect_uri));
  if (!provider.settings.logout_redirect_uri.empty()) {
    MC_CHECK_OK(CheckAddress(provider, "logout_redirect_uri", provider.settings.logout_redirect_uri));
  }
  const Endpoints& pinned = provider.profile.endpoints;
  const std::pair<const char*, const std::string*> all[] = {{"endpoints.authorization", &pinned.authorization},
                                                            {"endpoints.token", &pinned.token},
                                                            {"endpoints.userinfo", &pinned.userinfo},
                                                            {"endpoints.jwks", &pinned.jwks},
                                                            {"endpoints.end_session", &pinned.end_session}};
  for (const auto& [name, address] : all) {
    if (!address->empty()) MC_CHECK_OK(CheckAddress(provider, name, *address));
  }
  return Ok();
}

Status CheckSettings(const Provider& provider) {
  const ProviderSettings& settings = provider.settings;
  if (settings.client_id.empty()) return Unfit(settings.id, "client_id is missing: the provider gives one");
  if (settings.client_secret.empty()) return Unfit(settings.id, "client_secret is missing: the provider gives one");
  if (!settings.least_level.empty() && !provider.LevelOf(settings.least_level)) {
    return Unfit(settings.id, "least_level is none of the profile's level.order");
  }
  return Ok();
}

// What this flow has not, a profile cannot ask for.
Status CheckEncrypted(const Provider& provider) {
  const ProviderProfile& profile = provider.profile;
  const bool fits = !profile.discovery && profile.client_auth == ClientAuth::kPost &&
                    profile.response_mode == ResponseMode::kQuery && !profile.names_issuer &&
                    profile.person.from == ClaimSource::kUserinfo &&
                    (profile.level.order.empty() || profile.level.from == ClaimSource::kUserinfo);
  if (fits) return Ok();
  return Unfit(provider.settings.id,
               "flow \"encrypted_oauth2\" needs client_secret_post, answers in the query, person and level from "
               "userinfo, and neither discovery nor names_issuer");
}

Result<std::shared_ptr<const PrivateKey>> KeyOf(const Provider& provider) {
  if (provider.settings.private_key.empty()) {
    return Unfit(provider.settings.id,
                 "private_key is missing: make one (openssl genrsa -out FILE 3072), and give the provider its public "
                 "half (openssl pkey -in FILE -pubout)");
  }
  auto key = PrivateKey::FromPem(provider.settings.private_key);
  if (!key.ok()) return Unfit(provider.settings.id, "private_key " + key.error().message);
  return std::shared_ptr<const PrivateKey>(std::make_shared<PrivateKey>(std::move(key).value()));
}

bool IsComplete(const Provider& provider) {
  const Endpoints& all = provider.profile.endpoints;
  const bool asks_userinfo =
      provider.profile.person.from == ClaimSource::kUserinfo ||
      (provider.profile.level.from == ClaimSource::kUserinfo && !provider.profile.level.order.empty());
  return !all.authorization.empty() && !all.token.empty() && (provider.encrypted() || !all.jwks.empty()) &&
         (!asks_userinfo || !all.userinfo.empty());
}

}  // namespace

std::string_view Name(Relaxation relaxation) { return kRelaxations.at(static_cast<std::size_t>(relaxation)).name; }
std::string_view Explain(Relaxation relaxation) {
  return kRelaxations.at(static_cast<std::size_t>(relaxation)).meaning;
}

std::optional<Relaxation> RelaxationFrom(std::string_view name) {
  for (std::size_t i = 0; i < kRelaxations.size(); ++i) {
    if (kRelaxations[i].name == name) return static_cast<Relaxation>(i);
  }
  return std::nullopt;
}

bool Provider::Relaxes(Relaxation relaxation) const {
  const auto& given = settings.relaxations;
  return std::find(given.begin(), given.end(), relaxation) != given.end();
}

std::optional<std::size_t> Provider::LevelOf(std::string_view name) const {
  const auto& order = profile.level.order;
  const auto found = std::find(order.begin(), order.end(), name);
  if (found == order.end()) return std::nullopt;
  return static_cast<std::size_t>(found - order.begin());
}

Result<Provider> MakeProvider(ProviderProfile profile, ProviderSettings settings) {
  Provider provider{std::move(profile), std::move(settings), nullptr};
  if (!provider.settings.address.empty()) provider.profile.address = provider.settings.address;
  if (!provider.settings.issuer.empty()) provider.profile.issuer = provider.settings.issuer;
  if (provider.profile.issuer.empty()) provider.profile.issuer = provider.profile.address;
  if (provider.encrypted()) {
    MC_CHECK_OK(CheckEncrypted(provider));
    MC_TRY(provider.private_key, KeyOf(provider));
  } else if (!provider.settings.private_key.empty()) {
    return Unfit(provider.settings.id, "private_key is of no use to this profile: leave it out");
  }
  MC_CHECK_OK(CheckSettings(provider));
  MC_CHECK_OK(CheckAddresses(provider));
  return provider;
}

std::vector<RelaxationFinding> RelaxationsOf(const std::vector<Provider>& providers) {
  std::vector<RelaxationFinding> found;
  for (const Provider& provider : providers) {
    if (provider.encrypted()) {
      found.push_back({provider.settings.id, "encrypted_oauth2",
                       "no id_token and no nonce; answers are sealed but not signed, so that TLS, state and cookie are "
                       "all that binds a person to this browser"});
    }
    for (const Relaxation relaxation : provider.settings.relaxations) {
      found.push_back({provider.settings.id, std::string(Name(relaxation)), std::string(Explain(relaxation))});
    }
  }
  return found;
}

Result<ReadyProvider> ReadyProvider::Make(Provider provider) {
  if (IsComplete(provider)) return ReadyProvider(std::move(provider));
  return ConfigError("provider_incomplete", "provider \"" + provider.settings.id +
                                                "\": an endpoint is missing: write it in the profile, or set "
                                                "\"discovery\": true there");
}

}  // namespace mc::sso
