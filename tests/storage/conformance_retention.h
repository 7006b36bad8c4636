// What every engine must do with what an operator lets go (storage/retention_store.h).
#pragma once

#include "tests/storage/conformance_sessions.h"
#include "tests/storage/store_harness.h"

namespace mc::test {

inline void PushAndRead(StoreHarness& harness, Store& store, const std::string& key, bool read) {
  const InboxReceipt put =
      Must(store.PutInbox({"a", key, "application/json", "body of " + key, std::nullopt, std::nullopt}));
  if (read) Must(store.ForgetInbox("a", put.position));
  harness.Tick();
}

// Rows of every kind that may go: two old sessions and a newer one, an old logout, two old keys that were read.
inline void FillForRetention(StoreHarness& harness, Store& store) {
  for (const char* name : {"a", "b"}) Must(store.BeginSession(SessionNamed(harness, name, name)));
  Must(store.EndSessionsFor("https://op.example", "subject of nobody", ""));
  for (const char* key : {"k1", "k2"}) PushAndRead(harness, store, key, true);
  harness.clock.Set(Instant{harness.clock.Now().micros + (kInboxKeyDays + 10) * kMicrosPerDay});
  Must(store.BeginSession(SessionNamed(harness, "live", "live")));
}

inline void NothingGoesUnlessARuleSaysSo(StoreHarness& harness) {
  const auto store = harness.Open();
  FillForRetention(harness, *store);
  const RetentionRules everything{true, kInboxKeyDays};
  const RetainedRows held = Must(store->CountRows(everything));
  CHECK(held.ended_sessions == 2);
  CHECK(held.logouts == 1);
  CHECK(held.pushed_keys == 1);  // the newest row stays: positions only grow
  CHECK(Must(store->CountRows({})) == RetainedRows{});
  CHECK(Must(store->DeleteRows({})) == RetainedRows{});
  CHECK(Must(store->CountRows(everything)) == held);
  CHECK(Must(store->CountRows({true, kInboxKeyDays + 10})).pushed_keys == 1);  // pushed a second before
  CHECK(Must(store->CountRows({true, kInboxKeyDays + 11})).pushed_keys == 0);  // not so old yet
  CHECK(store->DeleteRows({true, kInboxKeyDays - 1}).error().code == "retention_too_short");
  CHECK(Must(store->CountRows(everything)) == held);
}

inline void EachRuleTakesItsOwnKind(StoreHarness& harness) {
  const auto store = harness.Open();
  FillForRetention(harness, *store);
  const RetentionRules everything{true, kInboxKeyDays};
  CHECK(Must(store->DeleteRows({false, kInboxKeyDays})) == RetainedRows{0, 0, 1});
  CHECK(Must(store->CountRows(everything)) == RetainedRows{2, 1, 0});
  CHECK(Must(store->DeleteRows({true, std::nullopt})) == RetainedRows{2, 1, 0});
  CHECK(Must(store->CountRows(everything)) == RetainedRows{});
  CHECK(LiveOf(*store, {"a", "b", "live"}) == "live");
  CHECK(Must(store->DeleteRows(everything)) == RetainedRows{});
}

// What is not read yet is somebody's evidence, however old.
inline void UnreadMessagesStay(StoreHarness& harness) {
  const auto store = harness.Open();
  PushAndRead(harness, *store, "unread", false);
  Must(store->PutInbox({"b", "other", "application/json", "body", std::nullopt, std::nullopt}));
  harness.clock.Set(Instant{harness.clock.Now().micros + 3'660 * kMicrosPerDay});
  CHECK(Must(store->DeleteRows({true, kInboxKeyDays})).pushed_keys == 0);
  CHECK(Must(store->ReadInbox("a", 0, 10)).size() == 1);
  CHECK(Must(store->ReadInbox("b", 0, 10)).size() == 1);
}

// More than one transaction takes.
inline void ManyKeysGo(StoreHarness& harness) {
  const auto store = harness.Open();
  const std::int64_t many = 501;
  for (std::int64_t i = 0; i <= many; ++i) {
    Must(store->PutInbox({"a", std::to_string(i), "text/plain", "x", std::nullopt, std::nullopt}));
  }
  Must(store->ForgetInbox("a", many));
  harness.clock.Set(Instant{harness.clock.Now().micros + (kInboxKeyDays + 1) * kMicrosPerDay});
  CHECK(Must(store->DeleteRows({false, kInboxKeyDays})).pushed_keys == many);
  CHECK(Must(store->ReadInbox("a", 0, 10)).size() == 1);
  CHECK(Must(store->CountRows({false, kInboxKeyDays})).pushed_keys == 0);
}

// The store is as it was for everybody who reads, proves or collects.
inline void WhatProvesStays(StoreHarness& harness) {
  const auto store = harness.Open();
  Collecting run(*store);
  run.Append({Task("T1", "open"), Bad("T2", "?")}, "c1");
  run.Append({Task("T1", "done")}, "c2");
  run.End(RunOutcome::kFailed);
  const std::int64_t size = LedgerSizeOf(*store), fence = run.lease().fence;
  Must(store->ReleaseLease(run.lease()));
  Must(store->DropQuarantined(Must(store->ListQuarantine())[0].ik, "tester", "settled"));
  FillForRetention(harness, *store);
  harness.clock.Set(Instant{harness.clock.Now().micros + 3'660 * kMicrosPerDay});
  Must(store->DeleteRows({true, kInboxKeyDays}));
  CHECK(Written(*store) == "T1#1=open T1#2=done*");
  CHECK(LedgerSizeOf(*store) == size + 1);
  CHECK(Must(store->ListDropped()).size() == 1);
  CHECK(Must(store->ReceiptsOf(Instant{0}, Instant{std::int64_t{1} << 62})).size() == 1);
  CHECK(Must(store->CursorFor("hanoiwork", "tasks"))->text == "c2");
  CHECK(Must(store->AcquireLease("hanoiwork", "other", 60)).fence == fence + 1);
  CHECK(Must(store->PutInbox({"a", "new", "text/plain", "x", std::nullopt, std::nullopt})).position == 3);
  CheckClean(*store);
}

inline void AStoreThatMustExistIsNotMade(StoreHarness& harness) {
  StoreSettings looking = harness.Settings();
  looking.must_exist = true;
  for (int i = 0; i < 2; ++i) {
    const auto none = harness.TryOpenWith(looking);
    REQUIRE_FALSE(none.ok());
    CHECK(none.error().code == "no_store");
    CHECK(none.error().error_class == ErrorClass::kConfig);
    CHECK(none.error().message.find("sync") != std::string::npos);
  }
  harness.Open();
  const auto there = harness.TryOpenWith(looking);
  REQUIRE(there.ok());
  CheckClean(**there);
}

inline std::vector<ConformanceCase> RetentionCases() {
  return {{"nothing goes unless a rule says so", NothingGoesUnlessARuleSaysSo},
          {"each rule takes its own kind", EachRuleTakesItsOwnKind},
          {"unread messages stay", UnreadMessagesStay},
          {"many keys go", ManyKeysGo},
          {"what proves stays", WhatProvesStays},
          {"a store that must exist is not made", AStoreThatMustExistIsNotMade}};
}

}  // namespace mc::test
