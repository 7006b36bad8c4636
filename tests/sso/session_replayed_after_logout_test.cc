// After a sign-out the same cookie opens nothing, here and after a restart.
#include "tests/sso/session_support.h"

namespace mc::sso::testing {

TEST_CASE("attack: session replayed after logout") {
  SessionScene s;
  const std::string other = s.SignIn(), cookie = s.SignIn();
  CHECK(test::Must(s.gateway.sessions.SignOut(cookie)) == s.scene.last_id_token);  // the hint, once
  CHECK(test::Must(s.gateway.sessions.SignOut(cookie)) == "");
  CHECK(test::Must(s.gateway.sessions.SignOut("")) == "");
  CHECK_FALSE(s.Admits(cookie));
  CHECK(s.Admits(other));
  Gateway restarted(s.harness, s.settings);
  CHECK_FALSE(restarted.Admits(cookie));
  CHECK(restarted.Admits(other));
}

}  // namespace mc::sso::testing
