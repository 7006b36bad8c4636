// Core section 3.1.3.7 rule 3: for us. (invalid-aud, missing-aud; FAPI2 valid-aud-as-array.)
#include "tests/sso/support.h"

namespace mc::sso::testing {

TEST_CASE("attack: claims audience") {
  const auto aud = [](const char* json) { return [json](Scene& s) { s.Claim("aud", json); }; };
  Expect({
      {"another", "claim_aud", aud(R"("other-client")")},
      {"our name as a beginning", "claim_aud", aud(R"("our-client-2")")},
      {"the beginning of our name", "claim_aud", aud(R"("our")")},
      {"another letter case", "claim_aud", aud(R"("Our-Client")")},
      {"an empty list", "claim_aud", aud("[]")},
      {"a list of others", "claim_aud", aud(R"(["other-client"])")},
      {"a list with a number", "claim_aud", aud(R"(["our-client",1])")},
      {"a list in a list", "claim_aud", aud(R"([["our-client"]])")},
      {"an object", "claim_aud", aud(R"({"our-client":1})")},
      {"null", "claim_aud", aud("null")},
      {"absent", "claim_aud", [](Scene& s) { s.DropClaim("aud"); }},
      {"us alone in a list", "", aud(R"(["our-client"])")},
  });
  std::string many = R"(["our-client")";
  for (std::size_t i = 1; i < kAudienceMost; ++i) many += R"(,"x")";
  Expect({
      {"at the limit of a list", "",
       [&](Scene& s) {
         s.Claim("aud", many + "]");
         s.Claim("azp", R"("our-client")");
       }},
      {"one past it", "claim_aud",
       [&](Scene& s) {
         s.Claim("aud", many + R"(,"x"])");
         s.Claim("azp", R"("our-client")");
       }},
  });
}

}  // namespace mc::sso::testing
