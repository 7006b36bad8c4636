// The terms of SQLite: a row, a random unique key, a durable commit.
#include <sqlite3.h>

#include <filesystem>

#include "core/digest.h"
#include "tests/bench/corpus.h"
#include "tests/bench/limits.h"

namespace mc::bench {
namespace {

// A database of its own, gone with the object.
class Database {
 public:
  Database(const std::string& dir, const std::string& synchronous) : path_(dir + "/limit.db") {
    Remove();
    Need(sqlite3_open(path_.c_str(), &db_) == SQLITE_OK, "cannot make a database in " + dir);
    Run("PRAGMA journal_mode = WAL; PRAGMA synchronous = " + synchronous + ";" +
        "PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 20000; PRAGMA temp_store = MEMORY;");
  }
  Database(const Database&) = delete;
  ~Database() {
    sqlite3_finalize(insert_);
    sqlite3_close(db_);
    Remove();
  }

  void Run(const std::string& sql) {
    Need(sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK, sqlite3_errmsg(db_));
  }

  void Insert(const std::string& key, const std::string& payload) {
    if (!insert_) {
      sqlite3_prepare_v2(db_, "INSERT INTO t (key, payload) VALUES (?, ?) ON CONFLICT DO NOTHING", -1, &insert_,
                         nullptr);
    }
    sqlite3_bind_text(insert_, 1, key.data(), static_cast<int>(key.size()), SQLITE_STATIC);
    sqlite3_bind_blob(insert_, 2, payload.data(), static_cast<int>(payload.size()), SQLITE_STATIC);
    Need(sqlite3_step(insert_) == SQLITE_DONE, sqlite3_errmsg(db_));
    sqlite3_reset(insert_);
  }

  std::int64_t Rows() {
    sqlite3_stmt* count = nullptr;
    sqlite3_prepare_v2(db_, "SELECT count(*) FROM t", -1, &count, nullptr);
    Need(sqlite3_step(count) == SQLITE_ROW, sqlite3_errmsg(db_));
    const std::int64_t rows = sqlite3_column_int64(count, 0);
    sqlite3_finalize(count);
    return rows;
  }

 private:
  void Remove() const {
    for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(path_ + suffix);
  }

  std::string path_;
  sqlite3* db_ = nullptr;
  sqlite3_stmt* insert_ = nullptr;
};

constexpr const char* kTable = "CREATE TABLE t (id INTEGER PRIMARY KEY, key TEXT NOT NULL, payload BLOB NOT NULL);";

std::vector<std::string> RandomKeys(const Work& work) {
  std::vector<std::string> keys;
  for (std::int64_t i = 0; i < work.records; ++i) {
    const std::string number = std::to_string(OfferedNumber(i, work.repeat_every));
    keys.push_back("dvc|" + ToHex(Sha256(number)).substr(0, 32));
  }
  return keys;
}

// Seconds, in transactions of one batch. Not synchronous: the wait for the disk is the term `commit`.
double InsertSeconds(const Work& work, const std::vector<std::string>& keys, bool unique) {
  Database db(work.dir, "NORMAL");
  db.Run(kTable);
  if (unique) db.Run("CREATE UNIQUE INDEX u ON t (key)");
  return Seconds([&] {
    for (std::size_t i = 0; i < keys.size(); ++i) {
      if (i % static_cast<std::size_t>(work.batch) == 0) db.Run(i == 0 ? "BEGIN" : "COMMIT; BEGIN");
      db.Insert(keys[i], work.rows[i % work.rows.size()]);
    }
    db.Run("COMMIT");
  });
}

class RawSqlite final : public RawRows {
 public:
  explicit RawSqlite(const std::string& dir) : db_(dir, "FULL") {
    db_.Run(kTable);
    db_.Run("CREATE UNIQUE INDEX u ON t (key)");
  }
  void Insert(const std::vector<PlainRow>& batch) override {
    db_.Run("BEGIN");
    for (const PlainRow& row : batch) db_.Insert(row.key, row.bytes);
    db_.Run("COMMIT");
  }
  std::int64_t Count() override { return db_.Rows(); }

 private:
  Database db_;
};

}  // namespace

std::int64_t OfferedNumber(std::int64_t n, std::int64_t repeat_every) {
  if (repeat_every == 0) return n;
  const std::int64_t before = FreshOf(n, repeat_every);
  if (n % repeat_every != repeat_every - 1) return before;
  std::uint64_t mixed = static_cast<std::uint64_t>(n) * 0x9e3779b97f4a7c15u;  // Fibonacci hashing: spreads evenly
  return static_cast<std::int64_t>((mixed >> 32) % static_cast<std::uint64_t>(before));
}

std::unique_ptr<RawRows> MakeRawSqlite(const std::string& dir) { return std::make_unique<RawSqlite>(dir); }

RowCosts MeasureRows(const Work& work) {
  const std::vector<std::string> keys = RandomKeys(work);
  // What a known key finds is no row: without an index that would be one.
  const auto fresh = static_cast<std::size_t>(FreshOf(work.records, work.repeat_every));
  const double count = static_cast<double>(keys.size());
  RowCosts costs;
  costs.row = InsertSeconds(work, {keys.begin(), keys.begin() + static_cast<std::ptrdiff_t>(fresh)}, false) / count;
  costs.unique = InsertSeconds(work, keys, true) / count - costs.row;
  return costs;
}

double CommitSeconds(const std::string& dir) {
  Database db(dir, "FULL");
  db.Run(kTable);
  std::int64_t n = 0;
  return SecondsEach([&] { db.Insert(std::to_string(n++), "x"); }, 0.2);
}

}  // namespace mc::bench
