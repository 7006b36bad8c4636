// Looks through a long base64 text (RFC 4648) without decoding it, a block at a time.
// Pure; safe from any thread.
#pragma once

#include <string_view>

namespace mc {

// Letters of base64, '=' and white space alone, in any order.
bool IsBase64Text(std::string_view text);

// Bytes that went through a text conversion: two U+FFFD in a row, wherever the groups of base64 begin. White
// space between the letters hides them.
bool HoldsReplacedPair(std::string_view text);

}  // namespace mc
