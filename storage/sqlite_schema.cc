// Opening a store: file, pragmas, schema, version and keys; SQLite's errors as ours.
#include <sqlite3.h>
#include <sys/stat.h>

#include <cerrno>
#include <chrono>
#include <thread>

#include "storage/schema.h"
#include "storage/sqlite_engine.h"

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
const SchemaTypes kTypes{"INTEGER PRIMARY KEY", "BLOB"};
constexpr std::size_t kSeedBytes = 32;  // Ed25519, RFC 8032

// Made by us so that only its owner may read it; SQLite gives -wal and -shm the same mode. Never opened here: closing
// any descriptor of the file would drop the locks of every other store that this process has open on it (POSIX), and
// another process could then take the log away from under them.
Status MakeFile(const std::string& path) {
  if (::mknod(path.c_str(), S_IFREG | S_IRUSR | S_IWUSR, 0) == 0 || errno == EEXIST) return Ok();
  return ConfigError("store_path", "cannot open or make the store file " + path);
}

Status CheckSettings(const StoreSettings& settings) {
  if (settings.sealing_key.size() != kSealKeyBytes) {
    return ConfigError("store_key", "the sealing key must have exactly 32 bytes");
  }
  if (settings.signer.name.empty() || settings.signer.seed.size() != kSeedBytes) {
    return ConfigError("store_log", "the log needs a name and a signing seed of exactly 32 bytes");
  }
  if (settings.former_signer && settings.former_signer->seed.size() != kSeedBytes) {
    return ConfigError("store_log", "the log's former signing seed must have exactly 32 bytes");
  }
  if (settings.payload_limit_bytes < 1)
    return ConfigError("payload_limit_bytes", "payload_limit_bytes must be positive");
  return Ok();
}

// A page is written in some milliseconds. SQLite's own waits grow to 100 ms, in which the lock
// lies idle; these do not grow.
constexpr std::chrono::microseconds kWriterWait{500};

// How long emptying the write-ahead log may hold up others. A long reader makes it come too
// early; it is tried again when the log has grown by a quarter.
constexpr std::chrono::milliseconds kCheckpointWait{100};

}  // namespace

Error SqliteError(const SQLite::Exception& error) {
  const std::string text = std::string("the store's database: ") + error.what();
  switch (error.getErrorCode() & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return TransientError("store_busy", text);
    case SQLITE_CORRUPT: return InternalError("store_corrupt", text);
    case SQLITE_NOTADB: return InternalError("store_corrupt", text);
    case SQLITE_FULL: return InternalError("store_full", text);
    case SQLITE_IOERR: return InternalError("store_io", text);
    case SQLITE_READONLY: return InternalError("store_readonly", text);
    case SQLITE_CANTOPEN: return ConfigError("store_path", text);
    default: return InternalError("store_sql", text);
  }
}

Query& Query::Int(std::int64_t value) {
  statement_.bind(next_++, value);
  return *this;
}

Query& Query::OptionalInt(const std::optional<std::int64_t>& value) {
  if (value) return Int(*value);
  statement_.bind(next_++);
  return *this;
}

Query& Query::Text(const std::string& value) {
  statement_.bindNoCopy(next_++, value);
  return *this;
}

Query& Query::Blob(std::string_view value) {
  statement_.bindNoCopy(next_++, static_cast<const void*>(value.data()), static_cast<int>(value.size()));
  return *this;
}

std::optional<std::int64_t> Query::GetOptionalInt(int column) const {
  if (IsNull(column)) return std::nullopt;
  return GetInt(column);
}

SQLite::Statement& Statements::operator[](const char* sql) {
  const auto found = compiled_.find(sql);
  if (found != compiled_.end()) return found->second;
  return compiled_.emplace(sql, SQLite::Statement(db_, sql)).first->second;
}

// NOMUTEX: a store is used by one thread at a time.
SqliteStore::SqliteStore(StoreSettings settings)
    : settings_(std::move(settings)),
      db_(settings_.path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE | SQLite::OPEN_NOMUTEX),
      sql_(db_) {
  sqlite3_busy_handler(db_.getHandle(), &SqliteStore::WaitForWriter, this);
}

int SqliteStore::WaitForWriter(void* store, int waits) {
  auto& self = *static_cast<SqliteStore*>(store);
  const auto now = std::chrono::steady_clock::now();
  if (waits == 0) self.waiting_since_ = now;
  if (now - self.waiting_since_ >= self.longest_wait_) return 0;
  std::this_thread::sleep_for(kWriterWait);
  return 1;
}

