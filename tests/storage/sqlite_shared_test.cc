// Goal: batches that several threads write through one connection, each for itself and none lost.
// Run under ThreadSanitizer too (label `threads`).
#include <SQLiteCpp/SQLiteCpp.h>

#include <chrono>
#include <optional>
#include <thread>
#include <vector>

#include "core/random.h"
#include "storage/sqlite_store.h"
#include "tests/storage/sqlite_harness.h"

using namespace mc;
using namespace mc::test;

namespace {

SystemRandom& SafeRandom() {
  static SystemRandom random;
  return random;
}

// A store of the harness's file for a thread of its own.
std::unique_ptr<Store> OpenShared(const SqliteHarness& harness) {
  return Must(OpenSqliteStore({.path = harness.path(),
                               .sealing_key = harness.sealing_key,
                               .signer = harness.signer,
                               .random = SafeRandom(),
                               .clock = harness.clock,
                               .shared = harness.writer}));
}

IngestItem TaskOf(const std::string& source, const std::string& native_id, const std::string& status) {
  IngestItem item = Task(native_id, status);
  item.record.source = source;
  return item;
}

// Keeps every other connection from writing while it lives.
class WriteLock {
 public:
  explicit WriteLock(const std::string& path) : db_(path, SQLite::OPEN_READWRITE) { db_.exec("BEGIN IMMEDIATE"); }
  ~WriteLock() { db_.exec("ROLLBACK"); }

 private:
  SQLite::Database db_;
};

// One source's run: a thread of its own appends one batch, once `go` says so.
struct Collector {
  Collector(SqliteHarness& harness, const std::string& source) : store(OpenShared(harness)), run(*store, source) {}

  void Start(std::vector<IngestItem> items, std::int64_t fence_off = 0) {
    batch = run.Batch(std::move(items), "after");
    batch.fence -= fence_off;
    thread = std::thread([this] { result = store->AppendBatch(batch); });
  }

  std::unique_ptr<Store> store;
  Collecting run;
  IngestBatch batch;
  std::optional<Result<BatchCounts>> result;
  std::thread thread;
};

constexpr std::chrono::milliseconds kUntilAllWait{300};  // shorter, and they might be written one by one

}  // namespace

TEST_CASE("shared writer: of batches that wait together, one that is refused costs the others nothing") {
  SqliteHarness harness;
  harness.writer = MakeSharedWriter();
  Collector first(harness, "a"), good(harness, "b"), fenced(harness, "c"), last(harness, "d");
  {
    const WriteLock lock(harness.path());
    first.Start({TaskOf("a", "T1", "open")});
    std::this_thread::sleep_for(kUntilAllWait);
    // One native id in three of them: what each is to the others must not stay from a group that was given up.
    good.Start({TaskOf("b", "T2", "open"), TaskOf("b", "T1", "done")});
    fenced.Start({TaskOf("c", "T2", "lost")}, 1);
    last.Start({TaskOf("d", "T2", "done")});
    std::this_thread::sleep_for(kUntilAllWait);
  }
  for (Collector* one : {&first, &good, &fenced, &last}) one->thread.join();
  REQUIRE_FALSE(fenced.result->ok());
  CHECK(fenced.result->error().code == "fenced_off");
  CHECK(Must(*first.result) == BatchCounts{1, 1, 0, 0, 0});
  const BatchCounts both = Must(*good.result), one = Must(*last.result);
  CHECK(both.fetched == 2);
  CHECK(both.added + one.added == 1);
  CHECK(both.revised + one.revised == 2);
  CHECK(Must(good.store->CursorFor("b", "tasks"))->text == "after");
  CHECK_FALSE(Must(fenced.store->CursorFor("c", "tasks")).has_value());
  CheckClean(*good.store);
}

TEST_CASE("shared writer: many threads, each record once") {
  constexpr int kThreads = 4, kBatches = 40, kRecords = 12;
  SqliteHarness harness;
  harness.writer = MakeSharedWriter();
  const auto watching = OpenShared(harness);
  std::vector<BatchCounts> sums(kThreads);
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&harness, &sum = sums[static_cast<std::size_t>(t)], t] {
      const std::string source = "source" + std::to_string(t);
      const auto store = OpenShared(harness);
      Collecting run(*store, source);
      for (int batch = 0; batch < kBatches; ++batch) {
        std::vector<IngestItem> items;
        // Every second record is one that all of them send.
        for (int i = 0; i < kRecords; ++i) {
          const std::string id = std::to_string(batch * kRecords + i);
          items.push_back(TaskOf(source, i % 2 == 0 ? id : source + "-" + id, "open"));
        }
        sum += run.Append(std::move(items));
      }
      run.End();
    });
  }
  for (std::thread& thread : threads) thread.join();
  BatchCounts all;
  for (const BatchCounts& sum : sums) all += sum;
  constexpr int kAll = kThreads * kBatches * kRecords, kNew = kAll / 2 + kBatches * kRecords / 2;
  CHECK(all == BatchCounts{kAll, kNew, 0, kAll - kNew, 0});
  CheckClean(*watching);
}

TEST_CASE("shared writer: a file that cannot be opened is told to each, and tried again") {
  SqliteHarness harness;
  harness.writer = MakeSharedWriter();
  const auto store = OpenShared(harness);
  Collecting run(*store, "a");
  const std::string away = harness.path() + ".away";
  std::filesystem::rename(harness.path(), away);
  std::filesystem::create_directory(harness.path());
  const auto refused = store->AppendBatch(run.Batch({TaskOf("a", "T1", "open")}));
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().code == "store_path");
  std::filesystem::remove(harness.path());
  std::filesystem::rename(away, harness.path());
  CHECK(Must(store->AppendBatch(run.Batch({TaskOf("a", "T1", "open")}))).added == 1);
}
