// Section 2.4: no nonce, so that an id_token cannot pass for a logout token. (with-nonce.)
#include "tests/sso/support.h"

namespace mc::sso::testing {

TEST_CASE("attack: logout nonce") {
  ExpectLogout({
      {"a nonce", "logout_nonce", [](LogoutScene& l) { l.claims.Set("nonce", R"("x")"); }},
      {"null", "logout_nonce", [](LogoutScene& l) { l.claims.Set("nonce", "null"); }},
  });
}

}  // namespace mc::sso::testing
