#include "tests/sso/keys.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <cstdlib>
#include <stdexcept>

#include "core/digest.h"

namespace mc::sso::testing {
namespace {

void Must(bool done) {
  if (!done) throw std::runtime_error("OpenSSL refused something in a test");
}

std::string ToRaw(const std::string& der) {
  const auto* from = reinterpret_cast<const unsigned char*>(der.data());
  ECDSA_SIG* pair = d2i_ECDSA_SIG(nullptr, &from, static_cast<long>(der.size()));
  Must(pair != nullptr);
  std::string raw(64, '\0');
  auto* to = reinterpret_cast<unsigned char*>(raw.data());
  Must(BN_bn2binpad(ECDSA_SIG_get0_r(pair), to, 32) == 32 && BN_bn2binpad(ECDSA_SIG_get0_s(pair), to + 32, 32) == 32);
  ECDSA_SIG_free(pair);
  return raw;
}

const char* JwkCurve(std::string_view group) {
  if (group == "prime256v1") return "P-256";
  return group == "secp384r1" ? "P-384" : "secp256k1";
}

}  // namespace

const TestKey& TestKey::Rsa() {
  static const TestKey key = Named(RsaOf(2048), "rsa-1");
  return key;
}
const TestKey& TestKey::OtherRsa() {
  static const TestKey key = Named(RsaOf(2048), "rsa-2");
  return key;
}
const TestKey& TestKey::Ec() {
  static const TestKey key = Named(EcOn("prime256v1"), "ec-1");
  return key;
}
const TestKey& TestKey::OtherEc() {
  static const TestKey key = Named(EcOn("prime256v1"), "ec-2");
  return key;
}

TestKey TestKey::RsaOf(int bits) {
  TestKey key;
  key.kid = "rsa-" + std::to_string(bits);
  key.key_.reset(EVP_RSA_gen(static_cast<unsigned>(bits)), EVP_PKEY_free);
  Must(key.key_ != nullptr);
  return key;
}

TestKey TestKey::EcOn(const char* curve) {
  TestKey key;
  key.kid = curve;
  key.key_.reset(EVP_EC_gen(curve), EVP_PKEY_free);
  Must(key.key_ != nullptr);
  return key;
}

TestKey TestKey::Named(const TestKey& key, std::string kid) {
  TestKey named = key;
  named.kid = std::move(kid);
  return named;
}

std::string TestKey::Number(const char* parameter) const {
  BIGNUM* number = nullptr;
  const std::string name = parameter;
  const char* of_openssl = name == "x" ? OSSL_PKEY_PARAM_EC_PUB_X : name == "y" ? OSSL_PKEY_PARAM_EC_PUB_Y : parameter;
  Must(EVP_PKEY_get_bn_param(key_.get(), of_openssl, &number) == 1);
  const bool coordinate = name == "x" || name == "y";
  const int size = coordinate ? (EVP_PKEY_get_bits(key_.get()) + 7) / 8 : BN_num_bytes(number);
  std::string bytes(static_cast<std::size_t>(size), '\0');
  Must(BN_bn2binpad(number, reinterpret_cast<unsigned char*>(bytes.data()), size) == size);
  BN_free(number);
  return bytes;
}

std::string TestKey::Members() const {
  if (EVP_PKEY_is_a(key_.get(), "RSA") == 1) {
    return R"("kty":"RSA","n":")" + B64(Number("n")) + R"(","e":")" + B64(Number("e")) + "\"";
  }
  char group[32] = {};
  Must(EVP_PKEY_get_utf8_string_param(key_.get(), OSSL_PKEY_PARAM_GROUP_NAME, group, sizeof group, nullptr) == 1);
  return std::string(R"("kty":"EC","crv":")") + JwkCurve(group) + R"(","x":")" + B64(Number("x")) + R"(","y":")" +
         B64(Number("y")) + "\"";
}

std::string TestKey::Jwk(std::string_view more) const {
  return R"({"kid":")" + kid + R"(","use":"sig",)" + Members() + std::string(more) + "}";
}

std::string TestKey::Der() const {
  unsigned char* bytes = nullptr;
  const int size = i2d_PUBKEY(key_.get(), &bytes);
  Must(size > 0);
  std::string der(reinterpret_cast<char*>(bytes), static_cast<std::size_t>(size));
  OPENSSL_free(bytes);
  return der;
}

std::string TestKey::Pem() const {
  std::string text = ToBase64(Der());
  for (std::size_t at = 64; at < text.size(); at += 65) text.insert(at, "\n");
  return "-----BEGIN PUBLIC KEY-----\n" + text + "\n-----END PUBLIC KEY-----\n";
}

