// The sheets of a scored period as they are kept for their readers (storage/sheet_store.h): for each person one line
// for the unit's list, the sheet, and the explanation with every item and its evidence. docs/openapi.yaml has the
// members. They hold ids and keys as `explain --json` does: no personal number, no payload.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/result.h"
#include "gateway/evidence_checks.h"
#include "gateway/score_run.h"
#include "storage/sheet_store.h"

namespace mc {

// In the order of the run's sheets. Re-hashes the evidence of all items once. For one thread. `stopped` is asked for
// each sheet. Errors: the store's; kTransient "interrupted" when it was stopped.
Result<std::vector<StoredSheet>> MakeSheets(Store& store, const ScoreRun& run, CheckSources sources,
                                            const std::function<bool()>& stopped);

// By which a path of ours names an item: 16 hex digits of the SHA-256 of its key, which may hold any character.
std::string ItemRef(const std::string& item_key);

}  // namespace mc
