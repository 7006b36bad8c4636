#include "gateway/machines.h"

#include <chrono>
#include <utility>
#include <vector>

#include "core/log.h"

namespace mc {
namespace {

constexpr std::chrono::milliseconds kClientsLook{kClientsRefreshMicros / 1'000};

Status AddTokenKey(const SecretRef& ref, std::vector<Es256Key>& keys) {
  if (ref.text.empty()) return Ok();
  MC_TRY(const std::string seed, ref.ResolveKey());
  MC_TRY(Es256Key key, Es256Key::FromSeed(seed));
  keys.push_back(std::move(key));
  return Ok();
}

}  // namespace

std::string TokenIssuer(const Settings& settings) {
  if (!settings.machines.issuer.empty()) return settings.machines.issuer;
  if (settings.sign_in.IsOn()) return settings.sign_in.public_url;
  return "https://" + settings.log_origin.substr(0, settings.log_origin.find('/'));
}

Result<sso::TokenKeys> TokenKeysOf(const Settings& settings) {
  std::vector<Es256Key> keys;
  MC_CHECK_OK(AddTokenKey(settings.machines.token_key, keys));
  MC_CHECK_OK(AddTokenKey(settings.machines.other_token_key, keys));
  const std::string issuer = TokenIssuer(settings);
  return sso::TokenKeys::Make(std::move(keys), issuer, issuer + "/api/v1");
}

Result<std::unique_ptr<Machines>> Machines::Make(const Installation& installation, const Clock& clock,
                                                 AuditSink* audit) {
  if (!installation.settings().machines.IsOn()) return std::unique_ptr<Machines>();
  std::unique_ptr<Machines> made(new Machines());
  MC_CHECK_OK(made->Prepare(installation, clock, audit));
  return made;
}

Status Machines::Prepare(const Installation& installation, const Clock& clock, AuditSink* audit) {
  MC_TRY(sso::TokenKeys keys, TokenKeysOf(installation.settings()));
  keys_ = std::make_unique<sso::TokenKeys>(std::move(keys));
  MC_TRY(client_store_, installation.OpenStore());
  if (audit == nullptr) {
    MC_TRY(audit_store_, installation.OpenStore());
    const auto sign = [this]() -> Status {
      MC_TRY([[maybe_unused]] const LedgerHead head, audit_store_->SignHead());
      return Ok();
    };
    own_audit_ = std::make_unique<AccessLog>(*audit_store_, sign, clock, random_);
    audit = own_audit_.get();
  }
  clients_ = std::make_unique<KnownClients>(*client_store_, clock);
  // Not in the way of serve: without clients no machine is let in, and the log says why.
  if (const Status read = clients_->Refresh(); !read.ok()) {
    Log(LogLevel::kError, "clients_not_read", {{"error", read.error().code}});
  }
  tokens_ = std::make_unique<TokenEndpoint>(*clients_, *keys_, *audit, clock);
  gate_ = std::make_unique<MachineGate>(*clients_, *keys_, *audit, clock,
                                        installation.settings().machines.pushes_per_minute);
  return Ok();
}

Machines::~Machines() {
  Stop();
  Join();
}

void Machines::Start(bool may_write) {
  if (own_audit_ && may_write) own_audit_->Start();
  thread_ = std::thread([this] { KeepFresh(); });
}

void Machines::Stop() {
  stop_.Set();
  if (own_audit_) own_audit_->Stop();
}

void Machines::Join() {
  if (thread_.joinable()) thread_.join();
  if (own_audit_) own_audit_->Join();
}

void Machines::KeepFresh() {
  bool failing = false;
  while (stop_.Sleep(kClientsLook)) {
    const Status read = clients_->Refresh();
    if (!read.ok() && !failing) Log(LogLevel::kError, "clients_not_read", {{"error", read.error().code}});
    if (read.ok() && failing) Log(LogLevel::kInfo, "clients_not_read", {{"error", "none"}});
    failing = !read.ok();
  }
}

}  // namespace mc
