// Core section 15.5.2: an id_token of an earlier sign-in of the same person, with its own access token.
#include "tests/sso/support.h"

namespace mc::sso::testing {

TEST_CASE("attack: claims nonce replayed") {
  Scene scene;
  CHECK(scene.Play() == "");
  const std::string earlier = scene.last_id_token;
  scene.identity.reset();
  scene.edit_token = [earlier](std::string) { return earlier; };
  CHECK(scene.Play() == "claim_nonce");
  CHECK_FALSE(scene.identity.has_value());
  CHECK(scene.userinfo_calls == 1);
}

}  // namespace mc::sso::testing
