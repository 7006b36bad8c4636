// RFC 7519 section 4.1.5.
#include "tests/sso/support.h"

namespace mc::sso::testing {

TEST_CASE("attack: claims not before") {
  const auto nbf = [](std::int64_t from_now) {
    return [from_now](Scene& s) {
      s.change = [from_now](Scene& t) {
        t.claims.Set("nbf", std::to_string(t.clock.Now().micros / kMicrosPerSecond + from_now));
      };
    };
  };
  Expect({
      {"ahead by the skew", "", nbf(60)},
      {"one second more", "claim_nbf", nbf(61)},
      {"an hour ahead", "claim_nbf", nbf(3'600)},
      {"a text", "claim_nbf", [](Scene& s) { s.Claim("nbf", R"("0")"); }},
      {"null", "claim_nbf", [](Scene& s) { s.Claim("nbf", "null"); }},
      {"long ago", "", nbf(-86'400)},
  });
}

}  // namespace mc::sso::testing
