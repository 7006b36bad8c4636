// What can be told of a store at once, before anything is written into it: its signed head, the right edge of its tree
// and its last leaves, where a write that went wrong shows. Some hundred rows are read, whatever the store's size; what
// lies elsewhere is found by fsck alone. Writes nothing; others may write meanwhile.
#pragma once

#include <cstdint>
#include <vector>

#include "core/result.h"
#include "storage/store.h"

namespace mc {

inline constexpr const char* kSignedHead = "signed head";  // Fault::where
inline constexpr std::int64_t kOpenedAtStart = 16;         // of the last leaves, down to the rows behind them

// Every fault found, none: nothing found. `what` of a fault: the code of the error that says it, or "tile", "leaf".
// An error where nothing could be told: the store is busy, not reachable, or its disk gives or takes nothing.
Result<std::vector<Fault>> CheckAtStart(Store& store);

}  // namespace mc
