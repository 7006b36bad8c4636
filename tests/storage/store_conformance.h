// What every engine of the store must do. An engine's test runs all of ConformanceCases()
// against its own harness; nothing here knows which engine it is.
#pragma once

#include "core/json.h"
#include "storage/leaf.h"
#include "storage/verify_facts.h"
#include "tests/storage/conformance_access.h"
#include "tests/storage/conformance_clients.h"
#include "tests/storage/conformance_collecting.h"
#include "tests/storage/conformance_erasure.h"
#include "tests/storage/conformance_keys.h"
#include "tests/storage/conformance_quality.h"
#include "tests/storage/conformance_quarantine.h"
#include "tests/storage/conformance_read_back.h"
#include "tests/storage/conformance_retention.h"
#include "tests/storage/conformance_sessions.h"
#include "tests/storage/conformance_sheets.h"
#include "tests/storage/conformance_sign_ins.h"
#include "tests/storage/conformance_witness.h"
#include "tests/storage/store_harness.h"

#include <nlohmann/json.hpp>

namespace mc::test {

inline void CountsFollowTheRulesInOrder(StoreHarness& harness) {
  const auto store = harness.Open();
  Collecting run(*store);
  // In one page: new, the same bytes again, other bytes with the same statement, a revision,
  // back to the first bytes (a page that repeats: no revert within a run), a rejection twice.
  const BatchCounts counts = run.Append({Task("T1", "open"), Task("T1", "open"), Task("T1", "open", "x"),
                                         Task("T1", "done"), Task("T1", "open"), Bad("T2", "?"), Bad("T2", "?")});
  CHECK(counts == BatchCounts{7, 1, 1, 4, 1});
  CHECK(Written(*store) == "T1#1=open T1#2=done*");
  CHECK(run.Append({}) == BatchCounts{});
  run.End();
  CheckClean(*store);
}

inline void ASecondPullAddsOneReceiptOnly(StoreHarness& harness) {
  const auto store = harness.Open();
  const std::vector<IngestItem> page{Task("T1", "open"), Task("T2", "done"), Bad("T3", "?")};
  Collecting first(*store);
  first.Append(page);
  first.End();
  const std::int64_t size = LedgerSizeOf(*store);
  harness.Tick();
  Collecting second(*store);
  CHECK(second.Append(page) == BatchCounts{3, 0, 0, 3, 0});
  second.End();
  CHECK(LedgerSizeOf(*store) == size + 1);
  CHECK(AllEvidence(*store).size() == 2);
  CheckClean(*store);
}

inline void OtherBytesWithOneStatementMakeNoRevision(StoreHarness& harness) {
  const auto store = harness.Open();
  Collecting run(*store);
  run.Append({Task("T1", "open")});
  IngestItem again = Task("T1", "open", "spaces");
  std::get<Evidence>(again.outcome).mapping_version = "ffffffffffffffff";
  std::get<Evidence>(again.outcome).marks = {"nfc"};
  CHECK(run.Append({again}) == BatchCounts{1, 0, 0, 1, 0});
  CHECK(LedgerSizeOf(*store) == 2);  // the record itself is evidence of its own
  CHECK(Written(*store) == "T1#1=open*");
  const StoredRecord opened = Must(store->OpenRecord(IkOf(again.record.key), "test"));
  CHECK(opened.record.bytes == again.record.bytes);
  CheckClean(*store);
}

inline void ARevertIsARevision(StoreHarness& harness) {
  const auto store = harness.Open();
  Collecting first(*store);
  first.Append({Task("T1", "open"), Task("T1", "done"), Task("T1", "open")});
  first.End();
  CHECK(Written(*store) == "T1#1=open T1#2=done*");
  Collecting second(*store);
  // Another stream shows the old state: that is not the source going back on itself.
  CHECK(second.Append({Task("T1", "open", "", "archive")}) == BatchCounts{1, 0, 0, 1, 0});
  const std::int64_t size = LedgerSizeOf(*store);
  CHECK(second.Append({Task("T1", "open")}) == BatchCounts{1, 0, 1, 0, 0});
  CHECK(LedgerSizeOf(*store) == size + 1);
  CHECK(second.Append({Task("T1", "open"), Task("T1", "done")}) == BatchCounts{2, 0, 0, 2, 0});
  CHECK(Written(*store) == "T1#1=open T1#2=done T1#3=open*");
  const auto all = AllEvidence(*store);
  CHECK(all[0].ik == all[2].ik);  // the record that is already there
  CHECK(all[0].leaf_index != all[2].leaf_index);
  CHECK(all[2].record_digest == Task("T1", "open").record.key.digest);
  second.End();
  CheckClean(*store);
}

inline void KnownBytesWithTheLatestStatementAreNoRevert(StoreHarness& harness) {
  const auto store = harness.Open();
  Collecting first(*store);
  first.Append({Task("T1", "open"), Task("T1", "open", "x"), Task("T1", "done")});
  first.End();
  Collecting second(*store);
  CHECK(second.Append({Task("T1", "open", "x")}) == BatchCounts{1, 0, 1, 0, 0});  // reverted to its twin
  CHECK(second.Append({Task("T1", "open")}) == BatchCounts{1, 0, 0, 1, 0});
  second.End();
  Collecting third(*store);
  CHECK(third.Append({Task("T1", "open")}) == BatchCounts{1, 0, 0, 1, 0});
  CheckClean(*store);
}

inline void TwoKeysWithOneIkAreToldApart(StoreHarness& harness) {
  harness.ik_of = [](const RecordKey&) { return std::int64_t{7}; };
  const auto store = harness.Open();
  Collecting run(*store);
  CHECK(run.Append({Task("T1", "open"), Task("T2", "open"), Task("T1", "done")}) == BatchCounts{3, 2, 1, 0, 0});
  CHECK(run.Append({Task("T2", "open")}) == BatchCounts{1, 0, 0, 1, 0});
  const auto opened = store->OpenRecord(7, "test");
  REQUIRE_FALSE(opened.ok());
  CHECK(opened.error().code == "ambiguous_record");
  CheckClean(*store);
}

// Goal: a batch is kept wholly or not at all. Method: each impossible item after good ones.
inline void ABatchIsKeptWhollyOrNotAtAll(StoreHarness& harness) {
  const auto store = harness.Open();
  Collecting run(*store);
  run.Append({Task("T1", "open")}, "before");
  IngestItem wrong_digest = Task("T3", "open");
  wrong_digest.record.bytes += "!";
  IngestItem foreign = Task("T3", "open");
  foreign.record.source = "documents";
  IngestItem not_utf8 = Task("T3", "open");
  not_utf8.record.key.native_id = "\xff";
  IngestItem bad_facts = Task("T3", "open");
  bad_facts.record.facts["a"] = "\xff";
  for (const IngestItem& impossible : {wrong_digest, foreign, not_utf8, bad_facts}) {
    const auto refused =
        store->AppendBatch(run.Batch({Task("T1", "done"), Task("T2", "open"), Bad("T4", "?"), impossible}, "after"));
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.error().error_class == ErrorClass::kInternal);
    CHECK(Written(*store) == "T1#1=open*");
    CHECK(Must(store->ListQuarantine()).empty());
    CHECK(Must(store->CursorFor("hanoiwork", "tasks")) == std::optional<Cursor>(Cursor{"before"}));
    CHECK(LedgerSizeOf(*store) == 1);
    CheckClean(*store);
  }
  CHECK(run.Append({Task("T1", "done"), Task("T2", "open")}, "after") == BatchCounts{2, 1, 1, 0, 0});
  run.End();  // the counts of refused batches are in no sum
  CheckClean(*store);
}

