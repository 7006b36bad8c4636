// Goal: states and metrics of sources are written and read from many threads at once without loss.
// Run under ThreadSanitizer (label `threads`).
#include <atomic>
#include <thread>

#include "gateway/metrics.h"
#include "gateway/scheduler.h"
#include "tests/gateway/gateway_support.h"

using namespace mc;
using namespace mc::test;

namespace {

constexpr int kWatchedSources = 4, kRounds = 25;

std::string WatchedSource(int i) { return "source_" + std::to_string(i); }

}  // namespace

TEST_CASE("source status: each thread's last word stands, whoever writes beside it") {
  const TempDir dir;
  const SystemClock clock;
  std::atomic<int> refused = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < kWatchedSources; ++i) {
    threads.emplace_back([&, i] {
      const auto store = OpenTestStore(dir, clock);
      for (int round = 1; round <= kRounds; ++round) {
        auto status = StatusOf(*store, WatchedSource(i), clock.Now());
        if (!status.ok() || status->failures != round - 1) ++refused;
        if (!status.ok()) continue;
        status->failures = round;
        if (!store->SaveSourceStatus(*status).ok()) ++refused;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(refused == 0);
  const auto store = OpenTestStore(dir, clock);
  for (int i = 0; i < kWatchedSources; ++i) CHECK(StatusOf(*store, WatchedSource(i), clock.Now())->failures == kRounds);
}

TEST_CASE("metrics: no run is lost while others are counted and pages are read") {
  Metrics metrics("1");
  std::atomic<bool> done = false;
  std::thread reader([&] {
    while (!done) metrics.Text(nullptr);
  });
  std::vector<std::thread> writers;
  for (int i = 0; i < kWatchedSources; ++i) {
    writers.emplace_back([&, i] {
      SourceResult result;
      result.source = WatchedSource(i % 2);
      result.counts.added = 1;
      for (int round = 0; round < kRounds; ++round) metrics.RunEnded(result, std::chrono::milliseconds(1));
    });
  }
  for (std::thread& writer : writers) writer.join();
  done = true;
  reader.join();
  const std::string text = metrics.Text(nullptr);
  for (int i = 0; i < 2; ++i) {
    const std::string line = "minhchung_records_total{result=\"new\",source=\"" + WatchedSource(i) + "\"} " +
                             std::to_string(kRounds * kWatchedSources / 2);
    CHECK_MESSAGE(text.find(line) != std::string::npos, text);
  }
}
