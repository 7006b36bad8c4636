// RFC 8725 section 3.1: one algorithm per provider, also against its own other keys. (FAPI2 invalid-alternate-alg.)
#include "tests/sso/support.h"

namespace mc::sso::testing {

TEST_CASE("attack: jose alternate algorithm") {
  const auto other = [](const char* alg, const TestKey& key) {
    return [=](Scene& s) {
      s.alg = alg;
      s.key = key;
    };
  };
  Expect({
      {"RS512", "jwt_algorithm", other("RS512", TestKey::Rsa())},
      {"PS256 of the RS256 key", "jwt_algorithm", other("PS256", TestKey::Rsa())},
      {"ES256 of its EC key", "jwt_algorithm", other("ES256", TestKey::Ec())},
      {"says RS256, is RS512", "signature_bad",
       [](Scene& s) {
         s.alg = "RS512";
         s.Header("alg", R"("RS256")");
       }},
      {"says RS256, is PS256", "signature_bad",
       [](Scene& s) {
         s.alg = "PS256";
         s.Header("alg", R"("RS256")");
       }},
      {"PS256 pinned, RS256 sent", "jwt_algorithm", [](Scene& s) { s.profile.algorithm = SignatureAlgorithm::kPs256; }},
      {"ES256 pinned, RS256 sent", "jwt_algorithm", [](Scene& s) { s.profile.algorithm = SignatureAlgorithm::kEs256; }},
      {"PS256 pinned, PS384 that says PS256", "signature_bad",
       [](Scene& s) {
         s.Algorithm(SignatureAlgorithm::kPs256, TestKey::Rsa());
         s.alg = "PS384";
         s.Header("alg", R"("PS256")");
       }},
      {"PS256 pinned and sent", "", [](Scene& s) { s.Algorithm(SignatureAlgorithm::kPs256, TestKey::Rsa()); }},
      {"ES256 pinned and sent", "", [](Scene& s) { s.Es256(); }},
  });
}

}  // namespace mc::sso::testing
