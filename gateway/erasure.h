// What an erasure would take, and for whom what it takes stands (docs/decisions/0011-erasure.md); and which
// leaves were erased, for whoever shows or proves something.
//
// Reads the store and writes nothing. For one thread. Errors as of the store; kConfig for what an operator
// must give or import first.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/result.h"
#include "mapping/identity.h"
#include "mapping/items.h"
#include "storage/store.h"

namespace mc {

// Every erased leaf with the erasure that says so.
class ErasedLeaves {
 public:
  static Result<ErasedLeaves> Load(Store& store);
  const Erasure* Find(std::int64_t leaf) const;  // null: it was not erased
  bool empty() const { return by_leaf_.empty(); }

 private:
  std::vector<Erasure> erasures_;
  std::map<std::int64_t, std::size_t> by_leaf_;
};

// A record with the people, by id, for whose items or locked lists it stands, sorted.
struct PlannedRecord {
  HeldRecord record;
  std::vector<std::string> stands_for;
};

// A locked period in whose list of somebody some of the leaves stand.
struct LockedLeaves {
  std::string period;
  std::string person;
  std::int64_t leaves = 0;
};

struct ErasurePlan {
  std::vector<PlannedRecord> goes;
  std::vector<PlannedRecord> kept;  // they stand for somebody else, or name the person beside somebody else
  std::vector<LockedLeaves> locked;
  std::int64_t leaves = 0;  // of what goes
};

// What the attribution of records is made from. Borrowed.
struct Attribution {
  const IdentityIndex& identity;
  const ItemSettings& settings;
  Instant now;
};

// The items that the person leads, each record with its history, but what stands for somebody else.
// kConfig "unknown_person".
Result<ErasurePlan> PlanForPerson(Store& store, const Attribution& attribution, const std::string& person);

// The histories of these records, for whomever they stand. kData as of ErasureStore::HistoriesOf.
Result<ErasurePlan> PlanForRecords(Store& store, const Attribution& attribution,
                                   const std::vector<std::int64_t>& records);

}  // namespace mc
