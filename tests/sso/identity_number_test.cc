// The personal number of the verified person: 12 digits, as text or number, or nobody.
#include "tests/sso/support.h"

namespace mc::sso::testing {

TEST_CASE("attack: identity number") {
  const auto number = [](const char* json) {
    return [json](Scene& s) { s.change = [json](Scene& t) { t.userinfo.Set("SoDinhDanh", json); }; };
  };
  Expect(
      {
          {"absent", "identity_missing", [](Scene& s) { s.change = [](Scene& t) { t.userinfo.Drop("SoDinhDanh"); }; }},
          {"empty", "identity_malformed", number(R"("")")},
          {"null", "identity_malformed", number("null")},
          {"11 digits", "identity_malformed", number(R"("01085012345")")},
          {"13 digits", "identity_malformed", number(R"("0010850123456")")},
          {"a letter", "identity_malformed", number(R"("00108501234x")")},
          {"a space", "identity_malformed", number(R"("001085012345 ")")},
          {"no province", "identity_malformed", number(R"("000085012345")")},
          {"an old number of 9 digits, as a number", "identity_malformed", number("123456789")},
          {"a fraction", "identity_malformed", number("1085012345.0")},
          {"negative", "identity_malformed", number("-1085012345")},
          {"a list", "identity_malformed", number(R"(["001085012345"])")},
      },
      Userinfo::kCalled);
  const std::string expected = ToHex(HmacSha256(kPersonKey, kNumber));
  for (const char* json : {R"("001085012345")", "1085012345"}) {
    Scene scene;
    number(json)(scene);
    CHECK(scene.Play() == "");
    CHECK(scene.identity->person_hmac() == expected);
  }
}

}  // namespace mc::sso::testing
