// Goal: only sound public keys for the pinned algorithm are found, each by its one name.
// Method: key sets with one thing wrong, looked up by name; bounds at the limit and one past it.
#include "sso/jwk.h"

#include <doctest/doctest.h>

#include "tests/sso/keys.h"

namespace mc::sso {
namespace {

using namespace mc::sso::testing;

// "" when the set is read and the key found.
std::string Fate(const std::string& set, const std::optional<std::string>& kid,
                 SignatureAlgorithm algorithm = SignatureAlgorithm::kRs256) {
  const auto keys = KeySet::Parse(set, algorithm);
  if (!keys.ok()) return std::string(Code(keys.error()));
  const auto key = keys->Find(kid);
  return key.ok() ? "" : std::string(Code(key.error()));
}

std::string RsaJwk(const std::string& n, const std::string& e) {
  return R"({"kid":"k","kty":"RSA","n":")" + n + R"(","e":")" + e + "\"}";
}

TEST_CASE("RSA keys") {
  const std::string n = TestKey::Rsa().Number("n");
  const std::string good = B64(n), e = "AQAB";
  struct Case {
    const char* name;
    std::string jwk;
    const char* fate;
  };
  std::string even = n;
  even.back() = static_cast<char>(even.back() & ~1);
  const Case cases[] = {
      {"bare", RsaJwk(good, e), ""},
      {"use sig", TestKey::Named(TestKey::Rsa(), "k").Jwk(), ""},
      {"alg", TestKey::Named(TestKey::Rsa(), "k").Jwk(R"(,"alg":"RS256")"), ""},
      {"another alg", TestKey::Named(TestKey::Rsa(), "k").Jwk(R"(,"alg":"PS256")"), "key_unfit"},
      {"alg a number", TestKey::Named(TestKey::Rsa(), "k").Jwk(R"(,"alg":1)"), "key_unfit"},
      {"use enc", R"({"kid":"k","use":"enc",)" + TestKey::Rsa().Members() + "}", "key_unfit"},
      {"key_ops verify", TestKey::Named(TestKey::Rsa(), "k").Jwk(R"(,"key_ops":["verify"])"), ""},
      {"key_ops sign", TestKey::Named(TestKey::Rsa(), "k").Jwk(R"(,"key_ops":["sign"])"), "key_unfit"},
      {"key_ops empty", TestKey::Named(TestKey::Rsa(), "k").Jwk(R"(,"key_ops":[])"), "key_unfit"},
      {"key_ops a text", TestKey::Named(TestKey::Rsa(), "k").Jwk(R"(,"key_ops":"verify")"), "key_unfit"},
      {"e of 1", RsaJwk(good, "AQ"), "key_unfit"},
      {"e of 3", RsaJwk(good, "Aw"), "key_unfit"},
      {"e of 65535", RsaJwk(good, B64("\xFF\xFF")), "key_unfit"},
      {"even e", RsaJwk(good, B64(std::string("\x01\x00\x02", 3))), "key_unfit"},
      {"e of 8 bytes", RsaJwk(good, B64(std::string(8, '\x01'))), ""},
      {"e of 9 bytes", RsaJwk(good, B64(std::string(9, '\x01'))), "key_unfit"},
      {"e with a leading zero", RsaJwk(good, B64(std::string("\0\x01\0\x01", 4))), "key_unfit"},
      {"n with a leading zero", RsaJwk(B64('\0' + n), e), "key_unfit"},
      {"even n", RsaJwk(B64(even), e), "key_unfit"},
      {"n padded", RsaJwk(good + "==", e), "key_unfit"},
      {"n a byte short", RsaJwk(B64(n.substr(1)), e), "key_unfit"},
      {"no n", R"({"kid":"k","kty":"RSA","e":"AQAB"})", "key_unfit"},
      {"n a number", R"({"kid":"k","kty":"RSA","n":1,"e":"AQAB"})", "key_unfit"},
      {"no kty", R"({"kid":"k","n":")" + good + R"(","e":"AQAB"})", "key_unfit"},
      {"kty of EC", R"({"kid":"k","kty":"EC","n":")" + good + R"(","e":"AQAB"})", "key_unfit"},
      {"kty unknown", R"({"kid":"k","kty":"OKP","x":"AA"})", "key_unfit"},
      {"oct", R"({"kid":"k","kty":"oct","k":"AAAA"})", "key_unfit"},
      {"private", TestKey::Named(TestKey::Rsa(), "k").Jwk(R"(,"d":"AQ")"), "key_set_private"},
      {"private prime", TestKey::Named(TestKey::Rsa(), "k").Jwk(R"(,"q":"AQ")"), "key_set_private"},
  };
  for (const Case& one : cases) {
    CAPTURE(one.name);
    CHECK(Fate(KeySetText({one.jwk}), "k") == one.fate);
  }
}

TEST_CASE("RSA sizes, at the bounds and past them") {
  const std::pair<int, const char*> sizes[] = {{1024, "key_unfit"}, {2040, "key_unfit"}, {2048, ""}, {3072, ""}};
  for (const auto& [bits, fate] : sizes) {
    CAPTURE(bits);
    const TestKey key = TestKey::RsaOf(bits);
    CHECK(Fate(KeySetText({key.Jwk()}), key.kid) == fate);
  }
  // Making such a key would take long: 2^8192 - 5 is odd, composite and without small factors, as a modulus is.
  std::string n(kRsaBitsMost / 8, '\xFF');
  n.back() = '\xFB';
  CHECK(Fate(KeySetText({RsaJwk(B64(n), "AQAB")}), "k") == "");
  CHECK(Fate(KeySetText({RsaJwk(B64('\x01' + n), "AQAB")}), "k") == "key_unfit");
}

TEST_CASE("EC keys") {
  const TestKey& key = TestKey::Ec();
  const std::string x = key.Number("x"), y = key.Number("y");
  const auto jwk = [](const std::string& crv, const std::string& x_text, const std::string& y_text) {
    return R"({"kid":"k","kty":"EC","crv":")" + crv + R"(","x":")" + x_text + R"(","y":")" + y_text + "\"}";
  };
  std::string off = y;
  off.back() = static_cast<char>(off.back() ^ 1);
  struct Case {
    const char* name;
    std::string jwk;
    const char* fate;
  };
  const Case cases[] = {
      {"bare", jwk("P-256", B64(x), B64(y)), ""},
      {"not on the curve", jwk("P-256", B64(x), B64(off)), "key_unfit"},
      {"zero", jwk("P-256", B64(std::string(32, '\0')), B64(std::string(32, '\0'))), "key_unfit"},
      {"x of 31 bytes", jwk("P-256", B64(x.substr(1)), B64(y)), "key_unfit"},
      {"x of 33 bytes", jwk("P-256", B64('\0' + x), B64(y)), "key_unfit"},
      {"another name of the curve", jwk("secp256r1", B64(x), B64(y)), "key_unfit"},
      {"P-384", TestKey::Named(TestKey::EcOn("secp384r1"), "k").Jwk(), "key_unfit"},
      {"secp256k1", TestKey::Named(TestKey::EcOn("secp256k1"), "k").Jwk(), "key_unfit"},
      {"secp256k1 that says P-256",
       jwk("P-256", B64(TestKey::EcOn("secp256k1").Number("x")), B64(TestKey::EcOn("secp256k1").Number("y"))),
       "key_unfit"},
      {"no crv", R"({"kid":"k","kty":"EC","x":")" + B64(x) + R"(","y":")" + B64(y) + "\"}", "key_unfit"},
      {"an RSA key", TestKey::Named(TestKey::Rsa(), "k").Jwk(), "key_unfit"},
      {"private", TestKey::Named(key, "k").Jwk(R"(,"d":"AQ")"), "key_set_private"},
  };
  for (const Case& one : cases) {
    CAPTURE(one.name);
    CHECK(Fate(KeySetText({one.jwk}), "k", SignatureAlgorithm::kEs256) == one.fate);
  }
}

