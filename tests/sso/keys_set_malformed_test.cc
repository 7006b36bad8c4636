// RFC 7517 section 5, within 512 KB and 64 keys.
#include "tests/sso/support.h"

namespace mc::sso::testing {

TEST_CASE("attack: keys set malformed") {
  const auto set = [](std::string text) { return [text](Scene& s) { s.key_set = text; }; };
  std::string many;
  for (std::size_t i = 0; i < kKeySetMostKeys; ++i) many += R"({"kty":"x"},)";
  const std::string good = KeySetText({TestKey::Rsa().Jwk()});
  Expect({
      {"HTML", "key_set_malformed", set("<html>")},
      {"empty", "key_set_malformed", set("")},
      {"a list", "key_set_malformed", set("[]")},
      {"no keys", "key_set_malformed", set("{}")},
      {"keys twice", "key_set_malformed", set(R"({"keys":[],"keys":[]})")},
      {"too many", "key_set_malformed", set(R"({"keys":[)" + many + TestKey::Rsa().Jwk() + "]}")},
      {"too long", "key_set_malformed", set(good + std::string(kKeySetLimitBytes + 1 - good.size(), ' '))},
      {"at its limit", "", set(good + std::string(kKeySetLimitBytes - good.size(), ' '))},
      {"an empty set", "key_unknown", set(R"({"keys":[]})")},
      {"404", "keys_unavailable", [](Scene& s) { s.key_set_status = 404; }},
      {"302", "keys_unavailable", [](Scene& s) { s.key_set_status = 302; }},
      {"201", "keys_unavailable", [](Scene& s) { s.key_set_status = 201; }},
  });
}

}  // namespace mc::sso::testing
