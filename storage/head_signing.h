// How a head comes to be published: made and signed, shown to every witness, and only then kept
// (docs/formats/witness.md). The same for every engine; an engine brings HeadStore.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/result.h"
#include "storage/store.h"
#include "storage/witness.h"

namespace mc {

using Witnesses = std::vector<std::shared_ptr<Witness>>;  // each used by one thread at a time

// As many as a note of this log may carry beside its own signatures; signed-note asks readers for 16.
inline constexpr std::size_t kWitnessLimit = 8;

using CosignatureLines = std::map<std::string, std::string>;

class HeadStore {
 public:
  struct Next {
    LedgerHead head;
    bool kept = false;
  };
  // The last head where it covers every leaf; else one over all of them, signed and not kept. Writes
  // nothing. kInternal "ledger_rollback", "ledger_fork" when the tree does not extend the last head.
  virtual Result<Next> NextHead() = 0;
  // In one transaction: keeps the head with the cosignatures that it lacks yet (lines by witness key), and
  // the statuses; nothing of it where a larger head was kept meanwhile. Returns the last head.
  virtual Result<LedgerHead> KeepHead(const LedgerHead& head, const CosignatureLines& lines,
                                      const std::vector<WitnessStatus>& statuses) = 0;
  virtual Status SaveWitnessStatus(const std::vector<WitnessStatus>& statuses) = 0;
  virtual Result<std::vector<WitnessStatus>> ListWitnessStatus() = 0;  // by key
  virtual Result<std::string> ReadTile(const TileId& id) = 0;

 protected:
  ~HeadStore() = default;
};

// A witness that cannot be reached, or answers what it should not, costs its line and no more. One
// that has cosigned what this log does not extend: kInternal "witness_rollback" or "witness_fork",
// and nothing is kept but its status.
Result<LedgerHead> SignWitnessed(HeadStore& store, const Witnesses& witnesses);

// What an answer other than kCosigned means for a log of `ledger_size` leaves.
Error WitnessError(const Witness& witness, const WitnessAnswer& answer, std::int64_t ledger_size);

// Carries the head a good cosignature by this witness?
bool IsCosigned(const LedgerHead& head, const std::string& witness_key);
// Adds the lines of those by whom it is not cosigned yet.
void AddCosignatures(LedgerHead& head, const CosignatureLines& lines);

// The name in a verifier key: all before the first '+'.
std::string KeyName(std::string_view verifier_key);

}  // namespace mc
