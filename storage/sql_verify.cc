// VerifyEvidence: named revisions from their sealed bytes up to the signed head.
#include <algorithm>

#include "storage/checkpoint.h"
#include "storage/sql_check.h"

namespace mc {
namespace {

Error Unverified(const std::string& where, const std::string& why) {
  return InternalError("unverified_evidence", where + ": " + why);
}

template <typename T>
const T* Address(const std::optional<T>& value) {
  return value ? &*value : nullptr;
}

// Proves that leaf hashes stand in the tree of a signed head. Leaves come in rising order,
// so one tile per level is kept.
class HeadProver {
 public:
  HeadProver(std::int64_t size, TileReader read) : size_(size), read_(std::move(read)) {}

  Result<bool> Holds(std::int64_t index, const Digest& leaf_hash) { return HoldsAt(0, index, leaf_hash); }

 private:
  // A full tile's root must be the entry above it. The tiles at the right edge need no
  // parent: the caller has summed them to the signed root.
  Result<bool> HoldsAt(std::size_t level, std::int64_t entry, const Digest& hash) {
    const TileId id{static_cast<int>(level), entry / kTileWidth};
    if (level == known_.size()) known_.emplace_back();
    if (known_[level].id != id || known_[level].hashes.empty()) {
      MC_TRY(std::string hashes, read_(id));
      const std::int64_t entries = TileEntries(size_, id);
      hashes.resize(std::min(hashes.size(), static_cast<std::size_t>(entries) * kHashBytes));
      if (entries == kTileWidth) {
        MC_TRY(const bool held, HoldsAt(level + 1, id.index, SubtreeRoot(hashes)));
        if (!held) return false;
      }
      known_[level] = {id, std::move(hashes)};
    }
    const std::string& hashes = known_[level].hashes;
    const auto at = static_cast<std::size_t>(entry % kTileWidth) * kHashBytes;
    return at + kHashBytes <= hashes.size() && std::string_view(hashes).substr(at, kHashBytes) == AsBytes(hash);
  }

  std::int64_t size_;
  TileReader read_;
  std::vector<Tile> known_;  // by level, verified
};

}  // namespace

Result<std::string> SqlStore::VerifyEvidence(const std::vector<EvidenceRef>& evidence) {
  return Guarded([&]() -> Result<std::string> {
    const SqlTransaction snapshot(*db_, SqlTransaction::kRead);
    MC_TRY(const std::optional<LedgerHead> head, LastHead());
    if (!head) return Unverified("ledger", "no head was signed yet");
    const auto opened = OpenCheckpoint(head->checkpoint, KeyAt(head->size));
    if (!opened.ok()) return Unverified("ledger", opened.error().message);
    MC_TRY(const TreeEdge edge, EdgeAt(opened->size));
    if (edge.Root() != opened->root) return Unverified("ledger", "the tree does not sum to the signed head");

    std::vector<EvidenceRef> wanted = evidence;
    const auto key = [](const EvidenceRef& ref) { return std::pair(ref.leaf_index, ref.ik); };
    std::sort(wanted.begin(), wanted.end(), [&](const auto& a, const auto& b) { return key(a) < key(b); });
    wanted.erase(
        std::unique(wanted.begin(), wanted.end(), [&](const auto& a, const auto& b) { return key(a) == key(b); }),
        wanted.end());
    HeadProver prover(opened->size, [this](const TileId& id) { return ReadTile(id); });
    FaultList faults;
    LeafChecker checker(*this, faults);
    for (const EvidenceRef& ref : wanted) {
      const std::string where = "leaf " + std::to_string(ref.leaf_index) + ", record " + IkHex(ref.ik);
      if (ref.leaf_index < 0 || ref.leaf_index >= opened->size) return Unverified(where, "not under the signed head");
      const std::optional<EvidenceRow> row = ReadEvidence(ref.leaf_index);
      if (!row || row->ik != ref.ik) return Unverified(where, "no such revision is stored");
      std::string bytes, salt;
      {
        Query leaf(
            sql_["SELECT l.bytes, s.salt FROM leaves l LEFT JOIN salts s ON s.leaf_index = l.leaf_index "
                 "WHERE l.leaf_index = ?"]);
        if (leaf.Int(ref.leaf_index).Step()) {
          bytes = leaf.GetText(0);
          salt = leaf.GetText(1);
        }
      }
      const auto own = ReadRecord(ref.leaf_index);
      const auto payload = ReadPayload(ref.leaf_index);
      checker.Check(ref.leaf_index, bytes, {&salt, Address(own), Address(row), Address(payload)});
      // A revision may state again an older record: its bytes hang on that one's leaf.
      if (row->record_leaf != ref.leaf_index) {
        const auto older = ReadRecord(row->record_leaf);
        const auto sealed = ReadPayload(row->record_leaf);
        if (older) checker.CheckRecord(*older, Address(sealed));
      }
      if (!faults.empty()) return Unverified(where, faults.front().detail);
      MC_TRY(const bool held, prover.Holds(ref.leaf_index, LeafHash(bytes)));
      if (!held) return Unverified(where, "its leaf does not stand in the signed tree");
    }
    return head->checkpoint;
  });
}

}  // namespace mc
