// The manual links of the store (docs/formats/link.md). For one thread. kInternal "store_links" where
// a step is kept that the rules exclude: run fsck.
#pragma once

#include <cstdint>

#include "core/result.h"
#include "mapping/manual_links.h"
#include "storage/store.h"

namespace mc {

struct StoredLinks {
  ManualLinks links;
  std::int64_t last_leaf = -1;  // of the latest step
};

// Steps at leaves below `through`.
Result<StoredLinks> LoadLinks(Store& store, std::int64_t through = INT64_MAX);

}  // namespace mc
