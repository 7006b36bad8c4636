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

}  // namespace mc::sso
