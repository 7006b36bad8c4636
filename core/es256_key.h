// A private key on P-256 that signs as ES256 (RFC 7518 section 3.4; OpenSSL inside). Values; safe from any thread. The
// secret never leaves.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "core/result.h"

struct evp_pkey_st;

namespace mc {

class Es256Key {
 public:
  // 32 bytes: the secret number, big-endian. kConfig "bad_token_key": it is 0 or not below the curve's order, which
  // one draw in four thousand million is.
  static Result<Es256Key> FromSeed(std::string_view seed);

  const std::string& x() const { return x_; }  // of the public point, 32 bytes each
  const std::string& y() const { return y_; }
  std::string Sign(std::string_view message) const;  // r and s, 64 bytes; empty when OpenSSL fails

 private:
  Es256Key(std::shared_ptr<evp_pkey_st> key, std::string x, std::string y)
      : key_(std::move(key)), x_(std::move(x)), y_(std::move(y)) {}

  std::shared_ptr<evp_pkey_st> key_;
  std::string x_, y_;
};

}  // namespace mc
