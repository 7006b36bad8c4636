// Keys of a provider of the tests, and tokens as it or somebody hostile would write them (OpenSSL inside).
// What is signed here is signed by OpenSSL directly: nothing of sso/ is asked. Used from one thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>

struct evp_pkey_st;

namespace mc::sso::testing {

// Texts of JSON, so that a test can also write what no writer would.
class TestKey {
 public:
  static const TestKey& Rsa();  // 2048 bits, made once per run
  static const TestKey& OtherRsa();
  static const TestKey& Ec();  // P-256
  static const TestKey& OtherEc();
  static TestKey RsaOf(int bits);
  static TestKey EcOn(const char* curve);  // "secp384r1"
  static TestKey Named(const TestKey& key, std::string kid);

  // The public part as members of a JWK, without braces: `"kty":"RSA","n":...,"e":...`.
  std::string Members() const;
  // {"kid":..., "use":"sig", members, more}; `more` begins with a comma.
  std::string Jwk(std::string_view more = "") const;
  std::string Number(const char* parameter) const;  // big-endian bytes of n, e, d, x or y
  std::string Pem() const;
  std::string Der() const;

  std::string PrivatePem() const;                        // PKCS#8, of an RSA key
  std::string Wrap(std::string_view secret) const;       // RSAES-PKCS1-v1_5
  std::string RawEncrypt(std::string_view block) const;  // without padding: `block` is as long as the modulus

  // alg: RS256, RS512, PS256, PS384, ES256, ES256-DER.
  std::string Sign(std::string_view alg, std::string_view message) const;

  std::string kid;

 private:
  std::shared_ptr<evp_pkey_st> key_;
};

std::string B64(std::string_view bytes);  // base64url without padding
std::string Unb64(std::string_view text);

std::string AesEcb(std::string_view key, std::string_view text);  // PKCS#7 padded, as openssl enc does

// header.payload.signature of these very texts.
std::string Token(std::string_view header, std::string_view payload, const TestKey& key, std::string_view alg);
std::string HmacToken(std::string_view header, std::string_view payload, std::string_view secret);

std::string KeySetText(std::initializer_list<std::string> jwks);

}  // namespace mc::sso::testing