TEST_CASE("names") {
  const std::string one = TestKey::Rsa().Jwk(), two = TestKey::OtherRsa().Jwk(), ec = TestKey::Ec().Jwk();
  const std::string nameless = "{" + TestKey::Rsa().Members() + "}";
  CHECK(Fate(KeySetText({one, two}), "rsa-2") == "");
  CHECK(Fate(KeySetText({one, two}), "rsa-3") == "key_unknown");
  CHECK(Fate(KeySetText({one, two}), std::nullopt) == "key_ambiguous");
  CHECK(Fate(KeySetText({one, ec}), std::nullopt) == "");  // one key for this algorithm
  CHECK(Fate(KeySetText({one, ec}), "ec-1") == "key_unfit");
  CHECK(Fate(KeySetText({nameless}), std::nullopt) == "");
  CHECK(Fate(KeySetText({nameless}), "rsa-1") == "key_unknown");
  CHECK(Fate(KeySetText({nameless, nameless}), std::nullopt) == "key_ambiguous");
  CHECK(Fate(KeySetText({}), std::nullopt) == "key_unknown");
  CHECK(Fate(KeySetText({one, TestKey::Named(TestKey::OtherRsa(), "rsa-1").Jwk()}), "rsa-1") == "key_set_duplicate");
  CHECK(Fate(KeySetText({one, TestKey::Named(TestKey::Ec(), "rsa-1").Jwk()}), "rsa-1") == "key_set_duplicate");
  CHECK(Fate(KeySetText({one, R"({"kid":1,)" + TestKey::OtherRsa().Members() + "}"}), "rsa-1") == "");
}

TEST_CASE("the set as a whole") {
  const std::string one = TestKey::Rsa().Jwk();
  CHECK(Fate("", "rsa-1") == "key_set_malformed");
  CHECK(Fate("[]", "rsa-1") == "key_set_malformed");
  CHECK(Fate("{}", "rsa-1") == "key_set_malformed");
  CHECK(Fate(R"({"keys":{}})", "rsa-1") == "key_set_malformed");
  CHECK(Fate(R"({"keys":[1]})", "rsa-1") == "key_set_malformed");
  CHECK(Fate(R"({"keys":[],"keys":[)" + one + "]}", "rsa-1") == "key_set_malformed");
  CHECK(Fate(R"({"keys":[)" + one + R"(],"more":1})", "rsa-1") == "");
  std::string many;
  for (std::size_t i = 1; i < kKeySetMostKeys; ++i) many += R"({"kty":"x"},)";
  CHECK(Fate(R"({"keys":[)" + many + one + "]}", "rsa-1") == "");
  CHECK(Fate(R"({"keys":[)" + many + R"({"kty":"x"},)" + one + "]}", "rsa-1") == "key_set_malformed");
  const std::string set = KeySetText({one});
  CHECK(Fate(set + std::string(kKeySetLimitBytes - set.size(), ' '), "rsa-1") == "");
  CHECK(Fate(set + std::string(kKeySetLimitBytes - set.size() + 1, ' '), "rsa-1") == "key_set_malformed");
}

}  // namespace
}  // namespace mc::sso
