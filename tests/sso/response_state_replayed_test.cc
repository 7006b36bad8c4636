// RFC 9700 section 4.5.3: an answer serves once, also after a success.
#include "tests/sso/support.h"

namespace mc::sso::testing {

TEST_CASE("attack: response state replayed") {
  Scene scene;
  CHECK(scene.Play() == "");
  CHECK(scene.token_calls == 1);
  const auto again = scene.Finish();
  REQUIRE_FALSE(again.ok());
  CHECK(std::string(Code(again.error())) == "state_unknown");
  CHECK(scene.token_calls == 1);
  CHECK(scene.userinfo_calls == 1);
  REQUIRE(scene.audit.lines.size() == 1);
  CHECK(scene.audit.lines.front().reason == "state_unknown");
}

}  // namespace mc::sso::testing
