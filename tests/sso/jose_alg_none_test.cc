// RFC 8725 section 3.2; Core allows it in the code flow, we do not. (idtoken-sig-none; FAPI2 invalid-null-alg.)
#include "tests/sso/support.h"

namespace mc::sso::testing {

TEST_CASE("attack: jose alg none") {
  const auto none = [](const char* alg) {
    return [alg](Scene& s) {
      s.Header("alg", alg);
      s.edit_token = [](std::string token) { return token.substr(0, token.rfind('.') + 1); };
    };
  };
  Expect({
      {"none", "jwt_algorithm", none(R"("none")")},
      {"None", "jwt_algorithm", none(R"("None")")},
      {"NONE", "jwt_algorithm", none(R"("NONE")")},
      {"nOnE", "jwt_algorithm", none(R"("nOnE")")},
      {"empty", "jwt_algorithm", none(R"("")")},
      {"null", "jwt_algorithm", none("null")},
      {"absent", "jwt_algorithm", [](Scene& s) { s.change = [](Scene& t) { t.header.Drop("alg"); }; }},
      {"none with a good signature", "jwt_algorithm", [](Scene& s) { s.Header("alg", R"("none")"); }},
      {"the pinned one without a signature", "signature_bad",
       [](Scene& s) { s.edit_token = [](std::string token) { return token.substr(0, token.rfind('.') + 1); }; }},
  });
}

}  // namespace mc::sso::testing
