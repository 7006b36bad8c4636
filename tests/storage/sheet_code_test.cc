// Goal: a sheet that another hand wrote into the database is no sheet, and fsck names it; what keeping sheets leaves in
// the database is those sheets and nothing else.
// Method: each column of a kept sheet changed beside the store, on SQLite and on PostgreSQL; rows counted.
#include <SQLiteCpp/SQLiteCpp.h>
#include <doctest/doctest.h>

#include "tests/storage/conformance_sheets.h"
#include "tests/storage/postgres_harness.h"
#include "tests/storage/sqlite_harness.h"

using namespace mc;
using namespace mc::test;

TEST_CASE("sheets: one that another hand changed is not there, the next one is") {
  for (const char* column : {"unit", "status", "brief", "card", "explanation", "brief_code", "check_code", "edition"}) {
    CAPTURE(column);
    SqliteHarness harness;
    const auto store = harness.Open();
    Must(KeepAll(*store, ScoringOf("2026-06", 5), {SheetOf("p-1", "u-1"), SheetOf("p-2", "u-1")}));
    SQLite::Database(harness.path(), SQLite::OPEN_READWRITE)
        .exec("UPDATE kept_sheets SET " + std::string(column) + " = 'other' WHERE person = 'p-1'");
    const std::string changed = column;
    // The list of a unit has a code of its own, of what it shows; the sheet is read by the other.
    const bool listed = changed != "card" && changed != "explanation" && changed != "check_code";
    CHECK(Must(store->FindSheet("2026-06", "p-1")).has_value() == (changed == "brief_code"));
    CHECK(Must(store->SheetsOfUnit("2026-06", "u-1")).size() == (listed ? 1 : 2));
    CHECK(Must(store->FindSheet("2026-06", "p-2")));
    // Moved under another person or period it is none either.
    SQLite::Database(harness.path(), SQLite::OPEN_READWRITE)
        .exec("UPDATE kept_sheets SET person = 'p-3' WHERE person = 'p-2'");
    CHECK_FALSE(Must(store->FindSheet("2026-06", "p-3")));
    // The next scoring puts both right.
    Must(KeepAll(*store, ScoringOf("2026-06", 6), {SheetOf("p-1", "u-1"), SheetOf("p-2", "u-1")}));
    CHECK(Must(store->FindSheet("2026-06", "p-1")));
    CHECK(Must(store->SheetsOfUnit("2026-06", "u-1")).size() == 2);
    CHECK(Must(store->FindSheet("2026-06", "p-2")));
  }
}

TEST_CASE("fsck: names each fault of kept sheets, and the next scoring puts it right") {
  SqliteHarness harness;
  FsckNamesFaultsOfSheets(harness, [&](const std::string& sql) {
    SQLite::Database(harness.path(), SQLite::OPEN_READWRITE).exec(sql);
  });
}

TEST_CASE("postgres fsck: names each fault of kept sheets, and the next scoring puts it right") {
  PostgresServer* const server = PostgresServer::Get();
  if (server == nullptr) return;
  PostgresHarness harness(*server);
  FsckNamesFaultsOfSheets(harness, [&](const std::string& sql) { AskPostgres(harness.uri(), sql); });
}

TEST_CASE("sheets: rows that were replaced, or written and never shown, are put away") {
  SqliteHarness harness;
  const auto store = harness.Open();
  const auto rows = [&] {
    SQLite::Database raw(harness.path());
    return raw.execAndGet("SELECT group_concat(n || 'x' || edition) FROM (SELECT count(*) AS n, edition FROM "
                          "kept_sheets GROUP BY edition ORDER BY edition)")
        .getString();
  };
  Must(KeepAll(*store, ScoringOf("2026-06", 0), ManySheets("old")));
  CHECK(rows() == "600x1");
  auto sheets = ManySheets("old");
  sheets[3].card = "new";
  sheets.resize(599);
  Must(KeepAll(*store, ScoringOf("2026-06", 0), sheets));
  CHECK(rows() == "598x1,1x2");
  const auto stopped = [&](std::size_t at) {
    SheetFeed given = FeedOf(ManySheets("new"));
    return KeepAll(*store, ScoringOf("2026-06", 0), [&, left = at]() mutable -> Result<std::optional<StoredSheet>> {
      if (left-- == 0) return TransientError("interrupted", "stopped");
      return given();
    });
  };
  CHECK_FALSE(stopped(300).ok());
  CHECK(rows() == "598x1,1x2,256x3");
  CHECK(Must(KeepAll(*store, ScoringOf("2026-06", 0), sheets)).edition == 2);
  CHECK(rows() == "598x1,1x2");
  // Stopped between the new edition and the end of putting away: what another hand does here.
  SQLite::Database(harness.path(), SQLite::OPEN_READWRITE)
      .exec("CREATE TABLE aside AS SELECT * FROM kept_sheets WHERE edition = 1 AND person < 'p-1100'");
  Must(KeepAll(*store, ScoringOf("2026-06", 0), ManySheets("new")));
  SQLite::Database(harness.path(), SQLite::OPEN_READWRITE)
      .exec("INSERT INTO kept_sheets SELECT * FROM aside; DROP TABLE aside");
  CHECK(rows() == "99x1,600x3");
  CHECK(Describe(Must(store->Fsck({}))) == "");
  CheckShown(*store, "new", 600);
  CHECK(Must(KeepAll(*store, ScoringOf("2026-06", 0), ManySheets("new"))).edition == 3);
  CHECK(rows() == "600x3");
}

TEST_CASE("sheets: those from before they had editions are dropped, so that no erasure misses them") {
  SqliteHarness harness;
  harness.Open();
  SQLite::Database(harness.path(), SQLite::OPEN_READWRITE)
      .exec("CREATE TABLE sheets (period TEXT); CREATE TABLE sheet_editions (period TEXT)");
  CHECK(Must(harness.Open()->SheetEditions()).empty());
  CHECK(SQLite::Database(harness.path())
            .execAndGet("SELECT count(*) FROM sqlite_master WHERE name IN ('sheets', 'sheet_editions')")
            .getInt() == 0);
}
