#include "core/public_key.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

#include <string>

#include "core/digest_context.h"

namespace mc {
namespace {

using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Freed<EVP_PKEY_CTX_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX_free>>;
using Number = std::unique_ptr<BIGNUM, Freed<BN_free>>;
using Builder = std::unique_ptr<OSSL_PARAM_BLD, Freed<OSSL_PARAM_BLD_free>>;
using Parameters = std::unique_ptr<OSSL_PARAM, Freed<OSSL_PARAM_free>>;
using EcSignature = std::unique_ptr<ECDSA_SIG, Freed<ECDSA_SIG_free>>;

constexpr unsigned long kRsaExponentLeast = 65'537;
constexpr int kPssSaltBytes = 32;          // RFC 7518 section 3.5: as long as the digest
constexpr std::size_t kDerBytesMost = 72;  // two INTEGERs of at most 33 bytes and three heads of 2

Number NumberOf(std::string_view bytes) {
  return Number(BN_bin2bn(UnsignedBytes(bytes), static_cast<int>(bytes.size()), nullptr));
}

Error Malformed() { return DataError("key_malformed", "the public key is malformed: its keeper must publish it anew"); }
Error Weak() { return DataError("key_weak", "the RSA key is weak or out of bounds: its keeper must replace it"); }

// A key of this type from parameters; empty when OpenSSL refuses them.
std::shared_ptr<evp_pkey_st> KeyFrom(const char* type, OSSL_PARAM_BLD* builder) {
  const Parameters parameters(OSSL_PARAM_BLD_to_param(builder));
  const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* key = nullptr;
  const bool made = parameters && context && EVP_PKEY_fromdata_init(context.get()) == 1 &&
                    EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters.get()) == 1;
  std::shared_ptr<evp_pkey_st> held(key, EVP_PKEY_free);
  if (!made) return nullptr;
  const KeyContext check(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
  return check && EVP_PKEY_public_check(check.get()) == 1 ? held : nullptr;
}

// r and s as DER, which is what OpenSSL reads; empty for a pair out of range (RFC 7518 section 3.4).
std::string EcdsaDer(std::string_view raw) {
  constexpr std::size_t kHalf = kEs256SignatureBytes / 2;
  const EcSignature pair(ECDSA_SIG_new());
  Number r = NumberOf(raw.substr(0, kHalf));
  Number s = NumberOf(raw.substr(kHalf));
  if (!pair || !r || !s || BN_is_zero(r.get()) || BN_is_zero(s.get())) return "";
  if (ECDSA_SIG_set0(pair.get(), r.get(), s.get()) != 1) return "";
  (void)r.release();
  (void)s.release();
  std::string der(kDerBytesMost, '\0');
  auto* to = reinterpret_cast<unsigned char*>(der.data());
  const int length = i2d_ECDSA_SIG(pair.get(), nullptr);
  if (length <= 0 || length > static_cast<int>(der.size()) || i2d_ECDSA_SIG(pair.get(), &to) != length) return "";
  der.resize(static_cast<std::size_t>(length));
  return der;
}

bool SetPss(EVP_PKEY_CTX* context) {
  return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1 &&
         EVP_PKEY_CTX_set_rsa_pss_saltlen(context, kPssSaltBytes) == 1;
}

}  // namespace

Result<PublicKey> PublicKey::Rsa(std::string_view modulus, std::string_view exponent) {
  if (modulus.empty() || exponent.empty() || modulus.front() == '\0' || exponent.front() == '\0') return Malformed();
  if (modulus.size() > kRsaBitsMost / 8 || exponent.size() > kRsaExponentBytesMost) return Weak();
  const Number n = NumberOf(modulus);
  const Number e = NumberOf(exponent);
  const Builder builder(OSSL_PARAM_BLD_new());
  const Number least(BN_new());
  if (!n || !e || !builder || !least || BN_set_word(least.get(), kRsaExponentLeast) != 1) return Malformed();
  if (BN_num_bits(n.get()) < kRsaBitsLeast || !BN_is_odd(n.get())) return Weak();
  if (!BN_is_odd(e.get()) || BN_cmp(e.get(), least.get()) < 0) return Weak();
  if (OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) != 1) return Malformed();
  if (OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) != 1) return Malformed();
  auto key = KeyFrom("RSA", builder.get());
  if (!key) return Malformed();
  return PublicKey(std::move(key), true);
}

Result<PublicKey> PublicKey::P256(std::string_view x, std::string_view y) {
  if (x.size() != kP256CoordinateBytes || y.size() != kP256CoordinateBytes) return Malformed();
  const std::string point = "\x04" + std::string(x) + std::string(y);  // uncompressed, SEC 1 section 2.3.3
  const Builder builder(OSSL_PARAM_BLD_new());
  const bool filled =
      builder && OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) == 1 &&
      OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()) == 1;
  auto key = filled ? KeyFrom("EC", builder.get()) : nullptr;
  if (!key) return Malformed();
  return PublicKey(std::move(key), false);
}

bool PublicKey::Verify(SignatureAlgorithm algorithm, std::string_view message, std::string_view signature) const {
  if (!Serves(algorithm)) return false;
  // Before any conversion: a long "signature" must not reach one (a proxy once overflowed its heap so).
  const std::size_t expected = is_rsa_ ? static_cast<std::size_t>(EVP_PKEY_get_size(key_.get())) : kEs256SignatureBytes;
  if (signature.size() != expected) return false;
  const std::string given = is_rsa_ ? std::string(signature) : EcdsaDer(signature);
  if (given.empty()) return false;
  const DigestContext context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* of_key = nullptr;
  if (!context ||
      EVP_DigestVerifyInit_ex(context.get(), &of_key, "SHA256", nullptr, nullptr, key_.get(), nullptr) != 1) {
    return false;
  }
  if (algorithm == SignatureAlgorithm::kPs256 && !SetPss(of_key)) return false;
  return EVP_DigestVerify(context.get(), UnsignedBytes(given), given.size(), UnsignedBytes(message),
                          message.size()) == 1;
}

}  // namespace mc
