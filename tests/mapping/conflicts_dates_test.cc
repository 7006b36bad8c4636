// Goal: dates that a source rewrites hold the item under their own reason, for everybody whom it may concern and nobody
// else, and comes free by itself when the source goes back to what it said (decision 0015).
// Method: few statements each, with the reason, the standing beside it and who waits; then the correction.
#include "tests/mapping/conflict_support.h"

using namespace mc;
using namespace mc::test;

TEST_CASE("dates that a source rewrites hold the item, and going back to the first statement frees it") {
  struct Case {
    std::string name;
    std::function<Story()> made;
    std::string key;
    Change change;
    Held held;
    const char* june;  // standing: from the earlier of both dates on
  };
  const auto finished = [] { return Finished(); };
  const auto assigned = &Evidence::assigned_at, due = &Evidence::due_at, completed = &Evidence::completed_at;
  const auto rowless = [] {
    Story s;
    s.Dossier(kId, "2026-06-01 08:00:00", "2026-06-15 17:00:00", "9").completed_at = At("2026-06-10 08:00:00");
    return s;
  };
  const std::vector<Case> cases = {
      {"dossier: received later", finished, kDossier, Set(assigned, "2026-06-03 08:00:00"), {"assigned_rewritten"}, "1 0 0 0"},
      {"dossier: received earlier", finished, kDossier, Set(assigned, "2026-05-03 08:00:00"), {"assigned_rewritten"}, "1 0 0 0"},
      {"dossier: the day of receipt", finished, kDossier, Set(assigned, "2026-06-01"), {}, "1 1 0 0"},
      {"dossier: due later", finished, kDossier, Set(due, "2026-07-15 17:00:00"), {"due_rewritten"}, "1 0 0 0"},
      {"dossier: due no longer", finished, kDossier, Set(due, ""), {"due_rewritten"}, "1 0 0 0"},
      {"dossier: the day of the deadline", finished, kDossier, Set(due, "2026-06-15"), {}, "1 1 0 0"},
      {"dossier: NgayHenTraMoi", finished, kDossier, Supplemented("2026-06-25 17:00:00"), {}, "1 1 0 0"},
      {"dossier: an end that decides nothing", finished, kDossier, Set(completed, "2026-06-09 08:00:00"), {}, "1 1 0 0"},
      {"dossier without rows: ended earlier", rowless, kDossier, Set(completed, "2026-06-08 08:00:00"), {"completed_rewritten"}, "1 0 0 0"},
      {"dossier without rows: ended by day", rowless, kDossier, Set(completed, "2026-06-10"), {}, "1 1 0 0"},
      {"dossier without rows: ended in July", rowless, kDossier, Set(completed, "2026-07-08 08:00:00"), {"completed_rewritten"}, "1 0 0 0"},
      {"task: NgayTao back", Accepted, kTask, Set(assigned, "2026-06-01 08:00:00"), {"assigned_rewritten"}, "1 0 0 0"},
      {"task: NgayTao forward, past the cut-off", Accepted, kTask, Set(assigned, "2026-07-01 08:00:00"), {"assigned_rewritten"}, "1 0 0 0"},
      {"task: HanXuLy into July", Accepted, kTask, Set(due, "2026-07-20"), {"due_rewritten"}, "1 0 0 0"},
      {"task: HanXuLy taken out", Accepted, kTask, Set(due, ""), {"due_rewritten"}, "1 0 0 0"},
      {"task: HanXuLy with an extension", Accepted, kTask, Extended("2026-06-28", "em"), {}, "1 1 0 0"},
      {"task: HanXuLy with the lead's own extension", Accepted, kTask, Extended("2026-06-28", "an"), {}, "1 1 0 0"},
      {"task: accepted earlier", Accepted, kTask, AcceptedOn("2026-06-08 09:00:00"), {"completed_rewritten"}, "1 0 0 0"},
      {"task: accepted no longer", Accepted, kTask, AcceptedOn(""), {"completed_rewritten"}, "1 0 0 0"},
      {"task: the day of delivery stated first", Accepted, kTask, AcceptedOn("2026-06-10 09:00:00", "2026-06-09"), {}, "1 1 0 0"},
      {"report: sent later", Answered, kReport, Set(assigned, "2026-06-07 08:00:00"), {"assigned_rewritten"}, "1 0 0 0"},
      {"report: expected later", Answered, kReport, Set(due, "2026-06-22 08:00:00"), {"due_rewritten"}, "1 0 0 0"},
      {"report: answered earlier", Answered, kReport, Set(completed, "2026-06-08 08:00:00"), {"completed_rewritten"}, "1 0 0 0"},
      {"report: answered no longer", Answered, kReport, Set(completed, ""), {"reopened"}, "1 0 0 0"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    Story s = c.made();
    Again(s, 0, c.change);
    const WorkItem item = s.Item(c.key, "2026-06-30");
    CHECK(Codes(item) == c.held);
    CHECK(Stands(item, "2026-06") == c.june);
    if (c.held.empty()) continue;
    const Evidence first = s.revisions().front().evidence;
    Again(s, s.revisions().size() - 1, [&](Evidence& e) { e = first; });
    CHECK(s.Item(c.key, "2026-06-30").held.empty());
    CHECK(Stands(s.Item(c.key, "2026-06-30"), "2026-06") == "1 1 0 0");
  }
}

TEST_CASE("a first statement of what was absent rewrites nothing") {
  Story dossier, task, report;
  dossier.Dossier(kId, "2026-06-01 08:00:00", "");
  task.Task("T1", "an", "2026-06-05 08:00:00", "");
  report.Report("R1", "H26.1", "2026-06-06 08:00:00", "");
  for (auto [s, key] : {std::pair{&dossier, kDossier}, {&task, kTask}, {&report, kReport}}) {
    Again(*s, 0, [](Evidence& e) {
      e.due_at = At("2026-06-15 17:00:00");
      e.completed_at = At("2026-06-12 08:00:00");
    });
    const WorkItem item = s->Item(key, "2026-06-30");
    CHECK(item.held.empty());
    CHECK(item.due == At("2026-06-15 17:00:00"));
  }
}

// Goal: a record pushed at receipt, and again when the dossier was over, says one thing; rows told the end before.
TEST_CASE("an end that a record states for the first time moves nothing, whatever its rows said") {
  Story s;
  s.Dossier(kId, "2026-06-01 08:00:00", "2026-06-15 17:00:00", "2");
  s.Step(kId, "2", "2026-06-01 08:00:00", "em");
  s.Step(kId, "4", "2026-06-02 08:00:00", "an");
  s.Step(kId, "9", "2026-06-02 08:00:00", "");
  s.Step(kId, "10", "2026-06-16 08:00:00", "em");
  CHECK(Stands(s.Item(kDossier, "2026-06-30"), "2026-06") == "1 1 1 0");
  Again(s, 0, [](Evidence& e) {
    e.status = "10";
    e.completed_at = At("2026-06-14 08:00:00");
  });
  CHECK(s.Item(kDossier, "2026-06-30").held.empty());
  CHECK(Stands(s.Item(kDossier, "2026-06-30"), "2026-06") == "1 1 0 0");
  Again(s, s.revisions().size() - 1, Set(&Evidence::completed_at, "2026-06-13 08:00:00"));
  CHECK(Codes(s.Item(kDossier, "2026-06-30")) == Held{"completed_rewritten"});
}

TEST_CASE("while two dates stand, the item stands from the earlier one on") {
  for (const auto& [first, last] : {std::pair{"2026-07-20", "2026-06-20"}, {"2026-06-20", "2026-07-20"}}) {
    Story s;
    s.Task("T1", "an", "2026-06-05 08:00:00", first);
    Again(s, 0, Set(&Evidence::due_at, last));
    CHECK(Stands(s.Item(kTask, "2026-06-30"), "2026-06") == "1 0 0 0");
    CHECK(Stands(s.Item(kTask, "2026-07-31"), "2026-07") == "1 0 1 0 carried");
  }
}

TEST_CASE("a deadline that is rewritten together with its extension is the first one, missed or not") {
  // Extended on the 18th: before the deadline of the 20th, after that of the 16th.
  for (const auto& [first, missed] : {std::pair{"2026-06-20", 0}, {"2026-06-16", 1}}) {
    Story s;
    s.Task("T1", "an", "2026-06-05 08:00:00", first);
    Again(s, 0, Extended("2026-06-28", "em"));
    const WorkItem item = s.Item(kTask, "2026-06-30");
    CHECK(item.held.empty());
    CHECK(item.due == At("2026-06-28"));
    CHECK(item.missed_before == missed);
  }
}

TEST_CASE("a rewritten acceptance is none where the task was sent back in between") {
  Story s = Accepted();
  Again(s, 0, [](Evidence& e) {
    e.acceptance->at = At("2026-06-14 09:00:00");
    e.returns = {{At("2026-06-12 08:00:00"), By("em"), "SAI_NOI_DUNG", true, true}};
  });
  CHECK(Codes(s.Item(kTask, "2026-06-30")).empty());
  CHECK(Stands(s.Item(kTask, "2026-06-30"), "2026-06") == "1 1 0 1");
  s.revisions().back().evidence.returns[0].at = At("2026-06-15 08:00:00");
  CHECK(Codes(s.Item(kTask, "2026-06-30")) == Held{"completed_rewritten"});
}

TEST_CASE("a task that was accepted at another time is not recalled in time") {
  Story s = Accepted();
  Again(s, 0, AcceptedOn("2026-06-14 09:00:00"));
  s.revisions().back().evidence.recall = Recall{At("2026-06-12 08:00:00"), By("em")};
  CHECK_FALSE(s.Item(kTask, "2026-06-30").left);
  CHECK(Codes(s.Item(kTask, "2026-06-30")) == Held{"completed_rewritten"});
}

TEST_CASE("an end that a record moves over the cut-off is held on both sides of it") {
  for (const auto& [was, is] : {std::pair{"2026-07-02 08:00:00", "2026-06-14 08:00:00"},
                                {"2026-06-14 08:00:00", "2026-07-02 08:00:00"}}) {
    Story s;
    s.Dossier(kId, "2026-06-01 08:00:00", "2026-06-15 17:00:00", "9").completed_at = At(was);
    Again(s, 0, Set(&Evidence::completed_at, is));
    CHECK(Codes(s.Item(kDossier, "2026-06-30")) == Held{"completed_rewritten"});
    CHECK(Codes(s.Item(kDossier, "2026-07-31")) == Held{"completed_rewritten"});
    CHECK(s.Item(kDossier, "2026-06-10").held.empty());  // neither has happened yet
  }
}

TEST_CASE("copies of a document with two deadlines are held, until an update says which") {
  const std::string key = "document:G22|15/CV|2026-06-01|H26.1";
  Story s;
  s.Document("G22", "15/CV", "2026-06-01", "2026-06-20");
  s.DocStatus("H26.1", "G22", "15/CV", "2026-06-01", "04", "2026-06-02 08:00:00", "em");
  s.DocStatus("H26.1", "G22", "15/CV", "2026-06-01", "06", "2026-06-22 08:00:00", "an");
  s.Document("G22", "15/CV", "2026-06-01", "");
  CHECK(s.Item(key, "2026-06-30").held.empty());
  s.Document("G22", "15/CV", "2026-06-01", "2026-07-05");
  CHECK(s.Item(key, "2026-06-30").held == Held{"due_rewritten:2026-06-20 > 2026-07-05"});
  CHECK(Stands(s.Item(key, "2026-06-30"), "2026-06") == "1 0 0 0");
  Story without = s;
  without.Document("G22", "15/CV", "2026-06-01", "", "", "update");
  CHECK(Codes(without.Item(key, "2026-06-30")) == Held{"due_rewritten"});
  s.Document("G22", "15/CV", "2026-06-01", "2026-06-25", "", "update");
  CHECK(s.Item(key, "2026-06-30").held.empty());
  CHECK(Stands(s.Item(key, "2026-06-30"), "2026-06") == "1 1 0 0");
}
