// RFC 8725 section 3.12: an id_token is no logout token, and the reverse.
#include "tests/sso/support.h"

namespace mc::sso::testing {

TEST_CASE("attack: logout with id token") {
  Scene scene;
  CHECK(scene.Play() == "");
  const std::string id_token = scene.last_id_token;
  ExpectLogout({
      {"an id_token", "logout_events", [=](LogoutScene& l) { l.edit_token = [=](std::string) { return id_token; }; }},
      {"typ at+jwt", "jwt_type", [](LogoutScene& l) { l.header.Set("typ", R"("at+jwt")"); }},
      {"typ JWT", "", [](LogoutScene& l) { l.header.Set("typ", R"("JWT")"); }},
      {"no typ", "", [](LogoutScene& l) { l.header.Drop("typ"); }},
  });
  LogoutScene logout;
  logout.header.Drop("typ");
  const std::string logout_token = Token(logout.header.Text(), logout.claims.Text(), logout.key, "RS256");
  Expect(
      {{"a logout token", "claim_nonce", [=](Scene& s) { s.edit_token = [=](std::string) { return logout_token; }; }}});
}

}  // namespace mc::sso::testing
