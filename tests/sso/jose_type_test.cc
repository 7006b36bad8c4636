// RFC 8725 section 3.11: a token made for something else.
#include "tests/sso/support.h"

namespace mc::sso::testing {

TEST_CASE("attack: jose type") {
  const auto typ = [](const char* json) { return [json](Scene& s) { s.Header("typ", json); }; };
  Expect({
      {"at+jwt", "jwt_type", typ(R"("at+jwt")")},
      {"logout+jwt", "jwt_type", typ(R"("logout+jwt")")},
      {"application/at+jwt", "jwt_type", typ(R"("application/at+jwt")")},
      {"JOSE", "jwt_type", typ(R"("JOSE")")},
      {"a number", "jwt_type", typ("1")},
      {"null", "jwt_type", typ("null")},
      {"JWT", "", typ(R"("JWT")")},
      {"jwt", "", typ(R"("jwt")")},
  });
}

}  // namespace mc::sso::testing
