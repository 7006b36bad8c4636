// Core section 2: a person has one name of 1 to 255 characters. (missing-sub.)
#include "tests/sso/support.h"

namespace mc::sso::testing {

TEST_CASE("attack: claims subject") {
  const auto sub = [](std::string json) { return [json](Scene& s) { s.Claim("sub", json); }; };
  Expect({
      {"absent", "claim_sub", [](Scene& s) { s.DropClaim("sub"); }},
      {"empty", "claim_sub", sub(R"("")")},
      {"a number", "claim_sub", sub("12")},
      {"null", "claim_sub", sub("null")},
      {"a list", "claim_sub", sub(R"(["a"])")},
      {"one past its limit", "claim_sub", sub(Quoted(std::string(kSubjectLimitBytes + 1, 's')))},
      {"CR LF", "claim_sub", sub(R"("a\r\nb")")},
      {"NUL", "claim_sub", sub(R"("a\u0000b")")},
  });
  Scene scene;
  const std::string longest(kSubjectLimitBytes, 's');
  scene.change = [&](Scene& t) {
    t.claims.Set("sub", Quoted(longest));
    t.userinfo.Set("sub", Quoted(longest));
  };
  CHECK(scene.Play() == "");
  CHECK(scene.identity->subject() == longest);
}

}  // namespace mc::sso::testing
