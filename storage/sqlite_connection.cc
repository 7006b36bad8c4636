// A connection to an SQLite file: its pragmas, waits and write-ahead log; SQLite's errors as ours.
#include "storage/sqlite_connection.h"

#include <sqlite3.h>
#include <sys/stat.h>

#include <cerrno>
#include <filesystem>
#include <thread>

#include "storage/sql_store.h"
#include "storage/sqlite_store.h"

namespace mc {
namespace {

constexpr const char* kPragmas =
    "PRAGMA page_size = 8192;"  // of a new file; a page of the log costs its writes more than its bytes
    "PRAGMA journal_mode = WAL;"
    "PRAGMA synchronous = FULL;"  // a commit that was answered survives a power cut
    "PRAGMA secure_delete = ON;"  // an erased key leaves no copy in a free page
    "PRAGMA trusted_schema = OFF;"
    "PRAGMA cell_size_check = ON;"
    "PRAGMA cache_size = -65536;"  // 64 MiB: the random unique index should stay in memory
    "PRAGMA temp_store = MEMORY;";

constexpr std::chrono::milliseconds kOpenRetryWait{10};

// Made by us so that only its owner may read it; SQLite gives -wal and -shm the same mode. Never opened here: closing
// any descriptor of the file would drop the locks of every other store that this process has open on it (POSIX), and
// another process could then take the log away from under them.
Status MakeFile(const std::string& path) {
  if (::mknod(path.c_str(), S_IFREG | S_IRUSR | S_IWUSR, 0) == 0) return Ok();
  if (errno != EEXIST) return ConfigError("store_path", "cannot open or make the store file " + path);
  struct stat made{};
  if (::stat(path.c_str(), &made) == 0 && S_ISREG(made.st_mode)) return Ok();
  return ConfigError("store_path", path + " is not a file: name the store's file, or move what stands in its place");
}

// A page is written in some milliseconds. SQLite's own waits grow to 100 ms, in which the lock
// lies idle; these do not grow.
constexpr std::chrono::microseconds kWriterWait{500};

// How long emptying the write-ahead log may hold up others. A long reader makes it come too
// early; it is tried again when the log has grown by a quarter.
constexpr std::chrono::milliseconds kCheckpointWait{100};

Error SqliteError(const SQLite::Exception& error) {
  const std::string text = std::string("the store's database: ") + error.what();
  constexpr const char* kUntouched = "; what was acknowledged stands, and the next run goes on from there";
  switch (error.getErrorCode() & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return TransientError("store_busy", text);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return InternalError("store_corrupt",
                           text + "; keep the file as it is, run fsck for a list, and see docs/operating/backup.md");
    case SQLITE_FULL: return InternalError("store_full", text + "; make room on the store's disk" + kUntouched);
    case SQLITE_IOERR: return InternalError("store_io", text + "; look at the disk and the kernel's log" + kUntouched);
    case SQLITE_CANTOPEN:  // the file is there (MakeFile), and no log can be made beside it, or it is not ours
    case SQLITE_READONLY:
      return InternalError(
          "store_readonly",
          text + "; make the store's file and folder writable, with room for a file more" + kUntouched);
    default: return InternalError("store_sql", text);
  }
}

// Runs `work` and throws SQLite's exceptions as ours.
template <typename Work>
auto AsOurs(Work&& work) -> decltype(work()) {
  try {
    return work();
  } catch (const SQLite::Exception& error) {
    throw SqlFailure(SqliteError(error));
  }
}

// Straight on SQLite: SQLiteCpp makes an object, with a count of its own, for each column that is read.
class SqliteStatement final : public SqlStatement {
 public:
  SqliteStatement(sqlite3* db, const std::string& sql) : db_(db) {
    Check(sqlite3_prepare_v2(db, sql.c_str(), static_cast<int>(sql.size()) + 1, &statement_, nullptr));
  }
  SqliteStatement(const SqliteStatement&) = delete;
  SqliteStatement& operator=(const SqliteStatement&) = delete;
  ~SqliteStatement() override { sqlite3_finalize(statement_); }

