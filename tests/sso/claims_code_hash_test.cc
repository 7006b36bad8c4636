// Core section 3.3.2.11: c_hash is not asked for in the code flow, but one that is there fits. (invalid-chash.)
#include "tests/sso/support.h"

namespace mc::sso::testing {

TEST_CASE("attack: claims code hash") {
  const auto hash = [](std::string json) { return [json](Scene& s) { s.Claim("c_hash", json); }; };
  Expect({
      {"of another code", "claim_at_hash", hash(Quoted(B64(AsBytes(Sha256("other")).substr(0, 16))))},
      {"a number", "claim_at_hash", hash("1")},
      {"of this code", "", hash(Quoted(B64(AsBytes(Sha256("the-code")).substr(0, 16))))},
  });
}

}  // namespace mc::sso::testing
