// The ledger's tree: RFC 6962 section 2.1 (SHA-256), kept as C2SP tlog-tiles.
//
// A tile (level, index) holds up to 256 hashes of 32 bytes: entry e of it is the hash of
// the perfect subtree over the 256^level leaves that start at (256 * index + e) * 256^level.
// Only the rightmost tile of a level may be shorter than 256 entries; it is rewritten as it
// grows, and entries that stand never change. Therefore the tiles of a tree of size n also
// hold every smaller tree, which is what signed heads and proofs of older sizes need.
//
// Plain values and pure functions; no thread rules. Errors: those of the reader, and
// kInternal "bad_tile" when a tile is missing or of a wrong length.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/digest.h"
#include "core/result.h"

namespace mc {

inline constexpr std::int64_t kTileWidth = 256;  // hashes; tlog-tiles section 2
inline constexpr int kTileHeightBits = 8;
inline constexpr std::size_t kHashBytes = 32;

struct TileId {
  int level = 0;
  std::int64_t index = 0;
  auto operator<=>(const TileId&) const = default;
};

struct Tile {
  TileId id;
  std::string hashes;  // entries * kHashBytes
};

using TileReader = std::function<Result<std::string>(const TileId&)>;
using TileWriter = std::function<Status(const Tile&)>;

Digest EmptyTreeRoot();                                          // SHA-256 of nothing
Digest LeafHash(std::string_view leaf);                          // SHA-256(0x00 || leaf)
Digest NodeHash(std::string_view left, std::string_view right);  // SHA-256(0x01 || left || right)

// Root of the tree over `hashes` (n * kHashBytes bytes, n >= 1) as a subtree of its own.
Digest SubtreeRoot(std::string_view hashes);

// Number of tiles on a level of a tree of `size` leaves, and entries in one of them.
std::int64_t TileCount(std::int64_t size, int level);
std::int64_t TileEntries(std::int64_t size, const TileId& id);

// The right edge of a tree: all that is needed to append and to tell the root. At most
// 255 hashes per level.
class TreeEdge {
 public:
  // Reads the edge of the tree of `size` leaves. The stored tree may be larger.
  static Result<TreeEdge> Load(std::int64_t size, const TileReader& read);

  std::int64_t size() const { return size_; }
  Digest Root() const;

  // Appends leaf hashes and hands on every tile that changed: the full ones as they fill,
  // then the rightmost one of each level that grew. A writer's error ends the call; the
  // edge is then of no further use.
  Status Append(const std::vector<Digest>& leaf_hashes, const TileWriter& write);

  // The tiles that are not full, lowest level first.
  std::vector<Tile> PartialTiles() const;

 private:
  Status Push(std::size_t level, std::string_view hash, const TileWriter& write);
  std::int64_t IndexOf(std::size_t level) const;

  std::int64_t size_ = 0;
  std::vector<std::string> partial_;  // hashes of the rightmost tile, by level
  std::vector<bool> grew_;            // within this Append
};

}  // namespace mc
