// RFC 8725 section 3.1: the algorithm is ours to choose.
#include "machine_support.h"

using namespace mc;
using namespace mc::test;

TEST_CASE("attack: a machine's token without a signature, or by another algorithm") {
  MachineScene s;
  CHECK(s.Pushed(MachineScene::Signed(s.Header(), s.Claims())) == 0);  // the honest one, made the same way
  for (const char* alg : {"none", "None", "NONE", "", "HS256", "RS256", "PS256", "ES384", "EdDSA", "es256"}) {
    CAPTURE(std::string(alg));
    const std::string token = s.WithHeader("alg", alg);
    s.Refuses(token, "jwt_algorithm");
    s.Refuses(token.substr(0, token.rfind('.') + 1), "jwt_algorithm");
  }
  const std::string good = s.Token();
  s.Refuses(good.substr(0, good.rfind('.') + 1), "signature_bad");
  s.Refuses(good.substr(0, good.rfind('.')), "jwt_malformed");
  // ES256 is 64 bytes and nothing else (RFC 7518 section 3.4); r = s = 0 verifies nothing.
  for (const std::size_t size : {std::size_t{63}, std::size_t{64}, std::size_t{65}, std::size_t{8'000}}) {
    s.Refuses(good.substr(0, good.rfind('.') + 1) + sso::ToBase64Url(std::string(size, '\0')), "signature_bad");
  }
}