std::string TestKey::PrivatePem() const {
  BIO* out = BIO_new(BIO_s_mem());
  Must(PEM_write_bio_PrivateKey(out, key_.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1);
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(out, &bytes);
  std::string pem(bytes, static_cast<std::size_t>(size));
  BIO_free(out);
  return pem;
}

namespace {

std::string Encrypted(evp_pkey_st* key, int padding, std::string_view plain) {
  EVP_PKEY_CTX* context = EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr);
  Must(EVP_PKEY_encrypt_init(context) == 1 && EVP_PKEY_CTX_set_rsa_padding(context, padding) == 1);
  std::string sealed(static_cast<std::size_t>(EVP_PKEY_get_size(key)), '\0');
  std::size_t size = sealed.size();
  Must(EVP_PKEY_encrypt(context, reinterpret_cast<unsigned char*>(sealed.data()), &size,
                        reinterpret_cast<const unsigned char*>(plain.data()), plain.size()) == 1);
  EVP_PKEY_CTX_free(context);
  sealed.resize(size);
  return sealed;
}

}  // namespace

std::string TestKey::Wrap(std::string_view secret) const { return Encrypted(key_.get(), RSA_PKCS1_PADDING, secret); }

std::string TestKey::RawEncrypt(std::string_view block) const { return Encrypted(key_.get(), RSA_NO_PADDING, block); }

std::string AesEcb(std::string_view key, std::string_view text) {
  const std::string name = "AES-" + std::to_string(key.size() * 8) + "-ECB";
  EVP_CIPHER* cipher = EVP_CIPHER_fetch(nullptr, name.c_str(), nullptr);
  EVP_CIPHER_CTX* context = EVP_CIPHER_CTX_new();
  std::string sealed(text.size() + 16, '\0');
  int size = 0, rest = 0;
  auto* to = reinterpret_cast<unsigned char*>(sealed.data());
  Must(cipher &&
       EVP_EncryptInit_ex2(context, cipher, reinterpret_cast<const unsigned char*>(key.data()), nullptr, nullptr) == 1);
  Must(EVP_EncryptUpdate(context, to, &size, reinterpret_cast<const unsigned char*>(text.data()),
                         static_cast<int>(text.size())) == 1);
  Must(EVP_EncryptFinal_ex(context, to + size, &rest) == 1);
  EVP_CIPHER_CTX_free(context);
  EVP_CIPHER_free(cipher);
  sealed.resize(static_cast<std::size_t>(size + rest));
  return sealed;
}

std::string TestKey::Sign(std::string_view alg, std::string_view message) const {
  const char* digest = alg == "RS512" ? "SHA512" : alg == "PS384" ? "SHA384" : "SHA256";
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  EVP_PKEY_CTX* of_key = nullptr;
  Must(EVP_DigestSignInit_ex(context, &of_key, digest, nullptr, nullptr, key_.get(), nullptr) == 1);
  if (alg.starts_with("PS")) {
    Must(EVP_PKEY_CTX_set_rsa_padding(of_key, RSA_PKCS1_PSS_PADDING) == 1);
    Must(EVP_PKEY_CTX_set_rsa_pss_saltlen(of_key, alg == "PS256-S20" ? 20 : RSA_PSS_SALTLEN_DIGEST) == 1);
  }
  const auto* from = reinterpret_cast<const unsigned char*>(message.data());
  std::size_t size = 0;
  Must(EVP_DigestSign(context, nullptr, &size, from, message.size()) == 1);
  std::string signature(size, '\0');
  Must(EVP_DigestSign(context, reinterpret_cast<unsigned char*>(signature.data()), &size, from, message.size()) == 1);
  EVP_MD_CTX_free(context);
  signature.resize(size);
  return alg == "ES256" ? ToRaw(signature) : signature;
}

std::string B64(std::string_view bytes) {
  std::string text = ToBase64(bytes);
  while (!text.empty() && text.back() == '=') text.pop_back();
  for (char& c : text) c = c == '+' ? '-' : c == '/' ? '_' : c;
  return text;
}

std::string Unb64(std::string_view text) {
  std::string padded(text);
  for (char& c : padded) c = c == '-' ? '+' : c == '_' ? '/' : c;
  padded.append((4 - padded.size() % 4) % 4, '=');
  return FromBase64(padded).value();
}

std::string Token(std::string_view header, std::string_view payload, const TestKey& key, std::string_view alg) {
  const std::string input = B64(header) + "." + B64(payload);
  return input + "." + B64(key.Sign(alg, input));
}

std::string HmacToken(std::string_view header, std::string_view payload, std::string_view secret) {
  const std::string input = B64(header) + "." + B64(payload);
  return input + "." + B64(AsBytes(HmacSha256(secret, input)));
}

std::string KeySetText(std::initializer_list<std::string> jwks) {
  std::string text;
  for (const std::string& jwk : jwks) text += (text.empty() ? "" : ",") + jwk;
  return R"({"keys":[)" + text + "]}";
}

}  // namespace mc::sso::testing
