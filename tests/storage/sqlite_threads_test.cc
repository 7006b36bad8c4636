// Goal: several threads, each with a store of its own, share one file. Run under ThreadSanitizer too (label `threads`).
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
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
