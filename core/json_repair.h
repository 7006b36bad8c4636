// One mistake that senders make in JSON, undone. Pure; safe from any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mc {

// Numbers with a leading zero ("service_code":006, as Open311's own specification prints it) as
// texts, digits as they are; everything else stays byte for byte. nullopt: there is none.
std::optional<std::string> QuoteLeadingZeros(std::string_view json);

}  // namespace mc
