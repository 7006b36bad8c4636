// Foreign text where people read it: a message, a list, a terminal that obeys what it is shown.
// Pure functions; safe from any thread.
#pragma once

#include <string>
#include <string_view>

namespace mc {

// Control characters (Unicode, category Cc): U+0000 to U+001F and U+007F to U+009F.
bool HasControls(std::string_view utf8);
std::string WithoutControls(std::string_view utf8);  // each as '?'

}  // namespace mc
