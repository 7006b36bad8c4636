#include "sso/key_set.h"

#include "sso/exchange.h"

namespace mc::sso {
namespace {

// What newer keys may mend.
bool MayBeRotated(RefusalReason reason) {
  return reason == RefusalReason::kKeyUnknown || reason == RefusalReason::kKeyUnfit ||
         reason == RefusalReason::kKeyAmbiguous || reason == RefusalReason::kSignatureBad;
}

}  // namespace

HttpRequest KeySetRequest(const ReadyProvider& provider) {
  return ProviderRequest("GET", provider.endpoints().jwks, static_cast<std::int64_t>(kKeySetLimitBytes));
}

Checked<KeySet> CheckKeySetResponse(const ReadyProvider& provider, const Result<HttpResponse>& answer) {
  if (!answer.ok()) {
    return WasTooLong(answer.error()) ? RefusalReason::kKeySetMalformed : RefusalReason::kKeysUnavailable;
  }
  if (answer->status != 200) return RefusalReason::kKeysUnavailable;
  return KeySet::Parse(answer->body, provider->profile.algorithm);
}

KeySetCache::Held KeySetCache::Look() const {
  const std::lock_guard lock(held_lock_);
  return held_;
}

bool KeySetCache::MayFetch(const Held& held) const {
  if (held.generation == 0) return true;
  const std::int64_t since = clock_.Now().micros - held.tried_at.micros;
  return since >= kKeyFetchIntervalMicros || since < 0;  // a clock that was set back must not stop us for long
}

KeySetCache::Held KeySetCache::After(const Held& seen, HttpClient& http) {
  const std::lock_guard flight(fetching_);
  Held held = Look();
  if (held.generation != seen.generation || !MayFetch(held)) return held;
  auto fetched = CheckKeySetResponse(provider_, http.Send(KeySetRequest(provider_)));
  const Instant now = clock_.Now();
  ++held.generation;
  held.tried_at = now;
  if (fetched.ok()) {
    held.keys = std::make_shared<const KeySet>(std::move(fetched).value());
    held.fetched_at = now;
  } else {
    held.missing = fetched.error();
    if (now.micros - held.fetched_at.micros > kKeysKeptMicros) held.keys = nullptr;
  }
  const std::lock_guard lock(held_lock_);
  held_ = held;
  return held;
}

Checked<VerifiedJwt> KeySetCache::Verify(const UnverifiedJws& jws, HttpClient& http) {
  Held held = Look();
  const bool fresh = held.keys && clock_.Now().micros - held.fetched_at.micros <= kKeysFreshMicros;
  if (!fresh) held = After(held, http);
  if (!held.keys) return held.missing;
  auto verified = VerifiedJwt::Verify(jws, *held.keys);
  if (verified.ok() || !MayBeRotated(verified.error())) return verified;
  const Held newer = After(held, http);
  if (newer.generation == held.generation || !newer.keys) return verified;
  return VerifiedJwt::Verify(jws, *newer.keys);
}

}  // namespace mc::sso
