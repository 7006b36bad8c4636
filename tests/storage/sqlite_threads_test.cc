// Goal: several threads, each with a store of its own, share one file. Run under ThreadSanitizer too (label `threads`).
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <SQLiteCpp/SQLiteCpp.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <thread>
#include <vector>

#include "core/random.h"
#include "storage/sqlite_store.h"
#include "tests/storage/sqlite_harness.h"

using namespace mc;
using namespace mc::test;

// Several sources open one new store at the same moment: the file becomes WAL for all of them.
TEST_CASE("sqlite store: opened by many at once, none is turned away") {
  constexpr int kRounds = 100, kOpeners = 2;
  std::atomic<int> refused = 0;
  for (int round = 0; round < kRounds; ++round) {
    SqliteHarness harness;
    std::atomic<int> waiting = kOpeners;
    std::vector<std::thread> openers;
    for (int i = 0; i < kOpeners; ++i) {
      openers.emplace_back([&] {
        for (--waiting; waiting != 0;) std::this_thread::yield();
        static thread_local SystemRandom random;
        StoreSettings settings{.path = harness.path(),
                               .sealing_key = harness.sealing_key,
                               .signer = harness.signer,
                               .random = random,
                               .clock = harness.clock};
        if (!OpenSqliteStore(std::move(settings)).ok()) ++refused;
      });
    }
    for (std::thread& opener : openers) opener.join();
  }
  CHECK(refused == 0);
}

namespace {

// Reads of the store that overlap, so that at every moment one of them holds a place in the log.
class Readers {
 public:
  explicit Readers(const std::string& path) : path_(path), thread_([this] { Read(); }) {}
  ~Readers() {
    stop_ = true;
    thread_.join();
  }

 private:
  static constexpr std::chrono::milliseconds kHold{15};

  void Read() const {
    SQLite::Database one(path_), other(path_);
    Begin(one);
    while (!stop_) {
      Swap(one, other);
      Swap(other, one);
    }
  }
  static void Begin(SQLite::Database& reader) {
    reader.exec("BEGIN");
    reader.execAndGet("SELECT count(*) FROM meta");
  }
  static void Swap(SQLite::Database& leaves, SQLite::Database& comes) {
    Begin(comes);
    std::this_thread::sleep_for(kHold);
    leaves.exec("COMMIT");
  }

  const std::string path_;
  std::atomic<bool> stop_ = false;
  std::thread thread_;
};

constexpr std::uintmax_t kLogPageBytes = 8'192;

// The log's size when `writers` have written some 20 MB, with a checkpoint at every 100 pages.
std::uintmax_t LogBytesAfterWriting(const SqliteHarness& harness, int writers) {
  constexpr int kBatches = 180, kRecordsOfBatch = 10;
  constexpr std::size_t kRecordBytes = 8'000;
  std::vector<std::thread> threads;
  for (int writer = 0; writer < writers; ++writer) {
    threads.emplace_back([&harness, writers, source = "source" + std::to_string(writer)] {
      SystemRandom random;
      StoreSettings settings{.path = harness.path(),
                             .sealing_key = harness.sealing_key,
                             .signer = harness.signer,
                             .random = random,
                             .clock = harness.clock,
                             .log_pages = 100};
      const auto store = Must(OpenSqliteStore(std::move(settings)));
      Collecting run(*store, source);
      for (int batch = 0; batch < kBatches / writers; ++batch) {
        std::vector<IngestItem> items;
        for (int i = 0; i < kRecordsOfBatch; ++i) {
          items.push_back(
              Task(source + "-" + std::to_string(batch * kRecordsOfBatch + i), "open", std::string(kRecordBytes, 'x')));
          items.back().record.source = source;
        }
        run.Append(std::move(items));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  return std::filesystem::file_size(harness.path() + "-wal");
}

}  // namespace

// SQLite's own checkpoints let writers pass: with several of them its log is never quiet, and grows without end.
TEST_CASE("sqlite store: the write-ahead log starts anew also under several writers") {
  SqliteHarness harness;
  const auto first = harness.Open();
  CHECK(LogBytesAfterWriting(harness, 3) < 1'000 * kLogPageBytes);
}

// A checkpoint that does not wait for readers never reaches the log's end while they overlap.
TEST_CASE("sqlite store: the write-ahead log starts anew also under readers that overlap") {
  SqliteHarness harness;
  const auto first = harness.Open();
  const Readers readers(harness.path());
  CHECK(LogBytesAfterWriting(harness, 1) < 1'000 * kLogPageBytes);
}

namespace {

// Whether another process sees this one's lock on the file.
bool LockIsSeen(const std::string& path) {
  const pid_t child = ::fork();
  if (child == 0) {
    const int file = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
    struct flock lock {};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    ::_exit(file >= 0 && ::fcntl(file, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK ? 1 : 0);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  return WIFEXITED(status) && WEXITSTATUS(status) == 1;
}

}  // namespace

// A process that has lost its lock has its write-ahead log deleted by the next one that closes the store.
TEST_CASE("sqlite store: a second opening in the process leaves the first one's lock in place") {
  SqliteHarness harness;
  const auto first = harness.Open();
  CHECK(LockIsSeen(harness.path()));
  const auto second = harness.Open();
  CHECK(LockIsSeen(harness.path()));
}
