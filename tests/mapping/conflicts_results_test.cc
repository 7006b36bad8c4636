// Goal: a conflict between items, over an id or a result, holds those whom it may concern and takes nothing from the rest
// (decision 0015); a result in conflict backs nothing.
// Method: few statements each, with the reason, the standing beside it and who waits; then the correction.
#include "tests/mapping/conflict_support.h"

using namespace mc;
using namespace mc::test;

TEST_CASE("one id between two dossiers that do not name each other: each stands by itself, and is held") {
  const std::string other = "H26.1-260601-00002", shared = "TN-77";
  Story s = Finished();
  s.revisions().front().evidence.aliases = {shared};
  const std::size_t second = s.revisions().size();
  s.Dossier(other, "2026-06-01 08:00:00", "2026-07-15 17:00:00", "9").aliases = {shared};
  s.Step(other, "2", "2026-06-01 08:00:00", "em");
  s.Step(other, "9", "2026-06-09 08:00:00", "binh");
  REQUIRE(s.Items("2026-06-30").size() == 2);
  const WorkItem an = s.Item(kDossier, "2026-06-30"), binh = s.Item("dossier:dvc:" + other, "2026-06-30");
  CHECK(Codes(an) == Held{"ids_overlap"});
  CHECK(Codes(binh) == Held{"ids_overlap"});
  CHECK(an.lead.id == "an");
  CHECK(binh.lead.id == "binh");
  CHECK(Stands(an, "2026-06") == "1 0 0 0");
  CHECK(Stands(binh, "2026-06") == "-");  // due in July
  SUBCASE("the source takes the id away") {
    Again(s, second, [](Evidence& e) { e.aliases.clear(); });
    CHECK(s.Item(kDossier, "2026-06-30").held.empty());
    CHECK(s.Item("dossier:dvc:" + other, "2026-06-30").held.empty());
  }
  SUBCASE("one of them names the other: they are one") {
    Again(s, second, [](Evidence& e) { e.aliases = {kId}; });
    CHECK(s.Items("2026-06-30").size() == 1);
  }
  SUBCASE("the id has a record of its own, of which both are an alias") {
    s.Dossier(shared, "2026-06-01 08:00:00", "2026-06-15 17:00:00", "4");
    CHECK(s.Items("2026-06-30").size() == 3);
    CHECK(s.Item("dossier:dvc:" + shared, "2026-06-30").lead.reason == "nobody_named");
    CHECK(s.Item(kDossier, "2026-06-30").lead.id == "an");
  }
  SUBCASE("rows under the shared id name the lead only where nothing else does") {
    s.Step(shared, "9", "2026-06-08 08:00:00", "binh");
    CHECK(s.Item(kDossier, "2026-06-30").lead.id == "an");
  }
  SUBCASE("a task that names the id waits for whichever of them would back it") {
    s.Task("T1", "an", "2026-06-05 08:00:00", "2026-06-20").claims = {
        {At("2026-06-15"), {Names(ResultKind::kDossier, shared)}}};
    const WorkItem task = s.Item(kTask, "2026-06-30");
    CHECK(task.held == Held{"result_in_conflict:" + kDossier});
    REQUIRE(task.tested.size() == 2);
    CHECK(task.tested[0].reason == "in_conflict");
    CHECK(task.tested[1].reason == "other_person");
  }
}

TEST_CASE("an id of two registers names neither of them") {
  Story s = Finished();
  s.Take([&] {
    Evidence e = s.revisions().front().evidence;
    e.register_id = "dvc2";
    return e;
  }());
  s.Task("T1", "an", "2026-06-05 08:00:00", "2026-06-20").claims = {
      {At("2026-06-15"), {Names(ResultKind::kDossier, kId)}}};
  CHECK(s.Item(kTask, "2026-06-30").tested.front().reason == "not_found");
}

TEST_CASE("a result in conflict backs nothing; the task waits where it would have passed, and only there") {
  const auto told = [](const char* lead, const Change& change) {
    Story s = Finished();
    s.Task("T1", lead, "2026-06-05 08:00:00", "2026-06-20").claims = {
        {At("2026-06-15"), {Names(ResultKind::kDossier, kId)}}};
    Again(s, 0, change);
    return s;
  };
  Story s = told("an", Set(&Evidence::due_at, "2026-06-25 17:00:00"));
  CHECK(s.Item(kTask, "2026-06-30").held == Held{"result_in_conflict:" + kDossier});
  CHECK(s.Item(kTask, "2026-06-30").tested.front().reason == "in_conflict");
  CHECK(Codes(s.Item(kDossier, "2026-06-30")) == Held{"due_rewritten"});
  CHECK(Stands(s.Item(kTask, "2026-06-30"), "2026-06") == "1 0 0 0");
  // A colleague's reference fails as before, and conflicts with nothing.
  Story other = told("binh", Set(&Evidence::due_at, "2026-06-25 17:00:00"));
  CHECK(other.Item(kTask, "2026-06-30").held.empty());
  CHECK(other.Item(kTask, "2026-06-30").tested.front().reason == "other_person");
  // A recall after the end that is in conflict does not take the task out.
  for (EvidenceRevision& r : s.revisions()) {
    if (r.evidence.kind == EvidenceKind::kTask) r.evidence.recall = Recall{At("2026-06-18 08:00:00"), By("em")};
  }
  CHECK_FALSE(s.Item(kTask, "2026-06-30").left);
  // Reopened and ended again without harm, it still backs nothing.
  Story again = Finished();
  again.Task("T1", "an", "2026-06-05 08:00:00", "2026-06-20").claims = {
      {At("2026-06-15"), {Names(ResultKind::kDossier, kId)}}};
  again.Step(kId, "4", "2026-06-12 08:00:00", "an");
  again.Step(kId, "9", "2026-06-14 08:00:00", "an");
  CHECK(again.Item(kDossier, "2026-06-30").held.empty());
  CHECK(Codes(again.Item(kTask, "2026-06-30")) == Held{"result_in_conflict"});
  // Two who may have led it: the task of each waits.
  for (const char* lead : {"an", "binh", "chi"}) {
    Story two = Finished();
    two.Step(kId, "9", "2026-06-10 08:00:00", "binh");
    two.Task("T1", lead, "2026-06-05 08:00:00", "2026-06-20").claims = {
        {At("2026-06-15"), {Names(ResultKind::kDossier, kId)}}};
    CHECK(two.Item(kTask, "2026-06-30").held.empty() == (lead == std::string("chi")));
  }
}

