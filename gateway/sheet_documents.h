// The sheets of a scored period as they are kept for their readers (storage/sheet_store.h): for each person one line
// for the unit's list, the sheet, and the explanation with every item and its evidence. docs/openapi.yaml has the
// members. They hold ids and keys as `explain --json` does: no personal number, no payload.
#pragma once

#include <functional>
#include <string>

#include "core/result.h"
#include "gateway/evidence_checks.h"
#include "gateway/score_run.h"
#include "storage/sheet_store.h"

namespace mc {

// The sheets of everybody in the run, by rising person, each made when it is asked for. Re-hashes the evidence of all
// items once, before it returns. For one thread; `store` and `run` outlive it. `stopped` is asked for each sheet.
// Errors: the store's; of the feed kTransient "interrupted" when it was stopped.
Result<SheetFeed> MakeSheets(Store& store, const ScoreRun& run, CheckSources sources, std::function<bool()> stopped);

// By which a path of ours names an item: 16 hex digits of the SHA-256 of its key, which may hold any character.
std::string ItemRef(const std::string& item_key);

}  // namespace mc
