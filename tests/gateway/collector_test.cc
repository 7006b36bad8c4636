#include "gateway/collector.h"

#include "gateway_support.h"

using namespace mc;
using namespace mc::test;

namespace {

struct Bench {
  TempDir dir;
  ManualClock clock{Instant{1'780'000'000'000'000}};
  std::unique_ptr<Store> store = OpenTestStore(dir, clock);
  LineMapper mapper;
  Manifest manifest = TestManifest();
  RunContext context{*store, clock, manifest, mapper, "here", 60, {}};
  ScriptedConnector connector{manifest};

  SourceTotals Totals() {
    auto totals = store->Totals();
    REQUIRE(totals.ok());
    REQUIRE(totals->size() == 1);
    return totals->front();
  }
};

}  // namespace

// Goal: every stream is pulled to its end, counts add up, the receipt is complete only as
// far as the stream that is behind.
TEST_CASE("a run pulls all streams and writes one receipt") {
  Bench b;
  b.connector.order = {"open", "handled"};
  b.connector.steps["open"] = {{{"1:open", "2:open"}, {}, 3, {}},
                               {{"3:open"}, {}, {}, Instant{500}, {"page_repeated"}}};
  b.connector.steps["handled"] = {{{"4:done", "bad", "1:open"}, {}, 2, Instant{400}, {"page_repeated"}}};
  std::vector<std::int64_t> progress;
  b.context.progress = [&](const BatchCounts& counts) { progress.push_back(counts.fetched); };

  const SourceResult result = PullSource(b.context, b.connector);
  REQUIRE_FALSE(result.error);
  CHECK(result.counts.fetched == 6);
  CHECK(result.counts.added == 4);
  CHECK(result.counts.duplicate == 1);
  CHECK(result.counts.quarantined == 1);
  CHECK(result.notes == std::map<std::string, std::int64_t>{{"page_repeated", 2}});
  CHECK(progress == std::vector<std::int64_t>{2, 3, 6});
  const SourceTotals totals = b.Totals();
  REQUIRE(totals.last_run);
  CHECK(totals.last_run->outcome == RunOutcome::kComplete);
  CHECK(totals.last_run->counts == result.counts);
  CHECK(totals.last_run->control_total == 5);
  CHECK(totals.last_run->complete_through == Instant{400});
  CHECK(b.store->CompleteThrough("ihanoi").value() == Instant{400});
}

// A stream that cannot say how far it is complete leaves the whole run without a say.
TEST_CASE("one stream without complete_through: none for the run") {
  Bench b;
  b.connector.order = {"open", "handled"};
  b.connector.steps["open"] = {{{"1:open"}, {}, {}, {}}};
  b.connector.steps["handled"] = {{{"2:done"}, {}, {}, Instant{400}}};
  REQUIRE_FALSE(PullSource(b.context, b.connector).error);
  CHECK_FALSE(b.Totals().last_run->complete_through);
}

// Goal: what was committed before a failure stays, the receipt says "failed", and the next
// run goes on from the cursor, without fetching or counting the first page again.
TEST_CASE("a failure keeps the pages before it and the next run resumes") {
  Bench b;
  b.connector.order = {"open"};
  b.connector.steps["open"] = {
      {{"1:open"}, {}, {}, {}}, {{}, TransientError("timeout", "no answer"), {}, {}}, {{"3:open"}, {}, {}, Instant{9}}};
  const SourceResult failed = PullSource(b.context, b.connector);
  REQUIRE(failed.error);
  CHECK(failed.error->code == "timeout");
  CHECK(failed.counts.added == 1);
  CHECK(b.Totals().last_run->outcome == RunOutcome::kFailed);
  CHECK(b.Totals().last_run->error_code == "timeout");
  CHECK_FALSE(b.Totals().last_complete_run);

  b.connector.steps["open"][1] = {{"2:open"}, {}, {}, {}};
  const SourceResult resumed = PullSource(b.context, b.connector);
  REQUIRE_FALSE(resumed.error);
  CHECK(resumed.counts.added == 2);
  CHECK(b.connector.asked == std::vector<std::string>{"open@-", "open@1", "open@1", "open@2"});
  CHECK(b.Totals().last_run->outcome == RunOutcome::kComplete);
}

// Goal: a second run over the same records adds nothing but one receipt leaf.
TEST_CASE("a repeated run adds one receipt leaf") {
  Bench b;
  b.connector.order = {"open"};
  b.connector.steps["open"] = {{{"1:open", "bad"}, {}, {}, {}}};
  REQUIRE_FALSE(PullSource(b.context, b.connector).error);
  const auto before = b.store->Head().value().size;
  b.connector.steps["open"].push_back({{"1:open", "bad"}, {}, {}, {}});
  const SourceResult again = PullSource(b.context, b.connector);
  CHECK(again.counts.fetched == 2);
  CHECK(again.counts.duplicate == 2);
  CHECK(b.store->Head().value().size == before + 1);
}

// Goal: another machine's lease stops the run before anything is written; our own lease,
// left by a process that died, does not.
TEST_CASE("leases") {
  Bench b;
  b.connector.order = {"open"};
  b.connector.steps["open"] = {{{"1:open"}, {}, {}, {}}};
  REQUIRE(b.store->AcquireLease("reports", "there", 3600).ok());
  b.context.lease_ttl_secs = 0;  // wait no longer than a second
  const SourceResult refused = PullSource(b.context, b.connector);
  REQUIRE(refused.error);
  CHECK(refused.error->code == "lease_held");
  CHECK(b.connector.asked.empty());
  b.context.lease_ttl_secs = 60;
  b.context.holder = "there";
  CHECK_FALSE(PullSource(b.context, b.connector).error);
}
