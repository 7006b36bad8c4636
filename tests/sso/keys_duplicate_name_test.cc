// RFC 7517 section 4.5: two keys of one name; which one is meant?
#include "tests/sso/support.h"

namespace mc::sso::testing {

TEST_CASE("attack: keys duplicate name") {
  Expect({
      {"two RSA keys", "key_set_duplicate",
       [](Scene& s) {
         s.key_set = KeySetText({TestKey::Rsa().Jwk(), TestKey::Named(TestKey::OtherRsa(), "rsa-1").Jwk()});
       }},
      {"the same key twice", "key_set_duplicate",
       [](Scene& s) {
         s.key_set = KeySetText({TestKey::Rsa().Jwk(), TestKey::Rsa().Jwk()});
       }},
      {"beside another kind", "key_set_duplicate",
       [](Scene& s) {
         s.key_set = KeySetText({TestKey::Rsa().Jwk(), R"({"kty":"oct","kid":"rsa-1","k":"AAAA"})"});
       }},
  });
}

}  // namespace mc::sso::testing
