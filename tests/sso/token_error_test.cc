// RFC 6749 section 5.2: a failure is one, whatever stands beside it.
#include "tests/sso/support.h"

namespace mc::sso::testing {

TEST_CASE("attack: token error") {
  Expect({
      {"an error beside the tokens", "token_error",
       [](Scene& s) { s.change = [](Scene& t) { t.answer.Set("error", R"("x")"); }; }},
      {"an error that is no text", "token_error",
       [](Scene& s) { s.change = [](Scene& t) { t.answer.Set("error", "null"); }; }},
      {"under 400", "token_error",
       [](Scene& s) {
         s.edit_token_answer = [](Result<HttpResponse>& r) {
           r->status = 400;
           r->body = R"({"error":"invalid_client"})";
         };
       }},
  });
}

}  // namespace mc::sso::testing
