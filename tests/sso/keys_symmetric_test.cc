// libjwt 2026-44699: a key of the set never serves HMAC.
#include "tests/sso/support.h"

namespace mc::sso::testing {

TEST_CASE("attack: keys symmetric") {
  Expect({
      {"an oct key and HS256", "jwt_algorithm",
       [](Scene& s) {
         s.key_set = R"({"keys":[{"kty":"oct","kid":"rsa-1","k":"AAAA"}]})";
         s.Header("alg", R"("HS256")");
         s.edit_token = [](std::string t) {
           const std::string input = t.substr(0, t.rfind('.'));
           return input + "." + B64(AsBytes(HmacSha256(std::string(3, '\0'), input)));
         };
       }},
      {"an oct key under the name that signed", "key_unfit",
       [](Scene& s) { s.key_set = R"({"keys":[{"kty":"oct","kid":"rsa-1","k":"AAAA"}]})"; }},
      {"an oct key beside the right one", "",
       [](Scene& s) {
         s.key_set = KeySetText({R"({"kty":"oct","kid":"x","k":"AAAA"})", TestKey::Rsa().Jwk()});
       }},
      {"an unknown kind beside the right one", "",
       [](Scene& s) {
         s.key_set = KeySetText({R"({"kty":"OKP","kid":"x","crv":"Ed25519","x":"AAAA"})", TestKey::Rsa().Jwk()});
       }},
  });
}

}  // namespace mc::sso::testing
