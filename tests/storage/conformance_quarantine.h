// What every engine must do with records that nobody could read, and with states that came behind them.
#pragma once

#include "tests/storage/store_harness.h"

namespace mc::test {

inline void QuarantineIsLeftByNewBytesOrNewRules(StoreHarness& harness) {
  const auto store = harness.Open();
  Collecting run(*store);
  CHECK(run.Append({Bad("T1", "?"), Bad("T2", "!")}) == BatchCounts{2, 0, 0, 0, 2});
  const auto listed = Must(store->ListQuarantine());
  REQUIRE(listed.size() == 2);
  CHECK(listed[0].native_id == "T1");
  CHECK(listed[0].bytes == 1);
  CHECK(listed[0].reason.code == "bad_date");
  CHECK(listed[0].reason.field == "/HanXuLy");
  CHECK(Must(store->OpenRecord(listed[0].ik, "test")).record.bytes == "?");
  // New bytes: the first evidence of that native id counts as new.
  CHECK(run.Append({Task("T1", "open")}) == BatchCounts{1, 1, 0, 0, 0});
  // The same bytes, which the rules can read now.
  IngestItem readable = Task("T2", "open");
  readable.record = Bad("T2", "!").record;
  CHECK(run.Append({readable, readable}) == BatchCounts{2, 1, 0, 1, 0});
  // A rejection after evidence leaves the evidence as it is.
  CHECK(run.Append({Bad("T1", "??")}) == BatchCounts{1, 0, 0, 0, 1});
  CHECK(Written(*store) == "T1#1=open* T2#1=open*");
  const auto left = Must(store->ListQuarantine());
  REQUIRE(left.size() == 2);
  CHECK(left[0].native_id == "T1");
  CHECK(left[1].native_id == "T1");
  CheckClean(*store);
}

// Goal: of a record that came again unreadable the latest revision is named, as long as nothing newer was read and
// nobody dropped it; and so for the store as it was at any leaf.
inline void ARevisionKnowsThatANewerStateIsUnread(StoreHarness& harness) {
  const auto store = harness.Open();
  const auto all = [&] { return Must(store->UnreadSince(INT64_MAX)); };
  using Leaves = std::vector<std::int64_t>;
  Collecting run(*store);
  run.Append({Task("T1", "open"), Task("T1", "half"), Task("T2", "open"), Bad("T3", "first")});  // leaves 0 to 3
  CHECK(all().empty());
  run.Append({Bad("T1", "?"), Bad("T2", "!"), Bad("T2", "!!")});  // 4 to 6
  CHECK(all() == Leaves{1, 2});
  CHECK(Must(store->UnreadSince(5)) == Leaves{1});
  CHECK(Must(store->UnreadSince(4)).empty());
  run.Append({Task("T1", "done")});  // 7: newer than what could not be read
  CHECK(all() == Leaves{2});
  Must(store->DropQuarantined(IkOf(Bad("T2", "!").record.key), "an", "an error of the sender"));  // 8
  CHECK(all() == Leaves{2});
  Must(store->DropQuarantined(IkOf(Bad("T2", "!!").record.key), "an", "an error of the sender"));  // 9
  CHECK(all().empty());
  CHECK(Must(store->UnreadSince(9)) == Leaves{2});
  run.Append({Bad("T3", "?")});  // 10: nothing of T3 was ever read
  CHECK(all().empty());
  IngestItem readable = Task("T3", "open");
  readable.record = Bad("T3", "?").record;
  run.Append({Bad("T1", "??"), readable});  // 11, 12
  CHECK(all() == Leaves{7});
  IngestItem replayed = Task("T1", "late");
  replayed.record = Bad("T1", "??").record;
  run.Append({replayed});  // 13: the rules can read it now
  CHECK(all().empty());
  CHECK(Must(store->UnreadSince(13)) == Leaves{7});
  // Read at last, it states what stands already.
  run.Append({Bad("T1", "late, unreadably")});  // 14
  CHECK(all() == Leaves{13});
  replayed.record = Bad("T1", "late, unreadably").record;
  CHECK(run.Append({replayed, replayed}) == BatchCounts{2, 0, 1, 1, 0});  // 15
  CHECK(all().empty());
  run.End();
  CheckClean(*store);
}

// Goal: read anew in part, the item still waits for what came last; and what a pull says of a record that was read out of
// quarantine is said then.
inline void TheLastUnreadStateStillHoldsWhenAnEarlierOneIsRead(StoreHarness& harness) {
  const auto store = harness.Open();
  const auto read = [](const char* bytes, const char* says) {
    IngestItem item = Task("T1", says);
    item.record = Bad("T1", bytes).record;
    return item;
  };
  const auto pull = [&](std::vector<IngestItem> items, RunOutcome outcome) {
    Collecting run(*store);
    run.Append(std::move(items));
    run.End(outcome);
  };
  pull({Task("T1", "open"), Bad("T1", "?"), Bad("T1", "!")}, RunOutcome::kComplete);
  pull({read("?", "half")}, RunOutcome::kReplay);
  REQUIRE(Must(store->UnreadSince(INT64_MAX)).size() == 1);
  CHECK_FALSE(Must(store->ListQuarantine()).at(0).newer_read);
  pull({Task("T1", "other bytes, as before")}, RunOutcome::kComplete);
  pull({read("?", "half")}, RunOutcome::kComplete);  // the source goes back to it
  CHECK(Must(store->UnreadSince(INT64_MAX)).empty());
  CHECK(Must(store->ListQuarantine()).at(0).newer_read);
  CheckClean(*store);
}

// Goal: a source that goes back to what it said before it sent what nobody could read has said it last, be it in the same
// bytes or in others; in the pull that brought the unread state it has not.
inline void WhatIsSaidAgainBehindAnUnreadStateStands(StoreHarness& harness) {
  for (const bool same_bytes : {true, false}) {
    CAPTURE(same_bytes);
    const auto store = harness.Open();
    const std::string name = same_bytes ? "A1" : "B1";
    IngestItem again = Task(name, "open");
    if (!same_bytes) again.record = Bad(name, "open, stamped anew").record;
    {
      Collecting run(*store);
      run.Append({Task(name, "open")});
      run.Append({Bad(name, "?"), Task(name, "open")});  // two pages of one pull that overlap
      run.End();
    }
    REQUIRE(Must(store->UnreadSince(INT64_MAX)).size() == 1);
    CHECK_FALSE(Must(store->ListQuarantine()).back().newer_read);
    {
      Collecting run(*store);
      CHECK(run.Append({again}) == BatchCounts{1, 0, 1, 0, 0});
      CHECK(run.Append({again}) == BatchCounts{1, 0, 0, 1, 0});
      run.End();
    }
    CHECK(Must(store->UnreadSince(INT64_MAX)).empty());
    CHECK(Must(store->ListQuarantine()).back().newer_read);
    Must(store->DropQuarantined(Must(store->ListQuarantine()).back().ik, "an", "overtaken"));
    CheckClean(*store);
  }
}

inline void AQuarantinedRecordIsDroppedOnceWithALeaf(StoreHarness& harness) {
  const auto store = harness.Open();
  Collecting run(*store);
  run.Append({Bad("T1", "?"), Bad("T2", "!"), Task("T3", "open")});
  run.End();
  const std::int64_t size = LedgerSizeOf(*store);
  const std::int64_t dropped = IkOf(Bad("T1", "?").record.key);
  const auto drop = [&](std::int64_t ik, const std::string& why) {
    const Status status = store->DropQuarantined(ik, "an", why);
    return status.ok() ? std::string() : status.error().code;
  };
  CHECK(drop(dropped, "") == "bad_reason");
  CHECK(drop(dropped, std::string(kDecisionTextLimitBytes + 1, 'x')) == "bad_reason");
  CHECK(drop(IkOf(Task("T3", "open").record.key), "read") == "not_in_quarantine");
  CHECK(drop(77, "unknown") == "not_in_quarantine");
  CHECK(LedgerSizeOf(*store) == size);
  CHECK(drop(dropped, std::string(kDecisionTextLimitBytes, 'x')) == "");
  CHECK(LedgerSizeOf(*store) == size + 1);
  CHECK(drop(dropped, "again") == "dropped_already");
  const auto open = Must(store->ListQuarantine());
  REQUIRE(open.size() == 1);
  CHECK(open[0].native_id == "T2");
  CHECK(open[0].stream == "tasks");
  CHECK(open[0].whole);
  const auto gone = Must(store->ListDropped());
  REQUIRE(gone.size() == 1);
  CHECK(gone[0].entry.ik == dropped);
  CHECK(gone[0].entry.reason.code == "bad_date");
  CHECK(gone[0].by == "an");
  CHECK(gone[0].why.size() == kDecisionTextLimitBytes);
  CHECK(Must(store->OpenRecord(dropped, "test")).record.bytes == "?");  // nothing is deleted
  CHECK(Must(store->Totals())[0].quarantined == 1);
  // New rules can still read it; then it is neither open nor dropped.
  Collecting again(*store);
  IngestItem readable = Task("T1", "open");
  readable.record = Bad("T1", "?").record;
  CHECK(again.Append({readable}) == BatchCounts{1, 1, 0, 0, 0});
  again.End(RunOutcome::kReplay);
  CHECK(Must(store->ListDropped()).empty());
  CHECK(Must(store->Totals())[0].last_run->outcome == RunOutcome::kComplete);  // a replay is no pull
  CheckClean(*store);
}

}  // namespace mc::test
