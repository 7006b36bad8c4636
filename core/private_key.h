// Our own RSA key, for which a provider seals what it answers: a text under a fresh AES key in ECB mode, that key
// under our public one by RSAES-PKCS1-v1_5 (RFC 8017 section 7.2; OpenSSL inside). Nothing of it proves who made it or
// that it is whole: only TLS and what is checked afterwards do. Nobody should choose this; VNeID did.
//
// Values; safe from any thread. The key never leaves.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/digest.h"
#include "core/random.h"
#include "core/result.h"

struct evp_pkey_st;

namespace mc {

inline constexpr int kUnwrapBitsLeast = 2048;
inline constexpr int kUnwrapBitsMost = 4096;  // longer only costs time, and strangers can ask for it

class PrivateKey {
 public:
  // PEM (PKCS#8 or PKCS#1), not encrypted. kConfig "bad_private_key", which shows nothing of it.
  static Result<PrivateKey> FromPem(std::string_view pem);

  // SHA-256 of the public half, in DER (SubjectPublicKeyInfo): what `openssl pkey -in FILE -pubout -outform DER |
  // sha256sum` prints, so that people compare what we hold with what the provider was given.
  Digest PublicDigest() const;

  // The text; nullopt when it is none. A wrapped key that does not open is replaced by a random one (RFC 5246 section
  // 7.4.7.1), so that whoever sends many of them (Bleichenbacher) learns nothing from what is answered.
  std::optional<std::string> OpenEnvelope(std::string_view wrapped_key, std::string_view box,
                                          RandomSource& random) const;

 private:
  explicit PrivateKey(std::shared_ptr<evp_pkey_st> key) : key_(std::move(key)) {}
  std::string Unwrap(std::string_view wrapped_key, std::string instead) const;

  std::shared_ptr<evp_pkey_st> key_;
};

}  // namespace mc
