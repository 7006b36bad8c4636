// summary.json of one run (a contract: blueprint section 5): what came in, what it became,
// what the sheets say. Built from the store, its last runs and one scoring run.
#pragma once

#include "core/json.h"
#include "core/result.h"
#include "gateway/score_run.h"
#include "storage/store.h"

namespace mc {

// For one thread. Verifies the evidence of every attributed item against the signed log.
Result<Json> MakeSummary(Store& store, const ScoreRun& run);

}  // namespace mc
