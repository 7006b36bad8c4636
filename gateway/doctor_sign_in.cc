// doctor: the identity providers, and what their settings switch off.
#include "core/digest.h"
#include "core/http_peer.h"
#include "gateway/doctor.h"
#include "gateway/identity_providers.h"
#include "sso/discovery.h"
#include "sso/exchange.h"
#include "sso/key_set.h"

namespace mc {
namespace {

Finding ProviderFinding(const std::string& id, const std::string& code, const std::string& detail) {
  return {"provider", id, code.empty() ? FindingState::kOk : FindingState::kFault, code, detail};
}

Finding RefusedBy(const std::string& id, sso::RefusalReason reason) {
  return ProviderFinding(id, std::string(sso::Code(reason)), std::string(sso::AuditText(reason)));
}

// VNeID's own exchange shows no keys: that its two addresses answer over TLS is all that can be asked of it. Whether
// our key is the one it seals for is shown by a sign-in alone; here stands what people can compare.
Finding AskEncrypted(const sso::Provider& provider, HttpClient& http) {
  const std::string& id = provider.settings.id;
  const sso::Endpoints& endpoints = provider.profile.endpoints;
  const std::pair<const std::string*, sso::RefusalReason> asked[] = {
      {&endpoints.token, sso::RefusalReason::kTokenUnreachable},
      {&endpoints.userinfo, sso::RefusalReason::kUserinfoUnreachable}};
  for (const auto& [address, reason] : asked) {
    if (!http.Send(sso::ProviderRequest("GET", *address)).ok()) return RefusedBy(id, reason);
  }
  return ProviderFinding(id, "",
                         provider.profile.address + ", our public key has SHA-256 " +
                             ToHex(AsBytes(provider.private_key->PublicDigest())));
}

// Discovery where the profile asks for it, then the keys: what a sign-in needs before anybody is there.
Finding AskProvider(const sso::Provider& provider, const std::string& ca_file) {
  const std::string& id = provider.settings.id;
  const auto http = MakePeerClient({}, ca_file);
  std::optional<sso::ReadyProvider> ready;
  if (provider.profile.discovery) {
    auto answer = sso::CheckDiscoveryResponse(provider, http->Send(sso::DiscoveryRequest(provider)));
    if (!answer.ok()) return RefusedBy(id, answer.error());
    ready = std::move(*answer);
  } else {
    auto pinned = sso::ReadyProvider::Make(provider);
    if (!pinned.ok()) return ProviderFinding(id, pinned.error().code, pinned.error().message);
    ready = std::move(*pinned);
  }
  if (provider.encrypted()) return AskEncrypted(provider, *http);
  const auto keys = sso::CheckKeySetResponse(*ready, http->Send(sso::KeySetRequest(*ready)));
  if (!keys.ok()) return RefusedBy(id, keys.error());
  return ProviderFinding(id, "", provider.profile.address);
}

}  // namespace

std::vector<Finding> CheckSignInProviders(const SignInSettings& settings) {
  std::vector<Finding> findings;
  std::vector<sso::Provider> providers;
  for (const auto& [id, setting] : settings.providers) {
    auto provider = ProviderOf(settings, setting);
    if (!provider.ok()) {
      findings.push_back(ProviderFinding(id, provider.error().code, provider.error().message));
      continue;
    }
    findings.push_back(AskProvider(*provider, setting.ca_file));
    providers.push_back(std::move(*provider));
  }
  const auto relaxed = sso::RelaxationsOf(providers);
  for (const sso::RelaxationFinding& each : relaxed) {
    findings.push_back(
        {"relaxations", each.provider + "/" + each.relaxation, FindingState::kWarning, "relaxed", each.meaning});
  }
  if (relaxed.empty()) findings.push_back({"relaxations", "", FindingState::kOk, "", "none"});
  return findings;
}

}  // namespace mc
