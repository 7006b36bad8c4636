// RFC 7519 section 4.1.4, at the limit and one past it.
#include "machine_support.h"

using namespace mc;
using namespace mc::test;

TEST_CASE("attack: a machine's token after its end") {
  MachineScene s;
  const std::string token = s.Token();
  s.Wait((sso::kAccessTokenSecs + sso::kAccessTokenSkewSecs) * kMicrosPerSecond - 1);
  CHECK(s.Pushed(token) == 0);
  s.Wait(1);
  s.Refuses(token, "claim_exp");
}

TEST_CASE("attack: a machine's token that says no end, or one that we never give") {
  MachineScene s;
  const std::int64_t now = s.clock.Now().micros / kMicrosPerSecond;
  CHECK(s.Pushed(s.With("exp", now + sso::kAccessTokenSecs)) == 0);
  s.Refuses(s.With("exp", now + sso::kAccessTokenSecs + 1), "claim_exp");
  for (const Json& exp : {Json(nullptr), Json("1900000000"), Json(0), Json(-1)}) {
    CAPTURE(exp.dump());
    s.Refuses(s.With("exp", exp), "claim_exp");
  }
  s.Refuses(s.Without("exp"), "claim_exp");
}
