#include "storage/merkle.h"

#include <algorithm>

namespace mc {
namespace {

constexpr std::size_t kTileBytes = static_cast<std::size_t>(kTileWidth) * kHashBytes;

// Leaves under one entry of a level.
std::int64_t LeavesPerEntry(int level) { return std::int64_t{1} << (kTileHeightBits * level); }

// Past this level one entry would need more leaves than an index can count.
constexpr int kMaxLevel = 7;

}  // namespace

Digest EmptyTreeRoot() { return Sha256(""); }

Digest LeafHash(std::string_view leaf) { return Sha256({std::string_view("\x00", 1), leaf}); }

Digest NodeHash(std::string_view left, std::string_view right) {
  char preimage[1 + 2 * kHashBytes];
  preimage[0] = '\x01';
  std::copy_n(left.data(), kHashBytes, preimage + 1);
  std::copy_n(right.data(), kHashBytes, preimage + 1 + kHashBytes);
  return Sha256(std::string_view(preimage, sizeof preimage));
}

Digest SubtreeRoot(std::string_view hashes) {
  const std::size_t count = hashes.size() / kHashBytes;
  if (count == 1) return *DigestFromBytes(hashes);
  std::size_t split = 1;  // the largest power of two below count
  while (split * 2 < count) split *= 2;
  const Digest left = SubtreeRoot(hashes.substr(0, split * kHashBytes));
  const Digest right = SubtreeRoot(hashes.substr(split * kHashBytes));
  return NodeHash(AsBytes(left), AsBytes(right));
}

std::int64_t TileCount(std::int64_t size, int level) {
  if (level > kMaxLevel) return 0;
  return (size / LeavesPerEntry(level) + kTileWidth - 1) / kTileWidth;
}

std::int64_t TileEntries(std::int64_t size, const TileId& id) {
  if (id.level > kMaxLevel) return 0;
  const std::int64_t entries = size / LeavesPerEntry(id.level) - id.index * kTileWidth;
  return std::clamp<std::int64_t>(entries, 0, kTileWidth);
}

Result<TreeEdge> TreeEdge::Load(std::int64_t size, const TileReader& read) {
  TreeEdge edge;
  edge.size_ = size;
  for (int level = 0; level <= kMaxLevel && size / LeavesPerEntry(level) > 0; ++level) {
    const std::int64_t entries = size / LeavesPerEntry(level);
    edge.partial_.emplace_back();
    const std::size_t bytes = static_cast<std::size_t>(entries % kTileWidth) * kHashBytes;
    if (bytes == 0) continue;
    MC_TRY(const std::string tile, read({level, entries / kTileWidth}));
    if (tile.size() < bytes) return InternalError("bad_tile", "a tile of the ledger is shorter than the tree");
    edge.partial_.back() = tile.substr(0, bytes);
  }
  edge.grew_.assign(edge.partial_.size(), false);
  return edge;
}

Digest TreeEdge::Root() const {
  // The perfect subtrees of the right edge, folded from the smallest: RFC 6962 splits at
  // the largest power of two, so every one of them is a left child of what lies right of it.
  std::string root;
  for (const std::string& level : partial_) {
    std::size_t end = level.size() / kHashBytes;
    while (end > 0) {
      const std::size_t width = end & (~end + 1);  // lowest set bit
      const Digest left = SubtreeRoot(std::string_view(level).substr((end - width) * kHashBytes, width * kHashBytes));
      root = root.empty() ? std::string(AsBytes(left)) : std::string(AsBytes(NodeHash(AsBytes(left), root)));
      end -= width;
    }
  }
  return root.empty() ? EmptyTreeRoot() : *DigestFromBytes(root);
}

std::int64_t TreeEdge::IndexOf(std::size_t level) const {
  return size_ / LeavesPerEntry(static_cast<int>(level)) / kTileWidth;
}

Status TreeEdge::Push(std::size_t level, std::string_view hash, const TileWriter& write) {
  if (level == partial_.size()) {
    partial_.emplace_back();
    grew_.push_back(false);
  }
  partial_[level].append(hash);
  grew_[level] = true;
  if (partial_[level].size() < kTileBytes) return Ok();
  Tile full{{static_cast<int>(level), IndexOf(level) - 1}, std::move(partial_[level])};
  partial_[level].clear();
  grew_[level] = false;
  MC_CHECK_OK(write(full));
  return Push(level + 1, AsBytes(SubtreeRoot(full.hashes)), write);
}

Status TreeEdge::Append(const std::vector<Digest>& leaf_hashes, const TileWriter& write) {
  std::fill(grew_.begin(), grew_.end(), false);
  for (const Digest& hash : leaf_hashes) {
    ++size_;
    MC_CHECK_OK(Push(0, AsBytes(hash), write));
  }
  for (const Tile& tile : PartialTiles()) {
    if (grew_[static_cast<std::size_t>(tile.id.level)]) MC_CHECK_OK(write(tile));
  }
  return Ok();
}

std::vector<Tile> TreeEdge::PartialTiles() const {
  std::vector<Tile> tiles;
  for (std::size_t level = 0; level < partial_.size(); ++level) {
    if (partial_[level].empty()) continue;
    tiles.push_back({{static_cast<int>(level), IndexOf(level)}, partial_[level]});
  }
  return tiles;
}

}  // namespace mc
