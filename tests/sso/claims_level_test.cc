// Core section 2 (acr): at least the level that was asked for, by the profile's own order.
#include "tests/sso/support.h"

namespace mc::sso::testing {

TEST_CASE("attack: claims level") {
  const auto acr = [](const char* asked, const char* json) {
    return [=](Scene& s) {
      s.wish.least_level = asked;
      if (json)
        s.Claim("acr", json);
      else
        s.DropClaim("acr");
    };
  };
  Expect({
      {"below", "claim_acr", acr("LoA2", R"("LoA1")")},
      {"equal", "", acr("LoA2", R"("LoA2")")},
      {"above", "", acr("LoA2", R"("LoA3")")},
      {"unknown", "claim_acr", acr("LoA2", R"("LoA9")")},
      {"another letter case", "claim_acr", acr("LoA2", R"("loa2")")},
      {"a list", "claim_acr", acr("LoA2", R"(["LoA2"])")},
      {"a number", "claim_acr", acr("LoA2", "2")},
      {"null", "claim_acr", acr("LoA2", "null")},
      {"absent", "claim_acr", acr("LoA2", nullptr)},
      {"absent, not asked for", "", acr("", nullptr)},
      {"unknown, not asked for", "", acr("", R"("urn:other")")},
      {"below the settings'", "claim_acr", [](Scene& s) { s.settings.least_level = "LoA3"; }},
      {"a wish below the settings' lowers nothing", "claim_acr",
       [](Scene& s) {
         s.settings.least_level = "LoA3";
         s.wish.least_level = "LoA1";
       }},
      {"a wish above the settings'", "claim_acr",
       [](Scene& s) {
         s.settings.least_level = "LoA1";
         s.wish.least_level = "LoA3";
       }},
  });
  Scene unknown;
  unknown.Claim("acr", R"("urn:other")");
  CHECK(unknown.Play() == "");
  CHECK(unknown.identity->level() == "");  // never passed on as if it meant something
}

}  // namespace mc::sso::testing
