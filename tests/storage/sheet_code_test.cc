// Goal: a sheet that another hand wrote into the database is no sheet.
// Method: each column of a kept sheet changed beside the store.
#include <SQLiteCpp/SQLiteCpp.h>
#include <doctest/doctest.h>

#include "tests/storage/conformance_sheets.h"
#include "tests/storage/sqlite_harness.h"

using namespace mc;
using namespace mc::test;

TEST_CASE("sheets: one that another hand changed is not there, the next one is") {
  for (const char* column : {"unit", "status", "brief", "card", "explanation", "brief_code", "check_code"}) {
    CAPTURE(column);
    SqliteHarness harness;
    const auto store = harness.Open();
    Must(store->KeepSheets(ScoringOf("2026-06", 5), {SheetOf("p-1", "u-1"), SheetOf("p-2", "u-1")}));
    SQLite::Database(harness.path(), SQLite::OPEN_READWRITE)
        .exec("UPDATE sheets SET " + std::string(column) + " = 'other' WHERE person = 'p-1'");
    const std::string changed = column;
    // The list of a unit has a code of its own, of what it shows; the sheet is read by the other.
    const bool listed = changed == "unit" || changed == "status" || changed == "brief" || changed == "brief_code";
    CHECK(Must(store->FindSheet("2026-06", "p-1")).has_value() == (changed == "brief_code"));
    CHECK(Must(store->SheetsOfUnit("2026-06", "u-1")).size() == (listed ? 1 : 2));
    CHECK(Must(store->FindSheet("2026-06", "p-2")));
    // Moved under another person or period it is none either.
    SQLite::Database(harness.path(), SQLite::OPEN_READWRITE)
        .exec("UPDATE sheets SET person = 'p-3' WHERE person = 'p-2'");
    CHECK_FALSE(Must(store->FindSheet("2026-06", "p-3")));
    // The next scoring puts both right.
    Must(store->KeepSheets(ScoringOf("2026-06", 6), {SheetOf("p-1", "u-1"), SheetOf("p-2", "u-1")}));
    CHECK(Must(store->FindSheet("2026-06", "p-1")));
    CHECK(Must(store->SheetsOfUnit("2026-06", "u-1")).size() == 2);
    CHECK(Must(store->FindSheet("2026-06", "p-2")));
  }
}
