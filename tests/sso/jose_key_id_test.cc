// RFC 7515 section 4.1.4: a name to look up, never a path, a query or a number. (kid-absent-multiple-jwks,
// kid-absent-single-jwks.)
#include "tests/sso/support.h"

namespace mc::sso::testing {

TEST_CASE("attack: jose key id") {
  const auto kid = [](std::string json) { return [json](Scene& s) { s.Header("kid", json); }; };
  const auto no_kid = [](std::initializer_list<std::string> keys) {
    const std::string set = KeySetText(keys);
    return [set](Scene& s) {
      s.key_set = set;
      s.change = [](Scene& t) { t.header.Drop("kid"); };
    };
  };
  Expect({
      {"unknown", "key_unknown", kid(R"("rsa-9")")},
      {"a number", "jwt_header", kid("1")},
      {"null", "jwt_header", kid("null")},
      {"empty", "jwt_header", kid(R"("")")},
      {"a path", "key_unknown", kid(R"("../../../../dev/null")")},
      {"SQL", "key_unknown", kid(R"("x' UNION SELECT 'key")")},
      {"4 KB", "jwt_header", kid(Quoted(std::string(4'096, 'k')))},
      {"of a key of another type", "key_unfit", kid(R"("ec-1")")},
      {"absent, two keys that fit", "key_ambiguous", no_kid({TestKey::Rsa().Jwk(), TestKey::OtherRsa().Jwk()})},
      {"absent, no key that fits", "key_unknown", no_kid({TestKey::Ec().Jwk()})},
      {"absent, one key that fits", "", no_kid({TestKey::Rsa().Jwk(), TestKey::Ec().Jwk()})},
      {"absent, one key", "", no_kid({TestKey::Rsa().Jwk()})},
      {"absent, one key of another", "signature_bad", no_kid({TestKey::OtherRsa().Jwk()})},
  });
}

}  // namespace mc::sso::testing
