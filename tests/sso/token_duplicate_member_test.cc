// RFC 8259 section 4: two readers, two meanings; refused.
#include "tests/sso/support.h"

namespace mc::sso::testing {

TEST_CASE("attack: token duplicate member") {
  const auto more = [](std::string text) {
    return [text](Scene& s) { s.change = [text](Scene& t) { t.answer.more = text; }; };
  };
  Expect({
      {"id_token", "token_malformed", more(R"(,"id_token":"a.b.c")")},
      {"access_token", "token_malformed", more(R"(,"access_token":"other")")},
      {"escaped", "token_malformed", more(R"(,"id\u005ftoken":"a.b.c")")},
      {"inside a member", "token_malformed", more(R"(,"x":{"a":1,"a":2})")},
      {"an unknown member is passed over", "", more(R"(,"x":{"a":1},"refresh_token":"r","scope":"openid")")},
  });
}

}  // namespace mc::sso::testing
