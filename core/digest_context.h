// Inside of core's cryptography: what its files share of OpenSSL's C interface. Only core/*.cc include it.
// Pure; safe from any thread.
#pragma once

#include <memory>
#include <string_view>

struct evp_md_ctx_st;  // OpenSSL's EVP_MD_CTX

namespace mc {

// For what is freed by a function of its own: std::unique_ptr<BIGNUM, Freed<BN_free>>.
template <auto Free>
struct Freed {
  template <typename T>
  void operator()(T* held) const {
    Free(held);
  }
};

struct FreeMdCtx {
  void operator()(evp_md_ctx_st* ctx) const;
};
using MdCtx = std::unique_ptr<evp_md_ctx_st, FreeMdCtx>;

inline const unsigned char* UnsignedBytes(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

}  // namespace mc
