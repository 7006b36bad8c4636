// The port behind which sessions of signed-in people are kept, so that they survive a restart and several gateways on
// one database share them. Implemented by the engines of storage/; one thread at a time. Plain values.
//
// Every change gets a version, rising, in the order in which changes become visible: whoever asks for what came after
// the last version that it saw misses nothing. Errors: those of the store (storage/store.h).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/digest.h"
#include "core/result.h"
#include "core/time.h"

namespace mc {

inline constexpr std::int64_t kLogoutKeptMicros =
    120 * kMicrosPerSecond;  // an order that came before its sign-in ended
inline constexpr std::int64_t kEndedKeptMicros = 3'600 * kMicrosPerSecond;  // an ended session's row, for others to see

// A session as every gateway needs it. Holds no secret: `id` is the SHA-256 of what the browser keeps.
struct StoredSession {
  Digest id{};
  std::string person;                // id in the directory
  std::string provider;              // id in the settings
  std::string level;                 // as the provider proved it; empty: none known
  std::optional<Instant> auth_time;  // when the person last showed who they are, where the provider says so
  Instant begun_at;
  Instant seen_at;  // its last request, as far as it was written
  Instant until;    // ends then, whatever happens
  bool ended = false;
  bool operator==(const StoredSession&) const = default;
};

// How a provider names a session in a logout, and when the sign-in for it was begun.
struct SessionOrigin {
  std::string issuer, subject, provider_session /* may be empty */;
  Instant sign_in_begun_at;
};

struct NewSession {
  StoredSession session;
  SessionOrigin origin;            // kept as keyed HMACs alone
  std::string id_token;            // hint for a logout: a secret, sealed
  std::optional<Digest> replaces;  // ended in the same transaction
  std::int64_t most = 1;           // live sessions of the person, with this one: the oldest end
  std::int64_t idle_micros = 0;    // not seen for so long: not live
};

struct SessionChanges {
  std::int64_t version = 0;  // of the last change there is
  std::vector<StoredSession> sessions;
};

class SessionStore {
 public:
  virtual ~SessionStore() = default;
  // False, and nothing kept: a logout for it was ordered meanwhile. By provider_session within kLogoutKeptMicros; by
  // subject also only if the sign-in was begun before the order came.
  virtual Result<bool> BeginSession(const NewSession& begun) = 0;
  virtual Status EndSession(const Digest& id) = 0;  // unknown or ended: no effect
  virtual Status EndSessionsOf(const std::string& person) = 0;
  // Those of `provider_session` where it is not empty, with those of `subject` that the provider never named; else all
  // of `subject`. Remembered for kLogoutKeptMicros.
  virtual Status EndSessionsFor(const std::string& issuer, const std::string& subject,
                                const std::string& provider_session) = 0;
  // Later than what is known; others are passed over.
  virtual Status TouchSessions(const std::vector<std::pair<Digest, Instant>>& seen) = 0;
  // What changed after `version`, in order; 0: every row there is, ended ones too.
  virtual Result<SessionChanges> SessionsSince(std::int64_t version) = 0;
  // Empty for an unknown session.
  virtual Result<std::string> SessionIdToken(const Digest& id) = 0;
  // Deletes what nobody needs any more: past its `until` or ended, for kEndedKeptMicros; logouts past their time.
  virtual Status ForgetSessions() = 0;
};

}  // namespace mc
