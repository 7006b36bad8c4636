// RFC 9068 section 4: a token for another gateway, signed by a key that both know.
#include "machine_support.h"

using namespace mc;
using namespace mc::test;

TEST_CASE("attack: a machine's token for another audience") {
  MachineScene s;
  const std::string ours = kMachineAudience;
  for (const Json& aud : {Json("https://other.example/api/v1"), Json(ours + "/"), Json(ours + "/inbox"),
                          Json("HTTPS" + ours.substr(5)), Json(""), Json(nullptr), Json(7), Json(Json::array()),
                          Json({ours, "https://other.example"}), Json(Json::array({ours}))}) {
    CAPTURE(aud.dump());
    s.Refuses(s.With("aud", aud), "claim_aud");
  }
  s.Refuses(s.Without("aud"), "claim_aud");
  const sso::TokenKeys other = MachineKeys({MachineKey('a')}, kMachineIssuer, "https://other.example/api/v1");
  s.Refuses(other.Sign({kMachine, "source:pushed", "one", s.clock.Now()}), "claim_aud");
}
