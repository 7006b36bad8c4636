// Goal: what a source said last of something, and nobody could read, holds the item that stands on the state before,
// and holds nothing else.
// Method: few statements each, one of which has a newer state in quarantine.
#include "tests/mapping/conflict_support.h"

using namespace mc;
using namespace mc::test;

namespace {

const Held kUnread = {"newer_state_unread"};

}  // namespace

TEST_CASE("an item whose record has a newer state in quarantine is held, and stands unfinished") {
  for (auto [made, key] : {std::pair{Accepted(), kTask}, {Finished(), kDossier}, {Answered(), kReport}}) {
    CAPTURE(key);
    CHECK(made.Item(key, "2026-06-30").held.empty());
    made.revisions().front().unread_since = true;
    CHECK(made.Item(key, "2026-06-30").held == kUnread);
    CHECK(Stands(made.Item(key, "2026-06-30"), "2026-06") == "1 0 0 0");
  }
}

TEST_CASE("a row of a dossier counts as the dossier, and another dossier is not concerned") {
  Story s = Finished();
  s.Dossier("H26.1-260601-00002", "2026-06-01 08:00:00", "2026-06-15 17:00:00");
  s.revisions()[3].unread_since = true;  // the 9
  CHECK(s.Item(kDossier, "2026-06-30").held == kUnread);
  CHECK(s.Item("dossier:dvc:H26.1-260601-00002", "2026-06-30").held.empty());
}

TEST_CASE("a task that stands on a result is held with it") {
  Story s;
  s.Dossier(kId, "2026-06-06 08:00:00", "2026-06-15 17:00:00", "9");
  s.Step(kId, "4", "2026-06-07 08:00:00", "an");
  s.Step(kId, "9", "2026-06-10 08:00:00", "an");
  s.Task("T1", "an", "2026-06-05 08:00:00", "2026-06-20").claims = {
      {At("2026-06-11 08:00:00"), {Names(ResultKind::kDossier, kId)}}};
  REQUIRE(Stands(s.Item(kDossier, "2026-06-30"), "2026-06") == "1 1 0 0");  // joined
  s.revisions().front().unread_since = true;
  CHECK(s.Item(kDossier, "2026-06-30").held == kUnread);
}

TEST_CASE("a task waits for a result that may be finished in words nobody could read, unless it is completed without") {
  for (const bool report : {true, false}) {
    CAPTURE(report);
    Story s;
    if (report) s.Report("R1", "H26.1", "2026-06-06 08:00:00", "");
    if (!report) s.Dossier(kId, "2026-06-06 08:00:00", "2026-06-15 17:00:00", "4");
    const ResultRef named = report ? Names(ResultKind::kReport, "R1") : Names(ResultKind::kDossier, kId);
    s.Task("T1", "an", "2026-06-05 08:00:00", "2026-06-20").claims = {{At("2026-06-15 08:00:00"), {named}}};
    CHECK(Stands(s.Item(kTask, "2026-06-30"), "2026-06") == "1 0 0 0");
    CHECK(s.Item(kTask, "2026-06-30").held.empty());
    s.revisions().front().unread_since = true;
    CHECK(s.Item(kTask, "2026-06-30").held == kUnread);
    Evidence& task = s.revisions().back().evidence;
    task.acceptance = Acceptance{At("2026-06-16 08:00:00"), By("em"), std::nullopt, std::nullopt};
    CHECK(s.Item(kTask, "2026-06-30").held.empty());
    CHECK(Stands(s.Item(kTask, "2026-06-30"), "2026-06") == "1 1 0 0");
  }
}

TEST_CASE("no task waits for the paper that gave it") {
  Story s;
  s.Document("G22", "15/CV", "2026-06-01", "", "T1");
  const DocumentRef paper = s.revisions().front().evidence.document;
  s.Task("T1", "an", "2026-06-05 08:00:00", "2026-06-20").document = paper;
  s.revisions().front().unread_since = true;
  REQUIRE(s.Item(kTask, "2026-06-30").tested.size() == 1);
  CHECK(s.Item(kTask, "2026-06-30").tested.front().reason == "instruction");
  CHECK(s.Item(kTask, "2026-06-30").held.empty());
}

TEST_CASE("what left and what somebody set themselves is held for nothing") {
  Story recalled = Accepted(), own;
  recalled.revisions()[0].evidence.recall = Recall{At("2026-06-08 08:00:00"), By("em")};
  own.Task("T1", "an", "2026-06-05 08:00:00", "2026-06-20", "an");
  for (Story* s : {&recalled, &own}) {
    s->revisions()[0].unread_since = true;
    CHECK(s->Item(kTask, "2026-06-30").held.empty());
  }
}
