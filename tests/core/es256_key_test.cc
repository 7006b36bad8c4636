// Goal: what our key signs, whoever has its public part verifies, and nobody else's verifies there.
// Method: the public numbers of RFC 6979 appendix A.2.5 for its secret; our own signatures read by core/public_key.h.
#include "core/es256_key.h"

#include <doctest/doctest.h>

#include "core/digest.h"
#include "core/public_key.h"

using namespace mc;

TEST_CASE("es256 key: the public point of a known secret") {
  const auto key = Es256Key::FromSeed(*FromHex("c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721"));
  REQUIRE(key.ok());
  CHECK(ToHex(key->x()) == "60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6");
  CHECK(ToHex(key->y()) == "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299");
}

TEST_CASE("es256 key: signs what its public part verifies") {
  const Es256Key key = Es256Key::FromSeed(std::string(32, 'a')).value();
  const PublicKey pub = PublicKey::P256(key.x(), key.y()).value();
  for (int i = 0; i < 300; ++i) {  // numbers with leading zeros too
    const std::string message = "message " + std::to_string(i), signature = key.Sign(message);
    REQUIRE(signature.size() == kEs256SignatureBytes);
    REQUIRE(pub.Verify(SignatureAlgorithm::kEs256, message, signature));
    REQUIRE_FALSE(pub.Verify(SignatureAlgorithm::kEs256, message + ".", signature));
  }
  const Es256Key other = Es256Key::FromSeed(std::string(32, 'b')).value();
  CHECK_FALSE(pub.Verify(SignatureAlgorithm::kEs256, "m", other.Sign("m")));
}

TEST_CASE("es256 key: secrets at the bounds of the curve's order") {
  const auto code = [](const std::string& hex) {
    const auto key = Es256Key::FromSeed(*FromHex(hex));
    return key.ok() ? std::string() : key.error().code;
  };
  CHECK(code(std::string(64, '0')) == "bad_token_key");
  CHECK(code(std::string(63, '0') + "1") == "");
  CHECK(code("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632550") == "");
  CHECK(code("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551") == "bad_token_key");  // the order
  CHECK(code(std::string(64, 'f')) == "bad_token_key");
  CHECK(code(std::string(62, 'a')) == "bad_token_key");
  CHECK(code(std::string(66, 'a')) == "bad_token_key");
}
