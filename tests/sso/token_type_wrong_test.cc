// RFC 6749 section 5.1: Bearer, in any letter case. (FAPI2 token-type-case-insensitivity.)
#include "tests/sso/support.h"

namespace mc::sso::testing {

TEST_CASE("attack: token type wrong") {
  const auto type = [](const char* json) {
    return [json](Scene& s) { s.change = [json](Scene& t) { t.answer.Set("token_type", json); }; };
  };
  Expect({
      {"MAC", "token_type", type(R"("mac")")},
      {"DPoP", "token_type", type(R"("DPoP")")},
      {"a list", "token_type", type(R"(["Bearer"])")},
      {"empty", "token_type", type(R"("")")},
      {"absent", "token_type", [](Scene& s) { s.change = [](Scene& t) { t.answer.Drop("token_type"); }; }},
      {"bearer", "", type(R"("bearer")")},
      {"BEARER", "", type(R"("BEARER")")},
  });
}

}  // namespace mc::sso::testing
