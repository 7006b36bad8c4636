// Core section 3.1.3.7 rule 10: made just now. (missing-iat.)
#include "tests/sso/support.h"

namespace mc::sso::testing {

TEST_CASE("attack: claims issued at") {
  const auto iat = [](std::int64_t from_now) {
    return [from_now](Scene& s) {
      s.change = [from_now](Scene& t) {
        t.claims.Set("iat", std::to_string(t.clock.Now().micros / kMicrosPerSecond + from_now));
      };
    };
  };
  const auto json = [](const char* text) { return [text](Scene& s) { s.Claim("iat", text); }; };
  Expect({
      {"ten minutes old", "", iat(-kIdTokenAgeMostSecs)},
      {"one second older", "claim_iat", iat(-kIdTokenAgeMostSecs - 1)},
      {"ahead by the skew", "", iat(60)},
      {"one second more", "claim_iat", iat(61)},
      {"absent", "claim_iat", [](Scene& s) { s.DropClaim("iat"); }},
      {"a text", "claim_iat", json(R"("1781060400")")},
      {"null", "claim_iat", json("null")},
      {"negative", "claim_iat", json("-1")},
      {"true", "claim_iat", json("true")},
  });
}

}  // namespace mc::sso::testing
