// RFC 8725 section 3.4, RFC 7517 section 4: a key of the set that must not verify, whatever it signed. (RSA with e
// = 1 needs no private key at all.)
#include "tests/sso/support.h"

namespace mc::sso::testing {

TEST_CASE("attack: keys unfit") {
  const auto set = [](std::string jwk) { return [jwk](Scene& s) { s.key_set = KeySetText({jwk}); }; };
  const TestKey& rsa = TestKey::Rsa();
  static const TestKey weak = TestKey::Named(TestKey::RsaOf(1024), "rsa-1");
  const auto with = [&](const char* more) { return R"({"kid":"rsa-1",)" + rsa.Members() + more + "}"; };
  const std::string n = B64(rsa.Number("n"));
  const auto exponent = [&](std::string e) {
    return R"({"kid":"rsa-1","kty":"RSA","n":")" + n + R"(","e":")" + B64(e) + "\"}";
  };
  const auto forged = [&](std::string jwk) {
    return [jwk](Scene& s) {
      s.key_set = KeySetText({jwk});
      // With e = 1 a signature is the padded digest itself.
      s.edit_token = [](std::string t) {
        const std::string input = t.substr(0, t.rfind('.'));
        const std::string info =
            FromHex("3031300d060960864801650304020105000420").value() + std::string(AsBytes(Sha256(input)));
        const std::string padded =
            std::string("\0\x01", 2) + std::string(256 - 3 - info.size(), '\xFF') + std::string(1, '\0') + info;
        return input + "." + B64(padded);
      };
    };
  };
  Expect({
      {"RSA of 1024 bits", "key_unfit",
       [](Scene& s) {
         s.key = weak;
         s.key_set = KeySetText({weak.Jwk()});
       }},
      {"e of 1, a forged signature", "key_unfit", forged(exponent("\x01"))},
      {"e of 3", "key_unfit", set(exponent("\x03"))},
      {"even e", "key_unfit", set(exponent("\x01\x01\x02"))},
      {"use enc", "key_unfit", set(with(R"(,"use":"enc")"))},
      {"use a number", "key_unfit", set(with(R"(,"use":1)"))},
      {"key_ops without verify", "key_unfit", set(with(R"(,"key_ops":["sign","encrypt"])"))},
      {"another algorithm", "key_unfit", set(with(R"(,"alg":"RS512")"))},
      {"the encryption algorithm", "key_unfit", set(with(R"(,"alg":"RSA-OAEP")"))},
      {"n padded", "key_unfit", set(R"({"kid":"rsa-1","kty":"RSA","n":")" + n + R"(==","e":"AQAB"})")},
      {"use sig, key_ops verify, its algorithm", "", set(with(R"(,"use":"sig","key_ops":["verify"],"alg":"RS256")"))},
  });
}

}  // namespace mc::sso::testing
