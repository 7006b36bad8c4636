// Inside of the engines: a connection to an SQLite file. WAL, synchronous=FULL; a writer waits kBusyWaitMillis for
// another one.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <chrono>
#include <memory>
#include <string>

#include "storage/sql.h"
#include "storage/store_settings.h"

namespace mc {

class SqliteConnection final : public SqlConnection {
 public:
  // Throws SqlFailure. log_pages: StoreSettings.
  SqliteConnection(const std::string& path, int log_pages);

  std::unique_ptr<SqlStatement> Prepare(const char* sql) override;
  std::unique_ptr<SqlStatement> Scan(const std::string& sql) override;
  void Execute(const std::string& sql) override;
  void Begin(Access access) override;
  void Commit() override;
  void Rollback() noexcept override;
  void BeginSetup() override { Begin(Access::kWrite); }
  std::set<std::string> Tables() override;
  void Create(const std::vector<std::string>& statements) override;
  std::string name() const override { return path_; }
  SchemaTypes types() const override;
  Instant LeaseNow(const Clock& ours) override { return ours.Now(); }
  // Also finds an index that does not agree with its table.
  std::vector<std::string> FindDamage() override;
  Status Wipe() override;
  Status CopyInto(const std::string& file) override;

 private:
  // Called by SQLite, with the connection as their first argument.
  static int WaitForWriter(void* connection, int waits);
  static int EmptyLog(void* connection, sqlite3* db, const char* name, int pages);

  const std::string path_;
  const int log_pages_;
  std::chrono::milliseconds longest_wait_{kBusyWaitMillis};  // for another writer
  std::chrono::steady_clock::time_point waiting_since_;
  int empty_log_at_ = 0;  // pages of the write-ahead log
  SQLite::Database db_;
};

// Makes the file when it is absent, unless it must exist.
Result<std::unique_ptr<SqlConnection>> ConnectSqlite(const StoreSettings& settings);

}  // namespace mc
