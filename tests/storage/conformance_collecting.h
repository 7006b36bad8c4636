// What every engine of the store must do for those who collect: leases, runs, receipts, cursors,
// pushed messages and the state of a source. Part of ConformanceCases() of store_conformance.h.
#pragma once

#include "tests/storage/store_harness.h"

namespace mc::test {

inline void AReceiptMustAddUp(StoreHarness& harness) {
  const auto store = harness.Open();
  Collecting run(*store);
  run.Append({Task("T1", "open")});
  run.receipt.counts.fetched = 2;
  const Status refused = store->EndRun(run.receipt);
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().code == "bad_receipt");
  run.receipt.counts.fetched = 1;
  run.receipt.control_total = 3;
  run.receipt.offered = 2;
  run.receipt.unread = 1;
  run.End();
  const auto last = Must(store->Totals())[0].last_run;
  REQUIRE(last);
  CHECK(last->control_total == 3);
  CHECK(last->offered == 2);
  CHECK(last->unread == 1);
  CheckClean(*store);
}

inline void PushedMessagesAreKeptUntilTheyAreForgotten(StoreHarness& harness) {
  const auto store = harness.Open();
  const auto put = [&](const std::string& source, const std::string& key, const std::string& body,
                       std::optional<std::int64_t> count = std::nullopt) {
    return store->PutInbox({source, key, "application/json", body, std::nullopt, count});
  };
  const InboxReceipt first = Must(put("a", "k1", "one"));
  harness.Tick();
  const InboxReceipt again = Must(put("a", "k1", "one"));
  CHECK(again.position == first.position);
  CHECK(again.received_at == first.received_at);
  CHECK(again.sha256 == ToHex(Sha256("one")));
  CHECK(put("a", "k1", "two").error().code == "key_reused");
  CHECK(put("a", "k1", "one", 1).error().code == "key_reused");
  Must(put("b", "k1", "of another source"));
  const InboxReceipt second = Must(put("a", "k2", "two", 7));
  const auto messages = Must(harness.Open()->ReadInbox("a", 0, 10));
  REQUIRE(messages.size() == 2);
  CHECK(messages[0].body == "one");
  CHECK(messages[1].body == "two");
  CHECK(messages[1].record_count == 7);
  CHECK(Must(store->ReadInbox("a", first.position, 10)).size() == 1);
  CHECK(Must(store->ReadInbox("a", 0, 1)).size() == 1);
  Must(store->ForgetInbox("a", first.position));
  CHECK(Must(store->ReadInbox("a", 0, 10)).size() == 1);
  CHECK(Must(store->ReadInbox("b", 0, 10)).size() == 1);
  CHECK(Must(put("a", "k1", "one")).position == first.position);  // read, and still known
  Must(store->ForgetInbox("a", second.position));
  harness.clock.Set(Instant{harness.clock.Now().micros + (kInboxKeyDays + 1) * kMicrosPerDay});
  const InboxReceipt later = Must(put("a", "k3", "three"));
  CHECK(later.position > second.position);
  CHECK(Must(put("a", "k1", "one")).position > later.position);  // its key was forgotten
  CheckClean(*store);
}

inline void AnInboxIsBounded(StoreHarness& harness) {
  const auto store = harness.Open();
  const std::string large(static_cast<std::size_t>(kInboxBytesLimit / 2), 'x');
  const auto put = [&](const std::string& source, const std::string& key, const std::string& body) {
    const auto receipt = store->PutInbox({source, key, "application/json", body, std::nullopt, std::nullopt});
    return receipt.ok() ? std::string() : receipt.error().code;
  };
  CHECK(put("a", "1", large) == "");
  CHECK(put("a", "2", large) == "");
  CHECK(put("a", "3", "x") == "inbox_full");
  CHECK(put("a", "1", large) == "");  // known: nothing is added
  CHECK(put("b", "1", "x") == "");
  Must(store->ForgetInbox("a", 1));
  CHECK(put("a", "3", "x") == "");
}

