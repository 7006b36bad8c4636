#include "storage/proof.h"

#include <algorithm>
#include <bit>
#include <map>
#include <string>

namespace mc {
namespace {

// Leaves [from, to), as D[from:to] in the RFC.
struct Range {
  std::int64_t from = 0;
  std::int64_t to = 0;
  std::int64_t Size() const { return to - from; }
};

// Where the RFC splits a tree of n > 1 leaves: the largest power of two below n.
std::int64_t SplitOf(std::int64_t n) {
  return static_cast<std::int64_t>(std::bit_floor(static_cast<std::uint64_t>(n) - 1));
}

// Subtree roots out of tiles, each tile read once.
class Subtrees {
 public:
  explicit Subtrees(const TileReader& read) : read_(read) {}

  // REQUIRES: a subtree of the RFC's tree, not empty. Its left parts are perfect; so it is one
  // slice of one tile, or a left slice and a smaller subtree.
  Result<Digest> Root(const Range& range) {
    const std::int64_t size = range.Size();
    if (std::has_single_bit(static_cast<std::uint64_t>(size))) return PerfectRoot(range);
    const std::int64_t middle = range.from + SplitOf(size);
    MC_TRY(const Digest left, PerfectRoot({range.from, middle}));
    MC_TRY(const Digest right, Root({middle, range.to}));
    return NodeHash(AsBytes(left), AsBytes(right));
  }

 private:
  Result<Digest> PerfectRoot(const Range& range) {
    const int height = std::countr_zero(static_cast<std::uint64_t>(range.Size()));
    const int level = height / kTileHeightBits;
    const std::int64_t entry = range.from >> (kTileHeightBits * level);
    const std::size_t width = std::size_t{1} << (height % kTileHeightBits);
    MC_TRY(const std::string_view tile, Tile({level, entry / kTileWidth}));
    const std::size_t first = static_cast<std::size_t>(entry % kTileWidth);
    if (tile.size() < (first + width) * kHashBytes) {
      return InternalError("bad_tile", "a tile of the ledger is shorter than the tree; run fsck");
    }
    return SubtreeRoot(tile.substr(first * kHashBytes, width * kHashBytes));
  }

  Result<std::string_view> Tile(const TileId& id) {
    const auto known = tiles_.find(id);
    if (known != tiles_.end()) return std::string_view(known->second);
    MC_TRY(std::string hashes, read_(id));
    return std::string_view(tiles_.emplace(id, std::move(hashes)).first->second);
  }

  const TileReader& read_;
  std::map<TileId, std::string> tiles_;
};

// The siblings met on the way from the root down, in the order of a proof: upwards.
Result<ProofHashes> RootsUpwards(const std::vector<Range>& downwards, const TileReader& read) {
  Subtrees subtrees(read);
  ProofHashes proof;
  for (auto range = downwards.rbegin(); range != downwards.rend(); ++range) {
    MC_TRY(const Digest root, subtrees.Root(*range));
    proof.push_back(root);
  }
  return proof;
}

// One step down towards `leaf`: returns the half that is left, keeps the other.
Range Descend(const Range& range, std::int64_t leaf, std::vector<Range>& siblings) {
  const std::int64_t middle = range.from + SplitOf(range.Size());
  const Range left{range.from, middle};
  const Range right{middle, range.to};
  siblings.push_back(leaf < middle ? right : left);
  return leaf < middle ? left : right;
}

Error BadInclusion(const char* why) {
  return DataError("bad_inclusion", std::string("the proof does not show that the leaf is in the tree: ") + why);
}
Error BadConsistency(const char* why) {
  return DataError("bad_consistency", std::string("the proof does not show that the tree extends the old one: ") + why);
}

// RFC 9162 section 2.1.3.2 walks with two numbers: the place of the node, and of the last node
// of its row. A node has its sibling on the left where its place is odd, or where it is the
// last: then the rows in which it stands alone are skipped.
class Walk {
 public:
  Walk(std::int64_t place, std::int64_t last) : place_(place), last_(last) {}
  bool AtRoot() const { return last_ == 0; }
  bool SiblingIsLeft() const { return place_ % 2 == 1 || place_ == last_; }
  // Up while the node is a right child: the left neighbours are part of the same perfect subtree.
  void SkipRightChildren() {
    while (place_ % 2 == 1) Up();
  }
  void SkipRowsAlone() {
    while (place_ % 2 == 0 && place_ != 0) Up();
  }
  void Up() {
    place_ >>= 1;
    last_ >>= 1;
  }

