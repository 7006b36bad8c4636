// RFC 7515 section 4: header names are unique.
#include "tests/sso/support.h"

namespace mc::sso::testing {

TEST_CASE("attack: jose duplicate header") {
  const auto more = [](std::string text) {
    return [text](Scene& s) { s.change = [text](Scene& t) { t.header.more = text; }; };
  };
  Expect({
      {"alg", "jwt_header", more(R"(,"alg":"none")")},
      {"alg, the same", "jwt_header", more(R"(,"alg":"RS256")")},
      {"kid", "jwt_header", more(R"(,"kid":"rsa-2")")},
      {"escaped", "jwt_header", more(R"(,"\u0061lg":"none")")},
      {"no object", "jwt_header",
       [](Scene& s) { s.edit_token = [](std::string t) { return B64("[]") + t.substr(t.find('.')); }; }},
      {"enc", "jwt_header", more(R"(,"enc":"A128GCM")")},
      {"zip", "jwt_header", more(R"(,"zip":"DEF")")},
      {"unknown names are passed over", "", more(R"(,"x":1)")},
  });
}

}  // namespace mc::sso::testing