inline void AnOlderFenceIsRefused(StoreHarness& harness) {
  const auto store = harness.Open();
  const auto other = harness.Open();
  const Lease lease = Must(store->AcquireLease("hanoiwork", "a", 60));
  const std::int64_t run = Must(store->BeginRun("hanoiwork", "hanoiwork"));
  const auto append = [&](Store& on, std::int64_t fence) {
    return on.AppendBatch({"hanoiwork", "tasks", run, fence, {Task("T1", "open")}, Cursor{"c"}});
  };
  for (const std::int64_t fence : {std::int64_t{0}, lease.fence - 1, lease.fence + 1}) {
    const auto refused = append(*store, fence);
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.error().code == "fenced_off");
    CHECK(refused.error().error_class == ErrorClass::kTransient);
  }
  // Held to its last moment; an expired lease still fences while nobody else took it.
  harness.SetLeaseClock(Instant{lease.until.micros - harness.LeaseClockStep()});
  const auto held = other->AcquireLease("hanoiwork", "b", 60);
  REQUIRE_FALSE(held.ok());
  CHECK(held.error().code == "lease_held");
  harness.SetLeaseClock(lease.until);
  CHECK(append(*store, lease.fence).ok());
  const Lease taken = Must(other->AcquireLease("hanoiwork", "b", 60));
  CHECK(taken.fence > lease.fence);
  CHECK_FALSE(append(*store, lease.fence).ok());
  CHECK_FALSE(store->RenewLease(lease, 60).ok());
  CHECK_FALSE(store->ReleaseLease(lease).ok());
  CHECK(append(*other, taken.fence).ok());
  CheckClean(*store);
}

inline void LeasesAreRenewedAndReleased(StoreHarness& harness) {
  const auto store = harness.Open();
  const Lease lease = Must(store->AcquireLease("s", "a", 60));
  harness.SetLeaseClock(lease.until);
  Must(store->RenewLease(lease, 60));
  CHECK_FALSE(store->AcquireLease("s", "b", 60).ok());
  CHECK(store->AcquireLease("another source", "b", 60).ok());
  Must(store->ReleaseLease(lease));
  CHECK(store->AcquireLease("s", "b", 60).ok());
}

inline void ARunEndsOnceWithItsOwnCounts(StoreHarness& harness) {
  const auto store = harness.Open();
  Collecting run(*store);
  run.Append({Task("T1", "open")});
  const auto refused = [&](RunReceipt receipt, const std::string& code) {
    const auto ended = store->EndRun(receipt);
    REQUIRE_FALSE(ended.ok());
    CHECK(ended.error().code == code);
    CHECK(ended.error().error_class == ErrorClass::kInternal);
  };
  RunReceipt wrong = run.receipt;
  ++wrong.counts.duplicate;
  refused(wrong, "bad_receipt");
  wrong = run.receipt;
  wrong.source = "documents";
  refused(wrong, "bad_receipt");
  wrong = run.receipt;
  wrong.run += 1;
  refused(wrong, "bad_receipt");
  wrong = run.receipt;
  wrong.outcome = RunOutcome::kFailed;
  wrong.complete_through = Instant{1};
  refused(wrong, "bad_receipt");
  CHECK(LedgerSizeOf(*store) == 1);
  run.End();
  CHECK(LedgerSizeOf(*store) == 2);
  refused(run.receipt, "run_ended");
  CHECK_FALSE(store->AppendBatch(run.Batch({Task("T2", "open")})).ok());
  CheckClean(*store);
}

inline void AKilledRunIsAbandonedWithoutALeaf(StoreHarness& harness) {
  const auto store = harness.Open();
  Collecting killed(*store);
  killed.Append({Task("T1", "open")});
  CheckClean(*store);
  Collecting next(*store);
  CHECK(next.Append({Task("T1", "open")}) == BatchCounts{1, 0, 0, 1, 0});
  const auto late = store->EndRun(killed.receipt);
  REQUIRE_FALSE(late.ok());
  CHECK(late.error().code == "fenced_off");
  next.End();
  CHECK(LedgerSizeOf(*store) == 2);  // one record, one receipt
  CheckClean(*store);
}

inline void CompletenessIsOfCompleteRunsBySource(StoreHarness& harness) {
  const auto store = harness.Open();
  using Reached = std::map<std::string, Instant>;
  const auto run = [&](RunOutcome outcome, std::optional<Instant> through, const char* source = "hanoiwork") {
    Collecting collecting(*store, source);
    collecting.receipt.complete_through = through;
    collecting.End(outcome);
  };
  CHECK(Must(store->CompleteThrough("hanoiwork")).empty());
  run(RunOutcome::kFailed, std::nullopt);
  run(RunOutcome::kSaved, std::nullopt);
  run(RunOutcome::kComplete, std::nullopt);
  CHECK(Must(store->CompleteThrough("hanoiwork")).empty());
  run(RunOutcome::kComplete, Instant{50});
  run(RunOutcome::kComplete, Instant{40});
  run(RunOutcome::kComplete, Instant{70}, "tasks_csv");  // one that lives hides none that does not
  CHECK(Must(store->CompleteThrough("hanoiwork")) == Reached{{"hanoiwork", Instant{50}}, {"tasks_csv", Instant{70}}});
  CHECK(Must(store->CompleteThrough("dvc")).empty());
  CheckClean(*store);
}

