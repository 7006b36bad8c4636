// The next page by a Link header (RFC 8288), never outside the source's own origin.
// Pure functions; safe from any thread.
#pragma once

#include <string>
#include <string_view>

#include "core/result.h"

namespace mc {

// Scheme, host and port are the same (RFC 6454); an address with user data never is.
bool SameOrigin(std::string_view url, std::string_view other);

// The target of the first link with rel "next", resolved against `current`; empty: none.
// kConfig "foreign_link": it leads to another origin.
Result<std::string> NextLink(std::string_view header, std::string_view current);

}  // namespace mc
