// Goal: a proof under the last head for each leaf that it covers, and none that does not hold.
// Method: a ledger in memory, whole and then with one part damaged.
#include "storage/ledger_reader.h"

#include <doctest/doctest.h>

#include "tests/storage/memory_ledger.h"

using namespace mc;

TEST_CASE("ledger_reader: every leaf under the head, none past it") {
  MemoryLedger ledger(300);
  CHECK(ProveLeaf(ledger, 0).error().code == "no_such_leaf");
  ledger.Sign(270);
  const std::string key = VerifierKey(ledger.signer);
  for (std::int64_t leaf = 0; leaf < 270; ++leaf) {
    const auto proof = ProveLeaf(ledger, leaf);
    REQUIRE(proof.ok());
    CHECK(CheckTlogProof(*proof, ledger.hashes[static_cast<std::size_t>(leaf)], key)->size == 270);
    CHECK_FALSE(proof->extra);
  }
  for (const std::int64_t leaf : {-1, 270, 299, 300}) CHECK(ProveLeaf(ledger, leaf).error().code == "no_such_leaf");
}

TEST_CASE("ledger_reader: growth since every older head") {
  MemoryLedger ledger(300);
  ledger.Sign(290);
  for (const std::int64_t old_size : {0, 1, 255, 256, 257, 289, 290}) {
    const auto proof = ProveGrowth(ledger, old_size);
    REQUIRE(proof.ok());
    const Digest old_root = RootAt(ledger.tiles, static_cast<std::size_t>(old_size));
    CHECK(CheckConsistency(old_size, 290, old_root, RootAt(ledger.tiles, 290), *proof).ok());
  }
  CHECK(ProveGrowth(ledger, 291).error().code == "no_such_tree");
}

TEST_CASE("ledger_reader: no proof out of a ledger whose parts do not fit") {
  MemoryLedger leaf(300), tile(300), head(300), note(300);
  for (MemoryLedger* ledger : {&leaf, &tile, &head, &note}) ledger->Sign(300);
  leaf.leaves[7] += "!";
  CHECK(ProveLeaf(leaf, 7).error().code == "store_proof");
  CHECK(ProveLeaf(leaf, 8).ok());
  tile.tiles[{0, 0}][9 * kHashBytes] ^= 1;
  CHECK(ProveLeaf(tile, 8).error().code == "store_proof");
  head.head.checkpoint = SignCheckpoint(head.signer, 300, Sha256("another root"));
  CHECK(ProveLeaf(head, 8).error().code == "store_proof");
  note.head.checkpoint = "no note";
  CHECK(ProveLeaf(note, 8).error().code == "bad_checkpoint");
}
