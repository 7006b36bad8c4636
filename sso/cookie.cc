#include "sso/cookie.h"

#include <algorithm>

#include "core/text.h"
#include "sso/authorization.h"

namespace mc::sso {
namespace {

bool IsOurValue(std::string_view value) {
  return !value.empty() && std::all_of(value.begin(), value.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

}  // namespace

Checked<std::optional<std::string>> CookieNamed(std::string_view header, std::string_view name) {
  if (header.size() > kCookieHeaderLimitBytes) return RefusalReason::kCookieMalformed;
  std::optional<std::string> found;
  for (std::size_t count = 1; !header.empty(); ++count) {
    if (count > kCookieMost) return RefusalReason::kCookieMalformed;
    const auto end = header.find(';');
    const std::string_view piece = header.substr(0, end);
    header.remove_prefix(end == header.npos ? header.size() : end + 1);
    const auto equals = piece.find('=');
    if (equals == piece.npos || Trim(piece.substr(0, equals)) != name) continue;
    const std::string_view value = Trim(piece.substr(equals + 1));
    if (found || !IsOurValue(value)) return RefusalReason::kCookieMalformed;
    found = std::string(value);
  }
  return found;
}

namespace {

std::string OurCookie(std::string_view name, std::string_view value, std::string_view more) {
  std::string cookie(name);
  cookie.append("=").append(value).append("; Path=/; Secure; HttpOnly").append(more);
  return cookie;
}

constexpr std::string_view kLax = "; SameSite=Lax", kGone = "; SameSite=Lax; Max-Age=0";

}  // namespace

std::string SetSessionCookie(std::string_view value) { return OurCookie(kSessionCookie, value, kLax); }

std::string ClearSessionCookie() { return OurCookie(kSessionCookie, "", kGone); }

std::string SetSignInCookie(std::string_view value, bool answer_is_posted) {
  const std::string age = "; Max-Age=" + std::to_string(kPendingMicros / kMicrosPerSecond);
  return OurCookie(kSignInCookie, value, (answer_is_posted ? "; SameSite=None" : "; SameSite=Lax") + age);
}

std::string ClearSignInCookie() { return OurCookie(kSignInCookie, "", kGone); }

}  // namespace mc::sso
