// Back-Channel Logout section 2.6: signed as an id_token is. (alg-none, wrong-alg.)
#include "tests/sso/support.h"

namespace mc::sso::testing {

TEST_CASE("attack: logout signature") {
  ExpectLogout({
      {"as it should be", "", [](LogoutScene&) {}},
      {"none", "jwt_algorithm",
       [](LogoutScene& l) {
         l.header.Set("alg", R"("none")");
         l.edit_token = [](std::string t) { return t.substr(0, t.rfind('.') + 1); };
       }},
      {"HS256 with the secret", "jwt_algorithm",
       [](LogoutScene& l) {
         l.header.Set("alg", R"("HS256")");
         l.edit_token = [](std::string t) {
           const std::string i = t.substr(0, t.rfind('.'));
           return i + "." + B64(AsBytes(HmacSha256(kSecret, i)));
         };
       }},
      {"another algorithm", "jwt_algorithm",
       [](LogoutScene& l) {
         l.alg = "PS256";
         l.header.Set("alg", R"("PS256")");
       }},
      {"another key", "signature_bad", [](LogoutScene& l) { l.key = TestKey::OtherRsa(); }},
      {"an unknown key", "key_unknown",
       [](LogoutScene& l) {
         l.key = TestKey::OtherRsa();
         l.header.Set("kid", R"("rsa-2")");
       }},
      {"cut off", "signature_bad",
       [](LogoutScene& l) { l.edit_token = [](std::string t) { return t.substr(0, t.rfind('.') + 1); }; }},
      {"five parts", "jwt_malformed", [](LogoutScene& l) { l.edit_token = [](std::string t) { return t + ".A.A"; }; }},
      {"crit", "jwt_critical", [](LogoutScene& l) { l.header.Set("crit", R"(["x"])"); }},
  });
}

}  // namespace mc::sso::testing
