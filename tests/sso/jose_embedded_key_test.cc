// RFC 8725 section 3.10: keys come from the provider's own set; nothing that a token names is fetched.
#include "tests/sso/support.h"

namespace mc::sso::testing {

TEST_CASE("attack: jose embedded key") {
  const TestKey& evil = TestKey::OtherRsa();
  const auto brings = [&](const char* name, std::string json) {
    return [=, &evil](Scene& s) {
      s.key = TestKey::Named(evil, "rsa-1");
      s.Header(name, json);
    };
  };
  Expect({
      {"jwk", "jwt_embedded_key", brings("jwk", "{" + evil.Members() + "}")},
      {"jku", "jwt_embedded_key", brings("jku", R"("https://evil.example/keys")")},
      {"x5u", "jwt_embedded_key", brings("x5u", R"("https://evil.example/chain")")},
      {"x5c", "jwt_embedded_key", brings("x5c", R"(["MIIB"])")},
      {"jku, signed by the provider", "jwt_embedded_key",
       [](Scene& s) { s.Header("jku", R"("https://op.example/keys")"); }},
      {"x5t names a certificate and is passed over", "", [](Scene& s) { s.Header("x5t", R"("abc")"); }},
  });
}

}  // namespace mc::sso::testing
