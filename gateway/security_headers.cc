#include "gateway/security_headers.h"

#include <algorithm>

#include "core/text.h"

namespace mc {
namespace {

bool SameName(std::string_view a, std::string_view b) {
  return a.size() == b.size() && ToLowerAscii(a) == ToLowerAscii(b);
}

const std::string* OwnHeader(const RouteAnswer& answer, std::string_view name) {
  const auto found = std::find_if(answer.headers.begin(), answer.headers.end(),
                                  [&](const auto& header) { return SameName(header.first, name); });
  return found == answer.headers.end() ? nullptr : &found->second;
}

}  // namespace

std::vector<std::pair<std::string_view, std::string_view>> SecurityHeadersOf(const RouteAnswer& answer) {
  std::vector<std::pair<std::string_view, std::string_view>> out;
  out.reserve(6);
  const auto add = [&](std::string_view name, std::string_view value) {
    if (answer.headers.empty() || OwnHeader(answer, name) == nullptr) out.emplace_back(name, value);
  };
  const bool page = answer.content_type.starts_with("text/html");
  const std::string* caching = answer.headers.empty() ? nullptr : OwnHeader(answer, "Cache-Control");
  add("X-Content-Type-Options", "nosniff");
  add("Cache-Control", "no-store");
  add("Content-Security-Policy", page ? kPagePolicy : kDataPolicy);
  add("Referrer-Policy", "same-origin");
  add("Cross-Origin-Opener-Policy", "same-origin");
  if (caching == nullptr || !caching->starts_with("public")) add("Cross-Origin-Resource-Policy", "same-origin");
  return out;
}

}  // namespace mc
