// Goal: what is damaged where a log ends is named before anything is written, each kind of it; a sound store, whatever
// its size, and one that another process writes into are not.
#include "storage/start_check.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include "tests/storage/sqlite_harness.h"

using namespace mc;
using namespace mc::test;

namespace {

// "what where", one line each.
std::string Named(Store& store) {
  std::string text;
  for (const Fault& fault : Must(CheckAtStart(store))) text += fault.what + " " + fault.where + "\n";
  return text;
}

void Fill(Collecting& run, int records, const std::string& prefix) {
  std::vector<IngestItem> items;
  for (int i = 0; i < records; ++i) items.push_back(Task(prefix + std::to_string(i), "open"));
  run.Append(std::move(items));
}

struct Harm {
  const char* name;
  const char* sql;
  const char* named;
};

// The store has 300 leaves, 290 of them signed: a full tile, a partial one, and a level above.
constexpr Harm kHarms[] = {
    {"a leaf changed", "UPDATE leaves SET bytes = zeroblob(80) WHERE leaf_index = 299", "leaf leaf 299\n"},
    {"a leaf gone", "DELETE FROM leaves WHERE leaf_index = 297", "store_leaf leaf 297\n"},
    {"a leaf changed that is only hashed", "UPDATE leaves SET bytes = zeroblob(80) WHERE leaf_index = 256",
     "leaf leaf 256\n"},
    {"a salt gone", "DELETE FROM salts WHERE leaf_index = 299", "store_leaf leaf 299\n"},
    {"what a leaf states gone", "DELETE FROM evidence WHERE leaf_index = 290", "store_leaf leaf 290\n"},
    {"a leaf behind the end", "INSERT INTO leaves (leaf_index, bytes) VALUES (300, zeroblob(80))", "leaf leaf 300\n"},
    {"the last tile gone", "DELETE FROM tiles WHERE level = 0 AND tile_index = 1",
     "bad_tile signed head\nbad_tile tile 0/1\n"},
    {"the last tile short", "UPDATE tiles SET hashes = substr(hashes, 1, 1376) WHERE level = 0 AND tile_index = 1",
     "tile tile 0/1\n"},
    {"a full tile changed", "UPDATE tiles SET hashes = zeroblob(8192) WHERE level = 0 AND tile_index = 0",
     "tile tile 1/0\n"},
    {"the head forged", "UPDATE heads SET note = replace(note, char(10), ' ' || char(10))", "bad_note signed head\n"},
    {"the ledger shorter than its head", "UPDATE ledger SET size = 100", "ledger_rollback signed head\n"},
    {"the ledger longer than its leaves", "UPDATE ledger SET size = 301", "tile tile 0/1\nstore_leaf leaf 300\n"},
};

}  // namespace

TEST_CASE("start check: each damage where the log ends is named") {
  for (const Harm& harm : kHarms) {
    CAPTURE(harm.name);
    SqliteHarness harness;
    const auto store = harness.Open();
    Collecting run(*store);
    Fill(run, 290, "A");
    Must(store->SignHead());
    Fill(run, 10, "B");
    CHECK(Named(*store) == "");
    SQLite::Database(harness.path(), SQLite::OPEN_READWRITE).exec(harm.sql);
    CHECK(Named(*store) == harm.named);
  }
}

TEST_CASE("start check: a store is sound at every size around a tile, signed or not") {
  SqliteHarness harness;
  const auto store = harness.Open();
  CHECK(Named(*store) == "");
  Collecting run(*store);
  for (const int records : {1, 254, 1, 1, 255, 1}) {
    Fill(run, records, "S" + std::to_string(LedgerSizeOf(*store)) + "-");
    CHECK(Named(*store) == "");
    Must(store->SignHead());
    CHECK(Named(*store) == "");
  }
}

TEST_CASE("start check: what another process has not committed yet is no damage") {
  SqliteHarness harness;
  const auto store = harness.Open();
  Collecting run(*store);
  Fill(run, 3, "A");
  SQLite::Database other(harness.path(), SQLite::OPEN_READWRITE);
  other.exec("BEGIN IMMEDIATE; INSERT INTO leaves (leaf_index, bytes) VALUES (3, zeroblob(80))");
  CHECK(Named(*store) == "");
  other.exec("ROLLBACK");
}
