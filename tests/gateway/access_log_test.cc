// Goal: everything at the gate is counted once, however much of it there is and whether or not the store takes it; no
// caller ever waits for the store.
// Method: a real store and a clock that is set; a store that fails; threads.
#include "gateway/access_log.h"

#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "gateway_support.h"

using namespace mc;
using namespace mc::test;

namespace {

struct GateBook {
  GateBook() : store(OpenTestStore(dir, clock)), log(*store, [this] { return Sign(); }, clock, random) {}
  Status Sign() {
    MC_TRY([[maybe_unused]] const LedgerHead head, store->SignHead());
    return Ok();
  }
  void Write(const std::string& event, const std::string& reason = "", const std::string& provider = "oidc") {
    log.Write({clock.Now(), event, provider, reason, "a sentence"});
  }
  std::vector<StoredAccess> All() { return store->ListAccess(Instant{0}, Instant{INT64_MAX}).value(); }

  TempDir dir;
  ManualClock clock{Instant{1'000'000}};
  SeededRandom random{7};
  std::unique_ptr<Store> store;
  AccessLog log;
};

// Takes nothing until it is told to.
struct FullStore final : AccessStore {
  Result<std::int64_t> AppendAccess(const AccessCounts& counts) override {
    if (meanwhile) meanwhile();
    if (full) return InternalError("store_full", "no room");
    kept.push_back(counts);
    return std::int64_t{0};
  }
  Result<std::vector<StoredAccess>> ListAccess(Instant, Instant) override { return std::vector<StoredAccess>{}; }
  Result<std::int64_t> CountAccess(std::int64_t, std::int64_t) override { return std::int64_t{0}; }

  bool full = true;
  std::function<void()> meanwhile;
  std::vector<AccessCounts> kept;
};

}  // namespace

TEST_CASE("access log: a flood of refusals is one row") {
  GateBook book;
  for (int i = 0; i < 100'000; ++i) book.Write("sign_in_refused", "state_unknown");
  book.clock.Set(Instant{2'000'000});
  book.Write("signed_in");
  REQUIRE(book.log.Flush().ok());
  REQUIRE(book.log.Flush().ok());  // nothing since: no leaf
  const auto all = book.All();
  REQUIRE(all.size() == 1);
  CHECK(all[0].counts.from == Instant{1'000'000});
  CHECK(all[0].counts.to == Instant{2'000'000});
  CHECK(all[0].counts.rows ==
        std::vector<AccessRow>{{"sign_in_refused", "oidc", "state_unknown", 100'000}, {"signed_in", "oidc", "", 1}});
}

TEST_CASE("access log: what is no word of the format is counted, and not written") {
  GateBook book;
  MustStaySecret("number", "001200000001");
  book.Write("signed_in", "001200000001");
  book.Write("Nguyễn Văn An");
  book.Write("signed_in", "", "http://x/");
  REQUIRE(book.log.Flush().ok());
  REQUIRE(book.All().size() == 1);
  CHECK(book.All()[0].counts.rows == std::vector<AccessRow>{{kOtherEvent, "", "", 3}});
}

TEST_CASE("access log: rows past the limit are counted together") {
  GateBook book;
  for (std::size_t i = 0; i < kAccessRowsLimit + 10; ++i) book.Write("e", "r" + std::to_string(i));
  REQUIRE(book.log.Flush().ok());
  const auto rows = book.All()[0].counts.rows;
  CHECK(rows.size() == kAccessRowsLimit);
  std::int64_t sum = 0;
  for (const AccessRow& row : rows) sum += row.count;
  CHECK(sum == static_cast<std::int64_t>(kAccessRowsLimit) + 10);
}

TEST_CASE("access log: what the store does not take is kept for the next time") {
  FullStore store;
  ManualClock clock{Instant{1'000'000}};
  SeededRandom random{7};
  AccessLog log(store, [] { return Ok(); }, clock, random);
  log.Write({Instant{1'000'000}, "signed_in", "oidc", "", ""});
  CHECK(log.Flush().error().code == "store_full");
  log.Write({Instant{9'000'000}, "signed_in", "oidc", "", ""});
  log.Write({Instant{8'000'000}, "signed_out", "oidc", "", ""});
  CHECK(log.Flush().error().code == "store_full");
  store.full = false;
  REQUIRE(log.Flush().ok());
  REQUIRE(store.kept.size() == 1);
  CHECK(store.kept[0].from == Instant{1'000'000});
  CHECK(store.kept[0].to == Instant{9'000'000});
  CHECK(store.kept[0].rows == std::vector<AccessRow>{{"signed_in", "oidc", "", 2}, {"signed_out", "oidc", "", 1}});
}

TEST_CASE("access log: a caller does not wait while the store writes") {
  FullStore store;
  ManualClock clock{Instant{1'000'000}};
  SeededRandom random{7};
  AccessLog log(store, [] { return Ok(); }, clock, random);
  // Would never come back, were the lock of Write held meanwhile.
  store.meanwhile = [&] { log.Write({Instant{2'000'000}, "signed_out", "oidc", "", ""}); };
  log.Write({Instant{1'000'000}, "signed_in", "oidc", "", ""});
  CHECK_FALSE(log.Flush().ok());
  store.full = false;
  store.meanwhile = {};
  REQUIRE(log.Flush().ok());
  CHECK(store.kept[0].rows.size() == 2);
}

TEST_CASE("access log: its thread marks the start, writes the rest at the end, and signs") {
  GateBook book;
  book.log.Start();
  std::vector<std::thread> callers;
  for (int t = 0; t < 4; ++t) {
    callers.emplace_back([&] {
      for (int i = 0; i < 1'000; ++i) book.Write("signed_in");
    });
  }
  for (std::thread& caller : callers) caller.join();
  book.log.Stop();
  book.log.Join();
  std::int64_t signed_in = 0, started = 0, stopped = 0;
  std::string process;
  for (const StoredAccess& each : book.All()) {
    process = each.counts.process;
    for (const AccessRow& row : each.counts.rows) {
      signed_in += row.event == "signed_in" ? row.count : 0;
      started += row.event == "serve_started" ? row.count : 0;
      stopped += row.event == "serve_stopped" ? row.count : 0;
    }
  }
  CHECK(signed_in == 4'000);
  CHECK(started == 1);
  CHECK(stopped == 1);
  CHECK(process.size() == 16);
  CHECK(book.store->UnsignedLeaves().value() == 0);
}
