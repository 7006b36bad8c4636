// A ledger in memory: leaves, their tiles and a head of any size, for tests of what reads one.
#pragma once

#include "storage/ledger_reader.h"
#include "tests/storage/merkle_harness.h"

namespace mc {

class MemoryLedger : public LedgerReader {
 public:
  explicit MemoryLedger(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) Add("leaf " + std::to_string(i));
  }

  void Add(const std::string& leaf) {
    leaves.push_back(leaf);
    hashes.push_back(LeafHash(leaf));
    AppendRange(tiles, hashes, hashes.size() - 1, hashes.size());
  }
  // Signs the first `size` leaves.
  void Sign(std::size_t size) {
    head = {static_cast<std::int64_t>(size), SignCheckpoint(signer, static_cast<std::int64_t>(size), RootAt(tiles, size))};
  }

  Result<LedgerHead> Head() override { return head; }
  Result<std::string> ReadTile(const TileId& id) override { return ReadFrom(tiles)(id); }
  Result<std::vector<std::string>> ReadLeaves(std::int64_t from, std::int64_t count) override {
    if (from < 0 || from + count > static_cast<std::int64_t>(leaves.size())) return InternalError("store_leaf", "missing");
    const auto first = leaves.begin() + static_cast<std::ptrdiff_t>(from);
    return std::vector<std::string>(first, first + static_cast<std::ptrdiff_t>(count));
  }

  NoteSigner signer{"minhchung.example/log", std::string(32, '\x07')};
  std::vector<std::string> leaves;
  std::vector<Digest> hashes;
  Tiles tiles;
  LedgerHead head;
};

}  // namespace mc
