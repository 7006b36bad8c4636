// RFC 6749 section 5.1: 200 and nothing else; a redirect is never followed, a good body under 500 is none.
#include "tests/sso/support.h"

namespace mc::sso::testing {

TEST_CASE("attack: token status wrong") {
  const auto status = [](int code) {
    return [code](Scene& s) {
      s.edit_token_answer = [code](Result<HttpResponse>& r) {
        r->status = code;
        r->headers["location"] = "https://evil.example/token";
      };
    };
  };
  Expect({
      {"201", "token_status", status(201)},
      {"204", "token_status", status(204)},
      {"302", "token_status", status(302)},
      {"307", "token_status", status(307)},
      {"400 without an error", "token_status", status(400)},
      {"401", "token_status", status(401)},
      {"500", "token_status", status(500)},
  });
}

}  // namespace mc::sso::testing
