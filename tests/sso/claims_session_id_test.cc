// Back-Channel Logout section 2.1: the provider's session is a text, or not named.
#include "tests/sso/support.h"

namespace mc::sso::testing {

TEST_CASE("attack: claims session id") {
  Expect({
      {"a number", "claim_sid", [](Scene& s) { s.Claim("sid", "1"); }},
      {"a control character", "claim_sid", [](Scene& s) { s.Claim("sid", R"("a\u0007")"); }},
      {"one past its limit", "claim_sid",
       [](Scene& s) { s.Claim("sid", Quoted(std::string(kSessionIdLimitBytes + 1, 's'))); }},
      {"at its limit", "", [](Scene& s) { s.Claim("sid", Quoted(std::string(kSessionIdLimitBytes, 's'))); }},
      {"absent", "", [](Scene& s) { s.DropClaim("sid"); }},
  });
}

}  // namespace mc::sso::testing
