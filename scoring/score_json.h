// Score cards as JSON (docs/formats/case.md, "Output"): the one form that `score --case`,
// `score --json` and everything after them print.
// Pure; any thread.
#pragma once

#include <vector>

#include "core/json.h"
#include "scoring/policy.h"
#include "scoring/scorer.h"

namespace mc {

// Unknown figures are null, never 0.
Json CardToJson(const ScoreCard& card);

// {"policy", "policy_digest", "subjects": [...]}
Json CaseOutput(const Policy& policy, const std::vector<ScoreCard>& cards);

}  // namespace mc
