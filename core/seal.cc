#include "core/seal.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <cstdlib>
#include <limits>
#include <memory>
#include <optional>
#include <utility>

#include "core/digest_context.h"

namespace mc {
namespace {

constexpr std::size_t kNonceBytes = 12;  // NIST SP 800-38D, section 8.2
constexpr std::size_t kTagBytes = 16;

struct FreeCipher {
  void operator()(EVP_CIPHER* cipher) const { EVP_CIPHER_free(cipher); }
};
struct FreeCipherCtx {
  void operator()(EVP_CIPHER_CTX* ctx) const { EVP_CIPHER_CTX_free(ctx); }
};
using CipherCtx = std::unique_ptr<EVP_CIPHER_CTX, FreeCipherCtx>;

const EVP_CIPHER* Aes256Gcm() {
  static const std::unique_ptr<EVP_CIPHER, FreeCipher> cipher(EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr));
  if (!cipher) std::abort();
  return cipher.get();
}

// One context for each thread: making one costs about as much as sealing a record.
EVP_CIPHER_CTX* ThreadCipherContext() {
  thread_local const CipherCtx ctx(EVP_CIPHER_CTX_new());
  if (!ctx) std::abort();
  return ctx.get();
}

// Wipes the record's key when the function that used it ends.
class KeyWipe {
 public:
  explicit KeyWipe(std::string& key) : key_(key) {}
  KeyWipe(const KeyWipe&) = delete;
  KeyWipe& operator=(const KeyWipe&) = delete;
  ~KeyWipe() { OPENSSL_cleanse(key_.data(), key_.size()); }

 private:
  std::string& key_;
};

// Puts another key into the thread's context when the function that left a record's there ends: cheaper than a context
// of its own for each record.
class ContextWipe {
 public:
  ContextWipe() = default;
  ContextWipe(const ContextWipe&) = delete;
  ContextWipe& operator=(const ContextWipe&) = delete;
  ~ContextWipe() {
    constexpr unsigned char kNoKey[kSealKeyBytes] = {};
    if (EVP_DecryptInit_ex2(ThreadCipherContext(), Aes256Gcm(), kNoKey, nullptr, nullptr) != 1) std::abort();
  }
};

unsigned char* Out(char* bytes) { return reinterpret_cast<unsigned char*>(bytes); }

// EVP counts in int; no payload of ours comes near it.
int Length(std::size_t bytes) {
  if (bytes > static_cast<std::size_t>(std::numeric_limits<int>::max())) std::abort();
  return static_cast<int>(bytes);
}

// Leaves `key` in the thread's context until the next call.
std::string Encrypt(std::string_view key, std::string box, std::string_view context, std::string_view plain) {
  box.resize(kNonceBytes + plain.size() + kTagBytes);  // from its nonce on
  char* const cipher_text = box.data() + kNonceBytes;
  char* const tag = cipher_text + plain.size();
  EVP_CIPHER_CTX* const ctx = ThreadCipherContext();
  int written = 0;
  const bool done =
      EVP_EncryptInit_ex2(ctx, Aes256Gcm(), UnsignedBytes(key), UnsignedBytes(box), nullptr) == 1 &&
      EVP_EncryptUpdate(ctx, nullptr, &written, UnsignedBytes(context), Length(context.size())) == 1 &&
      EVP_EncryptUpdate(ctx, Out(cipher_text), &written, UnsignedBytes(plain), Length(plain.size())) == 1 &&
      EVP_EncryptFinal_ex(ctx, Out(tag), &written) == 1 &&
      EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, Length(kTagBytes), tag) == 1;
  if (!done) std::abort();
  return box;
}

// Leaves `key` in the thread's context as well.
std::optional<std::string> Decrypt(std::string_view key, std::string_view context, std::string_view box) {
  if (box.size() < kNonceBytes + kTagBytes) return std::nullopt;
  const std::string_view cipher_text = box.substr(kNonceBytes, box.size() - kNonceBytes - kTagBytes);
  std::string tag(box.substr(box.size() - kTagBytes));
  std::string plain(cipher_text.size() + 1, '\0');  // never a null pointer, even for an empty payload
  EVP_CIPHER_CTX* const ctx = ThreadCipherContext();
  int written = 0;
  const bool done =
      EVP_DecryptInit_ex2(ctx, Aes256Gcm(), UnsignedBytes(key), UnsignedBytes(box), nullptr) == 1 &&
      EVP_DecryptUpdate(ctx, nullptr, &written, UnsignedBytes(context), Length(context.size())) == 1 &&
      EVP_DecryptUpdate(ctx, Out(plain.data()), &written, UnsignedBytes(cipher_text), Length(cipher_text.size())) ==
          1 &&
      EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, Length(kTagBytes), tag.data()) == 1 &&
      EVP_DecryptFinal_ex(ctx, Out(plain.data() + cipher_text.size()), &written) == 1;
  if (!done) return std::nullopt;
  plain.resize(cipher_text.size());
  return plain;
}

}  // namespace

SealedPayload Seal(std::string_view sealing_key, std::string_view context, std::string_view plain,
                   RandomSource& random) {
  if (sealing_key.size() != kSealKeyBytes) std::abort();
  std::string record_key = random.Bytes(kSealKeyBytes);
  const KeyWipe wipe(record_key);
  std::string wrap_nonce = random.Bytes(kNonceBytes);
  std::string box_nonce = random.Bytes(kNonceBytes);
  // The box first: what stays in the thread's context is then the sealing key, which the
  // program holds anyway, and never a record's.
  SealedPayload sealed;
  sealed.box = Encrypt(record_key, std::move(box_nonce), context, plain);
  sealed.wrapped_key = Encrypt(sealing_key, std::move(wrap_nonce), context, record_key);
  return sealed;
}

Result<std::string> Open(std::string_view sealing_key, std::string_view context, const SealedPayload& sealed) {
  const Error broken =
      InternalError("seal_broken", "the sealed payload does not open: key, record or bytes do not fit");
  if (sealing_key.size() != kSealKeyBytes) return broken;
  auto record_key = Decrypt(sealing_key, context, sealed.wrapped_key);
  if (!record_key || record_key->size() != kSealKeyBytes) return broken;
  const KeyWipe wipe(*record_key);
  const ContextWipe wipe_context;
  auto plain = Decrypt(*record_key, context, sealed.box);
  if (!plain) return broken;
  return std::move(*plain);
}

}  // namespace mc
