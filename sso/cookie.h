// The cookies that a browser sends (RFC 6265 section 4.2.1), read strictly. Pure functions; safe from any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sso/refusal.h"

namespace mc::sso {

inline constexpr std::size_t kCookieHeaderLimitBytes = 16 * 1024;
inline constexpr std::size_t kCookieMost = 64;

// The value of the cookie `name`; none when it is not there. kCookieMalformed: the header is longer or has more
// cookies than the limits, a cookie of this name stands twice (whose would it be?) or its value is empty or holds
// anything but letters, digits, '-' and '_'. Other people's cookies may be as they are.
Checked<std::optional<std::string>> CookieNamed(std::string_view header, std::string_view name);

// Our own cookies. "__Host-": set by us, over TLS or on localhost, for this host and every path alone (RFC 6265bis
// section 4.1.3.2).
inline constexpr const char* kSessionCookie = "__Host-minhchung";
inline constexpr const char* kSignInCookie = "__Host-minhchung-sign-in";  // of a sign-in under way

// Values of Set-Cookie. HttpOnly, Secure, SameSite=Lax, without an age: it ends with the browser, or when we say so.
std::string SetSessionCookie(std::string_view value);
std::string ClearSessionCookie();
// Lives as long as a sign-in may be under way. A provider that posts its answer (form_post) comes from another site,
// for which it must be SameSite=None.
std::string SetSignInCookie(std::string_view value, bool answer_is_posted);
std::string ClearSignInCookie();

}  // namespace mc::sso
