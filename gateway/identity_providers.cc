#include "gateway/identity_providers.h"

#include <filesystem>
#include <utility>

#include "core/http_peer.h"
#include "core/json.h"
#include "core/log.h"
#include "sso/discovery.h"
#include "sso/url.h"

#include <nlohmann/json.hpp>

namespace mc {
namespace {

constexpr std::size_t kIdleClientsMost = 16;

Error AtProvider(const std::string& id, const Error& error) {
  return ConfigError(error.code, "/sign_in/providers/" + id + ": " + error.message);
}

Status CheckPublicUrl(const std::string& public_url) {
  const auto url = sso::ParseUrl(public_url);
  if (url && url->origin == public_url && (url->https || url->loopback)) return Ok();
  return ConfigError("bad_setting",
                     "/sign_in/public_url: must be https://host or https://host:port, without a path "
                     "(http:// only for this machine, to try things out)");
}

Result<sso::ProviderSettings> ProviderSettingsOf(const SignInSettings& settings, const SignInProvider& provider) {
  sso::ProviderSettings out;
  out.id = provider.id;
  out.client_id = provider.client_id;
  MC_TRY(out.client_secret, provider.client_secret.Resolve());
  if (!provider.private_key.text.empty()) {
    MC_TRY(out.private_key, provider.private_key.Resolve());
  }
  out.redirect_uri = settings.public_url + kSignInPath + "/" + provider.id + "/callback";
  out.logout_redirect_uri = settings.public_url + kSignedOutPath;
  out.address = provider.address;
  out.issuer = provider.issuer;
  out.least_level = provider.least_level;
  for (const std::string& name : provider.relaxations) {
    const auto relaxation = sso::RelaxationFrom(name);
    if (!relaxation) return InternalError("bad_relaxation", "the relaxation " + name + " is not built");
    out.relaxations.push_back(*relaxation);
  }
  return out;
}

Result<sso::Provider> MakeProviderOf(const SignInSettings& settings, const SignInProvider& provider) {
  const auto file = std::filesystem::path(settings.profiles_dir) / (provider.profile + ".json");
  MC_TRY(const Json document, ReadJsonFile(file.string(), true));
  MC_TRY(sso::ProviderProfile profile, sso::ParseProviderProfile(document));
  MC_TRY(sso::ProviderSettings own, ProviderSettingsOf(settings, provider));
  MC_TRY(sso::Provider made, sso::MakeProvider(std::move(profile), std::move(own)));
  if (!provider.step_up_level.empty() && !made.can_step_up()) {
    return ConfigError("bad_setting", "step_up_level: this provider cannot show anew who somebody is: leave it out");
  }
  if (!provider.step_up_level.empty() && !made.LevelOf(provider.step_up_level)) {
    return ConfigError("bad_setting", "step_up_level is none of the profile's levels");
  }
  if (!made.profile.discovery) {
    MC_TRY([[maybe_unused]] const sso::ReadyProvider whole, sso::ReadyProvider::Make(made));
  }
  return made;
}

struct Waiter {
  explicit Waiter(std::atomic<int>& waiters) : all(waiters), before(waiters++) {}
  ~Waiter() { --all; }
  Waiter(const Waiter&) = delete;
  Waiter& operator=(const Waiter&) = delete;

  std::atomic<int>& all;
  const int before;
};

}  // namespace

Result<sso::Provider> ProviderOf(const SignInSettings& settings, const SignInProvider& provider) {
  MC_CHECK_OK(CheckPublicUrl(settings.public_url));
  auto made = MakeProviderOf(settings, provider);
  if (!made.ok()) return AtProvider(provider.id, made.error());
  return made;
}

ClientPool::Borrowed ClientPool::Borrow() {
  std::unique_ptr<HttpClient> client;
  {
    const std::lock_guard lock(lock_);
    if (!idle_.empty()) {
      client = std::move(idle_.back());
      idle_.pop_back();
    }
  }
  if (!client) client = make_();
  return Borrowed(*this, std::move(client));
}

ClientPool::Borrowed::~Borrowed() {
  const std::lock_guard lock(pool_.lock_);
  if (pool_.idle_.size() < kIdleClientsMost) pool_.idle_.push_back(std::move(client_));
}

IdentityProvider::IdentityProvider(sso::Provider provider, SignInProvider setting, sso::SharedParts& parts,
                                   std::function<std::unique_ptr<HttpClient>()> make_client)
    : provider_(std::move(provider)), setting_(std::move(setting)), parts_(parts), clients_(std::move(make_client)) {}

std::shared_ptr<sso::RelyingParty> IdentityProvider::Held() const {
  const std::lock_guard lock(held_lock_);
  return party_;
}

sso::Checked<sso::ReadyProvider> IdentityProvider::Discover() {
  if (provider_.profile.discovery) {
    const ClientPool::Borrowed http = clients_.Borrow();
    return sso::CheckDiscoveryResponse(provider_, (*http).Send(sso::DiscoveryRequest(provider_)));
  }
  auto ready = sso::ReadyProvider::Make(provider_);
  if (!ready.ok()) return sso::RefusalReason::kDiscoveryUnsupported;  // MakeProvider lets none of these pass
  return std::move(ready).value();
}

sso::Checked<std::shared_ptr<sso::RelyingParty>> IdentityProvider::Ready() {
  if (auto party = Held()) return party;
  const Waiter waiter(waiters_);
  if (waiter.before > kDiscoveryWaitersMost) return sso::RefusalReason::kDiscoveryUnreachable;
  const std::lock_guard asking(asking_);
  if (auto party = Held()) return party;
  const Instant now = parts_.clock.Now();
  if (now.micros - tried_at_.micros < kDiscoveryRetryMicros) return why_not_;
  auto ready = Discover();
  const std::lock_guard lock(held_lock_);
  tried_at_ = now;
  if (!ready.ok()) {
    why_not_ = ready.error();
    Log(LogLevel::kWarn, "provider_not_ready", {{"provider", id()}, {"reason", std::string(sso::Code(why_not_))}});
    return why_not_;
  }
  party_ = std::make_shared<sso::RelyingParty>(std::move(*ready), parts_);
  Log(LogLevel::kInfo, "provider_ready", {{"provider", id()}});
  return party_;
}

Result<std::vector<std::unique_ptr<IdentityProvider>>> MakeIdentityProviders(const SignInSettings& settings,
                                                                             sso::SharedParts& parts,
                                                                             std::function<bool()> stopped) {
  std::vector<std::unique_ptr<IdentityProvider>> providers;
  for (const auto& [id, setting] : settings.providers) {
    MC_TRY(sso::Provider provider, ProviderOf(settings, setting));
    const auto make = [stopped, ca_file = setting.ca_file]() -> std::unique_ptr<HttpClient> {
      return MakePeerClient(stopped, ca_file);
    };
    providers.push_back(std::make_unique<IdentityProvider>(std::move(provider), setting, parts, make));
  }
  return providers;
}

}  // namespace mc