inline void EvidenceIsScannedInLeafOrder(StoreHarness& harness) {
  const auto store = harness.Open();
  Collecting run(*store);
  run.Append({Task("T9", "open"), Task("T1", "open"), Bad("T5", "?"), Task("T9", "done")});
  std::int64_t before = -1;
  for (const EvidenceRevision& revision : AllEvidence(*store)) {
    CHECK(revision.leaf_index > before);
    before = revision.leaf_index;
    CHECK(revision.source == "hanoiwork");
    CHECK(revision.ik == IkOf({"hanoiwork", revision.evidence.native_id, revision.record_digest}));
  }
  CHECK(Written(*store) == "T9#1=open T1#1=open* T9#2=done*");
  int calls = 0;
  const Status stopped = store->ScanEvidence([&](const EvidenceRevision&) -> Status {
    ++calls;
    return DataError("enough", "stop");
  });
  REQUIRE_FALSE(stopped.ok());
  CHECK(stopped.error().code == "enough");
  CHECK(calls == 1);
}

inline void PayloadsAreWholeAtTheLimitAndStubsPastIt(StoreHarness& harness) {
  const auto store = harness.Open();
  Collecting run(*store);
  const auto item = [&](const std::string& native_id, std::int64_t length) {
    IngestItem big = Task(native_id, "open");
    big.record = RecordOf(native_id, std::string(static_cast<std::size_t>(length), 'x'));
    big.record.occurred_at = Instant{5};
    return big;
  };
  const IngestItem at = item("T1", harness.payload_limit_bytes);
  const IngestItem past = item("T2", harness.payload_limit_bytes + 1);
  const IngestItem empty = item("T3", 0);
  CHECK(run.Append({at, past, empty}).added == 3);
  for (const IngestItem* kept : {&at, &empty}) {
    const StoredRecord opened = Must(store->OpenRecord(IkOf(kept->record.key), "test"));
    CHECK(opened.whole);
    CHECK(opened.record.bytes == kept->record.bytes);
    CHECK(opened.record.key == kept->record.key);
    CHECK(opened.record.facts == kept->record.facts);
    CHECK(opened.record.source == "hanoiwork");
    CHECK(opened.record.stream == "tasks");
    CHECK(opened.record.media_type == "application/json");
    CHECK(opened.record.occurred_at == kept->record.occurred_at);
    CHECK(opened.record.observed_at == kept->record.observed_at);
  }
  const StoredRecord stub = Must(store->OpenRecord(IkOf(past.record.key), "test"));
  CHECK_FALSE(stub.whole);
  CHECK(stub.record.key.digest == past.record.key.digest);
  CHECK(stub.record.bytes == R"({"length":)" + std::to_string(harness.payload_limit_bytes + 1) + R"(,"sha256":")" +
                                 ToHex(past.record.key.digest) + R"(","stub":"over_payload_limit"})");
  CHECK(run.Append({past}).duplicate == 1);
  const auto unknown = store->OpenRecord(12345, "test");
  REQUIRE_FALSE(unknown.ok());
  CHECK(unknown.error().code == "no_such_record");
  CheckClean(*store);
}