TEST_CASE("a report in conflict makes its task wait, and no other") {
  Story s = Answered();
  s.Task("T1", "an", "2026-06-05 08:00:00", "2026-06-20").claims = {
      {At("2026-06-15"), {Names(ResultKind::kReport, "R1")}}};
  s.Task("T2", "binh", "2026-06-05 08:00:00", "2026-06-20");
  Again(s, 0, Set(&Evidence::completed_at, "2026-06-08 08:00:00"));
  CHECK(s.Item(kTask, "2026-06-30").held == Held{"result_in_conflict:" + kReport});
  CHECK(s.Item("task:hanoiwork:T2", "2026-06-30").held.empty());
}

TEST_CASE("two people on one result: both their tasks are held, what they name is not") {
  Story s = Answered();
  for (const char* lead : {"an", "binh"}) {
    s.Task(std::string("T-") + lead, lead, "2026-06-05 08:00:00", "2026-06-20").claims = {
        {At("2026-06-15"), {Names(ResultKind::kReport, "R1")}}};
  }
  for (const char* lead : {"an", "binh"}) {
    CHECK(s.Item(std::string("task:hanoiwork:T-") + lead, "2026-06-30").held == Held{"shared_result:" + kReport});
  }
  CHECK(s.Item(kReport, "2026-06-30").held.empty());
  for (EvidenceRevision& r : s.revisions()) {
    if (r.evidence.native_id == "T-binh") r.evidence.claims.clear();
  }
  CHECK(s.Item(kReport, "2026-06-30").aliases == std::vector<std::string>{"task:hanoiwork:T-an"});
}

TEST_CASE("a task in conflict with itself takes nothing away from what it names") {
  Story s = Finished();
  const std::size_t task = s.revisions().size();
  s.Task("T1", "an", "2026-06-05 08:00:00", "2026-06-20").claims = {
      {At("2026-06-15"), {Names(ResultKind::kDossier, kId)}}};
  Again(s, task, Set(&Evidence::due_at, "2026-07-20"));
  CHECK(Codes(s.Item(kTask, "2026-06-30")) == Held{"due_rewritten"});
  CHECK(s.Item(kTask, "2026-06-30").completions.empty());
  CHECK(Stands(s.Item(kDossier, "2026-06-30"), "2026-06") == "1 1 0 0");
}

TEST_CASE("a self-set task counts nowhere and is held for nothing") {
  Story s;
  s.Task("T1", "an", "2026-06-05 08:00:00", "2026-06-20", "an");
  Again(s, 0, Set(&Evidence::due_at, "2026-07-20"));
  CHECK(s.Item(kTask, "2026-06-30").held.empty());
}

TEST_CASE("a reason is a conflict with what stands behind its colon too") {
  for (const char* held : {"two_officials", "shared_result:dossier:dvc:D1", "due_rewritten:2026-06-10 > -", "reopened"}) {
    CHECK(IsConflict(held));
  }
  for (const char* held : {"no_product", "stopped", "synthetic_close", "reopened_", ""}) CHECK_FALSE(IsConflict(held));
}

TEST_CASE("a result document whose own 06 was dated back backs nothing, and its task waits") {
  Story s;
  s.Task("T1", "an", "2026-06-05 08:00:00", "2026-06-20");
  s.Document("H26.1", "9/BC", "2026-06-10", "", "T1");
  s.DocStatus("H26.1", "H26.1", "9/BC", "2026-06-10", "06", "2026-06-21 08:00:00", "an");
  CHECK(s.Item(kTask, "2026-06-30").held.empty());
  s.DocStatus("H26.1", "H26.1", "9/BC", "2026-06-10", "06", "2026-06-19 08:00:00", "an");
  CHECK(Codes(s.Item(kTask, "2026-06-30")) == Held{"result_in_conflict"});
}

TEST_CASE("of a record that is not held any more no older revision speaks") {
  Story s = Finished();
  s.Report("R1", "H26.1", "2026-06-06 08:00:00", "");
  for (EvidenceRevision& r : s.revisions()) r.latest = r.evidence.kind == EvidenceKind::kDossierStep;
  CHECK(s.Items("2026-06-30").empty());
}
