// What every engine must do with sheets and with looks at them (storage/sheet_store.h).
#pragma once

#include <algorithm>
#include <utility>

#include "storage/sheet_store.h"
#include "tests/storage/store_harness.h"

namespace mc::test {

inline StoredSheet SheetOf(const std::string& person, const std::string& unit, const std::string& status = "scored") {
  return {person, unit, status, R"({"total":"90.00"})", R"({"subject":")" + person + "\"}", R"({"items":{}})"};
}

inline SheetEdition ScoringOf(const std::string& period, std::int64_t ledger_size) {
  return {period, 0, Instant{100 + ledger_size}, Instant{90}, ledger_size, "nd335-2025"};
}

// In the order in which they have to come.
inline SheetFeed FeedOf(std::vector<StoredSheet> sheets) {
  std::sort(sheets.begin(), sheets.end(), [](const auto& a, const auto& b) { return a.person < b.person; });
  return [sheets = std::move(sheets), next = std::size_t{0}]() mutable -> Result<std::optional<StoredSheet>> {
    return next == sheets.size() ? std::nullopt : std::optional(sheets[next++]);
  };
}

// Under a lease that is given back.
inline Result<SheetEdition> KeepAll(Store& store, const SheetEdition& made, const SheetFeed& next) {
  const Lease lease = Must(store.AcquireLease("sheets " + made.period, "keeper", 60));
  auto kept = store.KeepSheets(lease, made, next);
  if (kept.ok()) Must(store.ReleaseLease(lease));
  return kept;
}
inline Result<SheetEdition> KeepAll(Store& store, const SheetEdition& made, const std::vector<StoredSheet>& sheets) {
  return KeepAll(store, made, FeedOf(sheets));
}

inline void SheetsOfAPeriodAreReplacedAsOne(StoreHarness& harness) {
  const auto here = harness.Open(), there = harness.Open();
  CHECK(Must(here->SheetEditions()).empty());
  CHECK_FALSE(Must(here->FindSheet("2026-06", "p-1")));
  const StoredSheet one = SheetOf("p-1", "u-1"), two = SheetOf("p-2", "u-1", "awaiting_data"),
                    other = SheetOf("p-3", "u-2");
  const SheetEdition first = Must(KeepAll(*here, ScoringOf("2026-06", 5), {two, one, other}));
  CHECK(first.edition == 1);
  CHECK(Must(KeepAll(*here, ScoringOf("2026-05", 5), {one})).edition == 1);
  CHECK(Must(there->FindSheet("2026-06", "p-1")) == one);
  CHECK(Must(there->FindBrief("2026-06", "p-1")) == StoredSheet{one.person, one.unit, one.status, one.brief, "", ""});
  CHECK_FALSE(Must(there->FindBrief("2026-06", "p-9")));
  CHECK(Must(there->SheetEditions()).size() == 2);
  CHECK(Must(there->SheetEditions())[1] == first);
  const auto unit = Must(there->SheetsOfUnit("2026-06", "u-1"));
  REQUIRE(unit.size() == 2);
  CHECK(unit[0].person == "p-1");
  CHECK(unit[1].status == "awaiting_data");
  CHECK(unit[1].brief == two.brief);
  CHECK(Must(there->SheetsOfUnit("2026-06", "u-3")).empty());
  auto counts = Must(there->CountSheets("2026-06"));
  CHECK(counts["u-1"]["scored"] == 1);
  CHECK(counts["u-1"]["awaiting_data"] == 1);
  CHECK(counts["u-2"]["scored"] == 1);

  StoredSheet moved = two;
  moved.unit = "u-2";
  const SheetEdition second = Must(KeepAll(*there, ScoringOf("2026-06", 9), {one, moved}));
  CHECK(second.edition == 2);
  CHECK(Must(here->FindSheet("2026-06", "p-2")) == moved);
  CHECK(Must(here->FindBrief("2026-06", "p-2"))->unit == "u-2");
  CHECK_FALSE(Must(here->FindSheet("2026-06", "p-3")));
  CHECK_FALSE(Must(here->FindBrief("2026-06", "p-3")));
  CHECK(Must(here->FindSheet("2026-05", "p-1")) == one);
}

