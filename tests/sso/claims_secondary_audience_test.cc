// Core section 3.1.3.7 rules 3 and 4: others beside us need azp, and it must be us. (FAPI2 invalid-secondary-aud.)
#include "tests/sso/support.h"

namespace mc::sso::testing {

TEST_CASE("attack: claims secondary audience") {
  const auto two = [](const char* azp) {
    return [azp](Scene& s) {
      s.Claim("aud", R"(["our-client","untrusted"])");
      if (azp) s.Claim("azp", azp);
    };
  };
  Expect({
      {"without azp", "claim_azp", two(nullptr)},
      {"us twice without azp", "claim_azp", [](Scene& s) { s.Claim("aud", R"(["our-client","our-client"])"); }},
      {"azp of the other", "claim_azp", two(R"("untrusted")")},
      {"azp a list", "claim_azp", two(R"(["our-client"])")},
      {"azp us", "", two(R"("our-client")")},
  });
}

}  // namespace mc::sso::testing
