// Goal: the SQLite engine keeps the store's contract, and opens only what is its own.
// Method: the conformance cases, then files of another version, key, log or kind.
#include "storage/sqlite_store.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>
#include <vector>

#include "tests/storage/sqlite_harness.h"
#include "tests/storage/store_conformance.h"

using namespace mc;
using namespace mc::test;

namespace {

void Sql(const SqliteHarness& harness, const std::string& statements) {
  SQLite::Database(harness.path(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE).exec(statements);
}

// While it lives, this process writes no file beyond so many bytes, as on a full disk.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    REQUIRE(::getrlimit(RLIMIT_FSIZE, &before_) == 0);
    const struct rlimit limit { bytes, before_.rlim_max };
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &limit) == 0);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;
  ~FileSizeLimit() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }

 private:
  struct rlimit before_ {};
  void (*handler_)(int);
};

std::string OpenError(StoreSettings settings) {
  const auto opened = OpenSqliteStore(std::move(settings));
  return opened.ok() ? "" : opened.error().code;
}

}  // namespace

TEST_CASE("sqlite store: conformance") {
  for (const ConformanceCase& conformance : ConformanceCases()) {
    SUBCASE(conformance.name) {
      SqliteHarness harness;
      conformance.run(harness);
    }
  }
}

TEST_CASE("sqlite store: conformance of stores that share a writer") {
  for (const ConformanceCase& conformance : ConformanceCases()) {
    SUBCASE(conformance.name) {
      SqliteHarness harness;
      harness.writer = MakeSharedWriter();
      conformance.run(harness);
    }
  }
}

TEST_CASE("sqlite store: opens only a store of this version, key and log") {
  SqliteHarness harness;
  harness.Open();
  CHECK(OpenError(harness.Settings()) == "");
  StoreSettings other_key = harness.Settings();
  other_key.sealing_key[0] = 'x';
  CHECK(OpenError(other_key) == "store_key");
  StoreSettings short_key = harness.Settings();
  short_key.sealing_key.pop_back();
  CHECK(OpenError(short_key) == "store_key");
  StoreSettings other_signer = harness.Settings();
  other_signer.signer.seed[0] = 'x';
  CHECK(OpenError(other_signer) == "store_log");
  StoreSettings other_origin = harness.Settings();
  other_origin.signer.name = "another.example/log";
  CHECK(OpenError(other_origin) == "store_log");
  StoreSettings short_seed = harness.Settings();
  short_seed.signer.seed.pop_back();
  CHECK(OpenError(short_seed) == "store_log");
  StoreSettings no_limit = harness.Settings();
  no_limit.payload_limit_bytes = 0;
  CHECK(OpenError(no_limit) == "payload_limit_bytes");
  StoreSettings nowhere = harness.Settings();
  nowhere.path += "/no/such/folder.db";
  CHECK(OpenError(nowhere) == "store_path");
  Sql(harness, "UPDATE meta SET value = '99' WHERE name = 'schema_version'");
  CHECK(OpenError(harness.Settings()) == "store_version");
}

TEST_CASE("sqlite store: an older store gets the tables that came later") {
  SqliteHarness harness;
  harness.Open();
  Sql(harness, "DROP TABLE source_status");
  const auto store = harness.Open();
  CHECK(Must(store->ListSourceStatus()).empty());
}

TEST_CASE("sqlite store: a foreign or broken file is left as it is") {
  SqliteHarness harness;
  Sql(harness, "CREATE TABLE theirs (a INTEGER)");
  const std::string before = harness.ReadFile();
  CHECK(OpenError(harness.Settings()) == "store_version");
  SqliteHarness garbage;
  garbage.WriteFile(std::string(8192, 'x'));
  CHECK(OpenError(garbage.Settings()) == "store_corrupt");
  CHECK(garbage.ReadFile() == std::string(8192, 'x'));
}

TEST_CASE("sqlite store: only its owner may read the file") {
  SqliteHarness harness;
  const auto store = harness.Open();
  for (const char* suffix : {"", "-wal"}) {
    struct stat info {};
    REQUIRE(::stat((harness.path() + suffix).c_str(), &info) == 0);
    CHECK((info.st_mode & 0777) == 0600);
  }
}

