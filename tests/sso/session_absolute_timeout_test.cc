// A session ends at its time, however busy it is.
#include "tests/sso/session_support.h"

namespace mc::sso::testing {

TEST_CASE("attack: session kept alive past its absolute time-out") {
  SessionScene s;
  const std::string cookie = s.SignIn();
  for (int minute = 1; minute < 60; ++minute) {
    s.Later(60);
    test::Must(s.gateway.sessions.Refresh());
    REQUIRE(s.Admits(cookie));
  }
  s.Later(59);
  test::Must(s.gateway.sessions.Refresh());
  CHECK(s.Admits(cookie));
  s.Later(1);
  test::Must(s.gateway.sessions.Refresh());
  CHECK_FALSE(s.Admits(cookie));
  CHECK_FALSE(Gateway(s.harness, s.settings).Admits(cookie));
}

}  // namespace mc::sso::testing
