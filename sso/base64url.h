// base64url without padding (RFC 7515 section 2), in its one form. Pure functions; safe from any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mc::sso {

std::string ToBase64Url(std::string_view bytes);

// nullopt for padding, '+', '/', white space, a foreign character, a length that no bytes have, and last
// characters whose unused bits are not zero: two texts never mean the same bytes.
std::optional<std::string> FromBase64Url(std::string_view text);

}  // namespace mc::sso
