// RFC 7519 section 4: claim names are unique; which of two would count?
#include "tests/sso/support.h"

namespace mc::sso::testing {

TEST_CASE("attack: claims duplicate member") {
  const auto more = [](std::string text) {
    return [text](Scene& s) { s.change = [text](Scene& t) { t.claims.more = text; }; };
  };
  Expect({
      {"sub", "jwt_payload", more(R"(,"sub":"other")")},
      {"iss, the same", "jwt_payload", more(R"(,"iss":"https://op.example")")},
      {"escaped", "jwt_payload", more(R"(,"s\u0075b":"other")")},
      {"inside a claim", "jwt_payload", more(R"(,"x":{"a":1,"a":2})")},
      {"unknown claims are passed over", "", more(R"(,"x":{"a":1.5},"y":[null])")},
  });
}

}  // namespace mc::sso::testing