 private:
  std::int64_t place_;
  std::int64_t last_;
};

Digest Join(const Digest& left, const Digest& right) { return NodeHash(AsBytes(left), AsBytes(right)); }

// RFC 9162 section 2.1.4.2, for 0 < old_size < size.
Status CheckGrowth(std::int64_t old_size, std::int64_t size, const Digest& old_root, const Digest& root,
                   ProofHashes proof) {
  // A perfect old tree is a node of the new one: its root need not be sent.
  if (std::has_single_bit(static_cast<std::uint64_t>(old_size))) proof.insert(proof.begin(), old_root);
  if (proof.empty()) return BadConsistency("it is too short");
  Walk walk(old_size - 1, size - 1);
  walk.SkipRightChildren();
  Digest old_hash = proof.front();
  Digest new_hash = proof.front();
  for (auto hash = proof.begin() + 1; hash != proof.end(); ++hash) {
    if (walk.AtRoot()) return BadConsistency("it is too long");
    if (walk.SiblingIsLeft()) {
      old_hash = Join(*hash, old_hash);
      new_hash = Join(*hash, new_hash);
      walk.SkipRowsAlone();
    } else {
      new_hash = Join(new_hash, *hash);
    }
    walk.Up();
  }
  if (!walk.AtRoot()) return BadConsistency("it is too short");
  if (old_hash != old_root) return BadConsistency("it leads to another old root");
  if (new_hash != root) return BadConsistency("it leads to another root");
  return Ok();
}

}  // namespace

Result<ProofHashes> MakeInclusionProof(std::int64_t index, std::int64_t size, const TileReader& read) {
  if (index < 0 || index >= size) return DataError("no_such_leaf", "the tree has no leaf of that index");
  std::vector<Range> siblings;
  for (Range range{0, size}; range.Size() > 1;) range = Descend(range, index, siblings);
  return RootsUpwards(siblings, read);
}

Result<ProofHashes> MakeConsistencyProof(std::int64_t old_size, std::int64_t size, const TileReader& read) {
  if (old_size < 0 || old_size > size) return DataError("no_such_tree", "the tree was never of that old size");
  if (old_size == 0 || old_size == size) return ProofHashes{};
  std::vector<Range> parts;
  Range range{0, size};
  // Down along the old tree's last leaf, to the subtree that ends where the old tree ends.
  while (range.to != old_size) range = Descend(range, old_size - 1, parts);
  if (range.from != 0) parts.push_back(range);
  return RootsUpwards(parts, read);
}

Status CheckInclusion(std::int64_t index, std::int64_t size, const Digest& leaf_hash, const Digest& root,
                      const ProofHashes& proof) {
  if (index < 0 || index >= size) return BadInclusion("the index is outside of the tree");
  Walk walk(index, size - 1);
  Digest hash = leaf_hash;
  for (const Digest& sibling : proof) {
    if (walk.AtRoot()) return BadInclusion("it is too long");
    if (walk.SiblingIsLeft()) {
      hash = Join(sibling, hash);
      walk.SkipRowsAlone();
    } else {
      hash = Join(hash, sibling);
    }
    walk.Up();
  }
  if (!walk.AtRoot()) return BadInclusion("it is too short");
  if (hash != root) return BadInclusion("it leads to another root");
  return Ok();
}

Status CheckConsistency(std::int64_t old_size, std::int64_t size, const Digest& old_root, const Digest& root,
                        const ProofHashes& proof) {
  if (old_size < 0 || old_size > size) return BadConsistency("the old tree is the larger one");
  if (old_size > 0 && old_size < size) return CheckGrowth(old_size, size, old_root, root, proof);
  if (!proof.empty()) return BadConsistency("it is too long");
  const Digest expected = old_size == 0 ? EmptyTreeRoot() : root;
  if (old_root != expected) return BadConsistency("it leads to another old root");
  return Ok();
}

}  // namespace mc
