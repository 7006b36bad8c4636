// Goal: proofs are those of RFC 6962 for every place and size, cost a few tiles, and nothing
// else is taken for one.
// Method: known vectors; the RFC's recursion beside ours; every hash, byte, length and number
// of a good proof changed in turn.
#include "storage/proof.h"

#include <doctest/doctest.h>

#include "tests/storage/merkle_harness.h"

using namespace mc;

namespace {

// RFC 6962 section 2.1.1, word by word: PATH(m, D[from:to]).
void NaivePath(const std::vector<Digest>& d, std::size_t m, std::size_t from, std::size_t to, ProofHashes& out) {
  if (to - from == 1) return;
  std::size_t k = 1;
  while (k * 2 < to - from) k *= 2;
  const bool left = m < from + k;
  left ? NaivePath(d, m, from, from + k, out) : NaivePath(d, m, from + k, to, out);
  out.push_back(left ? NaiveRoot(d, from + k, to) : NaiveRoot(d, from, from + k));
}

// RFC 6962 section 2.1.2, word by word: SUBPROOF(m, D[from:to], b), m counted from 0.
void NaiveSubproof(const std::vector<Digest>& d, std::size_t m, std::size_t from, std::size_t to, bool whole,
                   ProofHashes& out) {
  if (m == to) {
    if (!whole) out.push_back(NaiveRoot(d, from, to));
    return;
  }
  std::size_t k = 1;
  while (k * 2 < to - from) k *= 2;
  const bool left = m <= from + k;
  left ? NaiveSubproof(d, m, from, from + k, whole, out) : NaiveSubproof(d, m, from + k, to, false, out);
  out.push_back(left ? NaiveRoot(d, from + k, to) : NaiveRoot(d, from, from + k));
}

struct Tree {
  std::vector<Digest> hashes;
  Tiles tiles;
  explicit Tree(std::vector<Digest> leaves) : hashes(std::move(leaves)) {
    AppendRange(tiles, hashes, 0, hashes.size());
  }
};

const Tree& Numbered(std::size_t count) {
  static std::map<std::size_t, Tree> trees;
  return trees.try_emplace(count, NumberedHashes(count)).first->second;
}

// The eight leaves of the reference implementations' vectors (merkle_test.cc has the roots).
Tree VectorTree() {
  std::vector<Digest> hashes;
  for (const char* hex :
       {"", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"})
    hashes.push_back(LeafHash(*FromHex(hex)));
  return Tree(hashes);
}

std::vector<std::string> Hex(const ProofHashes& proof) {
  std::vector<std::string> texts;
  for (const Digest& hash : proof) texts.push_back(ToHex(hash));
  return texts;
}

struct Inclusion {
  std::int64_t index, size;
  Digest leaf, root;
  ProofHashes proof;
  bool Holds() const { return CheckInclusion(index, size, leaf, root, proof).ok(); }
};

struct Consistency {
  std::int64_t old_size, size;
  Digest old_root, root;
  ProofHashes proof;
  bool Holds() const { return CheckConsistency(old_size, size, old_root, root, proof).ok(); }
};

Inclusion InclusionIn(const Tree& tree, std::size_t index, std::size_t size) {
  const auto n = static_cast<std::int64_t>(size);
  auto proof = MakeInclusionProof(static_cast<std::int64_t>(index), n, ReadFrom(tree.tiles));
  REQUIRE(proof.ok());
  return {static_cast<std::int64_t>(index), n, tree.hashes[index], RootAt(tree.tiles, size), *proof};
}

Consistency ConsistencyIn(const Tree& tree, std::size_t old_size, std::size_t size) {
  auto proof =
      MakeConsistencyProof(static_cast<std::int64_t>(old_size), static_cast<std::int64_t>(size), ReadFrom(tree.tiles));
  REQUIRE(proof.ok());
  return {static_cast<std::int64_t>(old_size), static_cast<std::int64_t>(size), RootAt(tree.tiles, old_size),
          RootAt(tree.tiles, size), *proof};
}

// A hash more in front or behind, one less, and two neighbours in each other's place.
template <typename Claim>
void RefuseOtherLengths(const Claim& good) {
  for (const Digest& extra : {Digest{}, good.root}) {
    Claim longer = good;
    longer.proof.push_back(extra);
    CHECK_FALSE(longer.Holds());
    longer = good;
    longer.proof.insert(longer.proof.begin(), extra);
    CHECK_FALSE(longer.Holds());
  }
  for (std::size_t i = 0; i < good.proof.size(); ++i) {
    Claim shorter = good;
    shorter.proof.erase(shorter.proof.begin() + static_cast<std::ptrdiff_t>(i));
    CHECK_FALSE(shorter.Holds());
    if (i == 0) continue;
    Claim swapped = good;
    std::swap(swapped.proof[i - 1], swapped.proof[i]);
    CHECK_FALSE(swapped.Holds());
  }
}

// Every byte of every hash of the proof.
template <typename Claim>
void RefuseEveryByte(const Claim& good) {
  for (std::size_t i = 0; i < good.proof.size(); ++i) {
    for (std::size_t byte = 0; byte < kHashBytes; ++byte) {
      Claim changed = good;
      changed.proof[i][byte] ^= 0x80;
      CHECK_FALSE(changed.Holds());
    }
  }
}

}  // namespace

TEST_CASE("proof: the test vectors of the reference implementations of RFC 6962") {
  const Tree tree = VectorTree();
  using Texts = std::vector<std::string>;
  const std::string leaf_0 = "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d";
  const std::string leaf_1 = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7";
  const std::string leaves_0_1 = "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125";
  const std::string leaves_2_3 = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e";
  const std::string leaf_4 = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b";
  const std::string leaves_4_5 = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a";
  const std::string leaves_6_7 = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0";
  const std::string leaves_0_3 = "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7";
  const std::string leaves_4_7 = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4";
  CHECK(Hex(InclusionIn(tree, 0, 1).proof) == Texts{});
  CHECK(Hex(InclusionIn(tree, 0, 8).proof) == Texts{leaf_1, leaves_2_3, leaves_4_7});
  CHECK(Hex(InclusionIn(tree, 5, 8).proof) == Texts{leaf_4, leaves_6_7, leaves_0_3});
  CHECK(Hex(InclusionIn(tree, 2, 3).proof) == Texts{leaves_0_1});
  CHECK(Hex(InclusionIn(tree, 1, 5).proof) == Texts{leaf_0, leaves_2_3, leaf_4});
  CHECK(Hex(ConsistencyIn(tree, 1, 1).proof) == Texts{});
  CHECK(Hex(ConsistencyIn(tree, 1, 8).proof) == Texts{leaf_1, leaves_2_3, leaves_4_7});
  CHECK(Hex(ConsistencyIn(tree, 6, 8).proof) == Texts{leaves_4_5, leaves_6_7, leaves_0_3});
  CHECK(Hex(ConsistencyIn(tree, 2, 5).proof) == Texts{leaves_2_3, leaf_4});
}

TEST_CASE("proof: the vector of docs/formats/proof.md") {
  const Consistency made = ConsistencyIn(Numbered(8), 6, 8);
  CHECK(Hex(made.proof) ==
        std::vector<std::string>{"75ab928268c86f44da5d4241188ed71e4aab2d4d77d6d50117dad94a842ede03",
                                 "6ebcc54b6710ee0610a7fc82cde51713db280e3dc84515bde9632a19b65a0b93",
                                 "4f631084a157c54f54fcfb23ff5eb8650c4ba160c295bb13a9832b109d52677e"});
  CHECK(ToHex(made.old_root) == "8363c3821ce41ebb46222116a42cc83dba753984b23cfca26aaad0a6867336ea");
  CHECK(ToHex(made.root) == "c5c2c820ed342fdda8ce896b6b9cf5b8c00a21cc4b20714cc6e5d3c05c35240b");
  CHECK(ConsistencyIn(Numbered(8), 1, 8).proof == InclusionIn(Numbered(8), 0, 8).proof);
}

TEST_CASE("proof: equals the RFC's recursion for every index and size up to 70, and holds") {
  const Tree& tree = Numbered(70);
  for (std::size_t size = 1; size <= 70; ++size) {
    for (std::size_t index = 0; index < size; ++index) {
      const Inclusion made = InclusionIn(tree, index, size);
      ProofHashes expected;
      NaivePath(tree.hashes, index, 0, size, expected);
      REQUIRE(made.proof == expected);
      REQUIRE(made.Holds());
    }
    for (std::size_t old_size = 0; old_size <= size; ++old_size) {
      const Consistency made = ConsistencyIn(tree, old_size, size);
      ProofHashes expected;
      if (old_size > 0) NaiveSubproof(tree.hashes, old_size, 0, size, true, expected);
      REQUIRE(made.proof == expected);
      REQUIRE(made.Holds());
    }
  }
}

TEST_CASE("proof: around 256 and 65536 leaves, out of the tiles of a larger tree") {
  const Tree& tree = Numbered(66'000);
  const std::vector<std::size_t> sizes{255, 256, 257, 511, 512, 513, 65'279, 65'280, 65'535, 65'536, 65'537, 66'000};
  for (const std::size_t size : sizes) {
    for (const std::size_t index : {std::size_t{0}, size / 3, std::size_t{254}, size - 2, size - 1}) {
      CAPTURE(size);
      CAPTURE(index);
      const Inclusion made = InclusionIn(tree, index, size);
      ProofHashes expected;
      NaivePath(tree.hashes, index, 0, size, expected);
      CHECK(made.proof == expected);
      CHECK(made.Holds());
    }
    for (const std::size_t old_size : sizes) {
      if (old_size > size) continue;
      CAPTURE(size);
      CAPTURE(old_size);
      CHECK(ConsistencyIn(tree, old_size, size).Holds());
    }
  }
}

TEST_CASE("proof: costs two tiles for each level, three for consistency, whatever the size") {
  const Tree& tree = Numbered(66'000);
  std::size_t reads = 0;
  const TileReader counted = [&](const TileId& id) {
    ++reads;
    return ReadFrom(tree.tiles)(id);
  };
  for (const std::int64_t size : {300, 65'535, 65'536, 66'000}) {
    for (std::int64_t at = 0; at < size; at += 997) {
      reads = 0;
      REQUIRE(MakeInclusionProof(at, size, counted).ok());
      CHECK(reads <= 2 * 3);
      reads = 0;
      REQUIRE(MakeConsistencyProof(at, size, counted).ok());
      CHECK(reads <= 3 * 3);
    }
  }
}

TEST_CASE("proof: every byte, length, place and size of an inclusion proof changed is refused") {
  const Tree& tree = Numbered(70);
  for (const std::size_t size : {1, 2, 3, 7, 8, 9, 64, 65, 70}) {
    for (const std::size_t index : {std::size_t{0}, size / 2, size - 1}) {
      CAPTURE(size);
      CAPTURE(index);
      const Inclusion good = InclusionIn(tree, index, size);
      RefuseOtherLengths(good);
      RefuseEveryByte(good);
      for (std::size_t byte = 0; byte < kHashBytes; ++byte) {
        Inclusion changed = good;
        changed.leaf[byte] ^= 1;
        CHECK_FALSE(changed.Holds());
        changed = good;
        changed.root[byte] ^= 1;
        CHECK_FALSE(changed.Holds());
      }
      for (std::int64_t other = -1; other <= 71; ++other) {
        Inclusion changed = good;
        changed.index = other;
        CHECK(changed.Holds() == (other == good.index));
      }
      Inclusion smaller = good;
      smaller.size = good.index;
      CHECK_FALSE(smaller.Holds());
      smaller.size = -1;
      CHECK_FALSE(smaller.Holds());
    }
  }
}

TEST_CASE("proof: every byte, length and size of a consistency proof changed is refused") {
  const Tree& tree = Numbered(70);
  for (const std::size_t size : {1, 2, 3, 7, 8, 9, 64, 65, 70}) {
    for (std::size_t old_size = 0; old_size <= size; old_size += 1 + size / 5) {
      CAPTURE(size);
      CAPTURE(old_size);
      const Consistency good = ConsistencyIn(tree, old_size, size);
      RefuseOtherLengths(good);
      RefuseEveryByte(good);
      for (std::size_t byte = 0; byte < kHashBytes; ++byte) {
        Consistency changed = good;
        changed.old_root[byte] ^= 1;
        CHECK_FALSE(changed.Holds());
        changed = good;
        changed.root[byte] ^= 1;
        // An empty tree begins every tree: only then does the new root say nothing.
        CHECK(changed.Holds() == (old_size == 0));
      }
      Consistency shrunk = good;
      std::swap(shrunk.old_size, shrunk.size);
      std::swap(shrunk.old_root, shrunk.root);
      CHECK(shrunk.Holds() == (old_size == size));
    }
  }
}

TEST_CASE("proof: hashes that fit together, but not with the sizes that are claimed") {
  const Tree& tree = Numbered(70);
  const auto& leaves = tree.hashes;
  const Digest two = RootAt(tree.tiles, 2);
  CHECK(Inclusion{1, 2, leaves[1], two, {leaves[0]}}.Holds());
  CHECK_FALSE(Inclusion{0, 1, leaves[1], two, {leaves[0]}}.Holds());  // higher than one leaf can be
  CHECK_FALSE(Inclusion{0, 2, two, two, {}}.Holds());                 // a node passed off as a leaf
  const Digest four = RootAt(tree.tiles, 4);
  for (const std::int64_t old_size : {1, 2, 4, 5, 7}) CHECK_FALSE(Consistency{old_size, 8, four, four, {}}.Holds());
  const Consistency good = ConsistencyIn(tree, 4, 8);
  CHECK(good.Holds());
  CHECK_FALSE(Consistency{4, 16, good.old_root, good.root, good.proof}.Holds());  // too low
  const Consistency seven = ConsistencyIn(tree, 7, 8);
  CHECK(seven.Holds());
  CHECK_FALSE(Consistency{3, 4, seven.old_root, seven.root, seven.proof}.Holds());  // too high
}

TEST_CASE("proof: two trees of one size, and a tree that forked below the old size") {
  const Tree& tree = Numbered(70);
  std::vector<Digest> forked_hashes = tree.hashes;
  forked_hashes[11] = LeafHash("another leaf 11");
  const Tree forked(forked_hashes);
  CHECK_FALSE(CheckConsistency(40, 40, RootAt(tree.tiles, 40), RootAt(forked.tiles, 40), {}).ok());
  for (const std::size_t old_size : {12, 16, 33, 69}) {
    Consistency lie = ConsistencyIn(forked, old_size, 70);
    CHECK(lie.Holds());
    lie.old_root = RootAt(tree.tiles, old_size);
    CHECK_FALSE(lie.Holds());
    lie = ConsistencyIn(tree, old_size, 70);
    lie.root = RootAt(forked.tiles, 70);
    CHECK_FALSE(lie.Holds());
  }
}

TEST_CASE("proof: places outside of the tree, and tiles that are missing or short") {
  const Tree& tree = Numbered(300);
  const TileReader read = ReadFrom(tree.tiles);
  for (const std::int64_t index : {-1, 300, 301})
    CHECK(MakeInclusionProof(index, 300, read).error().code == "no_such_leaf");
  CHECK(MakeInclusionProof(0, 0, read).error().code == "no_such_leaf");
  CHECK(MakeConsistencyProof(-1, 300, read).error().code == "no_such_tree");
  CHECK(MakeConsistencyProof(301, 300, read).error().code == "no_such_tree");
  CHECK(MakeConsistencyProof(0, 0, read)->empty());
  Tiles broken = tree.tiles;
  broken[{0, 1}].resize(43 * kHashBytes);
  CHECK(MakeInclusionProof(3, 300, ReadFrom(broken)).error().code == "bad_tile");
  CHECK(MakeInclusionProof(3, 299, ReadFrom(broken)).ok());
  broken.erase({0, 1});
  CHECK(MakeInclusionProof(3, 300, ReadFrom(broken)).error().code == "bad_tile");
  CHECK(MakeConsistencyProof(290, 300, ReadFrom(broken)).error().code == "bad_tile");
}
