#include "sso/sessions.h"

#include <algorithm>
#include <cstring>

#include "sso/base64url.h"

namespace mc::sso {
namespace {

constexpr std::size_t kCookieChars = 43;  // kSecretBytes in base64url
constexpr std::size_t kHandleBytes = 8;
constexpr std::string_view kCsrfContext = "minhchung: csrf token of a session";

Digest IdOf(std::string_view cookie) { return Sha256(cookie); }

// A clock that was put back does not stop the work.
bool IsDue(std::int64_t now, std::int64_t last, std::int64_t every) { return now - last >= every || now < last; }

Status OutOfBounds(const std::string& name, std::int64_t least, std::int64_t most) {
  return ConfigError("bad_session_settings",
                     name + " must be from " + std::to_string(least) + " to " + std::to_string(most));
}

Error Stale() {
  return TransientError("sessions_stale",
                        "the store does not answer, and a session may have been begun or ended "
                        "elsewhere: try again shortly");
}

}  // namespace

Status CheckSessionSettings(const SessionSettings& settings) {
  const auto within = [](std::int64_t value, std::int64_t least, std::int64_t most) {
    return least <= value && value <= most;
  };
  if (!within(settings.idle_secs, 300, 86'400)) return OutOfBounds("idle_secs", 300, 86'400);
  if (!within(settings.absolute_secs, settings.idle_secs, 604'800)) {
    return OutOfBounds("absolute_secs", settings.idle_secs, 604'800);
  }
  if (!within(settings.most_per_person, 1, 20)) return OutOfBounds("most_per_person", 1, 20);
  return Ok();
}

std::string SessionHandle(const Digest& id) { return ToHex(AsBytes(id).substr(0, kHandleBytes)); }

std::string CsrfToken(std::string_view cookie) { return ToBase64Url(AsBytes(HmacSha256(cookie, kCsrfContext))); }

bool IsCsrfToken(std::string_view cookie, std::string_view token) {
  const std::string expected = CsrfToken(cookie);
  if (token.size() != expected.size()) return false;
  unsigned char differs = 0;
  for (std::size_t i = 0; i < token.size(); ++i) differs |= static_cast<unsigned char>(token[i] ^ expected[i]);
  return differs == 0;
}

Sessions::Sessions(SessionStore& store, const Clock& clock, RandomSource& random, SessionSettings settings)
    : store_(store), clock_(clock), random_(random), settings_(settings) {}

std::size_t Sessions::DigestHash::operator()(const Digest& digest) const {
  std::size_t hash = 0;
  std::memcpy(&hash, digest.data(), sizeof hash);
  return hash;
}

bool Sessions::IsLive(const Session& session, Instant now) const {
  const std::int64_t seen = session.seen.load(std::memory_order_relaxed);
  return now < session.row.until && now.micros - seen < settings_.idle_secs * kMicrosPerSecond;
}

SessionRef Sessions::Find(const Digest& id) {
  Shard& shard = ShardOf(id);
  const std::lock_guard lock(shard.lock);
  const auto found = shard.live.find(id);
  return found == shard.live.end() ? nullptr : found->second;
}

// A change as the store tells it: what ended goes, what is new comes, and a later request elsewhere counts here.
void Sessions::Take(const StoredSession& row, Instant now) {
  Shard& shard = ShardOf(row.id);
  const std::lock_guard lock(shard.lock);
  if (row.ended || row.until <= now) {
    shard.live.erase(row.id);
    return;
  }
  SessionRef& held = shard.live[row.id];
  if (!held) held = std::make_shared<const Session>(row, row.seen_at.micros);
  std::int64_t seen = held->seen.load(std::memory_order_relaxed);
  while (seen < row.seen_at.micros && !held->seen.compare_exchange_weak(seen, row.seen_at.micros)) {
  }
  held->written = std::max(held->written.load(), row.seen_at.micros);
}

Status Sessions::Poll() {
  const Instant now = clock_.Now();
  MC_TRY(const SessionChanges changes, store_.SessionsSince(version_));
  for (const StoredSession& row : changes.sessions) Take(row, now);
  version_ = changes.version;
  polled_ = now.micros;
  return Ok();
}

// Drops what is past its time, and writes what was seen since it was last written.
Status Sessions::WriteSeen(Instant now) {
  std::vector<std::pair<Digest, Instant>> seen;
  for (Shard& shard : shards_) {
    const std::lock_guard lock(shard.lock);
    std::erase_if(shard.live, [&](const auto& entry) { return !IsLive(*entry.second, now); });
    for (const auto& [id, session] : shard.live) {
      const std::int64_t at = session->seen.load(std::memory_order_relaxed);
      if (at > session->written) seen.emplace_back(id, Instant{at});
    }
  }
  MC_CHECK_OK(store_.TouchSessions(seen));
  written_at_ = now;
  return Ok();
}

Status Sessions::Refresh() {
  const std::lock_guard lock(store_lock_);
  const Instant now = clock_.Now();
  // Rows of ended sessions are kept for a time only: whoever looked away for longer starts anew.
  if (now.micros - polled_ > kEndedKeptMicros / 2) {
    version_ = 0;
    for (Shard& shard : shards_) {
      const std::lock_guard shard_lock(shard.lock);
      shard.live.clear();
    }
  }
  MC_CHECK_OK(Poll());
  if (IsDue(now.micros, written_at_.micros, kTouchMicros)) MC_CHECK_OK(WriteSeen(now));
  if (IsDue(now.micros, forgotten_at_.micros, kForgetMicros)) {
    MC_CHECK_OK(store_.ForgetSessions());
    forgotten_at_ = now;
  }
  return Ok();
}

Result<std::optional<BegunSession>> Sessions::Begin(const Identity& identity, const std::string& person,
                                                    std::string_view old_cookie) {
  const std::lock_guard lock(store_lock_);
  const Instant now = clock_.Now();
  const std::string cookie = ToBase64Url(random_.Bytes(kSecretBytes));
  NewSession begun;
  begun.session = {IdOf(cookie),
                   person,
                   identity.provider(),
                   identity.level(),
                   identity.auth_time(),
                   now,
                   now,
                   Instant{now.micros + settings_.absolute_secs * kMicrosPerSecond}};
  begun.origin = {identity.issuer(), identity.subject(), identity.session_id(), identity.sign_in_begun_at()};
  begun.id_token = identity.id_token();
  if (old_cookie.size() == kCookieChars) begun.replaces = IdOf(old_cookie);
  begun.most = settings_.most_per_person;
  begun.idle_micros = settings_.idle_secs * kMicrosPerSecond;
  MC_TRY(const bool kept, store_.BeginSession(begun));
  MC_CHECK_OK(Poll());
  SessionRef session = Find(begun.session.id);
  if (!kept || !session) return std::optional<BegunSession>();
  return std::optional(BegunSession{cookie, std::move(session)});
}

// One thread in kMissMicros, whoever of them is first.
bool Sessions::MayLookAgain(Instant now) {
  std::int64_t last = missed_.load();
  return IsDue(now.micros, last, kMissMicros) && missed_.compare_exchange_strong(last, now.micros);
}

Result<SessionRef> Sessions::Check(std::string_view cookie) {
  if (cookie.size() != kCookieChars) return SessionRef();
  const Digest id = IdOf(cookie);
  const Instant now = clock_.Now();
  SessionRef session = Find(id);
  if (!session && MayLookAgain(now)) {
    const std::lock_guard lock(store_lock_);
    if (!Poll().ok()) return Stale();
    session = Find(id);
  }
  if (const std::int64_t age = now.micros - polled_; age > kStaleMicros || age < -kStaleMicros) return Stale();
  if (!session || !IsLive(*session, now)) return SessionRef();
  session->seen.store(now.micros, std::memory_order_relaxed);
  return session;
}

Result<std::string> Sessions::SignOut(std::string_view cookie) {
  if (cookie.size() != kCookieChars) return std::string();
  const std::lock_guard lock(store_lock_);
  const Digest id = IdOf(cookie);
  MC_TRY(std::string id_token, store_.SessionIdToken(id));
  MC_CHECK_OK(store_.EndSession(id));
  MC_CHECK_OK(Poll());
  return id_token;
}

Status Sessions::EndOrdered(const LogoutOrder& order) {
  const std::lock_guard lock(store_lock_);
  MC_CHECK_OK(store_.EndSessionsFor(order.issuer(), order.subject(), order.session_id()));
  return Poll();
}

Status Sessions::EndAllOf(const std::string& person) {
  const std::lock_guard lock(store_lock_);
  MC_CHECK_OK(store_.EndSessionsOf(person));
  return Poll();
}

Status Sessions::Revoke(const std::string& person, std::string_view handle) {
  for (const SessionRef& session : ListOf(person)) {
    if (SessionHandle(session->row.id) != handle) continue;
    const std::lock_guard lock(store_lock_);
    MC_CHECK_OK(store_.EndSession(session->row.id));
    return Poll();
  }
  return DataError("no_such_session", "this person has no live session of that name: list the sessions anew");
}

std::vector<SessionRef> Sessions::ListOf(const std::string& person) {
  const Instant now = clock_.Now();
  std::vector<SessionRef> found;
  for (Shard& shard : shards_) {
    const std::lock_guard lock(shard.lock);
    for (const auto& [id, session] : shard.live) {
      if (session->row.person == person && IsLive(*session, now)) found.push_back(session);
    }
  }
  std::sort(found.begin(), found.end(), [](const SessionRef& a, const SessionRef& b) {
    return std::pair(a->row.begun_at, a->row.id) < std::pair(b->row.begun_at, b->row.id);
  });
  return found;
}

std::size_t Sessions::size() const {
  std::size_t sum = 0;
  for (const Shard& shard : shards_) {
    const std::lock_guard lock(shard.lock);
    sum += shard.live.size();
  }
  return sum;
}

}  // namespace mc::sso
