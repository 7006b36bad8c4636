#include "storage/upkeep.h"

#include <filesystem>

#include "storage/postgres_connection.h"
#include "storage/postgres_store.h"
#include "storage/sqlite_connection.h"

namespace mc {
namespace {

// Emptying the log holds writers up while it waits for readers.
constexpr const char* kShortWait = "PRAGMA busy_timeout = 200";

std::int64_t NumberOf(SqlConnection& db, const char* sql) {
  const auto row = db.Prepare(sql);
  return row->Step() ? row->GetInt(0) : 0;
}

std::vector<std::string> QuickCheck(SqlConnection& db) {
  std::vector<std::string> damage;
  const auto row = db.Prepare("PRAGMA quick_check(20)");
  while (row->Step()) {
    if (std::string line = row->GetText(0); line != "ok") damage.push_back(std::move(line));
  }
  return damage;
}

FileShape ShapeOfFile(const std::string& path) {
  SqliteConnection db(path, kLogPages);
  FileShape file;
  file.page_bytes = NumberOf(db, "PRAGMA page_size");
  file.pages = NumberOf(db, "PRAGMA page_count");
  file.free_pages = NumberOf(db, "PRAGMA freelist_count");
  std::error_code none;
  const auto log_bytes = std::filesystem::file_size(path + "-wal", none);
  if (!none) file.log_bytes = static_cast<std::int64_t>(log_bytes);
  file.damage = QuickCheck(db);
  return file;
}

std::optional<std::int64_t> TimeIn(const SqlStatement& row, int column) {
  if (row.IsNull(column)) return std::nullopt;
  return row.GetInt(column);
}

// Others' tables in the same schema would only refuse to be analyzed.
std::vector<TableShape> ShapeOfTables(SqlConnection& db) {
  std::vector<TableShape> tables;
  const auto row = db.Prepare(
      "SELECT s.relname, pg_total_relation_size(s.relid), s.n_live_tup, s.n_dead_tup, "
      "extract(epoch FROM greatest(s.last_vacuum, s.last_autovacuum))::BIGINT, "
      "extract(epoch FROM greatest(s.last_analyze, s.last_autoanalyze))::BIGINT "
      "FROM pg_stat_user_tables s JOIN pg_class c ON c.oid = s.relid "
      "WHERE s.schemaname = current_schema() AND pg_has_role(c.relowner, 'USAGE') ORDER BY 2 DESC, 1");
  while (row->Step()) {
    tables.push_back(
        {row->GetText(0), row->GetInt(1), row->GetInt(2), row->GetInt(3), TimeIn(*row, 4), TimeIn(*row, 5)});
  }
  return tables;
}

std::string QuotedName(const std::string& name) {
  std::string quoted = "\"";
  for (const char c : name) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

}  // namespace

Result<DatabaseShape> LookAtDatabase(const std::string& path, const std::string& password) {
  return Guarded([&]() -> Result<DatabaseShape> {
    DatabaseShape shape;
    if (IsPostgresUri(path)) {
      PostgresConnection db(path, password);
      shape.tables = ShapeOfTables(db);
    } else {
      shape.file = ShapeOfFile(path);
    }
    return shape;
  });
}

Result<bool> TidyDatabase(const std::string& path, const std::string& password) {
  return Guarded([&]() -> Result<bool> {
    if (IsPostgresUri(path)) {
      PostgresConnection db(path, password);
      for (const TableShape& table : ShapeOfTables(db)) db.Execute("ANALYZE " + QuotedName(table.table));
      return true;
    }
    SqliteConnection db(path, kLogPages);
    db.Execute(kShortWait);
    return NumberOf(db, "PRAGMA wal_checkpoint(TRUNCATE)") == 0;  // 1: somebody was in the way
  });
}

}  // namespace mc
