// Section 2.4: a session, a person, or both.
#include "tests/sso/support.h"

namespace mc::sso::testing {

TEST_CASE("attack: logout target") {
  ExpectLogout({
      {"none", "logout_target",
       [](LogoutScene& l) {
         l.claims.Drop("sub");
         l.claims.Drop("sid");
       }},
      {"sid a number", "claim_sid", [](LogoutScene& l) { l.claims.Set("sid", "1"); }},
      {"sid empty", "claim_sid", [](LogoutScene& l) { l.claims.Set("sid", R"("")"); }},
      {"sub a number", "claim_sub", [](LogoutScene& l) { l.claims.Set("sub", "1"); }},
      {"sub null", "claim_sub", [](LogoutScene& l) { l.claims.Set("sub", "null"); }},
  });
  LogoutScene by_sid, by_sub;
  by_sid.claims.Drop("sub");
  CHECK(by_sid.Send() == "");
  CHECK(by_sid.order->session_id() == "provider-session");
  CHECK(by_sid.order->subject() == "");
  by_sub.claims.Drop("sid");
  CHECK(by_sub.Send() == "");
  CHECK(by_sub.order->session_id() == "");
  CHECK(by_sub.order->subject() == kSubject);
  CHECK(by_sub.order->issuer() == kIssuer);
}

}  // namespace mc::sso::testing
