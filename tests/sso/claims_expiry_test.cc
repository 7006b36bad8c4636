// Core section 3.1.3.7 rule 9, RFC 7519 section 4.1.4. (FAPI2 invalid-expired-exp, invalid-missing-exp.)
#include "tests/sso/support.h"

namespace mc::sso::testing {

TEST_CASE("attack: claims expiry") {
  const auto exp = [](std::int64_t from_now) {
    return [from_now](Scene& s) {
      s.change = [from_now](Scene& t) {
        t.claims.Set("exp", std::to_string(t.clock.Now().micros / kMicrosPerSecond + from_now));
      };
    };
  };
  const auto json = [](const char* text) { return [text](Scene& s) { s.Claim("exp", text); }; };
  Expect({
      {"the last second within the skew", "", exp(-59)},
      {"one past it", "claim_exp", exp(-60)},
      {"long ago", "claim_exp", json("0")},
      {"absent", "claim_exp", [](Scene& s) { s.DropClaim("exp"); }},
      {"a text", "claim_exp", json(R"("1900000000")")},
      {"null", "claim_exp", json("null")},
      {"negative", "claim_exp", json("-1")},
      {"beyond all numbers", "jwt_payload", json("1e400")},
      {"beyond all dates", "claim_exp", json("99999999999999999")},
      {"a list", "claim_exp", json("[1900000000]")},
      {"within the skew", "", exp(0)},
      {"a fraction", "", [](Scene& s) { s.change = [](Scene& t) { t.claims.members["exp"] += ".5"; }; }},
  });
  Scene scene;
  scene.profile.clock_skew_secs = 0;
  scene.change = [](Scene& t) { t.claims.Set("exp", std::to_string(t.clock.Now().micros / kMicrosPerSecond)); };
  CHECK(scene.Play() == "claim_exp");
}

}  // namespace mc::sso::testing
