// RFC 7518 section 6.2: a point of P-256 and of nothing else.
#include "tests/sso/support.h"

namespace mc::sso::testing {

TEST_CASE("attack: keys bad point") {
  const TestKey& ec = TestKey::Ec();
  const auto set = [](std::string x, std::string y, const char* crv = "P-256") {
    const std::string jwk = R"({"kid":"ec-1","kty":"EC","crv":")" + std::string(crv) + R"(","x":")" + B64(x) +
                            R"(","y":")" + B64(y) + "\"}";
    return [jwk](Scene& s) {
      s.Es256();
      s.key_set = KeySetText({jwk});
    };
  };
  std::string off = ec.Number("y");
  off[31] = static_cast<char>(off[31] ^ 1);
  static const TestKey p384 = TestKey::Named(TestKey::EcOn("secp384r1"), "ec-1");
  Expect({
      {"not on the curve", "key_unfit", set(ec.Number("x"), off)},
      {"zero", "key_unfit", set(std::string(32, '\0'), std::string(32, '\0'))},
      {"31 bytes", "key_unfit", set(ec.Number("x").substr(1), ec.Number("y"))},
      {"another curve's name", "key_unfit", set(ec.Number("x"), ec.Number("y"), "P-384")},
      {"P-384", "key_unfit",
       [](Scene& s) {
         s.Es256();
         s.key_set = KeySetText({p384.Jwk()});
       }},
      {"as it is", "", set(ec.Number("x"), ec.Number("y"))},
  });
}

}  // namespace mc::sso::testing
