// Sessions over the SQLite engine, begun from whole sign-ins of support.h; one clock for both.
#pragma once

#include <memory>
#include <string>

#include "sso/cookie.h"
#include "sso/sessions.h"
#include "tests/sso/support.h"
#include "tests/storage/sqlite_harness.h"

namespace mc::sso::testing {

// The store, counted; and a store that does not answer, when told so.
class WatchedStore final : public SessionStore {
 public:
  explicit WatchedStore(Store& store) : store_(store) {}
  int polls = 0;
  bool down = false;

  Result<bool> BeginSession(const NewSession& begun) override {
    if (down) return Down();
    return store_.BeginSession(begun);
  }
  Status EndSession(const Digest& id) override { return down ? Status(Down()) : store_.EndSession(id); }
  Status EndSessionsOf(const std::string& person) override { return store_.EndSessionsOf(person); }
  Status EndSessionsFor(const std::string& issuer, const std::string& subject, const std::string& named) override {
    return store_.EndSessionsFor(issuer, subject, named);
  }
  Status TouchSessions(const std::vector<std::pair<Digest, Instant>>& seen) override {
    return store_.TouchSessions(seen);
  }
  Result<SessionChanges> SessionsSince(std::int64_t version) override {
    ++polls;
    if (down) return Down();
    return store_.SessionsSince(version);
  }
  Result<std::string> SessionIdToken(const Digest& id) override { return store_.SessionIdToken(id); }
  Status ForgetSessions() override { return store_.ForgetSessions(); }

 private:
  static Error Down() { return TransientError("store_busy", "the store does not answer"); }
  Store& store_;
};

// One gateway: a store object and the sessions over it.
struct Gateway {
  Gateway(test::SqliteHarness& harness, SessionSettings settings)
      : store(harness.Open()), watched(*store), sessions(watched, harness.clock, random, settings) {
    test::Must(sessions.Refresh());
  }
  bool Admits(std::string_view cookie) {
    const auto found = sessions.Check(cookie);
    return found.ok() && *found != nullptr;
  }
  SystemRandom random;
  std::unique_ptr<Store> store;
  WatchedStore watched;
  Sessions sessions;
};

struct SessionScene {
  SessionScene() : harness(SetClock(owned)), gateway(harness, settings) {}

  // A whole sign-in, and the session begun from it; "" where none was.
  std::string SignIn(const std::string& person = "p-1", const std::string& old_cookie = "") {
    CHECK(scene.Play() == "");
    return BeginAfterPlay(person, old_cookie);
  }
  std::string BeginAfterPlay(const std::string& person = "p-1", const std::string& old_cookie = "") {
    const auto begun = test::Must(gateway.sessions.Begin(*scene.identity, person, old_cookie));
    return begun ? begun->cookie : std::string();
  }
  void Later(std::int64_t secs) {
    const Instant now{harness.clock.Now().micros + secs * kMicrosPerSecond};
    harness.clock.Set(now);
    scene.clock.Set(now);
  }
  bool Admits(const std::string& cookie) { return gateway.Admits(cookie); }

  SessionSettings settings{600, 3'600, 3};
  std::unique_ptr<test::SqliteHarness> owned = std::make_unique<test::SqliteHarness>();
  test::SqliteHarness& harness;
  Scene scene;
  Gateway gateway;

 private:
  static test::SqliteHarness& SetClock(const std::unique_ptr<test::SqliteHarness>& made) {
    made->clock.Set(ParseInstant(kNow).value());
    return *made;
  }
};

}  // namespace mc::sso::testing