inline void ImportsAreEditions(StoreHarness& harness) {
  const auto store = harness.Open();
  const Json a = {{"schema", "x"}, {"people", {{{"id", "P1"}, {"name", "Nguyễn Văn An"}}}}};
  const Json b = {{"schema", "x"}, {"people", Json::array()}};
  CHECK_FALSE(Must(store->LoadDirectory()).has_value());
  CHECK(Must(store->LoadAssessments()).empty());
  CHECK(Must(store->LoadCatalogues()).empty());
  CHECK_FALSE(Must(store->DirectoryLeaf()));
  CHECK(Must(store->ImportDirectory(a)));
  CHECK_FALSE(Must(store->ImportDirectory(a)));
  const auto first = Must(store->DirectoryLeaf());
  CHECK(Must(store->ImportDirectory(b)));
  CHECK(Must(store->DirectoryLeaf()) > first);
  CHECK(Must(store->ImportDirectory(a)));  // back to the first one: again a new edition
  CHECK(Must(store->LoadDirectory()) == std::optional<Json>(a));
  CHECK(Must(store->ImportAssessments(a)));
  CHECK(Must(store->ImportAssessments(b)));
  CHECK_FALSE(Must(store->ImportAssessments(b)));
  CHECK(Must(store->LoadAssessments()) == std::vector<Json>{a, b});
  CHECK(Must(store->ImportCatalogue(b)));
  CHECK(Must(harness.Open()->LoadCatalogues()) == std::vector<Json>{b});
  CHECK(LedgerSizeOf(*store) == 6);
  CHECK_FALSE(store->ImportCatalogue(Json{{"coefficient", 1.5}}).ok());  // a float has no canonical form
  CheckClean(*store);
}

