// What every answer tells a browser, whatever it answers. One place; pure functions.
//
// Referrer-Policy is same-origin, not no-referrer: with the latter a browser sends "Origin: null" with a form of our
// own pages, and the check of Origin on writes would have nothing to compare.
#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "gateway/route.h"

namespace mc {

// No script, no frame around it, forms to ourselves alone. Browsers hold a redirect that follows a form to form-action
// as well: a route whose form ends at a provider gives a policy of its own.
inline constexpr std::string_view kPagePolicy =
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
// Of what is no page: whoever opens it as one sees nothing.
inline constexpr std::string_view kDataPolicy = "default-src 'none'; frame-ancestors 'none'; sandbox";

// Those that the answer does not give itself. What is not marked "public" in Cache-Control is kept by nobody and is
// given to no other origin. Views into constants.
std::vector<std::pair<std::string_view, std::string_view>> SecurityHeadersOf(const RouteAnswer& answer);

}  // namespace mc
