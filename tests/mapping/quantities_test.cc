// Goal: a task of several products washes nothing and gives nothing twice (4a "Join", "Field authority"; decision
// 0001, rules 19, 20 and 29).
// Method: few statements each, and the standing of every item that they make.
#include "tests/mapping/conflict_support.h"

using namespace mc;
using namespace mc::test;

namespace {

void Finish(Story& s, const std::string& id, const std::string& due, const std::string& done) {
  s.Dossier(id, "2026-06-01 08:00:00", due);
  s.Step(id, "2", "2026-06-01 08:00:00", "em");
  s.Step(id, "9", done, "an");
}

Evidence& Several(Story& s, std::int64_t quantity, const std::string& due, const std::vector<ResultRef>& results) {
  Evidence& task = s.Task("T1", "an", "2026-06-08 08:00:00", due);
  task.quantity = Ratio(quantity);
  if (!results.empty()) task.claims = {{At("2026-06-15"), results}};
  return task;
}

std::vector<ResultRef> Dossiers(const std::vector<std::string>& ids) {
  std::vector<ResultRef> refs;
  for (const std::string& id : ids) refs.push_back(Names(ResultKind::kDossier, id));
  return refs;
}

// "key: standing", of what stands in the period.
std::vector<std::string> Standings(const Story& s, const std::string& as_of, const std::string& period) {
  std::vector<std::string> all;
  for (const WorkItem& item : s.Items(as_of)) {
    const std::string stands = Stands(item, period);
    if (stands != "-") all.push_back(item.key + ": " + stands);
  }
  return all;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("late dossiers stay late, each for itself, when a later task of two names both") {
  Story s;
  for (const char* id : {"D1", "D2"}) Finish(s, id, "2026-06-05 17:00:00", "2026-06-08 10:00:00");
  Several(s, 2, "2026-06-30", Dossiers({"D1", "D2"}));
  CHECK(Standings(s, "2026-06-30", "2026-06") == Texts{"dossier:dvc:D1: 1 1 1 0", "dossier:dvc:D2: 1 1 1 0"});
  CHECK(Standings(s, "2026-07-31", "2026-07").empty());
  const WorkItem first = s.Item("dossier:dvc:D1", "2026-06-30");
  CHECK(first.aliases == Texts{kTask});  // nothing is left under the task's own key
  CHECK(first.product == "SP-NV-01");
  CHECK(first.assigned_at == At("2026-06-08 08:00:00"));
  CHECK(s.Item("dossier:dvc:D2", "2026-06-30").aliases.empty());
}

TEST_CASE("what is left of the quantity keeps the task's key, and what was in time is absorbed") {
  Story s;
  Finish(s, "D1", "2026-06-05 17:00:00", "2026-06-08 10:00:00");
  Finish(s, "D2", "2026-06-20 17:00:00", "2026-06-10 10:00:00");
  Finish(s, "D3", "2026-07-20 17:00:00", "2026-06-11 10:00:00");
  Several(s, 4, "2026-06-30", Dossiers({"D1", "D2", "D3"})).returns = {
      {At("2026-06-08 09:00:00"), By("em"), "SAI_NOI_DUNG", true, true}};
  CHECK(Standings(s, "2026-06-30", "2026-06") == Texts{"dossier:dvc:D1: 1 1 1 0", kTask + ": 3 2 0 1"});
  CHECK(Standings(s, "2026-07-31", "2026-07") == Texts{kTask + ": 1 0 1 1 carried"});
  CHECK(s.Item(kTask, "2026-06-30").aliases == Texts{"dossier:dvc:D2", "dossier:dvc:D3"});
  CHECK(s.Item(kTask, "2026-06-30").notes == Texts{"units_apart"});
  CHECK(s.Item("dossier:dvc:D1", "2026-06-30").notes == Texts{"unit_apart"});
}

TEST_CASE("a dossier of June does not count again in July, in a task of July that names it") {
  Story s;
  for (const char* id : {"D1", "D2"}) Finish(s, id, "2026-06-12 17:00:00", "2026-06-09 10:00:00");
  Several(s, 2, "2026-07-31", {}).claims = {{At("2026-07-03"), Dossiers({"D1", "D2"})}};
  CHECK(Standings(s, "2026-06-30", "2026-06") == Texts{"dossier:dvc:D1: 1 1 0 0", "dossier:dvc:D2: 1 1 0 0"});
  CHECK(Standings(s, "2026-07-31", "2026-06") == Texts{"dossier:dvc:D1: 1 1 0 0", "dossier:dvc:D2: 1 1 0 0"});
  CHECK(Standings(s, "2026-07-31", "2026-07").empty());
}

TEST_CASE("a deadline that a dossier missed before it was extended is not lost in a task of two") {
  Story s;
  for (const char* id : {"D1", "D2"}) {
    Finish(s, id, "2026-06-05 17:00:00", "2026-06-10 10:00:00");
    for (EvidenceRevision& r : s.revisions()) {
      if (r.evidence.kind != EvidenceKind::kDossier || r.evidence.native_id != id) continue;
      Supplement extension;
      extension.requested_at = At("2026-06-09 08:00:00");
      extension.new_due = At("2026-07-15 17:00:00");
      r.evidence.supplements = {extension};
    }
  }
  Several(s, 2, "2026-06-30", Dossiers({"D1", "D2"}));
  CHECK(Standings(s, "2026-06-30", "2026-06") == Texts{"dossier:dvc:D1: 1 1 1 0", "dossier:dvc:D2: 1 1 1 0"});
}

TEST_CASE("a return of a task of which nothing is left stands with the first of its dossiers, once") {
  Story s;
  for (const char* id : {"D1", "D2"}) Finish(s, id, "2026-06-05 17:00:00", "2026-06-10 10:00:00");
  Several(s, 2, "2026-06-30", Dossiers({"D1", "D2"})).returns = {
      {At("2026-06-09 09:00:00"), By("em"), "SAI_NOI_DUNG", true, true}};
  CHECK(Standings(s, "2026-06-30", "2026-06") == Texts{"dossier:dvc:D1: 1 1 1 1", "dossier:dvc:D2: 1 1 1 0"});
}

TEST_CASE("reports closed as duplicates leave with the units that they back") {
  Story s;
  std::vector<ResultRef> named;
  for (const char* id : {"R1", "R2", "R3", "R4", "R5"}) {
    Evidence& report = s.Report(id, "H26.1", "2026-06-08 09:00:00", "2026-06-09 08:00:00");
    if (id != std::string("R1")) report.duplicate_of = "R1";
    named.push_back(Names(ResultKind::kReport, id));
  }
  Several(s, 5, "2026-06-30", named);
  CHECK(Standings(s, "2026-06-30", "2026-06") == Texts{kTask + ": 1 1 0 0"});
  CHECK(s.Item("report:ihanoi:R2", "2026-06-30").left == "duplicate");
  s.revisions().front().evidence.duplicate_of = "R0";
  CHECK(Standings(s, "2026-06-30", "2026-06").empty());
  CHECK(s.Item("report:ihanoi:R1", "2026-06-30").left == "duplicate");
}

TEST_CASE("a report keeps its own deadline in a task of several that states none, and there alone") {
  const auto two_late = [](const std::string& due) {
    Story s;
    std::vector<ResultRef> named;
    for (const char* id : {"R1", "R2", "R3"}) {
      Evidence& report = s.Report(id, "H26.1", "2026-06-08 09:00:00", "2026-06-12 08:00:00");
      report.due_at = id == std::string("R3") ? At("2026-06-15 17:00:00") : At("2026-06-10 17:00:00");
      named.push_back(Names(ResultKind::kReport, id));
    }
    Several(s, 3, due, named);
    return s;
  };
  CHECK(Standings(two_late(""), "2026-06-30", "2026-06") ==
        Texts{"report:ihanoi:R1: 1 1 1 0", "report:ihanoi:R2: 1 1 1 0", kTask + ": 1 1 0 0 no_deadline"});
  CHECK(Standings(two_late("2026-06-30"), "2026-06-30", "2026-06") == Texts{kTask + ": 3 3 0 0"});
}

TEST_CASE("an acceptance states how much there is in all, and results are part of that") {
  for (const auto& [results, stated, stands] : {std::tuple{2, 2, "4 2 0 0"},
                                                {2, 3, "4 3 0 0"},
                                                {2, 1, "4 2 0 0"},
                                                {2, 0, "4 4 0 0"},  // states no quantity: what is open
                                                {0, 2, "4 2 0 0"}}) {
    Story s;
    Evidence& task = Several(s, 4, "2026-06-30", {});
    task.acceptance = Acceptance{At("2026-06-20 08:00:00"), By("em"), std::nullopt, std::nullopt};
    if (stated) task.acceptance->quantity = Ratio(stated);
    for (int i = 0; i < results; ++i) s.Document("H26.1", std::to_string(i) + "/BC", "2026-06-10", "", "T1");
    CAPTURE(stands);
    CHECK(Stands(s.Item(kTask, "2026-06-30"), "2026-06") == stands);
  }
  // Of which two are late dossiers that stand for themselves.
  Story s;
  for (const char* id : {"D1", "D2"}) Finish(s, id, "2026-06-05 17:00:00", "2026-06-08 10:00:00");
  Several(s, 4, "2026-06-30", Dossiers({"D1", "D2"})).acceptance =
      Acceptance{At("2026-06-20 08:00:00"), By("em"), std::nullopt, Ratio(3)};
  CHECK(Stands(s.Item(kTask, "2026-06-30"), "2026-06") == "2 1 0 0");
}

TEST_CASE("what an acceptance says of a delivery to come has not happened") {
  Story s;
  s.Task("T1", "an", "2026-06-08 08:00:00", "2026-06-30").acceptance =
      Acceptance{At("2026-06-28 08:00:00"), By("em"), At("2026-07-02"), std::nullopt};
  CHECK(Stands(s.Item(kTask, "2026-06-30"), "2026-06") == "1 0 0 0");
  CHECK(Stands(s.Item(kTask, "2026-07-31"), "2026-07") == "1 1 1 0 carried");
}
