// RFC 9700 section 4.5: a code of another sign-in. PKCE refuses it at the provider, the nonce here.
#include "tests/sso/support.h"

namespace mc::sso::testing {

TEST_CASE("attack: response code injected") {
  Expect({
      {"the provider checks PKCE", "token_error",
       [](Scene& s) {
         s.edit_token_answer = [](Result<HttpResponse>& r) {
           r->status = 400;
           r->body = R"({"error":"invalid_grant"})";
         };
       }},
      {"the provider does not", "claim_nonce", [](Scene& s) { s.Claim("nonce", Quoted("of-another-sign-in")); }},
  });
}

}  // namespace mc::sso::testing
