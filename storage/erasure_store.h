// Erasure of what the store holds of some records, for ever. Their leaves stay, and say nothing
// about anybody. Implemented by the engines; one thread at a time.
//
// A record goes with its history: all records of the same register and native id, since what came
// before and after it states the same matter. So a history is there whole, or not at all.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/result.h"
#include "core/time.h"
#include "storage/erasure.h"

namespace mc {

inline constexpr std::size_t kErasureTextLimitBytes = 1'000;  // of the reason, and of each person's name

// A record that is held, with the leaves that state it.
struct HeldRecord {
  std::int64_t ik = 0;
  std::string source;
  std::string register_id, native_id;  // together: its history
  std::vector<std::int64_t> leaves;    // rising; the first is the record's own
};

struct ErasureOrder {
  std::vector<std::int64_t> records;  // by ik; their histories go with them
  ErasureReason reason = ErasureReason::kRequest;
  std::string text;  // of the reason; sealed, as are the two people: the log holds HMACs
  std::string requested_by, approved_by;
};

struct Erasure {
  std::int64_t leaf = 0;
  Instant at;
  ErasureReason reason = ErasureReason::kRequest;
  std::vector<std::int64_t> leaves;  // that were erased, rising
};

class ErasureStore {
 public:
  virtual ~ErasureStore() = default;

  // What would go: the histories of these records, each record once, by leaf. kData "no_such_record",
  // "ambiguous_record", "record_erased".
  virtual Result<std::vector<HeldRecord>> HistoriesOf(const std::vector<std::int64_t>& records) = 0;

  // Sealed bytes with their keys, evidence, rejections, envelopes and salts of those histories go, and one leaf
  // says so, in one durable transaction. What was erased does not come back by a later pull: the same bytes, and
  // the same statement in other bytes, count as duplicates. Call WipeErased afterwards.
  // kConfig "two_persons" when one person requests and approves, "bad_reason" for a text that is empty
  // or over the limit; kData as HistoriesOf.
  virtual Result<Erasure> Erase(const ErasureOrder& order) = 0;

  virtual Result<std::vector<Erasure>> ListErasures() = 0;  // by leaf

  // Takes what was erased out of the engine's files too: their free space and logs. Slow, as it writes
  // everything anew; needs as much free space again. kTransient "erased_not_wiped" while somebody reads:
  // nothing is lost, call it again.
  virtual Status WipeErased() = 0;
};

}  // namespace mc
