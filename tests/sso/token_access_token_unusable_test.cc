// RFC 6750 section 2.1: what goes into a header is visible ASCII, bounded.
#include "tests/sso/support.h"

namespace mc::sso::testing {

TEST_CASE("attack: token access token unusable") {
  const auto access = [](std::string json) {
    return [json](Scene& s) {
      s.change = [json](Scene& t) {
        t.answer.Set("access_token", json);
        t.claims.Drop("at_hash");
      };
    };
  };
  Expect({
      {"absent", "token_malformed", [](Scene& s) { s.change = [](Scene& t) { t.answer.Drop("access_token"); }; }},
      {"a number", "token_malformed", access("1")},
      {"empty", "token_malformed", access(R"("")")},
      {"a line break", "token_malformed", access(R"("a\r\nX: y")")},
      {"a space", "token_malformed", access(R"("a b")")},
      {"not ASCII", "token_malformed", access(R"("\u00e9")")},
      {"one past its limit", "token_malformed", access(Quoted(std::string(kAccessTokenLimitBytes + 1, 'a')))},
  });
  Scene scene;
  scene.change = [](Scene& t) {
    t.answer.Set("access_token", Quoted(std::string(kAccessTokenLimitBytes, 'a')));
    t.claims.Drop("at_hash");
  };
  CHECK(scene.Play() == "");
}

}  // namespace mc::sso::testing
