// Goal: tiles and roots are those of RFC 6962 for every size and every way of batching.
// Method: known vectors, a naive recursive tree, and random batches over the tile borders.
#include "storage/merkle.h"

#include <doctest/doctest.h>

#include "tests/storage/merkle_harness.h"

using namespace mc;

namespace {

// A small generator of our own: the sequence must not depend on the standard library.
struct Lcg {
  std::uint64_t state;
  std::size_t Below(std::size_t limit) {
    state = state * 6364136223846793005ull + 1442695040888963407ull;
    return static_cast<std::size_t>(state >> 33) % limit;
  }
};

}  // namespace

TEST_CASE("merkle: the test vectors of the reference implementations of RFC 6962") {
  const std::vector<std::string> inputs{"",
                                        std::string("\x00", 1),
                                        "\x10",
                                        "\x20\x21",
                                        "\x30\x31",
                                        "\x40\x41\x42\x43",
                                        "\x50\x51\x52\x53\x54\x55\x56\x57",
                                        "\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f"};
  const std::vector<std::string> roots{"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                                       "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                                       "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
                                       "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
                                       "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                                       "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
                                       "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
                                       "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
                                       "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
  TreeEdge edge;
  CHECK(ToHex(edge.Root()) == roots[0]);
  Tiles tiles;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    REQUIRE(edge.Append({LeafHash(inputs[i])}, WriteTo(tiles)).ok());
    CHECK(ToHex(edge.Root()) == roots[i + 1]);
  }
}

TEST_CASE("merkle: equals the naive tree for every size up to 300, however it was batched") {
  const auto hashes = NumberedHashes(300);
  Tiles one_by_one;
  for (std::size_t size = 0; size <= hashes.size(); ++size) {
    if (size > 0) AppendRange(one_by_one, hashes, size - 1, size);
    const Digest expected = NaiveRoot(hashes, 0, size);
    CHECK(RootAt(one_by_one, size) == expected);
    Tiles at_once;
    AppendRange(at_once, hashes, 0, size);
    CHECK(RootAt(at_once, size) == expected);
    CHECK(at_once == one_by_one);
  }
}

TEST_CASE("merkle: batches of random sizes across the borders at 256 and 65536") {
  const auto hashes = NumberedHashes(66'500);
  Tiles tiles;
  Lcg random{7};
  std::vector<std::size_t> sizes;
  for (std::size_t size = 0; size < hashes.size();) {
    const std::size_t next = std::min(hashes.size(), size + 1 + random.Below(700));
    AppendRange(tiles, hashes, size, next);
    sizes.push_back(size = next);
  }
  for (const std::size_t border : {255, 256, 257, 511, 512, 65'279, 65'280, 65'535, 65'536, 65'537})
    sizes.push_back(border);
  // The final tiles still tell the root of every earlier size.
  for (std::size_t i = 0; i < sizes.size(); i += 9) CHECK(RootAt(tiles, sizes[i]) == NaiveRoot(hashes, 0, sizes[i]));
  for (std::size_t i = sizes.size() - 10; i < sizes.size(); ++i)
    CHECK(RootAt(tiles, sizes[i]) == NaiveRoot(hashes, 0, sizes[i]));
  const auto size = static_cast<std::int64_t>(hashes.size());
  std::int64_t expected = 0;
  for (int level = 0; TileCount(size, level) > 0; ++level) expected += TileCount(size, level);
  CHECK(static_cast<std::int64_t>(tiles.size()) == expected);
  for (const auto& [id, bytes] : tiles) CHECK(static_cast<std::int64_t>(bytes.size()) == 32 * TileEntries(size, id));
}

TEST_CASE("merkle: tile counts and widths at their borders") {
  struct Case {
    std::int64_t size;
    int level;
    std::int64_t tiles, entries_of_last;
  };
  for (const Case& c : {Case{0, 0, 0, 0}, Case{1, 0, 1, 1}, Case{255, 0, 1, 255}, Case{256, 0, 1, 256},
                        Case{257, 0, 2, 1}, Case{255, 1, 0, 0}, Case{256, 1, 1, 1}, Case{65'536, 1, 1, 256},
                        Case{65'535, 2, 0, 0}, Case{65'536, 2, 1, 1}, Case{65'536 + 256, 1, 2, 1}}) {
    CAPTURE(c.size);
    CAPTURE(c.level);
    CHECK(TileCount(c.size, c.level) == c.tiles);
    if (c.tiles > 0) CHECK(TileEntries(c.size, {c.level, c.tiles - 1}) == c.entries_of_last);
    CHECK(TileEntries(c.size, {c.level, c.tiles}) == 0);
  }
}

TEST_CASE("merkle: a missing or short tile is an error, a longer one is an older size") {
  const auto hashes = NumberedHashes(300);
  Tiles tiles;
  AppendRange(tiles, hashes, 0, 300);
  CHECK(RootAt(tiles, 299) == NaiveRoot(hashes, 0, 299));
  Tiles shorter = tiles;
  shorter[{0, 1}].resize(43 * 32);
  CHECK_FALSE(TreeEdge::Load(300, ReadFrom(shorter)).ok());
  CHECK(TreeEdge::Load(299, ReadFrom(shorter)).ok());
  tiles.erase({0, 1});
  CHECK_FALSE(TreeEdge::Load(300, ReadFrom(tiles)).ok());
  const auto refuse = [](const Tile&) -> Status { return InternalError("disk", "full"); };
  TreeEdge edge;
  CHECK_FALSE(edge.Append(hashes, refuse).ok());
}