inline void SheetsThatStayTheSameMakeNoEdition(StoreHarness& harness) {
  const auto store = harness.Open();
  const std::vector<StoredSheet> sheets = {SheetOf("p-1", "u-1"), SheetOf("p-2", "u-1")};
  CHECK(Must(KeepAll(*store, ScoringOf("2026-06", 5), FeedOf({}))).edition == 1);  // nobody has one, and that is known
  CHECK(Must(KeepAll(*store, ScoringOf("2026-06", 6), sheets)).edition == 2);
  const SheetEdition same = Must(KeepAll(*store, ScoringOf("2026-06", 7), sheets));
  CHECK(same.edition == 2);
  CHECK(same.ledger_size == 7);
  CHECK(Must(store->SheetEditions()) == std::vector{same});
  CHECK(Must(KeepAll(*store, ScoringOf("2026-06", 8), {sheets[0]})).edition == 3);
}

// More than are written at once.
inline std::vector<StoredSheet> ManySheets(const std::string& brief) {
  std::vector<StoredSheet> sheets;
  for (std::size_t i = 0; i < 2 * kSheetsAtOnce + 88; ++i) {
    sheets.push_back(SheetOf("p-" + std::to_string(1'000 + i), i % 2 == 0 ? "u-1" : "u-2"));
    sheets.back().brief = brief;
    sheets.back().explanation = brief;
  }
  return sheets;
}

// Nobody sees another sheet than those with this brief: one by one, in the lists of units, and in their number.
inline void CheckShown(Store& store, const std::string& brief, std::size_t count) {
  std::size_t listed = 0;
  for (const char* unit : {"u-1", "u-2"}) {
    for (const SheetBrief& each : Must(store.SheetsOfUnit("2026-06", unit))) {
      if (each.brief == brief) ++listed;
    }
  }
  CHECK(listed == count);
  auto counts = Must(store.CountSheets("2026-06"));
  CHECK(static_cast<std::size_t>(counts["u-1"]["scored"] + counts["u-2"]["scored"]) == count);
  for (const int at : {0, 1, 255, 256, 400, 599}) {
    const auto sheet = Must(store.FindSheet("2026-06", "p-" + std::to_string(1'000 + at)));
    CHECK(sheet.has_value() == (static_cast<std::size_t>(at) < count));
    if (sheet) CHECK(sheet->explanation == brief);
  }
}

// The old sheets are shown until the last of the new ones is written: also of those who have none any more.
inline void SheetsAreShownAllAtOnce(StoreHarness& harness) {
  const auto here = harness.Open(), there = harness.Open();
  CHECK(Must(KeepAll(*here, ScoringOf("2026-06", 0), ManySheets("old"))).sheets == 600);
  auto sheets = ManySheets("new");
  sheets.erase(sheets.begin() + 590, sheets.end());
  SheetFeed given = FeedOf(sheets);
  std::size_t made = 0;
  const auto looking = [&]() -> Result<std::optional<StoredSheet>> {
    if (++made % 150 == 0 || made == 591) CheckShown(*there, "old", 600);
    if (made == 300) CHECK(Describe(Must(there->Fsck({}))) == "");
    return given();
  };
  CHECK(Must(KeepAll(*here, ScoringOf("2026-06", 0), looking)).edition == 2);
  CHECK(made == 591);
  CheckShown(*there, "new", 590);
  CHECK(Must(there->SheetEditions())[0].sheets == 590);
  CHECK(Describe(Must(there->Fsck({}))) == "");
}

// Of a first scoring, whose sheets nobody may see, and of a later one.
inline void SheetsThatWereStoppedLeaveTheOldOnes(StoreHarness& harness) {
  const auto here = harness.Open(), there = harness.Open();
  const auto stopped_at = [&](std::size_t at, const char* brief) {
    SheetFeed given = FeedOf(ManySheets(brief));
    std::size_t made = 0;
    const auto kept =
        KeepAll(*here, ScoringOf("2026-06", 0), [&, made]() mutable -> Result<std::optional<StoredSheet>> {
          if (made++ == at) return TransientError("interrupted", "stopped");
          return given();
        });
    REQUIRE_FALSE(kept.ok());
    CHECK(kept.error().code == "interrupted");
  };
  stopped_at(500, "old");
  CHECK(Must(there->SheetEditions()).empty());
  CheckShown(*there, "old", 0);
  CHECK(Must(KeepAll(*here, ScoringOf("2026-06", 0), ManySheets("old"))).edition == 1);
  for (const std::size_t at : {1u, 300u, 600u}) {
    stopped_at(at, "new");
    CHECK(Must(there->SheetEditions())[0].edition == 1);
    CheckShown(*there, "old", 600);
    CHECK(Describe(Must(there->Fsck({}))) == "");
  }
  // What was written of them counts for nothing.
  CHECK(Must(KeepAll(*there, ScoringOf("2026-06", 0), ManySheets("old"))).edition == 1);
  CHECK(Must(KeepAll(*there, ScoringOf("2026-06", 0), ManySheets("new"))).edition == 2);
  CheckShown(*here, "new", 600);
}

// A keeper that was slow until its lease ran out and another had begun: its sheets do not come among the other's.
inline void SheetsOfTwoKeepersDoNotMix(StoreHarness& harness) {
  const auto here = harness.Open(), there = harness.Open();
  harness.SetLeaseClock(harness.clock.Now());
  const Lease lease = Must(here->AcquireLease("sheets 2026-06", "slow", 60));
  SheetFeed given = FeedOf(ManySheets("slow"));
  std::size_t made = 0;
  const auto kept =
      here->KeepSheets(lease, ScoringOf("2026-06", 0), [&]() -> Result<std::optional<StoredSheet>> {
        if (++made == 400) {
          harness.SetLeaseClock(Instant{harness.clock.Now().micros + 120 * kMicrosPerSecond});
          CHECK(Must(KeepAll(*there, ScoringOf("2026-06", 0), ManySheets("quick"))).edition == 1);
        }
        return given();
      });
  REQUIRE_FALSE(kept.ok());
  CHECK(kept.error().code == "fenced_off");
  CheckShown(*here, "quick", 600);
  CHECK(Describe(Must(there->Fsck({}))) == "");
}

// They may quote what is gone.
inline void SheetsFromBeforeAnErasureAreNotKept(StoreHarness& harness) {
  const auto here = harness.Open(), there = harness.Open();
  Collecting run(*here);
  run.Append({Task("T1", "open"), Task("T2", "open")});
  run.End();
  const std::int64_t size = Must(here->SignHead()).size;
  Must(KeepAll(*here, ScoringOf("2026-06", size), ManySheets("old")));
  SheetFeed given = FeedOf(ManySheets("new"));
  std::size_t made = 0;
  const auto kept = KeepAll(*here, ScoringOf("2026-06", size), [&]() -> Result<std::optional<StoredSheet>> {
    if (++made == 400) {
      Must(there->Erase({{IkOf(Task("T1", "open").record.key)}, ErasureReason::kOrder, "by order", "an", "bao"}));
    }
    return given();
  });
  REQUIRE_FALSE(kept.ok());
  CHECK(kept.error().code == "erased_meanwhile");
  CheckShown(*there, "new", 0);
  CHECK(Must(there->SheetEditions())[0].sheets == 0);
  CHECK(Describe(Must(there->Fsck({}))) == "");
  const std::int64_t later = Must(there->SignHead()).size;
  CHECK(Must(KeepAll(*there, ScoringOf("2026-06", later), ManySheets("new"))).edition == 3);
  CheckShown(*here, "new", 600);
}

inline void SheetsOutOfOrderAreRefused(StoreHarness& harness) {
  const auto store = harness.Open();
  for (const char* second : {"p-1", "p-2"}) {
    std::vector<StoredSheet> sheets{SheetOf("p-2", "u-1"), SheetOf(second, "u-1")};
    const auto kept = KeepAll(*store, ScoringOf("2026-06", 0),
                              [&, next = std::size_t{0}]() mutable -> Result<std::optional<StoredSheet>> {
                                return next == sheets.size() ? std::nullopt : std::optional(sheets[next++]);
                              });
    REQUIRE_FALSE(kept.ok());
    CHECK(kept.error().code == "sheets_order");
  }
  CHECK(Must(store->SheetEditions()).empty());
}

// Every fault of kept sheets that fsck knows, and that the next scoring puts it right. `damage` runs SQL beside the
// store; not a case of all engines, which have no such thing in common.
inline void FsckNamesFaultsOfSheets(StoreHarness& harness, const std::function<void(const std::string&)>& damage) {
  struct Case {
    const char *sql, *where, *detail;
  };
  constexpr const char* kPublish = "`score --period 2026-06 --publish` puts it right";
  const Case cases[] = {
      {"UPDATE kept_sheets SET card = 'x' WHERE person = 'p-1'", "sheet of p-1, 2026-06", kPublish},
      {"UPDATE kept_sheets SET brief_code = check_code WHERE person = 'p-1'", "sheet of p-1, 2026-06",
       "its line in the list of the unit was changed"},
      {"UPDATE kept_sheets SET person = 'p-9' WHERE person = 'p-1'", "sheet of p-9, 2026-06", "it was changed"},
      {"UPDATE kept_sheets SET edition = 0 WHERE person = 'p-1'", "sheet of p-1, 2026-06", "it was changed"},
      {"UPDATE kept_sheets SET edition = 7 WHERE person = 'p-1'", "sheet of p-1, 2026-06", "it was changed"},
      {"UPDATE kept_sheets SET edition = 7 WHERE person = 'p-1'", "sheets of 2026-06",
       "1 stand where its scoring made 2"},
      {"UPDATE kept_sheets SET status = '' WHERE person = 'p-1'", "sheets of 2026-06", kPublish},
      {"DELETE FROM kept_sheets WHERE person = 'p-1'", "sheets of 2026-06", "1 stand where its scoring made 2"},
      {"INSERT INTO kept_sheets SELECT period, person, edition + 1, unit, status, brief, card, explanation, "
       "brief_code, check_code FROM kept_sheets WHERE person = 'p-1'",
       "sheet of p-1, 2026-06", "it was changed"},
      {"UPDATE kept_sheets SET period = '2026-09' WHERE person = 'p-1'", "sheets of 2026-09", "no scoring of theirs"},
      {"UPDATE kept_sheets SET period = 'x' WHERE person = 'p-1'", "sheets of x", "`score --period YYYY-MM --publish`"},
      {"DELETE FROM kept_editions", "sheets of 2026-06", "no scoring of theirs is kept"},
      {"UPDATE kept_editions SET policy = 'x'", "sheets of 2026-06", "what their edition says was changed"},
      {"UPDATE kept_editions SET edition = 9223372036854775807", "sheets of 2026-06", kPublish},
      {"UPDATE kept_editions SET edition = -5", "sheets of 2026-06", kPublish},
      {"UPDATE kept_editions SET period = 'x'", "sheets of x", "what their edition says was changed"}};
  const auto store = harness.Open();
  const std::vector<StoredSheet> sheets{SheetOf("p-1", "u-1"), SheetOf("p-2", "u-1")};
  const auto keep = [&] {
    Must(KeepAll(*store, ScoringOf("2026-06", 0), sheets));
    CHECK(Describe(Must(store->Fsck({}))) == "");
    CHECK(Must(store->FindSheet("2026-06", "p-1")) == sheets[0]);
    CHECK(Must(store->SheetsOfUnit("2026-06", "u-1")).size() == 2);
  };
  keep();
  for (const Case& each : cases) {
    CAPTURE(each.sql);
    damage(each.sql);
    const FsckReport report = Must(store->Fsck({}));
    CAPTURE(Describe(report));
    CHECK(std::any_of(report.faults.begin(), report.faults.end(), [&](const Fault& fault) {
      return fault.where == each.where && fault.detail.find(each.detail) != std::string::npos;
    }));
    keep();
  }
  // Sheets from a log that was longer once.
  Must(KeepAll(*store, ScoringOf("2026-06", 9), sheets));
  CHECK(Describe(Must(store->Fsck({}))).find("from more leaves than the ledger holds") != std::string::npos);
  keep();
}

inline void LooksAreKeptLatestFirst(StoreHarness& harness) {
  const auto store = harness.Open();
  CHECK(Must(store->LooksAt("p-1", std::nullopt)).looks.empty());
  const FileLook sheet{"p-1", "head", Instant{10}, "sheet", "2026-06", ""};
  const FileLook record{"p-1", "auditor", Instant{20}, "record", "2026-06", "9f3a000000000000"};
  Must(store->NoteLook(sheet));
  Must(store->NoteLook({"p-2", "head", Instant{11}, "sheet", "2026-06", ""}));
  Must(store->NoteLook(record));
  CHECK(Must(harness.Open()->LooksAt("p-1", std::nullopt)).looks == std::vector{record, sheet});
  for (std::size_t i = 0; i < 3; ++i) Must(store->NoteLook(sheet));
  CHECK(Must(store->LooksAt("p-1", std::nullopt)).looks.size() == 5);
}

// However many come after it, a look is not pushed out: it stands on a later page.
inline void LooksArePaged(StoreHarness& harness) {
  const auto store = harness.Open();
  const FileLook first{"p-1", "head", Instant{1}, "record", "2026-06", "9f3a000000000000"};
  Must(store->NoteLook(first));
  Must(store->NoteLook({"p-2", "head", Instant{2}, "sheet", "2026-06", ""}));
  const auto note = [&](std::size_t n) {
    Must(store->NoteLook({"p-1", "head", Instant{10 + static_cast<std::int64_t>(n)}, "sheet", "2026-06", ""}));
  };
  for (std::size_t n = 1; n < kLooksLimit; ++n) note(n);
  LooksPage page = Must(store->LooksAt("p-1", std::nullopt));
  CHECK(page.looks.size() == kLooksLimit);
  CHECK(page.looks.back() == first);
  CHECK_FALSE(page.older);

  note(kLooksLimit);
  page = Must(store->LooksAt("p-1", std::nullopt));
  CHECK(page.looks.size() == kLooksLimit);
  CHECK(page.looks.front().at == Instant{10 + static_cast<std::int64_t>(kLooksLimit)});
  CHECK(page.looks.back().at == Instant{11});
  REQUIRE(page.older);
  const LooksPage next = Must(store->LooksAt("p-1", page.older));
  CHECK(next.looks == std::vector{first});
  CHECK_FALSE(next.older);
  CHECK(Must(store->LooksAt("p-1", 0)).looks.empty());
  CHECK(Must(store->LooksAt("p-1", 1)).looks.empty());
}

inline std::vector<ConformanceCase> SheetCases() {
  return {{"sheets of a period are replaced as one", SheetsOfAPeriodAreReplacedAsOne},
          {"sheets that stay the same make no edition", SheetsThatStayTheSameMakeNoEdition},
          {"sheets are shown all at once", SheetsAreShownAllAtOnce},
          {"sheets that were stopped leave the old ones", SheetsThatWereStoppedLeaveTheOldOnes},
          {"sheets of two keepers do not mix", SheetsOfTwoKeepersDoNotMix},
          {"sheets from before an erasure are not kept", SheetsFromBeforeAnErasureAreNotKept},
          {"sheets out of order are refused", SheetsOutOfOrderAreRefused},
          {"looks are kept, latest first", LooksAreKeptLatestFirst},
          {"looks are paged", LooksArePaged}};
}

}  // namespace mc::test
