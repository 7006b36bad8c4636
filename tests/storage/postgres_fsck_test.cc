// Goal: on PostgreSQL too, fsck finds every row that is deleted, added or exchanged (changed values:
// postgres_store_test.cc; each kind of row and where it is named: sqlite_fsck_test.cc).
// Method: a store with two runs; each row of each table that they filled is taken in turn, and put back.
#include <set>

#include "tests/storage/conformance_sheets.h"
#include "tests/storage/postgres_harness.h"

namespace mc::test {
namespace {

class RowTampering {
 public:
  explicit RowTampering(PostgresServer& server) : harness_(server), store_(harness_.Open()) {
    for (const char* status : {"open", "done"}) {
      Collecting run(*store_);
      run.Append({Task("T1", status), Task("T2", "open"), Bad(std::string("T3 ") + status, status)}, status);
      run.End();
      Must(store_->SignHead());
      harness_.Tick();
    }
    Must(KeepAll(*store_, ScoringOf("2026-06", 1), {SheetOf("p-1", "u-1"), SheetOf("p-2", "u-2")}));
    CheckClean(*store_);
  }

  std::vector<std::vector<std::string>> Ask(const std::string& sql) { return AskPostgres(harness_.uri(), sql); }

  // Whose rows fsck answers for, without the empty ones.
  std::vector<std::string> Tables() {
    std::vector<std::string> tables;
    for (const auto& row : Ask("SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = "
                               "current_schema()::REGNAMESPACE AND relname NOT IN ('leases', 'audit') ORDER BY 1")) {
      if (CountOf(row[0]) > 0) tables.push_back(row[0]);
    }
    return tables;
  }
  int CountOf(const std::string& table) { return std::stoi(Ask("SELECT count(*) FROM " + table)[0][0]); }

  // Name and type of the first column of its primary key.
  std::vector<std::string> KeyOf(const std::string& table) {
    return Ask(
        "SELECT a.attname, a.atttypid::REGTYPE FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid "
        "AND a.attnum = i.indkey[0] WHERE i.indisprimary AND i.indrelid = '" +
        table + "'::REGCLASS")[0];
  }

  void MustFind(const std::string& table, const std::string& damage) {
    Ask("CREATE TABLE kept AS TABLE " + table);
    Ask(damage);
    CHECK_MESSAGE(!Must(store_->Fsck({})).faults.empty(), damage);
    Ask("TRUNCATE " + table + "; INSERT INTO " + table + " TABLE kept; DROP TABLE kept");
  }
  void MustBeClean() { CheckClean(*store_); }

 private:
  PostgresHarness harness_;
  std::unique_ptr<Store> store_;
};

std::string RowAt(const std::string& table, int at) {
  return "ctid = (SELECT ctid FROM " + table + " ORDER BY ctid OFFSET " + std::to_string(at) + " LIMIT 1)";
}

}  // namespace

TEST_CASE("postgres fsck: finds every deleted row") {
  PostgresServer* const server = PostgresServer::Get();
  if (server == nullptr) return;
  RowTampering tampering(*server);
  int deleted = 0;
  for (const std::string& table : tampering.Tables()) {
    if (table == "cursors") continue;  // a lost position is read again from the start
    for (int i = 0; i < tampering.CountOf(table); ++i, ++deleted) {
      tampering.MustFind(table, "DELETE FROM " + table + " WHERE " + RowAt(table, i));
    }
  }
  CHECK(deleted > 40);
  tampering.MustBeClean();
}

TEST_CASE("postgres fsck: finds every added row") {
  PostgresServer* const server = PostgresServer::Get();
  if (server == nullptr) return;
  RowTampering tampering(*server);
  int added = 0;
  for (const std::string& table : tampering.Tables()) {
    const auto key = tampering.KeyOf(table);
    const std::string other = key[1] == "text" ? " || 'x'" : key[1] == "bytea" ? " || '\\x00'" : " + 1000000";
    for (int i = 0; i < tampering.CountOf(table); ++i, ++added) {
      std::string damage = "CREATE TEMP TABLE extra AS SELECT * FROM " + table + " WHERE " + RowAt(table, i) +
                           "; UPDATE extra SET " + key[0] + " = " + key[0] + other;
      if (table == "runs") damage += ", leaf_index = NULL";  // unique
      tampering.MustFind(table, damage + "; INSERT INTO " + table + " TABLE extra");
    }
  }
  CHECK(added > 40);
  tampering.MustBeClean();
}

TEST_CASE("postgres fsck: finds any two rows that changed places") {
  PostgresServer* const server = PostgresServer::Get();
  if (server == nullptr) return;
  RowTampering tampering(*server);
  for (const std::string table :
       {"leaves", "salts", "records", "payloads", "evidence", "rejections", "heads", "runs"}) {
    const std::string key = tampering.KeyOf(table)[0];
    const auto rows = tampering.Ask("SELECT " + key + " FROM " + table + " ORDER BY 1");
    REQUIRE(rows.size() >= 2);
    for (std::size_t i = 0; i + 1 < rows.size(); ++i) {
      const auto move = [&](const std::string& from, const std::string& to) {
        return "UPDATE " + table + " SET " + key + " = " + to + " WHERE " + key + " = " + from + ";";
      };
      const std::string& a = rows[i][0];
      const std::string& b = rows[i + 1][0];
      tampering.MustFind(table, move(a, "-5") + move(b, a) + move("-5", b));
    }
  }
  tampering.MustBeClean();
}

}  // namespace mc::test
