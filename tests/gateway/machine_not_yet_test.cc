// RFC 7519 sections 4.1.5 and 4.1.6, at the limit and one past it.
#include "machine_support.h"

using namespace mc;
using namespace mc::test;

TEST_CASE("attack: a machine's token before its time") {
  MachineScene s;
  const std::int64_t now = s.clock.Now().micros / kMicrosPerSecond, skew = sso::kAccessTokenSkewSecs;
  CHECK(s.Pushed(s.With("nbf", now + skew)) == 0);
  s.Refuses(s.With("nbf", now + skew + 1), "claim_nbf");
  for (const Json& nbf : {Json(nullptr), Json("0"), Json(-1)}) s.Refuses(s.With("nbf", nbf), "claim_nbf");
  CHECK(s.Pushed(s.With("iat", now + skew)) == 0);
  s.Refuses(s.With("iat", now + skew + 1), "claim_iat");
  s.Refuses(s.With("iat", nullptr), "claim_iat");
  s.Refuses(s.Without("iat"), "claim_iat");
}
