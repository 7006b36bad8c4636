// Clocks and cursors from the future, two collectors, empty or dead, stopping.

#include <algorithm>
#include <filesystem>

#include "tests/conformance/cases.h"

namespace mc::conformance {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr int kRunItems = 5;  // per stream
constexpr minutes kDay = hours(24);

// An item that the source gets at `at`, in each stream.
void Arrive(Stage& stage, Instant at, const std::string& id) {
  for (const ManifestStream& stream : stage.manifest.streams) {
    stage.world.items.push_back({id + std::to_string(stage.world.items.size()), stream.id, "H26.101", at});
  }
}

Instant Later(Instant at, minutes time) { return {at.micros + time.count() * 60 * kMicrosPerSecond}; }

// A position later than the clock, or one that nobody wrote: refused, and nothing is asked.
void FutureCursor(Trial& trial) {
  Stage stage(trial);
  const Instant now = stage.clock.Now();
  stage.clock.Set(ParseInstant("2999-01-01T00:00:00Z").value());
  stage.manifest.limits.window_days = 366;
  const std::string stream = stage.manifest.streams.front().id;
  std::vector<std::optional<Cursor>> cursors = {Cursor{"page 7"}, Cursor{"{}"}, Cursor{R"({"v":99})"}};
  std::optional<Cursor> cursor;
  stage.Bring();
  for (int i = 0; i < 3; ++i) {
    auto page = stage.NewConnector()->Pull(stream, cursor);
    if (!page.ok()) break;
    cursor = page->next;
    cursors.push_back(cursor);
  }
  trial.Expect(cursors.size() > 3, "no cursor of the year 2999 to try");
  stage.clock.Set(now);
  for (const auto& tried : cursors) {
    stage.server().Sync();
    stage.server().ForgetRequests();
    const auto page = stage.NewConnector()->Pull(stream, tried);
    trial.Expect(!page.ok(), "goes on from a cursor that cannot be: " + tried->text.substr(0, 60));
    trial.Expect(stage.server().Sync().empty(), "asks the source with a cursor that cannot be");
  }
}

// Our clock a day ahead, then set right: refused until it has caught up, and nothing that
// arrived meanwhile is lost.
void ClockAhead(Trial& trial) {
  Stage stage(trial);
  stage.Fill(2);
  const Instant now = stage.clock.Now();
  stage.Pass(kDay);
  stage.Collect();
  stage.clock.Set(now);
  const SourceResult refused = stage.Collect();
  trial.Expect(refused.error && refused.error->error_class == ErrorClass::kConfig, "clock set back: not refused");
  trial.Expect(stage.LastRun().outcome == RunOutcome::kFailed, "clock set back: the receipt does not say failed");
  Arrive(stage, Later(now, hours(2)), "901");
  Arrive(stage, Later(now, hours(20)), "902");
  stage.clock.Set(Later(now, kDay + hours(1)));
  ExpectComplete(trial, stage, stage.Collect(), "clock a day ahead, caught up");
}

// Our clock a day behind: complete no further than it, and the rest comes when it is time.
void ClockBehind(Trial& trial) {
  Stage stage(trial);
  stage.Fill(2);
  const Instant now = stage.clock.Now();
  Arrive(stage, Later(now, hours(20)), "901");
  stage.Collect();
  trial.Expect(stage.CompleteThrough() == now, "clock a day behind: complete beyond it");
  stage.Pass(kDay);
  ExpectComplete(trial, stage, stage.Collect(), "clock a day behind, caught up");
}

void ClockSkew(Trial& trial) {
  ClockAhead(trial);
  ClockBehind(trial);
}

// While one collector is between two pages, another one finds the lease held.
void LeaseHeld(Trial& trial) {
  Stage stage(trial);
  stage.Fill(kRunItems);
  SourceResult second;
  const auto other = stage.OpenAnotherStore();
  const SourceResult first = stage.Collect(Before(1, [&] {
    stage.Meddle(trial.spoil.before_second_collector);
    second = stage.CollectInto(*other, {}, "there", 0 /* waits for one second */);
  }));
  trial.Expect(second.error && second.error->code == "lease_held", "a second collector runs beside the first");
  trial.Expect(second.counts.fetched == 0, "a second collector writes beside the first");
  ExpectComplete(trial, stage, first, "the first of two collectors");
}

// One collector hangs until its lease is over and another one has done the work; what it
// still hands over is refused.
void Fenced(Trial& trial) {
  Stage stage(trial);
  stage.Fill(kRunItems);
  SourceResult second;
  const auto other = stage.OpenAnotherStore();
  const SourceResult first = stage.Collect(Before(1, [&] {
    stage.Pass(minutes(10));
    second = stage.CollectInto(*other, {}, "there", 60);
    stage.Meddle(trial.spoil.after_second_collector);
  }));
  trial.Expect(first.error && first.error->code == "fenced_off", "a collector writes under a lease that is over");
  trial.Expect(!second.error, "the collector that takes over fails");
  ExpectAllHeld(trial, stage, "after a lease was taken over");
  trial.Expect(stage.CompleteThrough().has_value(), "the collector that took over is not complete");
}

void TwoCollectors(Trial& trial) {
  LeaseHeld(trial);
  Fenced(trial);
}

// A page for people instead of data: an error where we ask, a message or file set aside and told
// where it is brought.
void ExpectNonsenseTold(Trial& trial, Stage& stage) {
  stage.server().SetPlan([](const WireRequest&, int) { return WireFault::kHtml; });
  const auto brought = stage.Bring(HandFault::kHtml);
  stage.sender_works = false;
  const SourceResult nonsense = stage.Collect();
  const bool told = IsAsked(trial.row) ? nonsense.error.has_value() : !nonsense.notes.empty();
  trial.Expect(told, "a page for people is taken for an empty list");
  for (const std::string& bytes : brought) trial.Expect(stage.SetAside(bytes), "nonsense is not kept for people");
}

// Nobody listens, and the folder is no longer there.
SourceResult CollectFromTheDead(Stage& stage) {
  stage.server().StopListening();
  std::filesystem::remove_all(stage.drop_folder());
  return stage.Collect();
}

// Whoever pushes and is dead is silent, as one that has nothing to say: the run is good, and what
// tells them apart is the time up to which the sender said that all was sent.
void SilentSender(Trial& trial) {
  Stage stage(trial);
  ExpectComplete(trial, stage, stage.Collect(), "a sender with nothing to say");
  const Instant reached = stage.clock.Now();
  stage.Pass(minutes(60));
  ExpectNonsenseTold(trial, stage);
  trial.Expect(stage.CompleteThrough() == reached, "nonsense completes something");
  stage.Pass(minutes(60));
  trial.Expect(!stage.Collect().error, "a silent sender is an error");
  trial.Expect(stage.LastRun().complete_through == reached, "a silent sender counts as complete");
  trial.Expect(stage.Leaves() == 4, "a run leaves no receipt in the log");  // three, and what was set aside
  trial.Expect(stage.Faults().empty(), "fsck finds a fault");
}

// Nothing there, nobody there, and somebody who answers nonsense: three different things.
void EmptyOrDead(Trial& trial) {
  if (trial.row.kind == ConnectorKind::kInbox) return SilentSender(trial);
  Stage stage(trial);
  const SourceResult empty = stage.Collect();
  ExpectComplete(trial, stage, empty, "empty source");
  trial.Expect(empty.counts.fetched == 0 && empty.notes.empty(), "empty source: something was read");
  trial.Expect(stage.Leaves() == 1, "empty source: no receipt in the log");
  const Instant reached = stage.clock.Now();
  stage.Pass(minutes(60));
  ExpectNonsenseTold(trial, stage);
  const SourceResult dead = CollectFromTheDead(stage);
  trial.Expect(dead.error && dead.error->error_class == ErrorClass::kTransient, "a dead source is not told apart");
  const RunReceipt receipt = stage.LastRun();
  trial.Expect(receipt.outcome == RunOutcome::kFailed && !receipt.error_code.empty(), "dead source: no failed receipt");
  const auto set_aside = static_cast<std::int64_t>(stage.Quarantine().size());
  trial.Expect(stage.Leaves() == 3 + set_aside, "failed runs leave no receipt in the log");
  trial.Expect(stage.CompleteThrough() == reached, "a dead source counts as complete");
  trial.Expect(stage.Faults().empty(), "fsck finds a fault");
}

// A program that ends while the connector waits to ask again.
void Stopped(Trial& trial) {
  if (!trial.Asks()) return;
  Stage stage(trial);
  stage.Fill(2);
  stage.keep_waiting = false;
  stage.server().SetPlan([](const WireRequest&, int) { return WireFault::kUnavailable; });
  const SourceResult result = stage.Collect();
  trial.Expect(result.error && result.error->error_class == ErrorClass::kTransient,
               "an interrupted run does not say so");
  trial.Expect(stage.server().Sync().size() == 1, "it goes on asking while the program ends");
  stage.keep_waiting = true;
  stage.server().SetPlan({});
  trial.Expect(!stage.CompleteThrough(), "an interrupted run counts as complete");
  ExpectComplete(trial, stage, stage.Collect(), "after an interruption");
}

}  // namespace

std::vector<Case> RunCases() {
  return {{"future_cursor", &FutureCursor},
          {"clock_skew", &ClockSkew},
          {"two_collectors", &TwoCollectors},
          {"empty_or_dead", &EmptyOrDead},
          {"stopped", &Stopped}};
}

}  // namespace mc::conformance
