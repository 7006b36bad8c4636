// Core section 3.1.3.7 rule 5: an azp that is there is us, also beside one audience.
#include "tests/sso/support.h"

namespace mc::sso::testing {

TEST_CASE("attack: claims authorized party") {
  const auto azp = [](const char* json) { return [json](Scene& s) { s.Claim("azp", json); }; };
  Expect({
      {"another", "claim_azp", azp(R"("other-client")")},
      {"null", "claim_azp", azp("null")},
      {"empty", "claim_azp", azp(R"("")")},
      {"us", "", azp(R"("our-client")")},
  });
}

}  // namespace mc::sso::testing
