// Makes proof bundles out of a store (docs/formats/bundle.md). Opening payloads is audited.
//
// For one thread. Errors: those of the store; kConfig for an id that nothing is known by;
// kTransient "head_moved" when the log was signed anew while the bundle was made.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/result.h"
#include "gateway/bundle.h"
#include "storage/store.h"

namespace mc {

// "9f3a…": a record, with everything that stands behind it; "1234": one leaf.
// kConfig "bad_id"; kData "no_such_record", "no_such_leaf".
Result<std::vector<std::int64_t>> LeavesToProve(Store& store, const std::string& id);

// Adds the leaves with salts, objects, payloads and proofs under the last signed head; of erased ones the leaf and
// its proof. Returns the leaves of the erasures that say so, which are added too.
Result<std::vector<std::int64_t>> AddLeaves(Store& store, const std::vector<std::int64_t>& leaves,
                                            const std::string& why, BundleFiles& files);

// Signs the head first when it does not cover every leaf yet.
Result<std::string> ProveEvidence(Store& store, const std::string& id, const std::string& log_key);

// One sheet of a locked period. kConfig "not_locked"; kData "no_such_entry".
Result<std::string> ProveScore(Store& store, const std::string& period, const std::string& person,
                               const std::string& log_key);

}  // namespace mc
