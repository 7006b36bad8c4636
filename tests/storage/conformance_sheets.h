// What every engine must do with sheets and with looks at them (storage/sheet_store.h).
#pragma once

#include "storage/sheet_store.h"
#include "tests/storage/store_harness.h"

namespace mc::test {

inline StoredSheet SheetOf(const std::string& person, const std::string& unit, const std::string& status = "scored") {
  return {person, unit, status, R"({"total":"90.00"})", R"({"subject":")" + person + "\"}", R"({"items":{}})"};
}

inline SheetEdition ScoringOf(const std::string& period, std::int64_t ledger_size) {
  return {period, 0, Instant{100 + ledger_size}, Instant{90}, ledger_size, "nd335-2025"};
}

inline void SheetsOfAPeriodAreReplacedAsOne(StoreHarness& harness) {
  const auto here = harness.Open(), there = harness.Open();
  CHECK(Must(here->SheetEditions()).empty());
  CHECK_FALSE(Must(here->FindSheet("2026-06", "p-1")));
  const StoredSheet one = SheetOf("p-1", "u-1"), two = SheetOf("p-2", "u-1", "awaiting_data"),
                    other = SheetOf("p-3", "u-2");
  const SheetEdition first = Must(here->KeepSheets(ScoringOf("2026-06", 5), {two, one, other}));
  CHECK(first.edition == 1);
  CHECK(Must(here->KeepSheets(ScoringOf("2026-05", 5), {one})).edition == 1);
  CHECK(Must(there->FindSheet("2026-06", "p-1")) == one);
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
  const SheetEdition second = Must(there->KeepSheets(ScoringOf("2026-06", 9), {one, moved}));
  CHECK(second.edition == 2);
  CHECK(Must(here->FindSheet("2026-06", "p-2")) == moved);
  CHECK_FALSE(Must(here->FindSheet("2026-06", "p-3")));
  CHECK(Must(here->FindSheet("2026-05", "p-1")) == one);
}

inline void SheetsThatStayTheSameMakeNoEdition(StoreHarness& harness) {
  const auto store = harness.Open();
  const std::vector<StoredSheet> sheets = {SheetOf("p-1", "u-1"), SheetOf("p-2", "u-1")};
  CHECK(Must(store->KeepSheets(ScoringOf("2026-06", 5), {})).edition == 1);  // nobody has one, and that is known
  CHECK(Must(store->KeepSheets(ScoringOf("2026-06", 6), sheets)).edition == 2);
  const SheetEdition same = Must(store->KeepSheets(ScoringOf("2026-06", 7), sheets));
  CHECK(same.edition == 2);
  CHECK(same.ledger_size == 7);
  CHECK(Must(store->SheetEditions()) == std::vector{same});
  CHECK(Must(store->KeepSheets(ScoringOf("2026-06", 8), {sheets[0]})).edition == 3);
}

inline void LooksAreKeptLatestFirst(StoreHarness& harness) {
  const auto store = harness.Open();
  CHECK(Must(store->LooksAt("p-1")).empty());
  const FileLook sheet{"p-1", "head", Instant{10}, "sheet", "2026-06", ""};
  const FileLook record{"p-1", "auditor", Instant{20}, "record", "2026-06", "9f3a000000000000"};
  Must(store->NoteLook(sheet));
  Must(store->NoteLook({"p-2", "head", Instant{11}, "sheet", "2026-06", ""}));
  Must(store->NoteLook(record));
  CHECK(Must(harness.Open()->LooksAt("p-1")) == std::vector{record, sheet});
  for (std::size_t i = 0; i < 3; ++i) Must(store->NoteLook(sheet));
  CHECK(Must(store->LooksAt("p-1")).size() == 5);
}

inline std::vector<ConformanceCase> SheetCases() {
  return {{"sheets of a period are replaced as one", SheetsOfAPeriodAreReplacedAsOne},
          {"sheets that stay the same make no edition", SheetsThatStayTheSameMakeNoEdition},
          {"looks are kept, latest first", LooksAreKeptLatestFirst}};
}

}  // namespace mc::test