// Two who decide at once do not decide the same: the second one has to look again.
inline void LinksAreDecidedInViewOfAllBefore(StoreHarness& harness) {
  const auto store = harness.Open();
  const Json a = {{"action", "propose"}, {"text", "Nguyễn Văn An"}}, b = {{"action", "approve"}};
  Must(store->ImportCatalogue(a));
  const std::int64_t first = Must(store->AppendLink(a, -1));
  const auto late = store->AppendLink(b, -1);
  REQUIRE_FALSE(late.ok());
  CHECK(late.error().code == "links_changed");
  const std::int64_t second = Must(store->AppendLink(b, first));
  CHECK_FALSE(store->AppendLink(b, first).ok());
  CHECK(Must(store->AppendLink(b, second)) > second);  // the same text again is another step
  const auto steps = Must(harness.Open()->ImportsBefore("link", INT64_MAX));
  REQUIRE(steps.size() == 3);
  CHECK(steps[0].leaf == first);
  CHECK(Must(ParseJson(steps[0].document)) == a);
  CHECK(Must(store->ImportsBefore("link", second)).size() == 1);
  CHECK(LedgerSizeOf(*store) == 4);
  CheckClean(*store);
}

inline void HeadsGrowWithTheTree(StoreHarness& harness) {
  const auto store = harness.Open();
  CHECK(Must(store->Head()).checkpoint.empty());
  const LedgerHead empty = Must(store->SignHead());
  CHECK(empty.size == 0);
  Collecting run(*store);
  run.Append({Task("T1", "open")});
  CHECK(Must(store->Head()).checkpoint == empty.checkpoint);
  const LedgerHead one = Must(store->SignHead());
  CHECK(one.size == 1);
  CHECK(Must(store->SignHead()).checkpoint == one.checkpoint);
  CHECK(Must(harness.Open()->Head()).checkpoint == one.checkpoint);
  CHECK(OpenNote(one.checkpoint, VerifierKey(harness.signer)).ok());
  CheckClean(*store);
}

inline void FactsAreVerifiedUnderTheSignedHead(StoreHarness& harness) {
  const auto store = harness.Open();
  const auto verify = [&](std::vector<EvidenceRef> evidence) {
    Fact fact;
    fact.person = "P1";
    fact.evidence = std::move(evidence);
    return FactVerifier::Verify(*store, {fact, fact});
  };
  CHECK_FALSE(verify({}).ok());  // nothing is signed yet
  Collecting first(*store);
  std::vector<IngestItem> many;
  for (int i = 0; i < 300; ++i) many.push_back(Task("T" + std::to_string(i), "open"));
  first.Append(many);
  first.Append({Task("T0", "done")});
  first.End();
  Collecting second(*store);
  second.Append({Task("T0", "open")});  // a revert: its bytes hang on an older leaf
  const LedgerHead head = Must(store->SignHead());
  std::vector<EvidenceRef> refs;
  for (const EvidenceRevision& r : AllEvidence(*store)) refs.push_back({r.ik, r.leaf_index, r.source, "completed"});
  CHECK(refs.size() == 302);
  const auto verified = verify(refs);
  REQUIRE_MESSAGE(verified.ok(), (verified.ok() ? "" : verified.error().message));
  CHECK(verified->checkpoint() == head.checkpoint);
  CHECK(verified->facts().size() == 2);
  CHECK(verify({}).ok());

  EvidenceRef wrong_ik = refs[5];
  ++wrong_ik.ik;
  EvidenceRef wrong_leaf = refs[5];
  ++wrong_leaf.leaf_index;
  EvidenceRef receipt = refs[5];
  receipt.leaf_index = 301;
  EvidenceRef negative = refs[5];
  negative.leaf_index = -1;
  second.Append({Task("T400", "open")});
  const EvidenceRef unsigned_leaf{AllEvidence(*store).back().ik, AllEvidence(*store).back().leaf_index, "", ""};
  for (const EvidenceRef& bad : {wrong_ik, wrong_leaf, receipt, negative, unsigned_leaf}) {
    const auto refused = verify({refs[0], bad});
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.error().code == "unverified_evidence");
  }
}

