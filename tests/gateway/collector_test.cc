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

// Hangs in each page but the first.
class Hanging final : public Connector {
 public:
  explicit Hanging(Connector& inner, std::function<void()> hang) : inner_(inner), hang_(std::move(hang)) {}
  const Manifest& manifest() const override { return inner_.manifest(); }
  Status Check() override { return inner_.Check(); }
  std::vector<std::string> Streams() const override { return inner_.Streams(); }
  Result<Page> Pull(const std::string& stream, const std::optional<Cursor>& cursor) override {
    if (cursor) hang_();
    return inner_.Pull(stream, cursor);
  }

 private:
  Connector& inner_;
  std::function<void()> hang_;
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
  CHECK(b.store->CompleteThrough("ihanoi").value() == std::map<std::string, Instant>{{totals.source, Instant{400}}});
}

// Goal: the receipt holds the source's own total beside what it offered and what of that could
// not be read, each unread record once, also when it lay in quarantine before.
TEST_CASE("a receipt reconciles with the source's total") {
  Bench b;
  b.connector.order = {"open"};
  b.connector.steps["open"] = {{{"1:open", "bad"}, {}, 4, {}, {}, 3}, {{"bad", "2:open"}, {}, {}, Instant{9}, {}, {}}};
  const SourceResult first = PullSource(b.context, b.connector);
  REQUIRE_FALSE(first.error);
  CHECK(first.control_total == 4);
  CHECK(first.offered == 3);
  CHECK(b.Totals().last_run->control_total == 4);
  CHECK(b.Totals().last_run->offered == 3);
  CHECK(b.Totals().last_run->unread == 1);
  b.connector.steps["open"].push_back({{"bad"}, {}, {}, Instant{10}, {}, {}});
  REQUIRE_FALSE(PullSource(b.context, b.connector).error);
  CHECK(b.Totals().last_run->counts.quarantined == 0);
  CHECK(b.Totals().last_run->unread == 1);
  CHECK_FALSE(b.Totals().last_run->offered);
}

// Goal: a pull that cannot begin (a secret is missing) is on record, and is no empty pull.
TEST_CASE("a pull that fails before its first request leaves a receipt") {
  Bench b;
  const SourceResult failed = FailPull(b.context, ConfigError("missing_secret", "give the secret"));
  REQUIRE(failed.error);
  CHECK(b.Totals().last_run->outcome == RunOutcome::kFailed);
  CHECK(b.Totals().last_run->error_code == "missing_secret");
  CHECK(b.store->Head().value().size == 1);
  REQUIRE_FALSE(PullSource(b.context, b.connector).error);  // no stream: an empty pull
  CHECK(b.Totals().last_run->outcome == RunOutcome::kComplete);
  CHECK(b.Totals().last_run->counts == BatchCounts{});
}

// Goal: a replay reads quarantined bytes with today's rules, in a run of its own; what still
// cannot be read stays, with today's reason; nothing is counted twice when it runs again.
TEST_CASE("quarantine is replayed after the rules are mended") {
  class Mended final : public Mapper {
   public:
    std::variant<Evidence, RejectionReason> Map(const SourceRecord& record) const override {
      if (record.bytes == "bad") return RejectionReason{"still_bad", "/x", "", "cannot be read today either"};
      return lines_.Map(record);
    }
    const std::string& version() const override { return lines_.version(); }

   private:
    LineMapper lines_;
  } mended;
  class Refusing final : public Mapper {
   public:
    std::variant<Evidence, RejectionReason> Map(const SourceRecord&) const override {
      return RejectionReason{"unknown_status", "/status", "", "no such status"};
    }
    const std::string& version() const override { return version_; }

   private:
    std::string version_ = "0011223344556677";
  } refusing;
  Bench b;
  b.connector.order = {"open"};
  b.connector.steps["open"] = {{{"1:open", "bad", "2:done"}, {}, {}, {}}};
  const RunContext strict{*b.store, b.context.clock, b.context.manifest, refusing, b.context.holder, 60, nullptr};
  CHECK(PullSource(strict, b.connector).counts.quarantined == 3);
  const auto before = b.store->ListQuarantine().value();

  const RunContext today{*b.store, b.context.clock, b.context.manifest, mended, b.context.holder, 60, nullptr};
  const ReplayResult replayed = ReplayQuarantine(today, before);
  REQUIRE_FALSE(replayed.error);
  CHECK(replayed.counts == BatchCounts{3, 2, 0, 1, 0});
  REQUIRE(replayed.still_unread.size() == 1);
  CHECK(replayed.still_unread[0].second.code == "still_bad");
  CHECK(b.store->ListQuarantine().value().size() == 1);
  const ReplayResult again = ReplayQuarantine(today, before);
  CHECK(again.counts == BatchCounts{3, 0, 0, 3, 0});
  CHECK(b.Totals().last_run->outcome == RunOutcome::kComplete);  // a replay says nothing of the source
  CHECK(b.store->Fsck({}).value().faults.empty());
}