// After each commit. SQLite's own checkpoints let writers pass, and with several of them the log
// is never quiet: it would grow without end. This one keeps them out, so that it starts anew.
int SqliteStore::EmptyLog(void* store, sqlite3* db, const char* name, int pages) {
  auto& self = *static_cast<SqliteStore*>(store);
  const int full = self.settings_.log_pages;
  if (pages < full) self.empty_log_at_ = full;
  if (pages < self.empty_log_at_) return SQLITE_OK;
  self.longest_wait_ = kCheckpointWait;
  const int emptied = sqlite3_wal_checkpoint_v2(db, name, SQLITE_CHECKPOINT_RESTART, nullptr, nullptr);
  self.longest_wait_ = std::chrono::milliseconds(kBusyWaitMillis);
  self.empty_log_at_ = emptied == SQLITE_OK ? full : pages + full / 4;
  return SQLITE_OK;  // the commit is done whatever became of this
}

std::map<std::string, std::string> SqliteStore::ExpectedMeta() const {
  return {{"schema_version", std::to_string(kSchemaVersion)},
          {"log", VerifierKey(settings_.signer)},
          {"key_check", ToHex(HmacSha256(settings_.sealing_key, "minhchung: key check of the store"))}};
}

Status SqliteStore::Prepare() {
  db_.exec(kPragmas);
  sqlite3_wal_hook(db_.getHandle(), &SqliteStore::EmptyLog, this);
  SQLite::Transaction transaction(db_, SQLite::TransactionBehavior::IMMEDIATE);
  const auto expected = ExpectedMeta();
  const bool fresh = db_.execAndGet("SELECT count(*) FROM sqlite_master").getInt64() == 0;
  if (!fresh && !db_.tableExists("meta")) {
    return ConfigError("store_version", settings_.path + " is a database, but not one of this program");
  }
  if (fresh) {
    for (const std::string& statement : SchemaStatements(kTypes)) db_.exec(statement);
    for (const auto& [name, value] : expected) {
      Query(sql_["INSERT INTO meta (name, value) VALUES (?, ?)"]).Text(name).Text(value).Run();
    }
    db_.exec("INSERT INTO ledger (id, size, head_size, heads) VALUES (1, 0, 0, 0)");
  }
  const auto stored = [&](const std::string& name) {
    Query row(sql_["SELECT value FROM meta WHERE name = ?"]);
    row.Text(name);
    return row.Step() ? row.GetText(0) : std::string();
  };
  if (const std::string version = stored("schema_version"); version != expected.at("schema_version")) {
    return ConfigError("store_version", settings_.path + " has schema version \"" + version +
                                            "\"; this program reads " + expected.at("schema_version"));
  }
  if (stored("key_check") != expected.at("key_check")) {
    return ConfigError("store_key", settings_.path + " was sealed with another sealing key");
  }
  const bool counted = db_.tableExists("quality_state");
  for (const std::string& statement : AddedStatements(kTypes)) db_.exec(statement);
  if (!counted) CountQuality();
  MC_CHECK_OK(CheckSigner());
  transaction.commit();
  return Ok();
}

namespace {

Result<std::unique_ptr<Store>> OpenOnce(const StoreSettings& settings) {
  return Guarded([&]() -> Result<std::unique_ptr<Store>> {
    auto store = std::make_unique<SqliteStore>(settings);
    MC_CHECK_OK(store->Prepare());
    return std::unique_ptr<Store>(std::move(store));
  });
}

}  // namespace

// SQLite's busy handler is not asked while a file becomes WAL or its log is recovered, so
// two openings of one store can meet there: each waits as long as it would for a write.
Result<std::unique_ptr<Store>> OpenSqliteStore(StoreSettings settings) {
  MC_CHECK_OK(CheckSettings(settings));
  MC_CHECK_OK(MakeFile(settings.path));
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::milliseconds(kBusyWaitMillis);
  while (true) {
    auto store = OpenOnce(settings);
    if (store.ok() || store.error().code != "store_busy" || std::chrono::steady_clock::now() >= give_up) return store;
    std::this_thread::sleep_for(kOpenRetryWait);
  }
}

BatchCounts& BatchCounts::operator+=(const BatchCounts& o) {
  fetched += o.fetched;
  added += o.added;
  revised += o.revised;
  duplicate += o.duplicate;
  quarantined += o.quarantined;
  return *this;
}

}  // namespace mc
