// What stands behind a leaf, for whoever may see it: its salt, and the object that it commits to
// (docs/formats/leaf.md). Implemented by the engines; one thread at a time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"

namespace mc {

struct OpenedLeaf {
  std::int64_t index = 0;
  std::string bytes;
  std::string salt;
  std::string object;  // canonical JSON, made anew from what is stored
};

class LeafOpener {
 public:
  virtual ~LeafOpener() = default;
  // The object opens the leaf's commitment. kData "no_such_leaf", "leaf_erased"; kInternal "store_leaf"
  // when what is stored is not what the leaf commits to: run fsck.
  virtual Result<OpenedLeaf> OpenLeaf(std::int64_t leaf) = 0;
  // The record's own leaf, those of revisions that state it again, and the revision that it
  // repeats; rising. Of an erased record the leaves that stated it. kData "no_such_record", "ambiguous_record".
  virtual Result<std::vector<std::int64_t>> LeavesOfRecord(std::int64_t ik) = 0;
};

}  // namespace mc