inline void TotalsAreBySource(StoreHarness& harness) {
  const auto store = harness.Open();
  CHECK(Must(store->Totals()).empty());
  Collecting run(*store);
  IngestItem signed_one = Task("T2", "open");
  std::get<Evidence>(signed_one.outcome).assurance = Assurance::kSigned;
  run.Append({Task("T1", "open"), signed_one, Task("T1", "done"), Task("T1", "done", "x"), Bad("T3", "?")});
  run.receipt.control_total = 9;
  run.End();
  Collecting failed(*store);
  failed.receipt.error_code = "timeout";
  failed.End(RunOutcome::kFailed);
  Collecting empty(*store, "documents");
  const auto totals = Must(store->Totals());
  REQUIRE(totals.size() == 2);
  CHECK(totals[0].source == "documents");
  CHECK_FALSE(totals[0].last_run.has_value());
  CHECK(totals[1].records == 4);
  CHECK(totals[1].quarantined == 1);
  CHECK(totals[1].evidence == 2);
  CHECK(totals[1].last_run->error_code == "timeout");
  CHECK(totals[1].last_complete_run->control_total == std::optional<std::int64_t>(9));
  CHECK(totals[1].last_complete_run->counts == BatchCounts{5, 2, 1, 1, 1});
  CHECK(totals[1].last_complete_run->started_at == harness.clock.Now());
  const EvidenceCounts counts = Must(store->CountEvidence());
  CHECK(counts.total == 2);
  CHECK(counts.by_assurance == std::map<std::string, std::int64_t>{{"recorded", 1}, {"signed", 1}});
}

// Goal: pages of any size keep tree and chains whole, also with two writers in turn.
inline void ManyPagesStayClean(StoreHarness& harness) {
  const auto store = harness.Open();
  const auto other = harness.Open();
  Collecting run(*store);
  Collecting documents(*other, "documents");
  std::size_t made = 0;
  for (std::size_t page = 1; page <= 40; ++page) {
    std::vector<IngestItem> items;
    for (std::size_t i = 0; i < page; ++i)
      items.push_back(Task("T" + std::to_string(made++ % 500), "s" + std::to_string(page)));
    run.Append(items, std::to_string(page));
    items.resize(page / 2);
    for (IngestItem& item : items) {
      item.record.source = "documents";
      item.record.key.register_id = "edoc";
    }
    documents.Append(items);
    if (page % 7 == 0) Must(other->SignHead());
  }
  run.End();
  documents.End();
  const LedgerHead head = Must(store->SignHead());
  std::vector<std::int64_t> progress;
  const FsckReport report = Must(store->Fsck([&](std::int64_t done, std::int64_t total) {
    CHECK(total == head.size);
    progress.push_back(done);
  }));
  CHECK(Describe(report) == "");
  CHECK(report.leaves == head.size);
  CHECK(report.receipts == 2);
  CHECK(report.records + report.receipts == head.size);
  CHECK(progress.back() == head.size);
}

inline void LeavesAreProvenUnderTheLastHead(StoreHarness& harness) {
  const auto store = harness.Open();
  Collecting run(*store);
  run.Append({Task("T1", "open"), Bad("T2", "?")});
  CHECK(ProveLeaf(*store, 0).error().code == "no_such_leaf");  // nothing is signed yet
  CHECK(LedgerSizeOf(*store) == 2);
  run.End();
  const std::string key = VerifierKey(harness.signer);
  const auto leaves = Must(store->ReadLeaves(0, 3));
  for (std::int64_t leaf : {0, 1}) {
    const TlogProof proof = Must(ProveLeaf(*store, leaf));
    CHECK(Must(CheckTlogProof(proof, LeafHash(leaves[static_cast<std::size_t>(leaf)]), key)).size == 2);
  }
  CHECK(ProveLeaf(*store, 2).error().code == "no_such_leaf");  // the receipt: sequenced, not published
  const Digest before = Must(ReadCheckpoint(Must(store->Head()).checkpoint)).root;
  CHECK(LedgerSizeOf(*store) == 3);
  const Digest after = Must(ReadCheckpoint(Must(store->Head()).checkpoint)).root;
  CHECK(CheckConsistency(2, 3, before, after, Must(ProveGrowth(*store, 2))).ok());
  CHECK(store->ReadLeaves(0, 4).error().code == "store_leaf");
  CHECK(Must(store->ReadLeaves(3, 0)).empty());
  CHECK(store->ReadTile({1, 0}).error().code == "bad_tile");
}

