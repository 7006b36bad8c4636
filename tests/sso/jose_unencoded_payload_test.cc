// RFC 7797 section 6: a payload that is not encoded is another token to another reader.
#include "tests/sso/support.h"

namespace mc::sso::testing {

TEST_CASE("attack: jose unencoded payload") {
  Expect({
      {"b64 false, critical", "jwt_critical",
       [](Scene& s) {
         s.Header("b64", "false");
         s.Header("crit", R"(["b64"])");
       }},
      {"b64 false", "jwt_critical", [](Scene& s) { s.Header("b64", "false"); }},
      {"b64 true", "jwt_critical", [](Scene& s) { s.Header("b64", "true"); }},
  });
}

}  // namespace mc::sso::testing
