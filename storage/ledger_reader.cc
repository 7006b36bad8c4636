#include "storage/ledger_reader.h"

namespace mc {
namespace {

TileReader TilesOf(LedgerReader& ledger) {
  return [&ledger](const TileId& id) { return ledger.ReadTile(id); };
}

// Of our own head: who signed it is asked where it is used.
Result<Digest> RootOf(const LedgerHead& head) {
  MC_TRY(const Checkpoint checkpoint, ReadCheckpoint(head.checkpoint));
  return checkpoint.root;
}

}  // namespace

Result<TlogProof> ProveLeaf(LedgerReader& ledger, std::int64_t leaf) {
  MC_TRY(const LedgerHead head, ledger.Head());
  MC_TRY(ProofHashes hashes, MakeInclusionProof(leaf, head.size, TilesOf(ledger)));
  MC_TRY(const std::vector<std::string> leaves, ledger.ReadLeaves(leaf, 1));
  MC_TRY(const Digest root, RootOf(head));
  if (!CheckInclusion(leaf, head.size, LeafHash(leaves.front()), root, hashes).ok()) {
    return InternalError("store_proof", "the leaf, the tiles and the signed head do not fit together; run fsck");
  }
  return TlogProof{std::nullopt, leaf, std::move(hashes), head.checkpoint};
}

Result<ProofHashes> ProveGrowth(LedgerReader& ledger, std::int64_t old_size) {
  MC_TRY(const LedgerHead head, ledger.Head());
  return MakeConsistencyProof(old_size, head.size, TilesOf(ledger));
}

}  // namespace mc
