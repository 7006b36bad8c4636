// VNConnect states the level in userinfo (loAs), text or number; it is held to as acr is.
#include "tests/sso/support.h"

namespace mc::sso::testing {

TEST_CASE("attack: userinfo level") {
  const auto level = [](const char* json) {
    return [json](Scene& s) {
      s.profile.level = {"loAs", ClaimSource::kUserinfo, {"1", "2", "3"}};
      s.settings.least_level = "2";
      s.change = [json](Scene& t) {
        if (json) t.userinfo.Set("loAs", json);
      };
    };
  };
  Expect(
      {
          {"below", "claim_acr", level(R"("1")")},
          {"below, as a number", "claim_acr", level("1")},
          {"unknown", "claim_acr", level("9")},
          {"absent, although acr in the id_token says LoA2", "claim_acr", level(nullptr)},
      },
      Userinfo::kCalled);
  Expect({{"equal", "", level(R"("2")")}, {"above, as a number", "", level("3")}});
}

}  // namespace mc::sso::testing
