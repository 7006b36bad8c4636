// What every engine must do with witnesses: who is shown a head, and what becomes of one that they
// contradict.
#pragma once

#include <utility>

#include "storage/checkpoint.h"
#include "tests/storage/fake_witness.h"
#include "tests/storage/store_harness.h"

namespace mc::test {

inline void HeadsAreShownToTheWitnesses(StoreHarness& harness) {
  const auto first = std::make_shared<FakeWitness>("one.example", '1');
  const auto second = std::make_shared<FakeWitness>("two.example", '2');
  harness.witnesses = {first, second};
  const auto store = harness.Open();
  const auto status = [&](const FakeWitness& witness) {
    for (const WitnessStatus& each : Must(store->ListWitnessStatus())) {
      if (each.witness == witness.key()) return each;
    }
    return WitnessStatus{};
  };
  CHECK(Must(store->ListWitnessStatus()).empty());
  Collecting run(*store);
  run.Append({Task("T1", "open"), Task("T2", "open")});
  const LedgerHead two = Must(store->SignHead());
  CHECK(OpenCheckpoint(two.checkpoint, VerifierKey(harness.signer)).ok());
  CHECK(IsCosigned(two, first->key()));
  CHECK(IsCosigned(two, second->key()));
  CHECK(Must(harness.Open()->Head()).checkpoint == two.checkpoint);
  CHECK(status(*first) == WitnessStatus{first->key(), 2, 1782864002, "", ""});
  CHECK(Must(store->SignHead()).checkpoint == two.checkpoint);
  CHECK(first->known == std::vector<std::int64_t>{0});  // a cosigned head is not shown again

  // One is down: the head is signed all the same, and shown again when somebody asks for it.
  second->down = true;
  run.Append({Task("T3", "open")});
  const LedgerHead three = Must(store->SignHead());
  CHECK(three.size == 3);
  CHECK(IsCosigned(three, first->key()));
  CHECK_FALSE(IsCosigned(three, second->key()));
  CHECK(status(*second) == WitnessStatus{second->key(), 2, 1782864002, "connect_refused", "nobody listens"});
  run.Append({Task("T4", "open")});
  Must(store->SignHead());
  second->down = false;
  const LedgerHead four = Must(harness.Open()->SignHead());
  CHECK(IsCosigned(four, second->key()));
  CHECK(second->known == std::vector<std::int64_t>{0, 2, 2, 2});
  CHECK(first->known == std::vector<std::int64_t>{0, 2, 3});
  CHECK(status(*second) == WitnessStatus{second->key(), 4, 1782864004, "", ""});
  CHECK(Must(store->Head()).checkpoint == four.checkpoint);
  CheckClean(*store);
}

inline void AHeadThatAWitnessContradictsIsNotKept(StoreHarness& harness) {
  const auto witness = std::make_shared<FakeWitness>("one.example");
  harness.witnesses = {witness};
  const auto store = harness.Open();
  Collecting run(*store);
  run.Append({Task("T1", "open"), Task("T2", "open")});
  const LedgerHead two = Must(store->SignHead());
  const auto refused = [&](const std::string& code, const std::string& words) {
    const auto head = store->SignHead();
    REQUIRE_FALSE(head.ok());
    CHECK(head.error().code == code);
    CHECK(head.error().error_class == ErrorClass::kInternal);
    CHECK_MESSAGE(head.error().message.find(words) != std::string::npos, head.error().message);
    CHECK(Must(store->Head()).checkpoint == two.checkpoint);
    CHECK(Must(store->ListWitnessStatus()).front().error_code == code);
    CHECK(Must(store->UnsignedLeaves()) == 1);
  };
  run.Append({Task("T3", "open")});
  witness->size = 4;  // one more than there are
  refused("witness_rollback", "a head of 4 leaves and this store holds 3");
  witness->size = 3;  // the same size, another root
  witness->root = Sha256("another");
  refused("witness_fork", "another head of 3 leaves");
  witness->size = 1;  // not what this log begins with
  refused("witness_fork", "another head of 1 leaves");
  CheckClean(*store);
}

// Somebody else's larger head came first: what the witness has seen is in the store by then.
inline void AHeadThatAnotherWriterOutranIsMadeAnew(StoreHarness& harness) {
  const auto witness = std::make_shared<FakeWitness>("one.example");
  harness.witnesses = {witness};
  const auto store = harness.Open();
  const auto other = harness.Open();
  Collecting run(*other);
  run.Append({Task("T1", "open")});
  bool once = true;
  witness->before_answer = [&] {
    if (!std::exchange(once, false)) return;
    run.Append({Task("T2", "open")});
    CHECK(Must(other->SignHead()).size == 2);
  };
  const LedgerHead head = Must(store->SignHead());
  CHECK(head.size == 2);
  CHECK(IsCosigned(head, witness->key()));
  // Outrun after it was cosigned: its line is not put below the larger head.
  once = true;
  witness->before_answer = nullptr;
  witness->after_answer = [&] {
    if (!std::exchange(once, false)) return;
    run.Append({Task("T2", "returned")});
    CHECK(Must(other->SignHead()).size == 4);
  };
  run.Append({Task("T1", "returned")});
  const LedgerHead later = Must(store->SignHead());
  CHECK(later.checkpoint == Must(other->Head()).checkpoint);
  CHECK(later.size == 4);
  CHECK(Must(store->ListWitnessStatus()).front().size == 4);
  CheckClean(*store);
  // Outrun again and again: kept without the line, and asked for later.
  std::int64_t next = 5;
  witness->before_answer = [&] {
    run.Append({Task("T" + std::to_string(next++), "open")});
    witness->size = next;
  };
  run.Append({Task("T2", "done")});
  CHECK_FALSE(IsCosigned(Must(store->SignHead()), witness->key()));
  CHECK(Must(store->ListWitnessStatus()).front().error_code == "witness_busy");
  CHECK(next == 8);
}

}  // namespace mc::test
