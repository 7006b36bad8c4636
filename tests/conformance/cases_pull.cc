// Again, resumed, equal times, edits, deletions, faults of paging.

#include <algorithm>

#include "tests/conformance/cases.h"

namespace mc::conformance {
namespace {

using std::chrono::minutes;

constexpr int kItems = 5;       // per stream
constexpr int kMostPages = 60;  // of one run

// A second pull adds its receipt and nothing else.
void Twice(Trial& trial) {
  Stage stage(trial);
  stage.Fill(kItems);
  ExpectComplete(trial, stage, stage.Collect(), "first run");
  const std::int64_t leaves = stage.Leaves();
  stage.Pass(minutes(60));
  stage.platform().BringAllAgain();
  const SourceResult again = stage.Collect();
  ExpectComplete(trial, stage, again, "second run");
  trial.Expect(again.counts.fetched > 0, "the second run reads again what may have changed");
  trial.Expect(again.counts.duplicate == again.counts.fetched, "the second run adds records");
  trial.Expect(stage.Leaves() == leaves + 1, "the second run adds more than its receipt to the log");
}

// Stopped behind each page that a run saves, and taken up by a new process.
void ResumeEverywhere(Trial& trial) {
  for (int pages = 0; pages < kMostPages; ++pages) {
    Stage stage(trial);
    stage.Fill(kItems);
    const std::string when = "stopped after " + std::to_string(pages) + " pages";
    const SourceResult stopped = stage.Collect(StopAfter(pages));
    if (!stopped.error) {
      trial.Expect(pages > static_cast<int>(stage.manifest.streams.size()), "too few pages to stop between");
      return;
    }
    trial.Expect(stopped.error->code == "test_stop", when + ": " + stopped.error->message);
    trial.Expect(!stage.CompleteThrough(), when + ": called complete");
    ExpectComplete(trial, stage, stage.Collect(), when);
  }
  trial.Expect(false, "the run does not end");
}

// All items of a stream at one instant, over several pages; every stop between them.
void EqualTimes(Trial& trial) {
  for (int pages = 0; pages <= 6; ++pages) {
    Stage stage(trial);
    stage.Fill(kItems);
    for (Item& item : stage.world.items) item.at = stage.world.items.front().at;
    const std::string when = "equal times, stopped after " + std::to_string(pages) + " pages";
    if (pages > 0) stage.Collect(StopAfter(pages));
    ExpectComplete(trial, stage, stage.Collect(), when);
  }
}

// The new version is held as well, the old one stays and can be opened.
void Edited(Trial& trial) {
  Stage stage(trial);
  stage.Fill(2);
  stage.Collect();
  const std::string old_bytes = stage.BytesOf(1);
  stage.Pass(minutes(10));
  stage.platform().Edit(stage.world, 1, stage.clock.Now());
  stage.Pass(minutes(60));
  const SourceResult result = stage.Collect();
  ExpectComplete(trial, stage, result, "after an edit");
  trial.Expect(result.counts.added + result.counts.revised == 1, "an edit is one more record");
  trial.Expect(result.counts.revised == (stage.platform().edits_are_revisions() ? 1 : 0), "an edit is a revision");
  bool old_held = false;
  for (const EvidenceRevision& revision : stage.Evidence()) {
    if (revision.record_digest != Sha256(old_bytes)) continue;
    const auto opened = stage.store().OpenRecord(revision.ik, "conformance");
    old_held = opened.ok() && opened->record.bytes == old_bytes;
    trial.Expect(revision.latest != stage.platform().edits_are_revisions(), "the old version is still the latest");
  }
  trial.Expect(old_held, "the old version can be opened no more");
}

// What goes away at the source stays here, and the source's smaller total is no loss.
void DeletedStays(Trial& trial) {
  Stage stage(trial);
  stage.Fill(3);
  stage.Collect();
  const std::size_t before = stage.Evidence().size();
  stage.world.items.erase(stage.world.items.begin());
  stage.Pass(minutes(60));
  ExpectComplete(trial, stage, stage.Collect(), "after a deletion");
  trial.Expect(stage.Evidence().size() == before, "the evidence of a deleted record is gone");
}

// Reading back tells that the record is there no more, and of no other one; when it is back, that too.
void DeletionTold(Trial& trial) {
  Stage stage(trial);
  stage.Fill(3);
  stage.Collect();
  const auto held = static_cast<std::int64_t>(stage.Evidence().size());
  const Item deleted = stage.world.items.front();
  const Digest digest = Sha256(stage.BytesOf(0));
  stage.world.items.erase(stage.world.items.begin());
  stage.Pass(minutes(60));
  const ReadBackResult read = stage.ReadBack();
  trial.Expect(!read.error, "reading back fails: " + (read.error ? read.error->message : ""));
  const ReadBackCounts& counts = read.read_back.counts;
  trial.Expect(counts.gone == 1, "a deletion at the source is not told");
  trial.Expect(counts.match == held - 1, "what the source still offers does not match");
  const auto marks = stage.store().ReadBackMarks();
  for (const EvidenceRevision& revision : stage.Evidence()) {
    const bool marked = marks.ok() && marks->contains(revision.ik);
    trial.Expect(marked == (revision.record_digest == digest), "another record than the deleted one is marked");
  }
  trial.Expect(static_cast<std::int64_t>(stage.Evidence().size()) == held, "the evidence of a deleted record is gone");
  stage.world.items.insert(stage.world.items.begin(), deleted);
  const ReadBackResult again = stage.ReadBack();
  trial.Expect(again.read_back.counts.match == held, "what came back does not match");
  trial.Expect(again.read_back.returned.size() == 1, "that it came back is not told");
  trial.Expect(stage.Faults().empty(), "fsck finds a fault after reading back");
}

// A record whose bytes change while its time of change stays is found, and its new bytes are held.
void ChangeTold(Trial& trial) {
  Stage stage(trial);
  stage.Fill(3);
  stage.Collect();
  const auto held = static_cast<std::int64_t>(stage.Evidence().size());
  const Instant at = stage.world.items.front().at;
  stage.platform().Edit(stage.world, 0, stage.clock.Now());
  stage.world.items.front().at = at;
  stage.Pass(minutes(60));
  const ReadBackResult read = stage.ReadBack();
  trial.Expect(!read.error, "reading back fails: " + (read.error ? read.error->message : ""));
  const ReadBackCounts& counts = read.read_back.counts;
  if (stage.platform().edits_are_revisions()) {
    trial.Expect(counts.revised + counts.differs == 1, "a change that the source does not tell is not found");
    trial.Expect(counts.match == held - 1, "what did not change does not match");
    trial.Expect(stage.Missing().empty(), "what it changed to is not held");
  } else {
    trial.Expect(counts.match == held, "what did not change does not match");
  }
  trial.Expect(stage.Faults().empty(), "fsck finds a fault after reading back");
}

// One window with pages enough, read while the source's paging is at fault.
SourceResult CollectBadly(Stage& stage, PagingFault fault) {
  stage.Fill(kItems);
  for (Item& item : stage.world.items) {
    item.at = stage.world.items.front().at;
    item.unit = "H26.101";
  }
  stage.world.paging = fault;
  return stage.Collect();
}

// Harmless or seen, never silent.
void Paging(Trial& trial, PagingFault fault, const std::string& when) {
  Stage stage(trial);
  const SourceResult result = CollectBadly(stage, fault);
  const bool silent = !result.error && stage.LastRun().complete_through.has_value();
  if (silent) ExpectAllHeld(trial, stage, when);
  trial.Expect(silent || result.error || !result.notes.empty(), when + ": incomplete, and nobody is told why");
  trial.Expect(stage.Doubled().empty(), when + ": a record is held twice");
}

// Seen or not: once the source pages well again, the next run brings what is missing.
void PagingMended(Trial& trial) {
  for (const PagingFault fault :
       {PagingFault::kRepeated, PagingFault::kSkipped, PagingFault::kReversed, PagingFault::kShrinks}) {
    Stage stage(trial);
    CollectBadly(stage, fault);
    stage.world.paging = PagingFault::kNone;
    stage.Pass(minutes(60));
    ExpectComplete(trial, stage, stage.Collect(), "paging fault " + std::to_string(static_cast<int>(fault)) + ", mended");
  }
}

void PagesRepeat(Trial& trial) { Paging(trial, PagingFault::kRepeated, "pages repeat"); }
void PagesSkipped(Trial& trial) { Paging(trial, PagingFault::kSkipped, "a page is skipped"); }
void OrderTurns(Trial& trial) { Paging(trial, PagingFault::kReversed, "the order turns"); }
void TotalShrinks(Trial& trial) { Paging(trial, PagingFault::kShrinks, "the total shrinks"); }

}  // namespace

std::vector<Case> PullCases() {
  return {{"twice", &Twice},
          {"resume", &ResumeEverywhere},
          {"equal_times", &EqualTimes},
          {"edited", &Edited},
          {"deleted_stays", &DeletedStays},
          {"deletion_told", &DeletionTold},
          {"change_told", &ChangeTold},
          {"paging_repeated", &PagesRepeat},
          {"paging_skipped", &PagesSkipped},
          {"paging_reversed", &OrderTurns},
          {"paging_shrinks", &TotalShrinks},
          {"paging_mended", &PagingMended}};
}

}  // namespace mc::conformance
