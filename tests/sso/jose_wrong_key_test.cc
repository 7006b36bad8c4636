// (invalid-sig-rs256, invalid-sig-es256.)
#include "tests/sso/support.h"

namespace mc::sso::testing {

TEST_CASE("attack: jose wrong key") {
  Expect({
      {"RSA, under a known name", "signature_bad",
       [](Scene& s) { s.key = TestKey::Named(TestKey::OtherRsa(), "rsa-1"); }},
      {"RSA, under its own", "key_unknown", [](Scene& s) { s.key = TestKey::OtherRsa(); }},
      {"EC, under a known name", "signature_bad",
       [](Scene& s) {
         s.Es256();
         s.key = TestKey::Named(TestKey::OtherEc(), "ec-1");
       }},
      {"EC, under its own", "key_unknown",
       [](Scene& s) {
         s.Es256();
         s.key = TestKey::OtherEc();
       }},
  });
}

}  // namespace mc::sso::testing
