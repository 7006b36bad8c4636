// Marks on which item building relies: what a sender wrote into a dossier's trail by itself (decision
// 0004). Rule files give them by the sender's words. Pure; any thread.
#pragma once

#include <algorithm>
#include <string_view>

#include "core/evidence.h"

namespace mc {

inline constexpr std::string_view kSenderFirstStep = "sender_first_step";      // "received", in nobody's name
inline constexpr std::string_view kSenderClosingStep = "sender_closing_step";  // "finished", in nobody's name
inline constexpr std::string_view kStatusRewritten = "status_rewritten";       // a 9 whose words say 5, 6 or 8

inline bool HasMark(const Evidence& evidence, std::string_view mark) {
  return std::find(evidence.marks.begin(), evidence.marks.end(), mark) != evidence.marks.end();
}

}  // namespace mc
