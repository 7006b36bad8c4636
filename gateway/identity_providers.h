// The identity providers of an installation: settings and profiles made into relying parties, each once its discovery
// was read (docs/operating/sign-in.md).
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/http.h"
#include "core/settings.h"
#include "sso/relying_party.h"

namespace mc {

inline constexpr const char* kSignInPath = "/sign-in";
inline constexpr const char* kSignedOutPath = "/sign-out/done";
// Between two tries to read a provider's discovery.
inline constexpr std::int64_t kDiscoveryRetryMicros = 10 * kMicrosPerSecond;
// A provider that does not answer must not hold more of the server's threads than these.
inline constexpr int kDiscoveryWaitersMost = 4;

// Profile and settings of one provider together, its secret resolved. Asks nobody. kConfig.
Result<sso::Provider> ProviderOf(const SignInSettings& settings, const SignInProvider& provider);

// Clients to borrow, each used by one thread at a time, so that connections are kept. Safe from any thread.
class ClientPool {
 public:
  explicit ClientPool(std::function<std::unique_ptr<HttpClient>()> make) : make_(std::move(make)) {}

  class Borrowed {
   public:
    Borrowed(ClientPool& pool, std::unique_ptr<HttpClient> client) : pool_(pool), client_(std::move(client)) {}
    Borrowed(const Borrowed&) = delete;
    Borrowed& operator=(const Borrowed&) = delete;
    ~Borrowed();
    HttpClient& operator*() const { return *client_; }

   private:
    ClientPool& pool_;
    std::unique_ptr<HttpClient> client_;
  };
  Borrowed Borrow();

 private:
  const std::function<std::unique_ptr<HttpClient>()> make_;
  std::mutex lock_;  // guards idle_
  std::vector<std::unique_ptr<HttpClient>> idle_;
};

// One provider. Safe from any thread; `parts` outlives it.
class IdentityProvider {
 public:
  IdentityProvider(sso::Provider provider, SignInProvider setting, sso::SharedParts& parts,
                   std::function<std::unique_ptr<HttpClient>()> make_client);

  const sso::Provider& provider() const { return provider_; }
  const std::string& id() const { return provider_.settings.id; }
  const std::string& title() const { return setting_.title.empty() ? provider_.profile.title : setting_.title; }
  const std::string& step_up_level() const { return setting_.step_up_level; }
  ClientPool& clients() { return clients_; }

  // The relying party, where discovery was read; else reads it, at most every kDiscoveryRetryMicros and by one thread
  // at a time: kDiscoveryWaitersMost others wait for what it reads, further ones are told that it is not there yet.
  // Why not, otherwise.
  sso::Checked<std::shared_ptr<sso::RelyingParty>> Ready();

 private:
  std::shared_ptr<sso::RelyingParty> Held() const;
  sso::Checked<sso::ReadyProvider> Discover();

  const sso::Provider provider_;
  const SignInProvider setting_;
  sso::SharedParts& parts_;
  ClientPool clients_;
  std::mutex asking_;             // held while discovery is read
  std::atomic<int> waiters_{0};   // for asking_, and who holds it
  mutable std::mutex held_lock_;  // guards the next three
  std::shared_ptr<sso::RelyingParty> party_;
  Instant tried_at_{INT64_MIN / 2};
  sso::RefusalReason why_not_ = sso::RefusalReason::kDiscoveryUnreachable;
};

// By id, in order. kConfig names the first that does not fit.
Result<std::vector<std::unique_ptr<IdentityProvider>>> MakeIdentityProviders(const SignInSettings& settings,
                                                                             sso::SharedParts& parts,
                                                                             std::function<bool()> stopped);

}  // namespace mc
