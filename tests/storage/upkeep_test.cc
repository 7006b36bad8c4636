// Goal: upkeep says what there is, empties the log of an SQLite file, never waits long for a reader, and analyzes
// PostgreSQL's tables, not SQLite's; what is stored stays as it was. A store that must exist is not made (both engines:
// conformance_retention.h; here: not even its file or its tables).
#include "storage/upkeep.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include <algorithm>

#include "tests/storage/postgres_harness.h"
#include "tests/storage/sqlite_harness.h"

using namespace mc;
using namespace mc::test;

namespace {

void FillForUpkeep(Store& store) {
  Collecting run(store);
  std::vector<IngestItem> items;
  for (int i = 0; i < 50; ++i) items.push_back(Task("U" + std::to_string(i), "open"));
  run.Append(std::move(items));
  run.End();
  Must(store.SignHead());
}

std::int64_t LogBytesOf(const SqliteHarness& harness) {
  return static_cast<std::int64_t>(std::filesystem::file_size(harness.path() + "-wal"));
}

FileShape FileShapeOf(const SqliteHarness& harness) { return Must(LookAtDatabase(harness.path(), "")).file.value(); }

}  // namespace

TEST_CASE("upkeep: looking leaves the log, tidying empties it and tells the planner nothing") {
  SqliteHarness harness;
  const auto store = harness.Open();
  FillForUpkeep(*store);
  const std::int64_t log_bytes = LogBytesOf(harness);
  REQUIRE(log_bytes > 0);
  const FileShape seen = FileShapeOf(harness);
  CHECK(seen.log_bytes == log_bytes);
  CHECK(seen.damage.empty());
  CHECK(LogBytesOf(harness) == log_bytes);
  CHECK(Must(TidyDatabase(harness.path(), "")));
  CHECK(LogBytesOf(harness) == 0);
  const FileShape done = FileShapeOf(harness);
  CHECK(static_cast<std::int64_t>(harness.ReadFile().size()) == done.pages * done.page_bytes);
  SQLite::Database db(harness.path(), SQLite::OPEN_READWRITE);
  CHECK(db.execAndGet("SELECT count(*) FROM sqlite_master WHERE name LIKE 'sqlite_stat%'").getInt64() == 0);
  CHECK(Must(store->Fsck({})).faults.empty());
}

TEST_CASE("upkeep: free pages are counted as SQLite counts them") {
  SqliteHarness harness;
  const auto store = harness.Open();
  FillForUpkeep(*store);
  CHECK(FileShapeOf(harness).free_pages == 0);
  SQLite::Database db(harness.path(), SQLite::OPEN_READWRITE);
  db.exec("CREATE TABLE waste (bytes BLOB); INSERT INTO waste VALUES (zeroblob(163840)); DROP TABLE waste");
  const std::int64_t free_pages = db.execAndGet("PRAGMA freelist_count").getInt64();
  REQUIRE(free_pages >= 10);
  CHECK(FileShapeOf(harness).free_pages == free_pages);
}

TEST_CASE("upkeep: a reader of an old state keeps the log, and is told of") {
  SqliteHarness harness;
  const auto store = harness.Open();
  FillForUpkeep(*store);
  SQLite::Database reader(harness.path(), SQLite::OPEN_READWRITE);
  reader.exec("BEGIN");
  REQUIRE(reader.execAndGet("SELECT count(*) FROM leaves").getInt64() > 0);
  FillForUpkeep(*store);
  CHECK_FALSE(Must(TidyDatabase(harness.path(), "")));
  CHECK(LogBytesOf(harness) > 0);
  reader.exec("COMMIT");
  CHECK(Must(TidyDatabase(harness.path(), "")));
}

TEST_CASE("upkeep: a damaged file is named") {
  SqliteHarness harness;
  const auto store = harness.Open();
  FillForUpkeep(*store);
  SQLite::Database(harness.path(), SQLite::OPEN_READWRITE)
      .exec(
          "PRAGMA writable_schema = ON; UPDATE sqlite_master SET rootpage = (SELECT rootpage FROM sqlite_master "
          "WHERE name = 'leaves') WHERE name = 'salts'");
  CHECK_FALSE(FileShapeOf(harness).damage.empty());
}

TEST_CASE("upkeep: a file that must exist is not made") {
  SqliteHarness harness;
  StoreSettings looking = harness.Settings();
  looking.must_exist = true;
  CHECK(harness.TryOpenWith(looking).error().code == "no_store");
  CHECK_FALSE(std::filesystem::exists(harness.path()));
}

TEST_CASE("postgres store: upkeep analyzes each table of the store") {
  PostgresServer* const server = PostgresServer::Get();
  if (server == nullptr) return;
  PostgresHarness harness(*server);
  const auto store = harness.Open();
  FillForUpkeep(*store);
  const auto shapes = [&] { return Must(LookAtDatabase(harness.uri(), "")); };
  const auto analyzed = [&] {
    const std::vector<TableShape> tables = shapes().tables;
    REQUIRE(tables.size() > 20);
    return std::count_if(tables.begin(), tables.end(),
                         [](const TableShape& table) { return table.analyzed_at.has_value(); });
  };
  CHECK_FALSE(shapes().file.has_value());
  CHECK(analyzed() == 0);
  CHECK(Must(TidyDatabase(harness.uri(), "")));
  const std::vector<TableShape> tables = shapes().tables;
  CHECK(analyzed() == std::ssize(tables));
  const auto leaves =
      std::find_if(tables.begin(), tables.end(), [](const TableShape& table) { return table.table == "leaves"; });
  REQUIRE(leaves != tables.end());
  CHECK(leaves->rows == std::stoll(AskPostgres(harness.uri(), "SELECT count(*) FROM leaves")[0][0]));
  CHECK(leaves->bytes > 0);
  CHECK(Must(store->Fsck({})).faults.empty());
}

TEST_CASE("postgres store: in an empty database that is only looked at, no table is made") {
  PostgresServer* const server = PostgresServer::Get();
  if (server == nullptr) return;
  PostgresHarness harness(*server);
  StoreSettings looking = harness.Settings();
  looking.must_exist = true;
  const auto none = harness.TryOpenWith(looking);
  REQUIRE_FALSE(none.ok());
  CHECK(none.error().code == "no_store");
  CHECK(AskPostgres(harness.uri(),
                    "SELECT count(*) FROM pg_class WHERE relnamespace = "
                    "current_schema()::REGNAMESPACE")[0][0] == "0");
}
