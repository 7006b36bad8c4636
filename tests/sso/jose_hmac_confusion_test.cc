// RFC 8725 section 3.1: HS256 with what is public, or with the client's secret. (invalid-sig-hs256.)
#include "tests/sso/support.h"

namespace mc::sso::testing {

TEST_CASE("attack: jose hmac confusion") {
  const auto mac = [](std::string secret, const char* alg) {
    return [=](Scene& s) {
      s.Header("alg", Quoted(alg));
      s.edit_token = [=](std::string token) {
        const std::string input = token.substr(0, token.rfind('.'));
        return input + "." + B64(AsBytes(HmacSha256(secret, input)));
      };
    };
  };
  const TestKey& key = TestKey::Rsa();
  for (const std::string& secret :
       {key.Pem(), key.Der(), key.Number("n"), B64(key.Number("n")), std::string(), std::string(kSecret)}) {
    Expect(
        {{"says HS256", "jwt_algorithm", mac(secret, "HS256")}, {"says RS256", "signature_bad", mac(secret, "RS256")}});
  }
}

}  // namespace mc::sso::testing
