// RFC 9068 section 4: a token that another issuer gave, whoever signed it.
#include "machine_support.h"

using namespace mc;
using namespace mc::test;

TEST_CASE("attack: a machine's token of another issuer") {
  MachineScene s;
  const std::string ours = kMachineIssuer;
  for (const Json& iss : {Json("https://other.example"), Json(ours + "/"), Json("https://gateway.example:443"),
                          Json(""), Json(nullptr), Json(Json::array({ours}))}) {
    CAPTURE(iss.dump());
    s.Refuses(s.With("iss", iss), "claim_iss");
  }
  s.Refuses(s.Without("iss"), "claim_iss");
}

TEST_CASE("attack: a machine's token signed by another key, or naming none of ours") {
  MachineScene s;
  s.Refuses(MachineScene::Signed(s.Header(), s.Claims(), 'b'), "signature_bad");
  Json header = s.Header();
  header.erase("kid");
  s.Refuses(MachineScene::Signed(header, s.Claims()), "key_unknown");
  for (const Json& kid : {Json("other"), Json("../a"), Json("' OR 1=1")})
    s.Refuses(s.WithHeader("kid", kid), "key_unknown");
  s.Refuses(s.WithHeader("kid", 1), "jwt_header");
  s.Refuses(s.WithHeader("jwk", Json{{"kty", "EC"}}), "jwt_embedded_key");
  s.Refuses(s.WithHeader("jku", "https://other.example/jwks"), "jwt_embedded_key");
  s.Refuses(s.WithHeader("crit", Json::array({"x"})), "jwt_critical");
}
