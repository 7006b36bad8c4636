// RFC 9207 section 2.4: another issuer, refused before the token call. (FAPI2 invalid-authorization-response-iss.)
#include "tests/sso/support.h"

namespace mc::sso::testing {

TEST_CASE("attack: response issuer wrong") {
  const auto iss = [](const char* value) {
    return [value](Scene& s) { s.bring = [value](Callback&, Form& form) { form[2].second = value; }; };
  };
  const std::vector<Case> cases = {
      {"another", "issuer_mismatch", iss("https://evil.example")},
      {"a slash more", "issuer_mismatch", iss("https://op.example/")},
      {"another letter case", "issuer_mismatch", iss("https://OP.example")},
      {"empty", "issuer_mismatch", iss("")},
      {"in an answer that tells a failure", "issuer_mismatch",
       [](Scene& s) {
         s.bring = [](Callback&, Form& form) {
           form[0] = {"error", "access_denied"};
           form[2].second = "https://evil.example";
         };
       }},
      {"although the provider does not promise one", "issuer_mismatch",
       [](Scene& s) {
         s.profile.names_issuer = false;
         s.bring = [](Callback&, Form& form) { form[2].second = "https://evil.example"; };
       }},
  };
  Expect(cases);
  for (const Case& one : cases) {
    Scene scene;
    one.arrange(scene);
    CHECK(scene.Play() == "issuer_mismatch");
    CHECK(scene.token_calls == 0);
  }
}

}  // namespace mc::sso::testing
