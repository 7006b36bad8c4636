// A set that shows a private key proves nothing any more, not even by its other keys.
#include "tests/sso/support.h"

namespace mc::sso::testing {

TEST_CASE("attack: keys private shown") {
  Expect({
      {"of this key", "key_set_private",
       [](Scene& s) { s.key_set = KeySetText({TestKey::Rsa().Jwk(R"(,"d":"AQAB")")}); }},
      {"of another", "key_set_private",
       [](Scene& s) {
         s.key_set = KeySetText({TestKey::Rsa().Jwk(), TestKey::Ec().Jwk(R"(,"d":"AQAB")")});
       }},
      {"a prime", "key_set_private", [](Scene& s) { s.key_set = KeySetText({TestKey::Rsa().Jwk(R"(,"p":"AQAB")")}); }},
  });
}

}  // namespace mc::sso::testing
