// RFC 9207 section 2.4: absent although the provider always names it. (FAPI2 remove-authorization-response-iss.)
#include "tests/sso/support.h"

namespace mc::sso::testing {

TEST_CASE("attack: response issuer absent") {
  Expect({
      {"absent", "issuer_missing", [](Scene& s) { s.bring = [](Callback&, Form& form) { form.pop_back(); }; }},
      {"absent in a failure", "issuer_missing",
       [](Scene& s) {
         s.bring = [](Callback&, Form& form) {
           form.pop_back();
           form[0] = {"error", "x"};
         };
       }},
      {"absent, and never promised", "",
       [](Scene& s) {
         s.profile.names_issuer = false;
         s.bring = [](Callback&, Form& form) { form.pop_back(); };
       }},
  });
}

}  // namespace mc::sso::testing
