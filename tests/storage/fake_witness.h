// A witness in memory: keeps one head, and cosigns only what extends it.
#pragma once

#include <functional>
#include <optional>

#include "storage/head_signing.h"

namespace mc::test {

class FakeWitness final : public Witness {
 public:
  explicit FakeWitness(const std::string& name, char seed = 'w') : signer_{name, std::string(32, seed)} {}

  const std::string& key() const override { return key_; }
  WitnessAnswer Show(const LedgerHead& head, std::int64_t known_size, const TileReader& tiles) override {
    known.push_back(known_size);
    if (before_answer) before_answer();
    if (down) return {WitnessAnswer::Kind::kFailed, {}, 0, TransientError("connect_refused", "nobody listens")};
    if (size > head.size) return {WitnessAnswer::Kind::kOtherSize, {}, size, {}};
    const Digest shown = ReadCheckpoint(head.checkpoint)->root;
    const auto proof = MakeConsistencyProof(size, head.size, tiles);
    if (!proof.ok() || !CheckConsistency(size, head.size, root, shown, *proof).ok()) {
      return {WitnessAnswer::Kind::kFork, {}, size, {}};
    }
    size = head.size;
    root = shown;
    if (after_answer) after_answer();
    return {WitnessAnswer::Kind::kCosigned,
            CosignNote(signer_, SplitNote(head.checkpoint)->text, 1782864000 + size),
            size,
            {}};
  }

  bool down = false;
  std::function<void()> before_answer, after_answer;  // the second when it has cosigned
  std::int64_t size = 0;                              // of the head that it holds
  Digest root = EmptyTreeRoot();
  std::vector<std::int64_t> known;  // what the log believed, at each question

 private:
  const NoteSigner signer_;
  const std::string key_ = CosignerKey(signer_);
};

}  // namespace mc::test