  void BindInt(int parameter, std::int64_t value) override { Check(sqlite3_bind_int64(statement_, parameter, value)); }
  void BindNull(int parameter) override { Check(sqlite3_bind_null(statement_, parameter)); }
  void BindText(int parameter, const std::string& value) override {
    Check(sqlite3_bind_text(statement_, parameter, value.data(), static_cast<int>(value.size()), SQLITE_STATIC));
  }
  void BindBytes(int parameter, std::string_view value) override {
    Check(sqlite3_bind_blob(statement_, parameter, value.data(), static_cast<int>(value.size()), SQLITE_STATIC));
  }
  bool Step() override {
    if (ended_) return false;  // SQLite would begin anew
    const int code = sqlite3_step(statement_);
    ended_ = code != SQLITE_ROW;
    if (ended_ && code != SQLITE_DONE) throw Failure(code);
    return !ended_;
  }
  void Run() override {
    if (Step()) throw SqlFailure(InternalError("store_sql", "a statement without rows gave one"));
  }
  void Reset() noexcept override {
    sqlite3_reset(statement_);
    ended_ = false;
  }

  bool IsNull(int column) const override { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }
  std::int64_t GetInt(int column) const override { return sqlite3_column_int64(statement_, column); }
  std::string GetText(int column) const override {
    const auto* const bytes = static_cast<const char*>(sqlite3_column_blob(statement_, column));  // before its length
    return bytes == nullptr ? std::string()
                            : std::string(bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column)));
  }

 private:
  SqlFailure Failure(int code) const { return SqlFailure(SqliteError(SQLite::Exception(db_, code))); }
  void Check(int code) const {
    if (code != SQLITE_OK) throw Failure(code);
  }

  sqlite3* const db_;
  sqlite3_stmt* statement_ = nullptr;
  bool ended_ = false;
};

}  // namespace

// NOMUTEX: a store is used by one thread at a time.
SqliteConnection::SqliteConnection(const std::string& path, int log_pages) try
    : path_(path),
      log_pages_(log_pages),
      db_(path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE | SQLite::OPEN_NOMUTEX) {
  sqlite3_busy_handler(db_.getHandle(), &SqliteConnection::WaitForWriter, this);
  db_.exec(kPragmas);
  sqlite3_wal_hook(db_.getHandle(), &SqliteConnection::EmptyLog, this);
} catch (const SQLite::Exception& error) {
  throw SqlFailure(SqliteError(error));
}

int SqliteConnection::WaitForWriter(void* connection, int waits) {
  auto& self = *static_cast<SqliteConnection*>(connection);
  const auto now = std::chrono::steady_clock::now();
  if (waits == 0) self.waiting_since_ = now;
  if (now - self.waiting_since_ >= self.longest_wait_) return 0;
  std::this_thread::sleep_for(kWriterWait);
  return 1;
}

// After each commit. SQLite's own checkpoints let writers pass, and with several of them the log
// is never quiet: it would grow without end. This one keeps them out, so that it starts anew.
int SqliteConnection::EmptyLog(void* connection, sqlite3* db, const char* name, int pages) {
  auto& self = *static_cast<SqliteConnection*>(connection);
  const int full = self.log_pages_;
  if (pages < full) self.empty_log_at_ = full;
  if (pages < self.empty_log_at_) return SQLITE_OK;
  self.longest_wait_ = kCheckpointWait;
  const int emptied = sqlite3_wal_checkpoint_v2(db, name, SQLITE_CHECKPOINT_RESTART, nullptr, nullptr);
  self.longest_wait_ = std::chrono::milliseconds(kBusyWaitMillis);
  self.empty_log_at_ = emptied == SQLITE_OK ? full : pages + full / 4;
  return SQLITE_OK;  // the commit is done whatever became of this
}

std::unique_ptr<SqlStatement> SqliteConnection::Prepare(const char* sql) { return Scan(sql); }

