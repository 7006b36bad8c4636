// A new id at every sign-in and step-up; the one before is dead at once, at every gateway.
#include "tests/sso/session_support.h"

namespace mc::sso::testing {

TEST_CASE("attack: the id of before a step-up") {
  SessionScene s;
  Gateway other(s.harness, s.settings);
  const std::string before = s.SignIn();
  CHECK(other.Admits(before));
  s.Later(1);
  s.scene.wish = {"LoA3", 0, "/"};
  s.scene.Claim("acr", R"("LoA3")");
  s.scene.Claim("auth_time", std::to_string(s.scene.clock.Now().micros / kMicrosPerSecond));
  const std::string after = s.SignIn("p-1", before);
  REQUIRE(after != "");
  CHECK(after != before);
  CHECK_FALSE(s.Admits(before));
  CHECK(test::Must(s.gateway.sessions.Check(after))->row.level == "LoA3");
  test::Must(other.sessions.Refresh());
  CHECK_FALSE(other.Admits(before));
  CHECK(other.Admits(after));
}

}  // namespace mc::sso::testing
