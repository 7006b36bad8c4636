#include "core/es256_key.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/obj_mac.h>
#include <openssl/param_build.h>

#include "core/digest_context.h"

namespace mc {
namespace {

constexpr std::size_t kNumberBytes = 32;

using SignContext = std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX_free>>;
using MakeContext = std::unique_ptr<EVP_PKEY_CTX, Freed<EVP_PKEY_CTX_free>>;
using SecretNumber = std::unique_ptr<BIGNUM, Freed<BN_clear_free>>;
using Curve = std::unique_ptr<EC_GROUP, Freed<EC_GROUP_free>>;
using Point = std::unique_ptr<EC_POINT, Freed<EC_POINT_free>>;
using ParameterBuilder = std::unique_ptr<OSSL_PARAM_BLD, Freed<OSSL_PARAM_BLD_free>>;
using ParameterList = std::unique_ptr<OSSL_PARAM, Freed<OSSL_PARAM_free>>;
using DerSignature = std::unique_ptr<ECDSA_SIG, Freed<ECDSA_SIG_free>>;

unsigned char* BytesAt(std::string& bytes) { return reinterpret_cast<unsigned char*>(bytes.data()); }

Error BadTokenKey() {
  return ConfigError("bad_token_key", "the key that signs tokens must be 32 random bytes: draw it anew (openssl rand)");
}

// 04 || x || y of secret x generator; empty when the secret is out of range.
std::string PublicPoint(const BIGNUM* secret) {
  const Curve curve(EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1));
  const Point point(curve ? EC_POINT_new(curve.get()) : nullptr);
  if (!point || BN_is_zero(secret) || BN_cmp(secret, EC_GROUP_get0_order(curve.get())) >= 0) return "";
  if (EC_POINT_mul(curve.get(), point.get(), secret, nullptr, nullptr, nullptr) != 1) return "";
  std::string bytes(2 * kNumberBytes + 1, '\0');
  const std::size_t size = EC_POINT_point2oct(curve.get(), point.get(), POINT_CONVERSION_UNCOMPRESSED, BytesAt(bytes),
                                              bytes.size(), nullptr);
  return size == bytes.size() ? bytes : "";
}

std::shared_ptr<evp_pkey_st> KeyPair(const BIGNUM* secret, const std::string& point) {
  const ParameterBuilder builder(OSSL_PARAM_BLD_new());
  const bool filled =
      builder && OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) == 1 &&
      OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()) == 1 &&
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_PRIV_KEY, secret) == 1;
  const ParameterList parameters(filled ? OSSL_PARAM_BLD_to_param(builder.get()) : nullptr);
  const MakeContext context(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
  EVP_PKEY* key = nullptr;
  const bool made = parameters && context && EVP_PKEY_fromdata_init(context.get()) == 1 &&
                    EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_KEYPAIR, parameters.get()) == 1;
  std::shared_ptr<evp_pkey_st> held(key, EVP_PKEY_free);
  return made ? held : nullptr;
}

// RFC 7518 section 3.4: both numbers as 32 bytes, one after the other.
std::string RawSignature(const std::string& der) {
  const unsigned char* at = UnsignedBytes(der);
  const DerSignature pair(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())));
  std::string raw(2 * kNumberBytes, '\0');
  const bool fits = pair && BN_bn2binpad(ECDSA_SIG_get0_r(pair.get()), BytesAt(raw), kNumberBytes) > 0 &&
                    BN_bn2binpad(ECDSA_SIG_get0_s(pair.get()), BytesAt(raw) + kNumberBytes, kNumberBytes) > 0;
  return fits ? raw : "";
}

}  // namespace

Result<Es256Key> Es256Key::FromSeed(std::string_view seed) {
  if (seed.size() != kNumberBytes) return BadTokenKey();
  const SecretNumber secret(BN_bin2bn(UnsignedBytes(seed), static_cast<int>(seed.size()), nullptr));
  const std::string point = secret ? PublicPoint(secret.get()) : "";
  auto key = point.empty() ? nullptr : KeyPair(secret.get(), point);
  ERR_clear_error();
  if (!key) return BadTokenKey();
  return Es256Key(std::move(key), point.substr(1, kNumberBytes), point.substr(1 + kNumberBytes));
}

std::string Es256Key::Sign(std::string_view message) const {
  const SignContext context(EVP_MD_CTX_new());
  std::size_t size = 0;
  const bool begun =
      context && EVP_DigestSignInit_ex(context.get(), nullptr, "SHA256", nullptr, nullptr, key_.get(), nullptr) == 1 &&
      EVP_DigestSign(context.get(), nullptr, &size, UnsignedBytes(message), message.size()) == 1;
  std::string der(size, '\0');
  const bool done =
      begun && EVP_DigestSign(context.get(), BytesAt(der), &size, UnsignedBytes(message), message.size()) == 1;
  ERR_clear_error();
  if (!done) return "";
  der.resize(size);
  return RawSignature(der);
}

}  // namespace mc
