// Several gateways on one store: what one begins the other knows, what one ends the other refuses within a second.
#include "tests/sso/session_support.h"

namespace mc::sso::testing {

TEST_CASE("a session is known at every gateway at once") {
  SessionScene s;
  Gateway other(s.harness, s.settings);
  s.Later(1);
  const std::string cookie = s.SignIn();
  CHECK(other.Admits(cookie));
}

TEST_CASE("attack: a session goes on at another gateway") {
  SessionScene s;
  Gateway other(s.harness, s.settings);
  s.Later(1);
  const std::string cookie = s.SignIn();
  CHECK(other.Admits(cookie));
  test::Must(s.gateway.sessions.SignOut(cookie));
  s.Later(kRefreshMicros / kMicrosPerSecond);
  test::Must(other.sessions.Refresh());
  CHECK_FALSE(other.Admits(cookie));
}

TEST_CASE("attack: the store is kept away from a gateway, so that a session lives on there") {
  SessionScene s;
  const std::string cookie = s.SignIn();
  s.gateway.watched.down = true;
  s.Later(kStaleMicros / kMicrosPerSecond);
  CHECK_FALSE(s.gateway.sessions.Refresh().ok());
  CHECK(s.Admits(cookie));
  s.Later(1);
  const auto refused = s.gateway.sessions.Check(cookie);
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().code == "sessions_stale");
  s.gateway.watched.down = false;
  test::Must(s.gateway.sessions.Refresh());
  CHECK(s.Admits(cookie));
  // Of one that is not known here nothing can be said meanwhile: no sign-out, an error that passes.
  s.gateway.watched.down = true;
  CHECK(s.gateway.sessions.Check(std::string(43, 'A')).error().code == "sessions_stale");
  // Nor does a clock that is put back let anybody in for longer.
  s.Later(-kStaleMicros / kMicrosPerSecond - 1);
  CHECK(s.gateway.sessions.Check(cookie).error().code == "sessions_stale");
  s.gateway.watched.down = false;
  test::Must(s.gateway.sessions.Refresh());
  CHECK(s.Admits(cookie));
}

TEST_CASE("a gateway that looked away for long misses no end") {
  SessionScene s;
  s.settings.idle_secs = 86'400;
  s.settings.absolute_secs = 86'400;
  Gateway one(s.harness, s.settings), two(s.harness, s.settings);
  CHECK(s.scene.Play() == "");
  const std::string cookie = test::Must(one.sessions.Begin(*s.scene.identity, "p-1", ""))->cookie;
  s.Later(1);
  CHECK(two.Admits(cookie));
  test::Must(one.sessions.SignOut(cookie));
  CHECK(s.scene.Play() == "");
  test::Must(one.sessions.Begin(*s.scene.identity, "p-2", ""));
  s.Later(2 * kEndedKeptMicros / kMicrosPerSecond);
  test::Must(one.sessions.Refresh());  // forgets what ended
  test::Must(two.sessions.Refresh());
  CHECK_FALSE(two.Admits(cookie));
}

}  // namespace mc::sso::testing
