// OpenID Connect Core section 3.1.3.7 rule 2: the issuer exactly, as text. (invalid-iss, missing-iss.)
#include "tests/sso/support.h"

namespace mc::sso::testing {

TEST_CASE("attack: claims issuer") {
  const auto iss = [](const char* json) { return [json](Scene& s) { s.Claim("iss", json); }; };
  Expect({
      {"another", "claim_iss", iss(R"("https://evil.example")")},
      {"a slash more", "claim_iss", iss(R"("https://op.example/")")},
      {"another letter case", "claim_iss", iss(R"("https://OP.example")")},
      {"http", "claim_iss", iss(R"("http://op.example")")},
      {"a list", "claim_iss", iss(R"(["https://op.example"])")},
      {"null", "claim_iss", iss("null")},
      {"empty", "claim_iss", iss(R"("")")},
      {"absent", "claim_iss", [](Scene& s) { s.DropClaim("iss"); }},
  });
}

}  // namespace mc::sso::testing