std::unique_ptr<SqlStatement> SqliteConnection::Scan(const std::string& sql) {
  return std::make_unique<SqliteStatement>(db_.getHandle(), sql);
}

void SqliteConnection::Execute(const std::string& sql) {
  AsOurs([&] { db_.exec(sql); });
}

void SqliteConnection::Begin(Access access) { Execute(access == Access::kWrite ? "BEGIN IMMEDIATE" : "BEGIN"); }

void SqliteConnection::Commit() { Execute("COMMIT"); }

void SqliteConnection::Rollback() noexcept {
  sqlite3_exec(db_.getHandle(), "ROLLBACK", nullptr, nullptr, nullptr);  // SQLite may have done so itself
}

std::set<std::string> SqliteConnection::Tables() {
  std::set<std::string> names;
  const auto statement = Scan("SELECT name FROM sqlite_master");
  while (statement->Step()) names.insert(statement->GetText(0));
  return names;
}

void SqliteConnection::Create(const std::vector<std::string>& statements) {
  for (const std::string& statement : statements) Execute(statement);
}

SchemaTypes SqliteConnection::types() const { return {"INTEGER PRIMARY KEY", "INTEGER", "TEXT", "BLOB"}; }

std::vector<std::string> SqliteConnection::FindDamage() {
  std::vector<std::string> damage;
  const auto statement = Scan("PRAGMA integrity_check(20)");
  while (statement->Step()) {
    if (std::string line = statement->GetText(0); line != "ok") damage.push_back(std::move(line));
  }
  return damage;
}

// secure_delete leaves copies of rows that SQLite moved from one page to another before they were deleted: the
// file is written anew, without free space, and the log with the old pages is cut off.
Status SqliteConnection::Wipe() {
  Execute("PRAGMA temp_store = FILE");  // a copy of the whole store does not belong in memory
  Execute("VACUUM");
  Execute("PRAGMA temp_store = MEMORY");
  const int emptied = sqlite3_wal_checkpoint_v2(db_.getHandle(), nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
  if (emptied == SQLITE_OK) return Ok();
  return TransientError("erased_not_wiped",
                        "the records are erased, but old pages still lie in the database's log while another "
                        "process reads it: run the same command again, or stop that process first");
}

// VACUUM INTO and not the backup interface, which copies free pages too: erased keys may lie in them
// (docs/decisions/0011-erasure.md). It reads as of one moment and holds up no writer.
Status SqliteConnection::CopyInto(const std::string& file) {
  if (::access(file.c_str(), F_OK) == 0) return ConfigError("backup_exists", file + " is there");
  MC_CHECK_OK(MakeFile(file));
  Execute("PRAGMA temp_store = FILE");
  AsOurs([&] {
    SQLite::Statement copy(db_, "VACUUM INTO ?");
    copy.bind(1, file);
    copy.exec();
  });
  Execute("PRAGMA temp_store = MEMORY");
  return Ok();
}

Result<std::unique_ptr<SqlConnection>> ConnectSqlite(const StoreSettings& settings) {
  if (std::error_code none; settings.must_exist && !std::filesystem::exists(settings.path, none)) {
    return NoStore(settings.path);
  }
  MC_CHECK_OK(MakeFile(settings.path));
  return std::unique_ptr<SqlConnection>(std::make_unique<SqliteConnection>(settings.path, settings.log_pages));
}

// SQLite's busy handler is not asked while a file becomes WAL or its log is recovered, so
// two openings of one store can meet there: each waits as long as it would for a write.
Result<std::unique_ptr<Store>> OpenSqliteStore(StoreSettings settings) {
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::milliseconds(kBusyWaitMillis);
  while (true) {
    auto store = OpenSqlStore(settings);
    if (store.ok()) return std::unique_ptr<Store>(std::move(store).value());
    if (store.error().code != "store_busy" || std::chrono::steady_clock::now() >= give_up) return store.error();
    std::this_thread::sleep_for(kOpenRetryWait);
  }
}

}  // namespace mc
