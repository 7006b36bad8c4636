// Sessions of signed-in people: begun from an Identity alone, checked at every request, ended by the person, by time,
// by the provider or by us (OWASP Session Management; OpenID Connect Back-Channel Logout 1.0 section 2.7).
//
// What the browser holds is 256 random bits; here and in the store is only their SHA-256. A check costs one hash and
// one look-up in memory, where all live sessions of all gateways on the store are held. Refresh() brings them up to
// date, and somebody calls it every kRefreshMicros: what another gateway ended is refused after that time at the
// latest. One that it has just begun is looked for in the store at once, but at most every kMissMicros, so that cookies
// that mean nothing drive nobody against the store.
//
// Safe from any thread; what it borrows must outlive it.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/random.h"
#include "core/session_store.h"
#include "core/time.h"
#include "sso/logout.h"
#include "sso/userinfo.h"

namespace mc::sso {

inline constexpr std::int64_t kRefreshMicros = 1 * kMicrosPerSecond;
inline constexpr std::int64_t kMissMicros = 10'000;
// Without a good Refresh for so long nobody is let in: a session may have been ended elsewhere.
inline constexpr std::int64_t kStaleMicros = 30 * kMicrosPerSecond;
// How old a written seen_at may get. Who comes to another gateway may be timed out so much too early, never too late.
inline constexpr std::int64_t kTouchMicros = 60 * kMicrosPerSecond;
inline constexpr std::int64_t kForgetMicros = 600 * kMicrosPerSecond;  // between two clean-ups of the store

struct SessionSettings {
  std::int64_t idle_secs = 1'800;       // 300..86'400
  std::int64_t absolute_secs = 36'000;  // idle_secs..604'800
  std::int64_t most_per_person = 5;     // 1..20
};
// kConfig "bad_session_settings" names the one that is out of bounds.
Status CheckSessionSettings(const SessionSettings& settings);

// A live session, ready for a request. Immutable but for `seen`.
struct Session {
  Session(StoredSession stored, std::int64_t seen_micros) : row(std::move(stored)), seen(seen_micros) {}
  const StoredSession row;
  mutable std::atomic<std::int64_t> seen;  // micros of the last request here or, as far as written, elsewhere
  mutable std::atomic<std::int64_t> written{0};
};
using SessionRef = std::shared_ptr<const Session>;

// What a browser gets of a session that was begun.
struct BegunSession {
  std::string cookie;  // value for SessionCookie(): the secret
  SessionRef session;
};

// For lists: names a session without giving it away.
std::string SessionHandle(const Digest& id);  // 16 hex digits

// Goes into forms and comes back with writes (OWASP: HMAC-based token): a keyed hash of the cookie's value.
std::string CsrfToken(std::string_view cookie);
bool IsCsrfToken(std::string_view cookie, std::string_view token);  // in constant time

class Sessions {
 public:
  // REQUIRES: CheckSessionSettings. `store` is used by nobody else; every call to it is made under a lock.
  Sessions(SessionStore& store, const Clock& clock, RandomSource& random, SessionSettings settings);

  // Brings memory up to date, writes what was seen, and cleans up when it is time. The first one loads everything.
  Status Refresh();

  // `old_cookie`: what the browser brought, empty for none; its session ends here, whoever's it was, and a value that
  // we did not give is never taken on. nullopt: a logout for this sign-in was ordered meanwhile.
  Result<std::optional<BegunSession>> Begin(const Identity& identity, const std::string& person,
                                            std::string_view old_cookie);

  // Null: no such live session. kTransient "sessions_stale": the store does not answer, so that nobody can be let in
  // any more, or nothing be said of a session that is not known here.
  Result<SessionRef> Check(std::string_view cookie);

  // The id_token hint for the provider's logout, and the end here; empty when there was no such session.
  Result<std::string> SignOut(std::string_view cookie);
  Status EndOrdered(const LogoutOrder& order);
  Status EndAllOf(const std::string& person);
  // Ends the one session of `person` that has this handle; others' are not found. kData "no_such_session".
  Status Revoke(const std::string& person, std::string_view handle);

  std::vector<SessionRef> ListOf(const std::string& person);  // live ones, oldest first
  std::size_t size() const;                                   // held, idle ones that nobody asked for included

 private:
  static constexpr std::size_t kShards = 64;  // power of two
  struct DigestHash {                         // the first bytes of a SHA-256 are as good as any hash
    std::size_t operator()(const Digest& digest) const;
  };
  struct Shard {
    mutable std::mutex lock;
    std::unordered_map<Digest, SessionRef, DigestHash> live;  // guarded by lock
  };

  Shard& ShardOf(const Digest& id) { return shards_[id[31] % kShards]; }
  SessionRef Find(const Digest& id);
  bool IsLive(const Session& session, Instant now) const;
  bool MayLookAgain(Instant now);
  // REQUIRES: store_lock_ is held.
  Status Poll();
  void Take(const StoredSession& row, Instant now);
  Status WriteSeen(Instant now);

  SessionStore& store_;
  const Clock& clock_;
  RandomSource& random_;
  const SessionSettings settings_;
  std::array<Shard, kShards> shards_;
  std::mutex store_lock_;     // guards the next four, store_ and random_
  std::int64_t version_ = 0;  // seen of the store
  Instant forgotten_at_, written_at_;
  std::atomic<std::int64_t> polled_{0};  // micros of the last good one
  std::atomic<std::int64_t> missed_{0};  // micros of the last look for an unknown one
};

}  // namespace mc::sso
