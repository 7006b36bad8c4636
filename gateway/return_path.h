// Where a browser goes after a sign-in (RFC 9700 section 4.11.1: no open redirect). Pure; any thread.
#pragma once

#include <string>
#include <string_view>

namespace mc {

inline constexpr std::size_t kReturnPathLimitBytes = 512;

// `asked` when it is a path of ours: one slash in front, then letters, digits and - . _ ~ / ? = & alone, no "//", no
// segment "." or "..", and not a page of signing in or out itself. Otherwise "/". No escape is taken, so that there is
// no second reading of it.
std::string ReturnPath(std::string_view asked);

}  // namespace mc
