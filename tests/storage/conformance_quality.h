// Goal: the sums of the four numbers are those of the rows, whatever becomes of a record, and cost no scan to read.
// Cases of the conformance suite of all engines.
#pragma once

#include <algorithm>

#include "storage/quality_numbers.h"
#include "tests/storage/store_harness.h"

namespace mc::test {

// "hanoiwork H26.1 2026-06 correct 3/4" per cell, those of one measure when it is given.
inline std::string CellsOf(Store& store, const std::string& measure = "") {
  std::string text;
  for (const QualityCell& cell : Must(store.ListQuality(std::nullopt))) {
    if (!measure.empty() && cell.measure != measure) continue;
    if (!text.empty()) text += "\n";
    text += cell.unit + " " + cell.period + " " + cell.measure + " " + std::to_string(cell.num) + "/" +
            std::to_string(cell.den);
  }
  return text;
}

inline Moment On(const std::string& date) { return BareDate(Must(ParseDate(date))); }

inline IngestItem TaskAt(const std::string& native_id, const std::string& status, const std::string& unit,
                         const std::string& assigned, const std::string& noise = "") {
  IngestItem item = Task(native_id, status, noise);
  auto& evidence = std::get<Evidence>(item.outcome);
  evidence.unit.code = unit;
  evidence.assigned_at = On(assigned);
  return item;
}

inline IngestItem BadAt(const std::string& native_id, const std::string& bytes, const std::string& unit,
                        const std::string& assigned) {
  IngestItem item = Bad(native_id, bytes);
  item.place = {{unit, "its name"}, On(assigned)};
  return item;
}

// Correct: each stored record once, under its unit and the month of its event.
inline void EachRecordCountsOnceUnderItsUnitAndMonth(StoreHarness& harness) {
  const auto store = harness.Open();
  Collecting run(*store);
  IngestItem named = TaskAt("T3", "open", "", "2026-06-30");
  std::get<Evidence>(named.outcome).unit.name = "Phòng A";
  IngestItem occurred = TaskAt("T4", "open", "H26.1", "2026-06-30");
  std::get<Evidence>(occurred.outcome).occurred_at = On("2026-07-01");  // counts before the assignment
  run.Append({TaskAt("T1", "open", "H26.1", "2026-06-01"), TaskAt("T2", "open", "H26.2", "2026-05-31"), named, occurred,
              BadAt("T5", "?", "H26.1", "2026-06-09")});
  CHECK(CellsOf(*store) ==
        "H26.1 2026-06 correct 1/2\nH26.1 2026-07 correct 1/1\nH26.2 2026-05 correct 1/1\nPhòng A 2026-06 correct 1/1");
  // A duplicate adds nothing; a revision and bytes that say the same again are records of their own.
  run.Append({TaskAt("T1", "open", "H26.1", "2026-06-01"), TaskAt("T1", "done", "H26.1", "2026-06-01"),
              TaskAt("T1", "done", "H26.1", "2026-06-01", "noise"), BadAt("T5", "?", "H26.1", "2026-06-09")});
  CHECK(CellsOf(*store).substr(0, 25) == "H26.1 2026-06 correct 3/4");
  run.End();
  CheckClean(*store);
}

// Correct: no unit, no time: no unit, and the month in which it was first seen.
inline void WithoutUnitOrTimeItCountsWhereItWasSeen(StoreHarness& harness) {
  const auto store = harness.Open();
  Collecting run(*store);
  IngestItem wire = Bad("T6", "wire");
  wire.record.occurred_at = Must(ParseInstant("2026-04-30T17:00:00Z"));  // 1 May, city time
  run.Append({Bad("T5", "?"), wire});
  CHECK(CellsOf(*store) == " 2026-02 correct 0/1\n 2026-05 correct 0/1");
  run.End();
  CheckClean(*store);
}

// Correct: what leaves quarantine is read, what is dropped or erased is gone.
inline void WhatLeavesQuarantineIsReadWhatIsDroppedIsGone(StoreHarness& harness) {
  const auto store = harness.Open();
  Collecting run(*store);
  run.Append({BadAt("T1", "?", "H26.1", "2026-06-01"), BadAt("T2", "!", "H26.1", "2026-06-01"),
              BadAt("T3", "#", "H26.1", "2026-06-01"), TaskAt("T9", "open", "H26.1", "2026-06-01")});
  run.End();
  CHECK(CellsOf(*store) == "H26.1 2026-06 correct 1/4");
  Collecting again(*store);
  IngestItem readable = TaskAt("T1", "open", "H26.2", "2026-05-01");
  readable.record = Bad("T1", "?").record;
  again.Append({readable});
  again.End(RunOutcome::kReplay);
  CHECK(CellsOf(*store) == "H26.1 2026-06 correct 1/3\nH26.2 2026-05 correct 1/1");
  Must(store->DropQuarantined(IkOf(Bad("T2", "!").record.key), "an", "sent by mistake"));
  CHECK(CellsOf(*store) == "H26.1 2026-06 correct 1/2\nH26.2 2026-05 correct 1/1");
  CheckClean(*store);
  // A record that somebody answered for may still be read later.
  Collecting third(*store);
  IngestItem dropped = TaskAt("T2", "open", "H26.1", "2026-06-02");
  dropped.record = Bad("T2", "!").record;
  third.Append({dropped});
  third.End(RunOutcome::kReplay);
  CHECK(CellsOf(*store) == "H26.1 2026-06 correct 2/3\nH26.2 2026-05 correct 1/1");
  Must(store->Erase({{IkOf(Bad("T3", "#").record.key), IkOf(Bad("T1", "?").record.key)},
                     ErasureReason::kOrder, "by order", "an", "bao"}));
  CHECK(CellsOf(*store) == "H26.1 2026-06 correct 2/2");
  CheckClean(*store);
}

// Held and offered: of the last complete run, under its month when all that it was offered is of one.
inline void CountsOfTheSourceAreThoseOfTheLastCompleteRun(StoreHarness& harness) {
  const auto store = harness.Open();
  const auto collect = [&](std::vector<IngestItem> items, std::int64_t total, std::int64_t unread, RunOutcome outcome) {
    Collecting run(*store);
    const auto offered = static_cast<std::int64_t>(items.size());
    run.Append(std::move(items));
    run.receipt.control_total = total;
    run.receipt.offered = offered;
    run.receipt.unread = unread;
    run.End(outcome);
  };
  collect({TaskAt("T1", "open", "H26.1", "2026-06-01"), BadAt("T2", "?", "H26.1", "2026-06-30")}, 3, 1,
          RunOutcome::kComplete);
  CHECK(CellsOf(*store, "held") == " 2026-06 held 1/3");
  CHECK(CellsOf(*store, "offered") == " 2026-06 offered 2/3");
  // Duplicates are offered too; a run over several months is of no single one.
  collect({TaskAt("T1", "open", "H26.1", "2026-06-01"), TaskAt("T3", "open", "H26.1", "2026-07-01")}, 2, 0,
          RunOutcome::kComplete);
  CHECK(CellsOf(*store, "held") == "  held 2/2\n 2026-06 held 1/3");
  // The next count of the month takes the place of the last one; a failed run, and one without a count, say nothing.
  collect({TaskAt("T1", "open", "H26.1", "2026-06-01")}, 1, 0, RunOutcome::kComplete);
  CHECK(CellsOf(*store, "held") == "  held 2/2\n 2026-06 held 1/1");
  collect({TaskAt("T4", "open", "H26.1", "2026-06-01")}, 9, 0, RunOutcome::kFailed);
  collect({TaskAt("T5", "open", "H26.1", "2026-06-01")}, 0, 0, RunOutcome::kComplete);
  CHECK(CellsOf(*store, "held") == "  held 2/2\n 2026-06 held 1/1");
  CHECK(CellsOf(*store, "offered") == "  offered 2/2\n 2026-06 offered 1/1");
  CheckClean(*store);
}

// Live: minutes within the limit, run by run.
inline void MinutesWithinTheLimitAddUpRunByRun(StoreHarness& harness) {
  const auto store = harness.Open();
  const auto end = [&](const std::string& at, RunOutcome outcome, std::int64_t limit = 60) {
    Collecting run(*store);
    run.receipt.ended_at = Must(ParseInstant(at));
    run.receipt.lag_limit_minutes = limit;
    run.End(outcome);
  };
  end("2026-06-30T15:00:10Z", RunOutcome::kComplete);
  CHECK(CellsOf(*store) == " 2026-06 live 1/1");
  end("2026-06-30T15:10:00Z", RunOutcome::kFailed);  // within the limit of the last good one
  CHECK(CellsOf(*store) == " 2026-06 live 11/11");
  end("2026-06-30T16:20:00Z", RunOutcome::kComplete);  // 60 minutes after 15:00 are live, then 19 are not
  CHECK(CellsOf(*store) == " 2026-06 live 62/81");
  end("2026-06-30T17:05:00Z", RunOutcome::kSaved, 0);  // was not asked
  CHECK(CellsOf(*store) == " 2026-06 live 62/81");
  end("2026-06-30T17:30:00Z", RunOutcome::kFailed);  // 00:30 on 1 July in the city; live until 17:20
  CHECK(CellsOf(*store) == " 2026-06 live 101/120\n 2026-07 live 21/31");
  CheckClean(*store);
}

// A day is closed once, with what is clean, and not before the last one.
inline void ADayOfNumbersIsClosedOnce(StoreHarness& harness) {
  const auto store = harness.Open();
  CHECK_FALSE(Must(store->LastQualityDay()));
  Collecting run(*store);
  run.Append({TaskAt("T1", "open", "H26.1", "2026-06-01")});
  run.End();
  const CivilDate day = Must(ParseDate("2026-06-30"));
  const std::int64_t before = LedgerSizeOf(*store);
  const QualityDay closed = Must(store->CloseQualityDay(day, {{"hanoiwork", "H26.1", "2026-06", "clean", 1, 1}}));
  CHECK(closed.added);
  CHECK(closed.leaf == before);
  CHECK(Must(store->OpenLeaf(closed.leaf)).object == closed.object);
  const QualityDay again = Must(store->CloseQualityDay(day, {}));
  CHECK_FALSE(again.added);
  CHECK(again.leaf == closed.leaf);
  CHECK(LedgerSizeOf(*store) == before + 1);
  CHECK(CellsOf(*store) == "H26.1 2026-06 clean 1/1\nH26.1 2026-06 correct 1/1");
  const QualityDay next =
      Must(store->CloseQualityDay(CivilDate{day.days + 1}, {{"hanoiwork", "H26.2", "2026-06", "clean", 0, 1}}));
  CHECK(CellsOf(*store, "clean") == "H26.2 2026-06 clean 0/1");
  CHECK(Must(store->LastQualityDay())->leaf == next.leaf);
  const auto late = store->CloseQualityDay(CivilDate{day.days - 1}, {});
  REQUIRE_FALSE(late.ok());
  CHECK(late.error().code == "day_passed");
  CheckClean(*store);
}

}  // namespace mc::test
