// Goal: a collector that stands still beyond its lease, as a virtual machine does that is suspended, writes nothing
// any more when it wakes up; the one that took over has done all of the work, each record once.
// Method: two processes on one store. The first one stops itself (SIGSTOP) in the middle of its pull.
#include <signal.h>

#include <functional>

#include "gateway/collector.h"
#include "tests/gateway/gateway_support.h"

using namespace mc;
using namespace mc::test;

namespace {

constexpr std::int64_t kLeaseSecs = 3600;
constexpr std::int64_t kPages = 6;
constexpr std::size_t kStopsAt = 3;

// Pages of two records each; `before` runs before each page is handed over.
class Pages final : public Connector {
 public:
  explicit Pages(std::function<void(std::size_t)> before) : before_(std::move(before)), pages_(TestManifest()) {
    pages_.order = {"open"};
    for (std::int64_t i = 0; i < kPages; ++i) {
      const std::string a = std::to_string(2 * i) + ":open", b = std::to_string(2 * i + 1) + ":open";
      pages_.steps["open"].push_back({{a, b}, {}, {}, Instant{9}});
    }
  }
  const Manifest& manifest() const override { return pages_.manifest(); }
  Status Check() override { return Ok(); }
  std::vector<std::string> Streams() const override { return pages_.Streams(); }
  Result<Page> Pull(const std::string& stream, const std::optional<Cursor>& cursor) override {
    before_(cursor && !cursor->text.empty() ? std::stoul(cursor->text) : 0);
    return pages_.Pull(stream, cursor);
  }

 private:
  std::function<void(std::size_t)> before_;
  ScriptedConnector pages_;
};

SourceResult Collect(const TempDir& dir, const Clock& clock, const std::string& holder,
                     std::function<void(std::size_t)> before) {
  const auto store = OpenTestStore(dir, clock);
  const LineMapper mapper;
  const Manifest manifest = TestManifest();
  Pages pages(std::move(before));
  return PullSource({*store, clock, manifest, mapper, holder, kLeaseSecs, {}}, pages);
}

// What the stopped process says in the end, as an exit code.
enum class Ended { kFencedOff = 40, kWrote, kOtherError, kOtherCounts };

[[noreturn]] void CollectAndStop(const TempDir& dir) {
  const SystemClock clock;
  const SourceResult result = Collect(dir, clock, "here", [](std::size_t page) {
    if (page == kStopsAt) raise(SIGSTOP);
  });
  Ended ended = Ended::kFencedOff;
  if (!result.error) ended = Ended::kWrote;
  if (result.error && result.error->code != "fenced_off") ended = Ended::kOtherError;
  if (result.counts.fetched != 2 * static_cast<std::int64_t>(kStopsAt)) ended = Ended::kOtherCounts;
  _exit(static_cast<int>(ended));
}

}  // namespace

TEST_CASE("fencing: a process that was stopped beyond its lease writes nothing any more") {
  const TempDir dir;
  const pid_t first = fork();
  REQUIRE(first >= 0);
  if (first == 0) CollectAndStop(dir);
  int status = 0;
  REQUIRE(waitpid(first, &status, WUNTRACED) == first);
  REQUIRE(WIFSTOPPED(status));

  // Two hours later, elsewhere.
  const ManualClock later({SystemClock().Now().micros + 2 * kLeaseSecs * kMicrosPerSecond});
  const SourceResult second = Collect(dir, later, "there", [](std::size_t) {});
  REQUIRE_MESSAGE(!second.error, (second.error ? second.error->message : ""));
  CHECK(second.counts.added == 2 * (kPages - static_cast<std::int64_t>(kStopsAt)));
  const auto store = OpenTestStore(dir, later);
  const std::int64_t leaves = store->Head().value().size;

  REQUIRE(kill(first, SIGCONT) == 0);
  REQUIRE(waitpid(first, &status, 0) == first);
  REQUIRE(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == static_cast<int>(Ended::kFencedOff));
  CHECK(store->Head().value().size == leaves);
  const auto totals = store->Totals().value();
  REQUIRE(totals.size() == 1);
  CHECK(totals[0].records == 2 * kPages);
  CHECK(totals[0].last_run->outcome == RunOutcome::kComplete);
  const auto report = store->Fsck({});
  REQUIRE(report.ok());
  CHECK(report->faults.empty());
  CHECK(report->records == 2 * kPages);
}
