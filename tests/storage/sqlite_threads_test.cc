// Goal: several threads, each with a store of its own, share one file. Run under ThreadSanitizer too (label `threads`).
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
