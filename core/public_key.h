// Public keys of others and the three signature algorithms that we accept from them (RFC 7518
// sections 3.3 to 3.5; OpenSSL inside).
//
// A key is built from its numbers, never from PEM or DER, so that nothing but a bare public key can come in.
// Values; safe from any thread.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include "core/result.h"

struct evp_pkey_st;

namespace mc {

enum class SignatureAlgorithm {
  kRs256,  // RSASSA-PKCS1-v1_5 with SHA-256
  kPs256,  // RSASSA-PSS with SHA-256, MGF1 with SHA-256, salt of 32 bytes
  kEs256,  // ECDSA on P-256 with SHA-256, r and s of 32 bytes each
};

// Bounds of what is accepted. A longer modulus or exponent only costs time.
inline constexpr int kRsaBitsLeast = 2048;  // RFC 7518 section 3.3
inline constexpr int kRsaBitsMost = 8192;
inline constexpr std::size_t kRsaExponentBytesMost = 8;
inline constexpr std::size_t kP256CoordinateBytes = 32;
inline constexpr std::size_t kEs256SignatureBytes = 64;

class PublicKey {
 public:
  // Numbers are big-endian without a leading zero. kData "key_weak": a modulus outside the bounds or even, an
  // exponent that is even, below 65537 (FIPS 186-5 section 5.1) or too long. kData "key_malformed" otherwise.
  static Result<PublicKey> Rsa(std::string_view modulus, std::string_view exponent);
  // Coordinates of exactly 32 bytes. kData "key_malformed": another length, or a point not on the curve.
  static Result<PublicKey> P256(std::string_view x, std::string_view y);

  // False for every signature that does not verify, also one of another length than the algorithm's, and for
  // an algorithm that this kind of key does not serve.
  bool Verify(SignatureAlgorithm algorithm, std::string_view message, std::string_view signature) const;

  bool Serves(SignatureAlgorithm algorithm) const { return is_rsa_ == (algorithm != SignatureAlgorithm::kEs256); }

 private:
  PublicKey(std::shared_ptr<evp_pkey_st> key, bool is_rsa) : key_(std::move(key)), is_rsa_(is_rsa) {}

  std::shared_ptr<evp_pkey_st> key_;
  bool is_rsa_;
};

}  // namespace mc
