// Two minutes from iat; exp where it is there.
#include "tests/sso/support.h"

namespace mc::sso::testing {

TEST_CASE("attack: logout times") {
  const auto shifted = [](const char* name, std::int64_t from_now) {
    return [=](LogoutScene& l) {
      l.claims.Set(name, std::to_string(l.scene.clock.Now().micros / kMicrosPerSecond + from_now));
    };
  };
  ExpectLogout({
      {"two minutes old", "", shifted("iat", -kLogoutAgeMostSecs)},
      {"one second older", "claim_iat", shifted("iat", -kLogoutAgeMostSecs - 1)},
      {"ahead by the skew", "", shifted("iat", 60)},
      {"one second more", "claim_iat", shifted("iat", 61)},
      {"no iat", "claim_iat", [](LogoutScene& l) { l.claims.Drop("iat"); }},
      {"iat a text", "claim_iat", [](LogoutScene& l) { l.claims.Set("iat", R"("0")"); }},
      {"expired within the skew", "", shifted("exp", -59)},
      {"expired", "claim_exp", shifted("exp", -60)},
      {"exp a text", "claim_exp", [](LogoutScene& l) { l.claims.Set("exp", R"("0")"); }},
      {"no exp, as in drafts", "", [](LogoutScene& l) { l.claims.Drop("exp"); }},
  });
}

}  // namespace mc::sso::testing
