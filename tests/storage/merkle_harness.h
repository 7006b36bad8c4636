// Tiles in memory, numbered leaves and the RFC's own definition of a tree, for tests.
#pragma once

#include <map>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "storage/merkle.h"

namespace mc {

using Tiles = std::map<TileId, std::string>;

inline TileWriter WriteTo(Tiles& tiles) {
  return [&tiles](const Tile& tile) -> Status {
    tiles[tile.id] = tile.hashes;
    return Ok();
  };
}

inline TileReader ReadFrom(const Tiles& tiles) {
  return [&tiles](const TileId& id) -> Result<std::string> {
    const auto found = tiles.find(id);
    if (found == tiles.end()) return InternalError("bad_tile", "missing");
    return found->second;
  };
}

inline std::vector<Digest> NumberedHashes(std::size_t count) {
  std::vector<Digest> hashes;
  for (std::size_t i = 0; i < count; ++i) hashes.push_back(LeafHash("leaf " + std::to_string(i)));
  return hashes;
}

// RFC 6962 section 2.1, word by word.
inline Digest NaiveRoot(const std::vector<Digest>& hashes, std::size_t from, std::size_t to) {
  if (to == from) return EmptyTreeRoot();
  if (to - from == 1) return hashes[from];
  std::size_t k = 1;
  while (k * 2 < to - from) k *= 2;
  return NodeHash(AsBytes(NaiveRoot(hashes, from, from + k)), AsBytes(NaiveRoot(hashes, from + k, to)));
}

// Appends hashes[from, to), loading the edge from the tiles as another process would.
inline void AppendRange(Tiles& tiles, const std::vector<Digest>& hashes, std::size_t from, std::size_t to) {
  auto edge = TreeEdge::Load(static_cast<std::int64_t>(from), ReadFrom(tiles));
  REQUIRE(edge.ok());
  const std::vector<Digest> batch(hashes.begin() + static_cast<std::ptrdiff_t>(from),
                                  hashes.begin() + static_cast<std::ptrdiff_t>(to));
  REQUIRE(edge->Append(batch, WriteTo(tiles)).ok());
}

inline Digest RootAt(const Tiles& tiles, std::size_t size) {
  auto edge = TreeEdge::Load(static_cast<std::int64_t>(size), ReadFrom(tiles));
  REQUIRE(edge.ok());
  return edge->Root();
}

}  // namespace mc
