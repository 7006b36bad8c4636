// RFC 6749 section 5.1: one JSON object that says so, every name once.
#include "tests/sso/support.h"

namespace mc::sso::testing {

TEST_CASE("attack: token not json") {
  const auto body = [](const char* text) {
    return [text](Scene& s) { s.edit_token_answer = [text](Result<HttpResponse>& r) { r->body = text; }; };
  };
  Expect({
      {"HTML", "token_malformed", body("<html>")},
      {"empty", "token_malformed", body("")},
      {"a list", "token_malformed", body("[]")},
      {"a form", "token_malformed", body("access_token=a&token_type=Bearer")},
      {"text/html", "token_malformed",
       [](Scene& s) {
         s.edit_token_answer = [](Result<HttpResponse>& r) { r->headers["content-type"] = "text/html"; };
       }},
      {"no type", "token_malformed",
       [](Scene& s) { s.edit_token_answer = [](Result<HttpResponse>& r) { r->headers.clear(); }; }},
      {"with a charset", "",
       [](Scene& s) {
         s.edit_token_answer = [](Result<HttpResponse>& r) {
           r->headers["content-type"] = "Application/JSON;charset=UTF-8";
         };
       }},
  });
}

}  // namespace mc::sso::testing
