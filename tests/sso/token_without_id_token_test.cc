// OpenID Connect Core section 3.1.3.3: without an id_token nobody is proven.
#include "tests/sso/support.h"

namespace mc::sso::testing {

TEST_CASE("attack: token without id token") {
  Expect({
      {"absent", "id_token_missing", [](Scene& s) { s.change = [](Scene& t) { t.answer.Set("id_token", "absent"); }; }},
      {"null", "token_malformed", [](Scene& s) { s.change = [](Scene& t) { t.answer.Set("id_token", "null"); }; }},
      {"a list", "token_malformed",
       [](Scene& s) { s.change = [](Scene& t) { t.answer.Set("id_token", R"(["a.b.c"])"); }; }},
      {"an object", "token_malformed", [](Scene& s) { s.change = [](Scene& t) { t.answer.Set("id_token", "{}"); }; }},
      {"empty", "jwt_malformed", [](Scene& s) { s.change = [](Scene& t) { t.answer.Set("id_token", R"("")"); }; }},
  });
}

}  // namespace mc::sso::testing
