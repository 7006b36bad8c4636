// A score card as sentences: the formula with the numbers in it, line by line, in
// Vietnamese. Pure; any thread.
#pragma once

#include <string>
#include <vector>

#include "scoring/policy.h"
#include "scoring/scorer.h"

namespace mc {

std::vector<std::string> ExplainCard(const Policy& policy, const ScoreCard& card);

// One item's line alone: its figures, then what it lost and why.
std::vector<std::string> ExplainLine(const ScoreLine& line);

}  // namespace mc
