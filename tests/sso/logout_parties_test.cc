// Section 2.6: of this issuer, for us. (wrong-iss, wrong-aud.)
#include "tests/sso/support.h"

namespace mc::sso::testing {

TEST_CASE("attack: logout parties") {
  ExpectLogout({
      {"another issuer", "claim_iss", [](LogoutScene& l) { l.claims.Set("iss", R"("https://evil.example")"); }},
      {"no issuer", "claim_iss", [](LogoutScene& l) { l.claims.Drop("iss"); }},
      {"another audience", "claim_aud", [](LogoutScene& l) { l.claims.Set("aud", R"("other-client")"); }},
      {"no audience", "claim_aud", [](LogoutScene& l) { l.claims.Drop("aud"); }},
      {"others beside us", "claim_azp", [](LogoutScene& l) { l.claims.Set("aud", R"(["our-client","x"])"); }},
      {"us in a list", "", [](LogoutScene& l) { l.claims.Set("aud", R"(["our-client"])"); }},
  });
}

}  // namespace mc::sso::testing