// /log shows leaves to anybody: they hold what docs/formats/leaf.md says, whatever was collected.
inline void LeavesTellNothingAboutAnybody(StoreHarness& harness) {
  const auto store = harness.Open();
  Collecting run(*store);
  run.Append({Task("T1", "open"), Bad("T2", "?")});
  run.End();
  Must(store->ImportCatalogue({{"products", {{"id", "P-7"}}}}));
  for (const std::string& leaf : Must(store->ReadLeaves(0, LedgerSizeOf(*store)))) {
    const Json read = Must(ParseJson(leaf));
    CHECK(read.size() == 4);
    for (const char* field : {"commitment", "kind", "time", "v"}) CHECK(read.contains(field));
    CHECK(read["commitment"].get<std::string>().size() == 64);
    CHECK(Must(ParseLeaf(leaf)).commitment == *DigestFromBytes(*FromHex(read["commitment"].get<std::string>())));
  }
}

inline std::vector<ConformanceCase> ConformanceCases() {
  std::vector<ConformanceCase> cases = {
      {"counts follow the rules in order", CountsFollowTheRulesInOrder},
      {"leaves are proven under the last head", LeavesAreProvenUnderTheLastHead},
      {"leaves tell nothing about anybody", LeavesTellNothingAboutAnybody},
      {"a second pull adds one receipt only", ASecondPullAddsOneReceiptOnly},
      {"other bytes with one statement make no revision", OtherBytesWithOneStatementMakeNoRevision},
      {"a revert is a revision", ARevertIsARevision},
      {"known bytes with the latest statement are no revert", KnownBytesWithTheLatestStatementAreNoRevert},
      {"quarantine is left by new bytes or new rules", QuarantineIsLeftByNewBytesOrNewRules},
      {"a revision knows that a newer state is unread", ARevisionKnowsThatANewerStateIsUnread},
      {"the last unread state still holds when an earlier one is read",
       TheLastUnreadStateStillHoldsWhenAnEarlierOneIsRead},
      {"what is said again behind an unread state stands", WhatIsSaidAgainBehindAnUnreadStateStands},
      {"a quarantined record is dropped once, with a leaf", AQuarantinedRecordIsDroppedOnceWithALeaf},
      {"two keys with one ik are told apart", TwoKeysWithOneIkAreToldApart},
      {"a batch is kept wholly or not at all", ABatchIsKeptWhollyOrNotAtAll},
      {"evidence is scanned in leaf order", EvidenceIsScannedInLeafOrder},
      {"payloads are whole at the limit and stubs past it", PayloadsAreWholeAtTheLimitAndStubsPastIt},
      {"imports are editions", ImportsAreEditions},
      {"links are decided in view of all before", LinksAreDecidedInViewOfAllBefore},
      {"heads grow with the tree", HeadsGrowWithTheTree},
      {"heads are shown to the witnesses", HeadsAreShownToTheWitnesses},
      {"a head that a witness contradicts is not kept", AHeadThatAWitnessContradictsIsNotKept},
      {"a head that another writer outran is made anew", AHeadThatAnotherWriterOutranIsMadeAnew},
      {"the key of the log is changed", TheKeyOfTheLogIsChanged},
      {"only the newest key signs", OnlyTheNewestKeySigns},
      {"facts are verified under the signed head", FactsAreVerifiedUnderTheSignedHead},
      {"each record counts once under its unit and month", EachRecordCountsOnceUnderItsUnitAndMonth},
      {"without unit or time it counts where it was seen", WithoutUnitOrTimeItCountsWhereItWasSeen},
      {"what leaves quarantine is read, what is dropped is gone", WhatLeavesQuarantineIsReadWhatIsDroppedIsGone},
      {"counts of the source are those of the last complete run", CountsOfTheSourceAreThoseOfTheLastCompleteRun},
      {"minutes within the limit add up run by run", MinutesWithinTheLimitAddUpRunByRun},
      {"a day of numbers is closed once", ADayOfNumbersIsClosedOnce},
      {"totals are by source", TotalsAreBySource},
      {"many pages stay clean", ManyPagesStayClean},
  };
  for (const auto& more : {CollectingCases(), ErasureCases(), ReadBackCases(), SessionCases(), AccessCases(),
                           SheetCases(), RetentionCases(), ClientCases(), SignInCases()}) {
    cases.insert(cases.end(), more.begin(), more.end());
  }
  return cases;
}

}  // namespace mc::test
