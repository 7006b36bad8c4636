// A person's id_token or a logout token used as an access token (RFC 9068 section 4, RFC 8725 section 3.11).
#include "machine_support.h"

using namespace mc;
using namespace mc::test;

TEST_CASE("attack: a token of a person where a machine's is asked for") {
  MachineScene s;
  for (const Json& typ :
       {Json("JWT"), Json("jwt"), Json("logout+jwt"), Json("at"), Json("at+jwt+x"), Json(""), Json(nullptr), Json(1)}) {
    CAPTURE(typ.dump());
    s.Refuses(s.WithHeader("typ", typ), "jwt_type");
  }
  Json header = s.Header();
  header.erase("typ");
  s.Refuses(MachineScene::Signed(header, s.Claims()), "jwt_type");
  CHECK(s.Pushed(s.WithHeader("typ", "application/at+jwt")) == 0);
  CHECK(s.Pushed(s.WithHeader("typ", "AT+JWT")) == 0);
}

// And the other way round: a machine's token is no id_token.
TEST_CASE("attack: a machine's token where a person's is asked for") {
  MachineScene s;
  const auto parsed = sso::ParseJws(s.Token(), SignatureAlgorithm::kEs256, sso::JwtUse::kIdToken);
  REQUIRE_FALSE(parsed.ok());
  CHECK(parsed.error() == sso::RefusalReason::kJwtType);
  CHECK_FALSE(sso::ParseJws(s.Token(), SignatureAlgorithm::kEs256, sso::JwtUse::kLogoutToken).ok());
}
