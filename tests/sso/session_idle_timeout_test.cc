// A session that nobody uses ends; each request lets it live on.
#include "tests/sso/session_support.h"

namespace mc::sso::testing {

TEST_CASE("attack: session used after its idle time-out") {
  SessionScene s;
  const std::string cookie = s.SignIn();
  s.Later(599);
  test::Must(s.gateway.sessions.Refresh());
  CHECK(s.Admits(cookie));
  s.Later(599);
  test::Must(s.gateway.sessions.Refresh());
  CHECK(s.Admits(cookie));
  s.Later(600);
  test::Must(s.gateway.sessions.Refresh());
  CHECK_FALSE(s.Admits(cookie));
  CHECK_FALSE(Gateway(s.harness, s.settings).Admits(cookie));
}

TEST_CASE("a restart forgets at most so much of what was seen") {
  SessionScene s;
  const std::string cookie = s.SignIn();
  s.Later(120);
  test::Must(s.gateway.sessions.Refresh());
  CHECK(s.Admits(cookie));
  s.Later(60);
  test::Must(s.gateway.sessions.Refresh());  // writes it
  s.Later(-60);
  s.Later(590);
  Gateway restarted(s.harness, s.settings);
  CHECK(restarted.Admits(cookie));
  s.Later(20);
  test::Must(s.gateway.sessions.Refresh());
  CHECK_FALSE(s.Admits(cookie));  // not yet written there: too early, never too late
  s.Later(60);
  test::Must(restarted.sessions.Refresh());
  test::Must(s.gateway.sessions.Refresh());
  CHECK(s.Admits(cookie));
}

}  // namespace mc::sso::testing
