// Inside of core's cryptography: what its files share of OpenSSL's C interface. Only core/*.cc include it.
// Pure; safe from any thread.
#pragma once

#include <memory>
#include <string_view>

struct evp_md_ctx_st;  // OpenSSL's EVP_MD_CTX

namespace mc {

struct FreeMdCtx {
  void operator()(evp_md_ctx_st* ctx) const;
};
using MdCtx = std::unique_ptr<evp_md_ctx_st, FreeMdCtx>;

inline const unsigned char* UnsignedBytes(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

}  // namespace mc