inline void ReceiptsAreReadByTheTimeOfTheirEnd(StoreHarness& harness) {
  const auto store = harness.Open();
  const auto run = [&](std::int64_t ended_at, RunOutcome outcome) {
    Collecting collecting(*store);
    collecting.receipt.ended_at = Instant{ended_at};
    collecting.receipt.error_code = outcome == RunOutcome::kFailed ? "timeout" : "";
    collecting.End(outcome);
    return collecting.receipt.run;
  };
  run(99, RunOutcome::kComplete);
  const std::int64_t first = run(100, RunOutcome::kFailed);
  const std::int64_t second = run(199, RunOutcome::kSaved);
  run(200, RunOutcome::kComplete);
  Collecting open(*store);
  const std::vector<RunReceipt> receipts = Must(store->ReceiptsOf(Instant{100}, Instant{200}));
  REQUIRE(receipts.size() == 2);
  CHECK(receipts[0].run == first);
  CHECK(receipts[0].error_code == "timeout");
  CHECK(receipts[1].run == second);
  CHECK(receipts[1].outcome == RunOutcome::kSaved);
}

inline void CursorsAreByStreamAndSurviveEmptyOnes(StoreHarness& harness) {
  const auto store = harness.Open();
  Collecting run(*store);
  CHECK_FALSE(Must(store->CursorFor("hanoiwork", "tasks")).has_value());
  run.Append({Task("T1", "open")}, "one");
  run.Append({Task("T1", "open", "", "archive")}, "two");
  run.Append({Task("T2", "open")}, "");
  CHECK(Must(harness.Open()->CursorFor("hanoiwork", "tasks"))->text == "one");
  CHECK(Must(store->CursorFor("hanoiwork", "archive"))->text == "two");
  CHECK_FALSE(Must(store->CursorFor("documents", "tasks")).has_value());
}

// Goal: what one process saves of a source's schedule another one reads, field by field.
inline void SourceStatusIsSharedBetweenProcesses(StoreHarness& harness) {
  const auto store = harness.Open();
  const auto other = harness.Open();
  CHECK(Must(other->ListSourceStatus()).empty());
  SourceStatus dead{"reports",
                    BreakerState::kOpen,
                    7,
                    Instant{3},
                    Instant{2},
                    Instant{1},
                    ErrorClass::kTransient,
                    "timeout",
                    "the source did not answer in time"};
  SourceStatus good{"documents", BreakerState::kClosed, 0, Instant{9}, Instant{8}, Instant{8}, {}, "", ""};
  Must(store->SaveSourceStatus(dead));
  Must(store->SaveSourceStatus(good));
  CHECK(Must(other->ListSourceStatus()) == std::vector<SourceStatus>{good, dead});
  dead.breaker = BreakerState::kHalfOpen;
  dead.failures = 8;
  dead.next_try = dead.last_try = dead.last_success = std::nullopt;
  dead.error_class = ErrorClass::kAuth;
  dead.error_code = "refused";
  dead.error_text = "check the secret";
  Must(other->SaveSourceStatus(dead));
  CHECK(Must(store->ListSourceStatus()) == std::vector<SourceStatus>{good, dead});
  CHECK(LedgerSizeOf(*store) == 0);  // operation, not evidence
  CheckClean(*store);
}

inline std::vector<ConformanceCase> CollectingCases() {
  return {
      {"a receipt must add up", AReceiptMustAddUp},
      {"pushed messages are kept until they are forgotten", PushedMessagesAreKeptUntilTheyAreForgotten},
      {"an inbox is bounded", AnInboxIsBounded},
      {"an older fence is refused", AnOlderFenceIsRefused},
      {"leases are renewed and released", LeasesAreRenewedAndReleased},
      {"a run ends once with its own counts", ARunEndsOnceWithItsOwnCounts},
      {"a killed run is abandoned without a leaf", AKilledRunIsAbandonedWithoutALeaf},
      {"completeness is of complete runs by source", CompletenessIsOfCompleteRunsBySource},
      {"receipts are read by the time of their end", ReceiptsAreReadByTheTimeOfTheirEnd},
      {"cursors are by stream and survive empty ones", CursorsAreByStreamAndSurviveEmptyOnes},
      {"source status is shared between processes", SourceStatusIsSharedBetweenProcesses},
  };
}

}  // namespace mc::test
