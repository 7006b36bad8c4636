// Whether one record of evidence leads to one person or unit and is in no conflict (sạch), and if not, why.
// Borrows items and identity. Immutable; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/evidence.h"
#include "core/work_item.h"
#include "mapping/identity.h"

namespace mc {

struct Unclean {
  std::string reason;  // of the link that is not resolved, or of the conflict
  std::string item;    // key; empty: the record is in no item
  bool operator==(const Unclean&) const = default;
};

class CleanJudge {
 public:
  CleanJudge(const std::vector<WorkItem>& items, const IdentityIndex& identity);

  std::optional<Unclean> WhyNot(const EvidenceRevision& revision) const;

 private:
  // What the items say about one record.
  struct Seen {
    bool resolved = false;            // some item with it has a person or a unit
    std::optional<Unclean> conflict;  // some item with it is ambiguous, or held for a conflict
    Unclean unresolved;               // of the first item with it
  };
  std::optional<Unclean> ByItsUnit(const Evidence& evidence) const;

  const IdentityIndex& identity_;
  std::unordered_map<std::int64_t, Seen> seen_;  // by record
};

}  // namespace mc
