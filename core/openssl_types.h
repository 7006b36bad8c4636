// Inside of core's cryptography: what its files need of OpenSSL's C interface. Only core/*.cc include it.
// Pure; safe from any thread.
#pragma once

#include <openssl/evp.h>

#include <memory>
#include <string_view>

namespace mc {

struct FreeMdCtx {
  void operator()(EVP_MD_CTX* ctx) const { EVP_MD_CTX_free(ctx); }
};
using MdCtx = std::unique_ptr<EVP_MD_CTX, FreeMdCtx>;

inline const unsigned char* UnsignedBytes(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

}  // namespace mc
