// Vietnamese words for operators about sources: health, steps of a check, and what to do
// about an error. Display only; pure, any thread.
#pragma once

#include <string>
#include <string_view>

#include "gateway/source_check.h"
#include "gateway/source_state.h"

namespace mc {

std::string ViHealth(SourceHealth health);
std::string ViStep(CheckStep step);
// What is wrong and what to do; an unknown code: to look at the code and message beside it.
std::string ViAdvice(std::string_view code);

}  // namespace mc
