// What every engine must do when the key that signs the log is changed.
#pragma once

#include <utility>

#include "storage/checkpoint.h"
#include "storage/verify_facts.h"
#include "tests/storage/store_harness.h"

namespace mc::test {

inline bool IsSignedBy(const LedgerHead& head, const NoteSigner& signer) {
  return OpenCheckpoint(head.checkpoint, VerifierKey(signer)).ok();
}

inline void TheKeyOfTheLogIsChanged(StoreHarness& harness) {
  const NoteSigner old = harness.signer;
  const NoteSigner next{old.name, std::string(32, 'n')};
  const auto store = harness.Open();
  Collecting run(*store);
  run.Append({Task("T1", "open")});
  const LedgerHead before = Must(store->SignHead());
  CHECK(Must(store->RotateLogKey(next)) == 1);
  const LedgerHead both = Must(store->SignHead());
  CHECK(both.size == 2);
  CHECK(IsSignedBy(both, old));
  CHECK(IsSignedBy(both, next));
  CHECK(IsSignedBy(before, old));
  CHECK_FALSE(IsSignedBy(before, next));
  const auto keys = Must(store->LogKeys());
  REQUIRE(keys.size() == 2);
  CHECK(keys[0].key == VerifierKey(old));
  CHECK_FALSE(keys[0].leaf);
  CHECK(keys[1].key == VerifierKey(next));
  CHECK(keys[1].leaf == 1);
  const OpenedLeaf leaf = Must(store->OpenLeaf(1));
  CHECK(Must(ParseLeaf(leaf.bytes)).kind == LeafKind::kLogKey);
  CHECK(leaf.object == *LogKeyObject(VerifierKey(old), VerifierKey(next)));

  // In an overlap both sign, then the new one alone; what stands under the old one stands.
  harness.signer = next;
  harness.former_signer = old;
  run.Append({Task("T2", "open")});
  const LedgerHead overlap = Must(harness.Open()->SignHead());
  CHECK(IsSignedBy(overlap, old));
  CHECK(IsSignedBy(overlap, next));
  harness.former_signer = std::nullopt;
  run.Append({Task("T3", "open")});
  const LedgerHead after = Must(harness.Open()->SignHead());
  CHECK_FALSE(IsSignedBy(after, old));
  CHECK(IsSignedBy(after, next));
  CheckClean(*harness.Open());
  std::vector<EvidenceRef> refs;
  for (const EvidenceRevision& r : AllEvidence(*store)) refs.push_back({r.ik, r.leaf_index, r.source, "completed"});
  CHECK(refs.size() == 3);
  CHECK(store->VerifyEvidence(refs).ok());
}

inline void OnlyTheNewestKeySigns(StoreHarness& harness) {
  const NoteSigner old = harness.signer;
  const NoteSigner next{old.name, std::string(32, 'n')};
  const auto store = harness.Open();
  const auto behind = harness.Open();  // a process that goes on with the old key
  const auto code = [](const auto& result) { return result.ok() ? std::string() : result.error().code; };
  CHECK(code(store->RotateLogKey(old)) == "key_known");
  CHECK(code(store->RotateLogKey({"other.example/log", next.seed})) == "store_log");
  CHECK(Must(store->LogKeys()).size() == 1);
  Must(store->RotateLogKey(next));
  CHECK(code(behind->SignHead()) == "store_log");
  CHECK(code(behind->RotateLogKey({old.name, std::string(32, 'm')})) == "store_log");
  CHECK(code(store->RotateLogKey(old)) == "key_known");
  CHECK(Must(store->SignHead()).size == 1);
  CHECK(code(harness.TryOpen()) == "store_log");  // with the old key
  harness.signer = next;
  harness.former_signer = NoteSigner{old.name, std::string(32, 'm')};  // no key of this log
  CHECK(code(harness.TryOpen()) == "store_log");
  harness.former_signer = next;  // not a former one
  CHECK(code(harness.TryOpen()) == "store_log");
  harness.former_signer = old;
  CHECK(code(harness.TryOpen()) == "");
}

}  // namespace mc::test
