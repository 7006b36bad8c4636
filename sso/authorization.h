// The front channel: sending a browser to the provider, and judging what it brings back (OpenID Connect Core
// section 3.1.2, RFC 7636, RFC 9207, RFC 9700 sections 2.1 and 4.4).
//
// A sign-in is begun by BeginSignIn, waits in a PendingSignIns table under the hash of its state, and comes back to
// CheckAuthorizationResponse, which alone makes a ValidatedResponse.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "core/digest.h"
#include "core/random.h"
#include "core/time.h"
#include "sso/provider.h"
#include "sso/refusal.h"

namespace mc::sso {

inline constexpr std::size_t kSecretBytes = 32;  // of state, nonce, verifier and the browser's secret: 256 bits
inline constexpr std::int64_t kPendingMicros = 600 * kMicrosPerSecond;  // from the start to the answer
inline constexpr std::int64_t kPendingKeptMicros = 2 * kPendingMicros;  // so long "expired" is told from "unknown"
inline constexpr std::size_t kPendingMost = 10'000;  // sign-ins under way; past it the oldest is dropped
inline constexpr std::size_t kCodeLimitBytes = 4'096;
inline constexpr std::int64_t kMaxAgeMostSecs = 7 * 86'400;

// What this sign-in must reach beyond the provider's settings.
struct SignInWish {
  std::string least_level;                   // empty: as the settings say. One that the profile knows.
  std::optional<std::int64_t> max_age_secs;  // 0: the person must sign in anew (step-up). 0..kMaxAgeMostSecs
  std::string return_path;                   // where the browser goes afterwards; kept here, never in the state
};

// What we remember of a sign-in under way. Holds secrets: it stays on the server.
struct PendingSignIn {
  std::string provider;  // id in the settings
  std::string nonce, verifier;
  Digest browser{};  // SHA-256 of the secret that the browser keeps in a cookie
  SignInWish wish;
  Instant begun_at;
};

struct BegunSignIn {
  std::string url;             // the browser goes there, with 303
  std::string state;           // the table's key; it is in the url
  std::string browser_secret;  // for a cookie of this browser
  PendingSignIn pending;
};

// kConfig "bad_wish": a level that the profile does not know, a max_age out of bounds.
Result<BegunSignIn> BeginSignIn(const ReadyProvider& provider, SignInWish wish, RandomSource& random, Instant now);

// Sign-ins under way of all providers, by SHA-256 of their state, at most kPendingMost. Safe from any thread.
class PendingSignIns {
 public:
  virtual ~PendingSignIns() = default;
  Status Put(std::string_view state, const PendingSignIn& pending);  // the errors of where they are kept
  // Takes it out, whatever is wrong with it: a state serves once. kStateUnknown, kStateExpired, kStateOtherBrowser,
  // kStateNotRead.
  Checked<PendingSignIn> Take(std::string_view state, std::string_view browser_secret, Instant now);

 private:
  virtual Status Keep(const Digest& state, const PendingSignIn& pending) = 0;
  virtual Checked<PendingSignIn> TakeOut(const Digest& state, Instant now) = 0;  // kStateUnknown, kStateNotRead
};

// In memory: for the one gateway of a store. Whoever is at the provider when it starts anew begins again.
class SignInsInMemory final : public PendingSignIns {
 public:
  std::size_t size() const;

 private:
  Status Keep(const Digest& state, const PendingSignIn& pending) override;
  Checked<PendingSignIn> TakeOut(const Digest& state, Instant now) override;
  void DropOldest();

  mutable std::mutex lock_;  // guards both
  std::map<Digest, PendingSignIn> by_state_;
  std::multimap<Instant, Digest> by_age_;
};

// What the browser brought to the redirect address of one provider.
struct Callback {
  std::string method;          // "GET" or "POST"
  std::string query;           // behind the '?', as sent
  std::string body;            // of a POST
  std::string content_type;    // of the body
  std::string browser_secret;  // from the cookie; empty without one
};

// An answer that is ours, for this browser, of this provider, and a success. Made by CheckAuthorizationResponse alone.
class ValidatedResponse {
 public:
  const std::string& code() const { return code_; }
  const PendingSignIn& pending() const { return pending_; }

 private:
  ValidatedResponse(std::string code, PendingSignIn pending) : code_(std::move(code)), pending_(std::move(pending)) {}
  friend Checked<ValidatedResponse> CheckAuthorizationResponse(const ReadyProvider&, const Callback&, PendingSignIns&,
                                                               Instant, RandomSource&);
  std::string code_;
  PendingSignIn pending_;
};

// REQUIRES: the callback came to this provider's redirect address. Takes the state out of `pending` as soon as one
// state is there. The group A of RefusalReason. `random` serves sealed codes (sso/encrypted.h).
Checked<ValidatedResponse> CheckAuthorizationResponse(const ReadyProvider& provider, const Callback& callback,
                                                      PendingSignIns& pending, Instant now, RandomSource& random);

}  // namespace mc::sso
