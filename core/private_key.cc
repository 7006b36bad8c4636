#include "core/private_key.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <algorithm>

namespace mc {
namespace {

constexpr std::size_t kAes128Bytes = 16, kAes192Bytes = 24, kAes256Bytes = 32, kAesBlockBytes = 16;

struct FreeEvp {
  void operator()(BIO* held) const { BIO_free(held); }
  void operator()(EVP_PKEY_CTX* held) const { EVP_PKEY_CTX_free(held); }
  void operator()(EVP_CIPHER_CTX* held) const { EVP_CIPHER_CTX_free(held); }
};

const unsigned char* BytesIn(std::string_view bytes) { return reinterpret_cast<const unsigned char*>(bytes.data()); }
unsigned char* BytesOf(std::string& bytes) { return reinterpret_cast<unsigned char*>(bytes.data()); }

int NoPassword(char*, int, int, void*) { return 0; }

const EVP_CIPHER* EcbFor(std::size_t key_bytes) {
  switch (key_bytes) {
    case kAes128Bytes: return EVP_aes_128_ecb();
    case kAes192Bytes: return EVP_aes_192_ecb();
    case kAes256Bytes: return EVP_aes_256_ecb();
    default: return nullptr;
  }
}

// A file that was damaged or put together of two can still be read as a key.
bool HalvesFit(EVP_PKEY* key) {
  const std::unique_ptr<EVP_PKEY_CTX, FreeEvp> context(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
  const bool fit = context && EVP_PKEY_pairwise_check(context.get()) == 1;
  ERR_clear_error();
  return fit;
}

}  // namespace

Result<PrivateKey> PrivateKey::FromPem(std::string_view pem) {
  const std::unique_ptr<BIO, FreeEvp> in(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  std::shared_ptr<evp_pkey_st> key(in ? PEM_read_bio_PrivateKey(in.get(), nullptr, NoPassword, nullptr) : nullptr,
                                   EVP_PKEY_free);
  ERR_clear_error();
  const bool fits = key && EVP_PKEY_is_a(key.get(), "RSA") == 1 && EVP_PKEY_get_bits(key.get()) >= kUnwrapBitsLeast &&
                    EVP_PKEY_get_bits(key.get()) <= kUnwrapBitsMost && HalvesFit(key.get());
  if (fits) return PrivateKey(std::move(key));
  return ConfigError("bad_private_key", "must be an RSA key of " + std::to_string(kUnwrapBitsLeast) + " to " +
                                            std::to_string(kUnwrapBitsMost) +
                                            " bits in PEM, whole and not encrypted (openssl genrsa -out FILE 3072)");
}

Digest PrivateKey::PublicDigest() const {
  unsigned char* der = nullptr;
  const int size = i2d_PUBKEY(key_.get(), &der);
  const Digest digest = Sha256({reinterpret_cast<const char*>(der), static_cast<std::size_t>(std::max(size, 0))});
  OPENSSL_free(der);
  return digest;
}

std::string PrivateKey::Unwrap(std::string_view wrapped_key, std::string instead) const {
  const std::unique_ptr<EVP_PKEY_CTX, FreeEvp> context(EVP_PKEY_CTX_new_from_pkey(nullptr, key_.get(), nullptr));
  std::string key(static_cast<std::size_t>(EVP_PKEY_get_size(key_.get())), '\0');
  std::size_t size = key.size();
  const bool opened =
      context && EVP_PKEY_decrypt_init(context.get()) == 1 &&
      EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING) == 1 &&
      EVP_PKEY_decrypt(context.get(), BytesOf(key), &size, BytesIn(wrapped_key), wrapped_key.size()) == 1;
  ERR_clear_error();
  if (!opened || !EcbFor(size)) return instead;
  key.resize(size);
  return key;
}

std::optional<std::string> PrivateKey::OpenEnvelope(std::string_view wrapped_key, std::string_view box,
                                                    RandomSource& random) const {
  if (box.empty() || box.size() % kAesBlockBytes != 0) return std::nullopt;
  const std::string key = Unwrap(wrapped_key, random.Bytes(kAes256Bytes));
  const std::unique_ptr<EVP_CIPHER_CTX, FreeEvp> context(EVP_CIPHER_CTX_new());
  std::string text(box.size() + kAesBlockBytes, '\0');
  int size = 0, rest = 0;
  const bool opened =
      context && EVP_DecryptInit_ex2(context.get(), EcbFor(key.size()), BytesIn(key), nullptr, nullptr) == 1 &&
      EVP_DecryptUpdate(context.get(), BytesOf(text), &size, BytesIn(box), static_cast<int>(box.size())) == 1 &&
      EVP_DecryptFinal_ex(context.get(), BytesOf(text) + size, &rest) == 1;
  ERR_clear_error();
  if (!opened) return std::nullopt;
  text.resize(static_cast<std::size_t>(size + rest));
  return text;
}

}  // namespace mc
