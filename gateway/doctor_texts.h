// Vietnamese words of `doctor`: what was looked at, and what to do about what was found.
// Display only; pure, any thread.
#pragma once

#include <string>
#include <string_view>

#include "gateway/doctor.h"

namespace mc {

std::string ViFindingState(FindingState state);
std::string ViCheck(std::string_view check);
// What to do; codes of sources have their words from ViAdvice. Empty where all is well.
std::string ViFindingAdvice(const Finding& finding);

}  // namespace mc
