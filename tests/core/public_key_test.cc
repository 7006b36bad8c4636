// Goal: a public key from its numbers verifies what others signed, and nothing else.
// Method: published vectors: RFC 7515 appendix A.2 (RS256) and A.3 (ES256). PS256 and every refusal: tests/sso.
#include "core/public_key.h"

#include <doctest/doctest.h>

#include "core/digest.h"

namespace mc {
namespace {

std::string Bytes(std::string text) {
  for (char& c : text) c = c == '-' ? '+' : c == '_' ? '/' : c;
  text.append((4 - text.size() % 4) % 4, '=');
  return FromBase64(text).value();
}

const char* const kPayload =
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";

TEST_CASE("RFC 7515 appendix A.2: RS256") {
  const auto key = PublicKey::Rsa(
      Bytes(
          "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZ"
          "S-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-"
          "UTo7WTBEMa2R2"
          "CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_"
          "h9iaGNj8q2ethFkMLs91kzk2PAcDTW9g"
          "b54h4FRWyuXpoQ"),
      Bytes("AQAB"));
  REQUIRE(key.ok());
  const std::string input = std::string("eyJhbGciOiJSUzI1NiJ9.") + kPayload;
  std::string signature = Bytes(
      "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_"
      "O8W2Fp5jujGbds9uJdbF9CUAr7t1"
      "dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--"
      "xi12jzD"
      "wusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_"
      "IoypGlUPQGe7"
      "7Rw");
  CHECK(key->Verify(SignatureAlgorithm::kRs256, input, signature));
  CHECK_FALSE(key->Verify(SignatureAlgorithm::kPs256, input, signature));
  CHECK_FALSE(key->Verify(SignatureAlgorithm::kEs256, input, signature));
  CHECK_FALSE(key->Verify(SignatureAlgorithm::kRs256, input + "x", signature));
  signature[100] = static_cast<char>(signature[100] ^ 1);
  CHECK_FALSE(key->Verify(SignatureAlgorithm::kRs256, input, signature));
}

TEST_CASE("RFC 7515 appendix A.3: ES256") {
  const auto key = PublicKey::P256(Bytes("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"),
                                   Bytes("x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"));
  REQUIRE(key.ok());
  const std::string input = std::string("eyJhbGciOiJFUzI1NiJ9.") + kPayload;
  const std::string signature =
      Bytes("DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q");
  CHECK(key->Verify(SignatureAlgorithm::kEs256, input, signature));
  CHECK_FALSE(key->Verify(SignatureAlgorithm::kRs256, input, signature));
  CHECK_FALSE(key->Verify(SignatureAlgorithm::kEs256, input + "x", signature));
  CHECK_FALSE(key->Verify(SignatureAlgorithm::kEs256, input, signature + "x"));
  CHECK_FALSE(key->Verify(SignatureAlgorithm::kEs256, input, ""));
}

TEST_CASE("a refusal says what its reader does") {
  const auto weak = PublicKey::Rsa(std::string(128, '\xFF'), "\x01\x02\x03");
  REQUIRE_FALSE(weak.ok());
  CHECK(weak.error().code == "key_weak");
  const auto malformed = PublicKey::P256("x", "y");
  REQUIRE_FALSE(malformed.ok());
  CHECK(malformed.error().code == "key_malformed");
  CHECK(malformed.error().error_class == ErrorClass::kData);
}

}  // namespace
}  // namespace mc
