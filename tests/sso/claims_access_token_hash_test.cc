// Core section 3.1.3.6: a token of another answer. (invalid-athash; missing is lawful in the code flow.)
#include "tests/sso/support.h"

namespace mc::sso::testing {

TEST_CASE("attack: claims access token hash") {
  const auto hash = [](std::string json) { return [json](Scene& s) { s.Claim("at_hash", json); }; };
  Expect({
      {"of another token", "claim_at_hash", hash(Quoted(B64(AsBytes(Sha256("other")).substr(0, 16))))},
      {"the whole hash", "claim_at_hash", hash(Quoted(B64(AsBytes(Sha256("the-access-token")))))},
      {"the right half", "claim_at_hash", hash(Quoted(B64(AsBytes(Sha256("the-access-token")).substr(16))))},
      {"empty", "claim_at_hash", hash(R"("")")},
      {"null", "claim_at_hash", hash("null")},
      {"the access token replaced", "claim_at_hash",
       [](Scene& s) { s.change = [](Scene& t) { t.answer.Set("access_token", R"("other")"); }; }},
      {"absent", "", [](Scene& s) { s.DropClaim("at_hash"); }},
  });
}

}  // namespace mc::sso::testing
