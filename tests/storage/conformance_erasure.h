// What every engine of the store must do when somebody's records are erased. Part of
// ConformanceCases() of store_conformance.h.
#pragma once

#include "storage/leaf.h"
#include "storage/verify_facts.h"
#include "tests/storage/conformance_sheets.h"
#include "tests/storage/store_harness.h"

namespace mc::test {

inline ErasureOrder OrderFor(std::vector<std::int64_t> records) {
  return {std::move(records), ErasureReason::kRequest, "asked on paper, no. 12", "an", "bao"};
}

inline std::int64_t IkOfItem(const IngestItem& item) { return mc::IkOf(item.record.key); }

// The history of T1 (two revisions, other bytes of the last one, bytes that could not be read), beside
// records of others.
inline void FillForErasure(Collecting& run) {
  run.Append({Task("T1", "open"), Task("T2", "open"), Task("T1", "done"), Task("T1", "done", "x"), Bad("T1", "?"),
              Bad("T3", "!"), Task("T4", "open")});
}

inline std::string ErrorOf(const Result<Erasure>& erased) { return erased.ok() ? "" : erased.error().code; }

inline void AnErasedRecordGoesWithItsHistory(StoreHarness& harness) {
  const auto store = harness.Open();
  Collecting run(*store);
  FillForErasure(run);
  run.End();
  Must(store->OpenRecord(IkOfItem(Task("T1", "open")), "to look at T1"));
  const std::int64_t size = LedgerSizeOf(*store);
  const auto before = Must(store->ReadLeaves(0, size));
  const auto held = Must(store->HistoriesOf({IkOfItem(Task("T1", "done")), IkOfItem(Task("T1", "open"))}));
  REQUIRE(held.size() == 4);
  CHECK(held[0].ik == IkOfItem(Task("T1", "open")));
  CHECK(held[0].native_id == "T1");
  CHECK(held[0].register_id == "hanoiwork");
  CHECK(held[0].source == "hanoiwork");
  CHECK(LedgerSizeOf(*store) == size);  // looking erases nothing

  harness.Tick();
  const Erasure erased = Must(store->Erase(OrderFor({IkOfItem(Task("T1", "done"))})));
  CHECK(erased.leaf == size);
  CHECK(erased.at == harness.clock.Now());
  CHECK(erased.leaves == std::vector<std::int64_t>{0, 2, 3, 4});
  CHECK(LedgerSizeOf(*store) == size + 1);
  CHECK(Written(*store) == "T2#1=open* T4#1=open*");
  CHECK(Must(store->ListQuarantine()).size() == 1);
  for (const IngestItem& item : {Task("T1", "open"), Task("T1", "done"), Task("T1", "done", "x"), Bad("T1", "?")}) {
    CHECK(store->OpenRecord(IkOfItem(item), "test").error().code == "record_erased");
    CHECK(ErrorOf(store->Erase(OrderFor({IkOfItem(item)}))) == "record_erased");
    CHECK(store->HistoriesOf({IkOfItem(item)}).error().code == "record_erased");
  }
  CHECK(Must(store->LeavesOfRecord(IkOfItem(Bad("T1", "?")))) == std::vector<std::int64_t>{4});
  CHECK(Must(store->OpenRecord(IkOfItem(Task("T2", "open")), "test")).record.bytes == Task("T2", "open").record.bytes);
  CHECK(Must(store->ReadLeaves(0, size)) == before);
  const auto listed = Must(harness.Open()->ListErasures());
  REQUIRE(listed.size() == 1);
  CHECK(listed[0].leaf == erased.leaf);
  CHECK(listed[0].at == erased.at);
  CHECK(listed[0].reason == ErasureReason::kRequest);
  CHECK(listed[0].leaves == erased.leaves);
  Must(store->WipeErased());
  const FsckReport report = Must(store->Fsck({}));
  CHECK(Describe(report) == "");
  CHECK(report.erased == 4);
}

// Who looked at what was erased stays, without a name of it.
inline void AnErasureBlanksLooks(StoreHarness& harness) {
  const auto store = harness.Open();
  Collecting run(*store);
  FillForErasure(run);
  run.End();
  const std::string gone = IkHex(IkOfItem(Task("T1", "open"))), later = IkHex(IkOfItem(Task("T1", "done")));
  const std::string kept = IkHex(IkOfItem(Task("T2", "open")));
  const auto look = [&](const char* what, const std::string& detail) {
    Must(store->NoteLook({"p-1", "head", Instant{1}, what, "2026-06", detail}));
  };
  look("record", gone);
  look("record", later);
  look("record", kept);
  look("item", "0123456789abcdef");
  look("sheet", "");
  const auto details = [&] {
    std::vector<std::string> found;
    for (const FileLook& one : Must(store->LooksAt("p-1", std::nullopt)).looks) found.push_back(one.detail);
    return found;
  };
  Must(store->Erase(OrderFor({IkOfItem(Task("T1", "done"))})));
  CHECK(details() == std::vector<std::string>{"", "", kept, "", ""});
  CheckClean(*store);
  // Found before the erasure, noted after it.
  look("record", gone);
  look("item", "0123456789abcdef");
  CHECK(details() == std::vector<std::string>{"0123456789abcdef", "", "", "", kept, "", ""});
  CheckClean(*store);
}

inline void ProofsStandAfterAnErasure(StoreHarness& harness) {
  const auto store = harness.Open();
  Collecting run(*store);
  FillForErasure(run);
  const LedgerHead old_head = Must(store->SignHead());
  const auto leaves = Must(store->ReadLeaves(0, old_head.size));
  // Sheets quote what they rest on.
  Must(KeepAll(*store, ScoringOf("2026-06", 5), {SheetOf("an", "u")}));
  const Erasure erased = Must(store->Erase(OrderFor({IkOfItem(Task("T1", "open"))})));
  CHECK_FALSE(Must(store->FindSheet("2026-06", "an")));
  CHECK(Must(store->SheetEditions())[0].edition == 2);
  CHECK(Must(store->SheetEditions())[0].ledger_size == 0);
  const LedgerHead head = Must(store->SignHead());
  const std::string key = VerifierKey(harness.signer);
  for (std::int64_t leaf = 0; leaf < old_head.size; ++leaf) {
    const TlogProof proof = Must(ProveLeaf(*store, leaf));
    CHECK(Must(CheckTlogProof(proof, LeafHash(leaves[static_cast<std::size_t>(leaf)]), key)).size == head.size);
  }
  const auto growth = Must(ProveGrowth(*store, old_head.size));
  CHECK(CheckConsistency(old_head.size, head.size, Must(ReadCheckpoint(old_head.checkpoint)).root,
                         Must(ReadCheckpoint(head.checkpoint)).root, growth)
            .ok());
  // An erased leaf opens no more and says why; the erasure's own leaf and all others do.
  const auto closed = store->OpenLeaf(0);
  REQUIRE_FALSE(closed.ok());
  CHECK(closed.error().code == "leaf_erased");
  CHECK(closed.error().message.find("leaf " + std::to_string(erased.leaf)) != std::string::npos);
  const OpenedLeaf opened = Must(store->OpenLeaf(erased.leaf));
  CHECK(Must(ParseLeaf(opened.bytes)).kind == LeafKind::kErasure);
  CHECK(Commit(opened.salt, opened.object) == Must(ParseLeaf(opened.bytes)).commitment);
  const ErasureObject object = Must(ParseErasure(opened.object));
  CHECK(object.leaves == erased.leaves);
  for (const char* clear : {"\"an\"", "bao", "paper", "T1"}) CHECK(opened.object.find(clear) == std::string::npos);
  CHECK(Must(store->OpenLeaf(1)).object.find("T2") != std::string::npos);
  Fact fact;
  for (const EvidenceRevision& r : AllEvidence(*store)) fact.evidence.push_back({r.ik, r.leaf_index, r.source, "x"});
  CHECK(FactVerifier::Verify(*store, {fact}).ok());
  fact.evidence.push_back({IkOfItem(Task("T1", "open")), 0, "hanoiwork", "x"});
  CHECK(FactVerifier::Verify(*store, {fact}).error().code == "unverified_evidence");
}

inline void WhatWasErasedDoesNotComeBack(StoreHarness& harness) {
  const auto store = harness.Open();
  Collecting first(*store);
  FillForErasure(first);
  first.End();
  Must(store->Erase(OrderFor({IkOfItem(Task("T1", "open"))})));
  const std::int64_t size = LedgerSizeOf(*store);
  Collecting second(*store);
  // The same bytes of every fate, and in other bytes what was stated; then a word that was never said before.
  IngestItem readable = Task("T1", "reopened");
  readable.record = Bad("T1", "?").record;
  CHECK(second.Append({Task("T1", "open"), Task("T1", "done"), Task("T1", "done", "x"), Bad("T1", "?"), readable,
                       Task("T1", "done", "yet other bytes")}) == BatchCounts{6, 0, 0, 6, 0});
  CHECK(LedgerSizeOf(*store) == size);
  CHECK(second.Append({Task("T4", "open"), Task("T5", "open"), Bad("T1", "??")}) == BatchCounts{3, 1, 0, 1, 1});
  CHECK(second.Append({Task("T1", "cancelled")}) == BatchCounts{1, 1, 0, 0, 0});
  second.End();
  CHECK(Written(*store) == "T2#1=open* T4#1=open* T5#1=open* T1#1=cancelled*");
  CheckClean(*store);
  // That may be erased in its turn; the runs still add up.
  Must(store->Erase(OrderFor({IkOfItem(Task("T1", "cancelled")), IkOfItem(Task("T4", "open"))})));
  CHECK(Must(store->ListErasures()).size() == 2);
  CHECK(Written(*store) == "T2#1=open* T5#1=open*");
  CheckClean(*store);
}

inline void RevertsAndWhatCameFromQuarantineAreErasedToo(StoreHarness& harness) {
  const auto store = harness.Open();
  Collecting first(*store);
  first.Append({Task("T1", "open"), Task("T1", "done"), Bad("T2", "?"), Bad("T3", "!")});
  first.End();
  Must(store->DropQuarantined(IkOfItem(Bad("T3", "!")), "an", "sent by mistake"));
  Collecting second(*store);
  IngestItem readable = Task("T2", "open");
  readable.record = Bad("T2", "?").record;
  second.Append({Task("T1", "open"), readable});
  second.End();
  CHECK(Written(*store) == "T1#1=open T1#2=done T1#3=open* T2#1=open*");
  const Erasure erased =
      Must(store->Erase(OrderFor({IkOfItem(Task("T1", "done")), IkOfItem(Bad("T2", "?")), IkOfItem(Bad("T3", "!"))})));
  CHECK(erased.leaves == std::vector<std::int64_t>{0, 1, 2, 3, 6, 7});
  CHECK(Written(*store) == "");
  CHECK(Must(store->ListQuarantine()).empty());
  CHECK(Must(store->ListDropped()).empty());
  CHECK(Must(store->LeavesOfRecord(IkOfItem(Task("T1", "open")))) == std::vector<std::int64_t>{0, 6});
  CHECK(Must(store->Totals())[0].records == 0);
  CheckClean(*store);
}

inline void AnErasureTakesTwoPeopleAndAReason(StoreHarness& harness) {
  const auto store = harness.Open();
  Collecting run(*store);
  FillForErasure(run);
  const std::int64_t size = LedgerSizeOf(*store);
  const std::int64_t ik = IkOfItem(Task("T1", "open"));
  const auto refused = [&](const std::function<void(ErasureOrder&)>& change) {
    ErasureOrder order = OrderFor({ik});
    change(order);
    return ErrorOf(store->Erase(order));
  };
  for (const char* same : {"an", " An ", "AN"}) {
    CHECK(refused([&](ErasureOrder& o) { o.approved_by = same; }) == "two_persons");
  }
  const std::string at(kErasureTextLimitBytes, 'x'), past(kErasureTextLimitBytes + 1, 'x');
  for (const std::string& bad : {std::string(), std::string(" "), past, std::string("\xff")}) {
    CHECK(refused([&](ErasureOrder& o) { o.text = bad; }) == "bad_reason");
    CHECK(refused([&](ErasureOrder& o) { o.requested_by = bad; }) == "bad_reason");
    CHECK(refused([&](ErasureOrder& o) { o.approved_by = bad; }) == "bad_reason");
  }
  CHECK(refused([](ErasureOrder& o) { o.records = {}; }) == "no_such_record");
  CHECK(refused([](ErasureOrder& o) { o.records = {77}; }) == "no_such_record");
  CHECK(refused([](ErasureOrder& o) { o.records.push_back(77); }) == "no_such_record");  // all of it or nothing
  CHECK(LedgerSizeOf(*store) == size);
  CHECK(AllEvidence(*store).size() == 4);
  CHECK(refused([&](ErasureOrder& o) { o.text = o.approved_by = at; }) == "");
  CheckClean(*store);
}

inline void TwoKeysWithOneIkAreNotErasedByIt(StoreHarness& harness) {
  harness.ik_of = [](const RecordKey&) { return std::int64_t{7}; };
  const auto store = harness.Open();
  Collecting run(*store);
  run.Append({Task("T1", "open"), Task("T2", "open")});
  CHECK(ErrorOf(store->Erase(OrderFor({7}))) == "ambiguous_record");
  CheckClean(*store);
}

inline std::vector<ConformanceCase> ErasureCases() {
  return {
      {"an erased record goes with its history", AnErasedRecordGoesWithItsHistory},
      {"an erasure blanks the looks at what goes", AnErasureBlanksLooks},
      {"proofs stand after an erasure", ProofsStandAfterAnErasure},
      {"what was erased does not come back", WhatWasErasedDoesNotComeBack},
      {"reverts, revisions from quarantine and dropped ones are erased too",
       RevertsAndWhatCameFromQuarantineAreErasedToo},
      {"an erasure takes two people and a reason", AnErasureTakesTwoPeopleAndAReason},
      {"two keys with one ik are not erased by it", TwoKeysWithOneIkAreNotErasedByIt},
  };
}

}  // namespace mc::test