TEST_CASE("sqlite store: a statement that fails in the middle of a batch leaves nothing") {
  SqliteHarness harness;
  const auto store = harness.Open();
  Collecting run(*store);
  run.Append({Task("T1", "open")}, "before");
  for (const char* table : {"records", "payloads", "evidence", "rejections", "leaves", "salts", "tiles", "cursors"}) {
    CAPTURE(table);
    Sql(harness, std::string("CREATE TRIGGER boom BEFORE INSERT ON ") + table +
                     " BEGIN SELECT RAISE(ABORT, 'no more room'); END");
    const auto refused = store->AppendBatch(run.Batch({Task("T1", "done"), Bad("T2", "?")}, "after"));
    CHECK_FALSE(refused.ok());
    Sql(harness, "DROP TRIGGER boom");
    CHECK(Written(*store) == "T1#1=open*");
    CHECK(Must(store->CursorFor("hanoiwork", "tasks"))->text == "before");
    CheckClean(*store);
  }
  CHECK(run.Append({Task("T1", "done"), Bad("T2", "?")}, "after") == BatchCounts{2, 0, 1, 0, 1});
  run.End();
  CheckClean(*store);
}

TEST_CASE("sqlite store: a disk that takes no more is an error, and nothing of the batch is kept") {
  SqliteHarness harness;
  const auto store = harness.Open();
  Collecting run(*store);
  run.Append({Task("T1", "open")}, "before");
  std::vector<IngestItem> many;
  for (int i = 0; i < 1'000; ++i) many.push_back(Task("T" + std::to_string(i), "done", std::string(900, 'x')));
  {
    const FileSizeLimit limit(256 * 1024);
    const auto refused = store->AppendBatch(run.Batch(many, "after"));
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.error().error_class == ErrorClass::kInternal);
    CHECK((refused.error().code == "store_io" || refused.error().code == "store_full"));
  }
  CHECK(Written(*store) == "T1#1=open*");
  CHECK(Must(store->CursorFor("hanoiwork", "tasks"))->text == "before");
  CheckClean(*store);
  CHECK(run.Append(many, "after") == BatchCounts{1'000, 999, 1, 0, 0});
  CheckClean(*store);
}

TEST_CASE("sqlite store: every opening of a record is in the audit table, failed ones too") {
  SqliteHarness harness;
  const auto store = harness.Open();
  Collecting run(*store);
  const IngestItem item = Task("T1", "open");
  run.Append({item});
  const std::int64_t ik = IkOf(item.record.key);
  Must(store->OpenRecord(ik, "complaint 12/2026"));
  CHECK_FALSE(store->OpenRecord(ik + 1, "a guess").ok());
  SQLite::Database raw(harness.path(), SQLite::OPEN_READONLY);
  SQLite::Statement rows(raw, "SELECT id, at, who, action, ik, why FROM audit ORDER BY id");
  const char* const reasons[] = {"complaint 12/2026", "a guess"};
  for (int i = 0; i < 2; ++i) {
    REQUIRE(rows.executeStep());
    CHECK(rows.getColumn(0).getInt() == i + 1);
    CHECK(rows.getColumn(1).getInt64() == harness.clock.Now().micros);
    CHECK(rows.getColumn(2).getString() == "tester");
    CHECK(rows.getColumn(3).getString() == "open_record");
    CHECK(rows.getColumn(4).getInt64() == ik + i);
    CHECK(rows.getColumn(5).getString() == reasons[i]);
  }
  CHECK_FALSE(rows.executeStep());
}

TEST_CASE("sqlite store: a ledger cut or changed behind a signed head is not signed again") {
  SqliteHarness harness;
  const auto store = harness.Open();
  Collecting run(*store);
  run.Append({Task("T1", "open"), Task("T2", "open")});
  Must(store->SignHead());
  const auto refused = [&](const std::string& damage, const std::string& code) {
    Sql(harness, damage);
    const auto head = store->SignHead();
    REQUIRE_FALSE(head.ok());
    CHECK(head.error().code == code);
  };
  refused("UPDATE ledger SET size = 1", "ledger_rollback");
  refused("UPDATE ledger SET size = 2; UPDATE tiles SET hashes = zeroblob(64)", "ledger_fork");
  refused("DELETE FROM heads", "ledger_rollback");
}

TEST_CASE("sqlite store: what is sealed stands nowhere in the file") {
  SqliteHarness harness;
  {
    const auto store = harness.Open();
    Collecting run(*store);
    run.Append({Task("T1", "open", "SecretNameOfACitizen"), Bad("T2", "SecretNameOfACitizen")});
    Must(store->ImportDirectory(Json{{"name", "SecretNameOfACitizen"}}));
    run.End();
  }
  CHECK(harness.ReadFile().find("SecretNameOfACitizen") == std::string::npos);
  CHECK(harness.ReadFile().find(harness.sealing_key) == std::string::npos);
}
