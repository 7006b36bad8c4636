// RFC 7515 section 4.1.11: an extension that must be understood is not.
#include "tests/sso/support.h"

namespace mc::sso::testing {

TEST_CASE("attack: jose critical extension") {
  const auto crit = [](const char* json) { return [json](Scene& s) { s.Header("crit", json); }; };
  Expect({
      {"unknown", "jwt_critical", crit(R"(["https://evil.example/x"])")},
      {"exp", "jwt_critical", crit(R"(["exp"])")},
      {"empty", "jwt_critical", crit("[]")},
      {"null", "jwt_critical", crit("null")},
  });
}

}  // namespace mc::sso::testing
