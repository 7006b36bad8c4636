// Where a record counts in the four numbers, as far as it says so itself: also of a record that was refused.
// A plain value.
#pragma once

#include <optional>

#include "core/evidence.h"
#include "core/time.h"

namespace mc {

struct RecordPlace {
  UnitKeys unit;             // as the source names it; empty: none is stated, or none can be read
  std::optional<Moment> at;  // of its event
};

}  // namespace mc
