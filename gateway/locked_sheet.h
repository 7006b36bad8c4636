// What was locked of one person's sheet, for `explain`: the leaf, the figures, and the lines whose raw data
// was erased since.
//
// Reads the store and writes nothing. For one thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/json.h"
#include "core/result.h"
#include "core/time.h"
#include "gateway/erasure.h"
#include "scoring/scorer.h"
#include "storage/store.h"

namespace mc {

struct ErasedOfItem {
  std::string item;
  std::int64_t leaf = 0;
  Erasure by;
};

struct LockedSheet {
  std::int64_t leaf = 0;  // of the period's index
  Instant locked_at;
  bool listed = false;               // the person has an entry; the rest is of it
  std::string card;                  // as it was locked, canonical JSON
  bool same_as_now = false;          // as `card` was computed now
  std::vector<ErasedOfItem> erased;  // by line as locked, lines beside the sheet last
};

// Nothing when the period is not locked. `card`: of the same person, computed now.
Result<std::optional<LockedSheet>> FindLockedSheet(Store& store, const std::string& period, const std::string& person,
                                                   const ScoreCard& card);

Json LockedAsJson(const std::optional<LockedSheet>& locked);  // null where the period is not locked
std::vector<std::string> LockedAsText(const LockedSheet& locked);
// The leaves of one item that no longer open; empty: none of it was erased.
std::vector<std::string> ErasedItemAsText(const LockedSheet& locked, const std::string& item);

}  // namespace mc
