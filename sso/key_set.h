// A provider's keys as we hold them: fetched when first needed, fetched again when a token asks for it, and kept
// while the provider is away.
//
// One object per provider, safe from any thread. A check in the common case takes one short lock and no call. All
// who find that keys are missing wait for one fetch (single flight); how often one may happen is bounded, so that
// nobody can drive us against the provider with invented key names.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>

#include "core/http.h"
#include "core/time.h"
#include "sso/jwk.h"
#include "sso/jws.h"
#include "sso/provider.h"

namespace mc::sso {

// After this the next token has them fetched again, even when nothing is wrong: a withdrawn key must end.
inline constexpr std::int64_t kKeysFreshMicros = 3'600 * kMicrosPerSecond;
// How long the last good keys serve while fetching fails.
inline constexpr std::int64_t kKeysKeptMicros = 24 * 3'600 * kMicrosPerSecond;
// At most one fetch begins within it, whether it succeeds or fails.
inline constexpr std::int64_t kKeyFetchIntervalMicros = 10 * kMicrosPerSecond;

HttpRequest KeySetRequest(const ReadyProvider& provider);
// kKeysUnavailable: no answer, or another status than 200; the reasons of KeySet::Parse.
Checked<KeySet> CheckKeySetResponse(const ReadyProvider& provider, const Result<HttpResponse>& answer);

class KeySetCache {
 public:
  // Borrows the clock.
  KeySetCache(ReadyProvider provider, const Clock& clock) : provider_(std::move(provider)), clock_(clock) {}

  // The reasons of VerifiedJwt::Verify, after one more fetch where the key is unknown or unfit or the signature
  // bad: the provider may have changed its keys within this very sign-in, also under the same name. Without any
  // keys: why not. `http` is the calling thread's own.
  Checked<VerifiedJwt> Verify(const UnverifiedJws& jws, HttpClient& http);

 private:
  struct Held {
    std::shared_ptr<const KeySet> keys;                       // null: none yet
    std::int64_t generation = 0;                              // rises with every fetch, also a failed one
    RefusalReason missing = RefusalReason::kKeysUnavailable;  // why there are none
    Instant fetched_at, tried_at;
  };

  Held Look() const;
  bool MayFetch(const Held& held) const;
  // What is held after `seen`: fetched by us, or by somebody else meanwhile, or the same when it is too early.
  Held After(const Held& seen, HttpClient& http);

  const ReadyProvider provider_;
  const Clock& clock_;
  std::mutex fetching_;           // held through a fetch; taken before held_lock_
  mutable std::mutex held_lock_;  // guards held_
  Held held_;
};

}  // namespace mc::sso
