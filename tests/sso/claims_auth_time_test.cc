// Core sections 2 and 3.1.2.1: where max_age was asked for, the person signed in at the provider within it.
#include "tests/sso/support.h"

namespace mc::sso::testing {

TEST_CASE("attack: claims auth time") {
  const auto asked = [](std::int64_t max_age, std::int64_t from_now) {
    return [=](Scene& s) {
      s.wish.max_age_secs = max_age;
      s.change = [=](Scene& t) {
        t.claims.Set("auth_time", std::to_string(t.clock.Now().micros / kMicrosPerSecond + from_now));
      };
    };
  };
  Expect({
      {"within it and the skew", "", asked(300, -360)},
      {"one second longer ago", "claim_auth_time", asked(300, -361)},
      {"a step-up with a person of an hour ago", "claim_auth_time", asked(0, -3'600)},
      {"a step-up just now", "", asked(0, 0)},
      {"from the future", "claim_auth_time", asked(300, 61)},
      {"absent, asked for", "claim_auth_time",
       [](Scene& s) {
         s.wish.max_age_secs = 300;
         s.DropClaim("auth_time");
       }},
      {"a text, asked for", "claim_auth_time",
       [](Scene& s) {
         s.wish.max_age_secs = 300;
         s.Claim("auth_time", R"("1781060400")");
       }},
      {"a text, not asked for", "claim_auth_time", [](Scene& s) { s.Claim("auth_time", R"("1781060400")"); }},
      {"absent, not asked for", "", [](Scene& s) { s.DropClaim("auth_time"); }},
      {"long ago, not asked for", "", [](Scene& s) { s.Claim("auth_time", "1000000000"); }},
  });
}

}  // namespace mc::sso::testing
