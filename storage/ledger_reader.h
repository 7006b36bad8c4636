// What of the ledger anybody may see: the signed head, the tiles and the leaves. A leaf holds
// no person, unit, source or native id (docs/formats/leaf.md). Proofs are made from it alone.
//
// Implemented by the engines (store.h) and, in tests, by tiles in memory. A reader is used by
// one thread at a time.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/result.h"
#include "storage/merkle.h"
#include "storage/tlog_proof.h"

namespace mc {

struct LedgerHead {
  std::int64_t size = 0;
  std::string checkpoint;  // text of the signed note; empty: none was signed yet
};

class LedgerReader {
 public:
  virtual ~LedgerReader() = default;
  virtual Result<LedgerHead> Head() = 0;  // the last one that was signed
  // As it is stored: it may hold more entries than the last head covers.
  virtual Result<std::string> ReadTile(const TileId& id) = 0;
  // The bytes of leaves [from, from + count), in order. kInternal "store_leaf" when one is missing.
  virtual Result<std::vector<std::string>> ReadLeaves(std::int64_t from, std::int64_t count) = 0;
};

// The leaf's proof under the last head, checked before it is handed out. kData "no_such_leaf"
// when no signed head covers it; kInternal "store_proof" when leaf, tiles and head do not fit
// together: run fsck.
Result<TlogProof> ProveLeaf(LedgerReader& ledger, std::int64_t leaf);

// That the tree of the last head begins with that of `old_size`. kData "no_such_tree".
Result<ProofHashes> ProveGrowth(LedgerReader& ledger, std::int64_t old_size);

}  // namespace mc
