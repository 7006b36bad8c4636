// Goal: writers on one PostgreSQL database lose and double nothing.
// Method: threads with stores of their own, as processes of several machines have them, offer the same records in
// another order and the same source under fences that run out.
#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

#include "core/random.h"
#include "tests/storage/postgres_harness.h"

namespace mc::test {
namespace {

constexpr int kWriters = 4, kBatches = 15, kBatchItems = 20;

// Writer `self` offers what the others offer too, from another end.
std::vector<IngestItem> ItemsOf(int self, int batch, const std::string& source) {
  std::vector<IngestItem> items;
  for (int i = 0; i < kBatchItems; ++i) {
    const int number = (batch * kBatchItems + i + self * 97) % (kBatches * kBatchItems);
    IngestItem item = Task("T" + std::to_string(number), "open");
    item.record.source = source;
    items.push_back(std::move(item));
  }
  return items;
}

std::unique_ptr<Store> StoreOf(PostgresHarness& harness, RandomSource& random) {
  const StoreSettings common = harness.Settings();
  return Must(OpenPostgresStore({.path = common.path,
                                 .sealing_key = common.sealing_key,
                                 .signer = common.signer,
                                 .random = random,
                                 .clock = common.clock}));
}

}  // namespace

TEST_CASE("postgres store: writers that offer the same records store each once") {
  PostgresServer* const server = PostgresServer::Get();
  if (server == nullptr) return;
  PostgresHarness harness(*server);
  harness.Open();
  std::atomic<std::int64_t> added = 0, fetched = 0;
  std::vector<std::thread> threads;
  for (int self = 0; self < kWriters; ++self) {
    threads.emplace_back([&, self] {
      SystemRandom random;
      const auto store = StoreOf(harness, random);
      const std::string source = "source" + std::to_string(self);
      const Lease lease = *store->AcquireLease(source, "w", 60);
      const std::int64_t run = *store->BeginRun(source, "hanoiwork");
      for (int batch = 0; batch < kBatches; ++batch) {
        const auto counts = store->AppendBatch(
            {source, "tasks", run, lease.fence, ItemsOf(self, batch, source), Cursor{std::to_string(batch)}});
        if (!counts.ok()) continue;
        added += counts->added;
        fetched += counts->fetched;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(fetched == kWriters * kBatches * kBatchItems);
  CHECK(added == kBatches * kBatchItems);
  CHECK(AskPostgres(harness.uri(), "SELECT count(*), max(leaf_index) + 1 FROM leaves")[0] ==
        std::vector<std::string>(2, std::to_string(kBatches * kBatchItems)));
  CheckClean(*harness.Open());
}

TEST_CASE("postgres store: of two that hold one source in turn, only the newer one's pages are kept") {
  PostgresServer* const server = PostgresServer::Get();
  if (server == nullptr) return;
  PostgresHarness harness(*server);
  harness.Open();
  std::atomic<int> kept = 0, fenced = 0;
  std::vector<std::thread> threads;
  for (int self = 0; self < kWriters; ++self) {
    threads.emplace_back([&, self] {
      SystemRandom random;
      const auto store = StoreOf(harness, random);
      for (int round = 0; round < kBatches; ++round) {
        // One holder's name: each takes over from the one before at once.
        const auto lease = store->AcquireLease("s", "same", 60);
        const auto run = store->BeginRun("s", "hanoiwork");
        if (!lease.ok() || !run.ok()) continue;
        IngestItem item = Task("T" + std::to_string(self) + "-" + std::to_string(round), "open");
        item.record.source = "s";
        const auto counts = store->AppendBatch({"s", "tasks", *run, lease->fence, {item}, Cursor{"c"}});
        counts.ok() ? ++kept : ++fenced;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(kept + fenced == kWriters * kBatches);
  CHECK(AskPostgres(harness.uri(), "SELECT count(*) FROM records")[0][0] == std::to_string(kept.load()));
  CheckClean(*harness.Open());
}

TEST_CASE("postgres store: who waits for another's lease does not queue with those who write") {
  PostgresServer* const server = PostgresServer::Get();
  if (server == nullptr) return;
  PostgresHarness harness(*server);
  const auto other = harness.Open();
  Must(other->AcquireLease("s", "a", 60));
  AskPostgres(harness.uri(),
              "CREATE FUNCTION wait() RETURNS trigger AS $$ BEGIN PERFORM pg_sleep(3); RETURN NEW; END $$ "
              "LANGUAGE plpgsql; CREATE TRIGGER wait BEFORE INSERT ON leases FOR EACH ROW "
              "WHEN (NEW.source = 'slow') EXECUTE FUNCTION wait()");
  std::atomic<bool> written = false;
  std::thread writer([&] {
    SystemRandom random;
    (void)StoreOf(harness, random)->AcquireLease("slow", "a", 60);
    written = true;
  });
  const std::string writers = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'";
  while (AskPostgres(harness.uri(), writers)[0][0] == "0") {
  }
  const auto held = other->AcquireLease("s", "b", 60);
  CHECK_FALSE(written);
  writer.join();
  REQUIRE_FALSE(held.ok());
  CHECK(held.error().code == "lease_held");
}

}  // namespace mc::test