// Goal: the store refuses a page under an older fence by itself: here nothing else could. The collector's own check is
// not due (a heartbeat comes at a third of an hour), and whoever took the lease over has begun no run.
TEST_CASE("a page that comes after the lease was taken over is refused by the store's fence alone") {
  Bench b;
  b.context.lease_ttl_secs = 3600;
  b.connector.order = {"open"};
  b.connector.steps["open"] = {{{"1:open"}, {}, {}, {}}, {{"2:open"}, {}, {}, Instant{9}}};
  const auto other = OpenTestStore(b.dir, b.clock);
  std::optional<Lease> taken;
  Hanging hanging(b.connector, [&] {
    b.clock.Set(Instant{b.clock.Now().micros + 3601 * kMicrosPerSecond});
    auto lease = other->AcquireLease("reports", "there", 3600);
    REQUIRE(lease.ok());
    taken = *lease;
  });
  const SourceResult result = PullSource(b.context, hanging);
  REQUIRE(taken);
  REQUIRE(result.error);
  CHECK(result.error->code == "fenced_off");
  CHECK(result.counts.added == 1);
  std::vector<std::string> held;
  REQUIRE(b.store->ScanEvidence([&](const EvidenceRevision& revision) -> Status {
    held.push_back(revision.evidence.native_id);
    return Ok();
  }).ok());
  CHECK(held == std::vector<std::string>{"1"});
  CHECK(b.store->CursorFor("reports", "open").value()->text == "1");
  CHECK(other->RenewLease(*taken, 3600).ok());  // the one who took over still holds it
  CHECK(b.store->Fsck({}).value().faults.empty());
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

// Goal: a source that answers slowly does not outlast the lease: whatever waits for it renews the lease meanwhile.
// Method: a lease of one second, renewed at every beat; the clock is that of the leases.
TEST_CASE("a lease lives through a page that takes longer than it") {
  Bench b;
  b.context.lease_ttl_secs = 1;
  b.connector.order = {"open"};
  b.connector.steps["open"] = {{{"1:open"}, {}, {}, {}}, {{"2:open"}, {}, {}, Instant{9}}};
  const auto other = OpenTestStore(b.dir, b.clock);
  Heartbeat beat;
  b.context.heartbeat = &beat;
  Hanging hanging(b.connector, [&] {
    for (int i = 0; i < 5; ++i) {
      b.clock.Set(Instant{b.clock.Now().micros + 600'000});
      REQUIRE(beat);
      beat();
      CHECK_FALSE(other->AcquireLease("reports", "there", 60).ok());
    }
  });
  const SourceResult result = PullSource(b.context, hanging);
  CHECK_FALSE(result.error);
  CHECK(result.counts.added == 2);
  CHECK_FALSE(beat);
  CHECK(other->AcquireLease("reports", "there", 60).ok());
}

// Goal: asked to end, a run commits the page it has, writes its receipt, gives up its lease;
// whoever comes next, another machine too, goes on from there and nothing is lost.
TEST_CASE("a run that is asked to end loses nothing") {
  Bench b;
  b.connector.order = {"open"};
  b.connector.steps["open"] = {{{"1:open"}, {}, {}, {}}, {{"2:open"}, {}, {}, {}}, {{"3:open"}, {}, {}, Instant{9}}};
  bool stop = false;
  b.context.progress = [&](const BatchCounts&) { stop = true; };
  b.context.stopped = [&] { return stop; };
  const SourceResult ended = PullSource(b.context, b.connector);
  REQUIRE(ended.error);
  CHECK(ended.error->code == "interrupted");
  CHECK(ended.counts.fetched == 1);
  REQUIRE(b.Totals().last_run);
  CHECK(b.Totals().last_run->outcome == RunOutcome::kFailed);
  CHECK(b.Totals().last_run->error_code == "interrupted");
  CHECK(b.store->AcquireLease("reports", "elsewhere", 60).ok());

  b.clock.Set(Instant{b.clock.Now().micros + 61 * kMicrosPerSecond});
  b.context.stopped = {};
  const SourceResult next = PullSource(b.context, b.connector);
  REQUIRE_FALSE(next.error);
  CHECK(next.counts.added == 2);
  CHECK(b.connector.asked == std::vector<std::string>{"open@-", "open@1", "open@2"});
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
