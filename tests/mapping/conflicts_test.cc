// Goal: what cannot both be so is held under its own reason, for everybody whom it may concern and for nobody
// else, and comes free by itself when the source goes back to what it said (decision 0015).
// Method: few statements each, with the reason, the standing beside it and who waits; then the correction.
#include "mapping/conflicts.h"
#include "tests/support/evidence_maker.h"

using namespace mc;
using namespace mc::test;

namespace {

const std::string kId = "H26.1-260601-00001";
const std::string kDossier = "dossier:dvc:" + kId;
const std::string kTask = "task:hanoiwork:T1";
const std::string kReport = "report:ihanoi:R1";

// Reasons without what stands behind their ':'.
std::vector<std::string> Codes(const WorkItem& item) {
  std::vector<std::string> codes;
  for (const std::string& held : item.held) codes.push_back(held.substr(0, held.find(':')));
  return codes;
}

using Held = std::vector<std::string>;
using Change = std::function<void(Evidence&)>;

// Says the record of evidence `at` again, changed.
void Again(Story& s, std::size_t at, const Change& change) {
  Evidence again = s.revisions().at(at).evidence;
  change(again);
  const std::int64_t revision = s.revisions().at(at).revision + 1;
  s.revisions().at(at).latest = false;
  s.Take(std::move(again));
  s.revisions().back().revision = revision;
}

ResultRef Names(ResultKind kind, const std::string& id) {
  ResultRef ref;
  ref.kind = kind;
  ref.native_id = id;
  return ref;
}

// A dossier of An's: received on the 1st, due on the 15th, finished on the 10th.
Story Finished(const char* status = "9") {
  Story s;
  s.Dossier(kId, "2026-06-01 08:00:00", "2026-06-15 17:00:00", status);
  s.Step(kId, "2", "2026-06-01 08:00:00", "em");
  s.Step(kId, "4", "2026-06-02 08:00:00", "an");
  s.Step(kId, "9", "2026-06-10 08:00:00", "an");
  return s;
}

// A task of An's that is accepted on the 10th.
Story Accepted() {
  Story s;
  s.Task("T1", "an", "2026-06-05 08:00:00", "2026-06-20").acceptance =
      Acceptance{At("2026-06-10 09:00:00"), By("em"), std::nullopt, std::nullopt};
  return s;
}

Story Answered() {
  Story s;
  s.Report("R1", "H26.1", "2026-06-06 08:00:00", "2026-06-09 08:00:00").due_at = At("2026-06-12 08:00:00");
  return s;
}

Change Set(std::optional<Moment> Evidence::* field, const char* at) {
  return [=](Evidence& e) {
    e.*field = *at ? std::optional(At(at)) : std::nullopt;
  };
}

Change Extended(const char* due, const char* by) {
  return [=](Evidence& e) {
    e.due_at = At(due);
    e.extensions.push_back({At("2026-06-18 08:00:00"), At(due), By(by)});
  };
}

Change Supplemented(const char* due) {
  return [=](Evidence& e) {
    Supplement s;
    s.requested_at = At("2026-06-08 08:00:00");
    s.new_due = At(due);
    e.supplements = {s};
    e.due_at = At(due);
  };
}

Change AcceptedOn(const char* at, const char* delivered = "") {
  return [=](Evidence& e) {
    if (!*at) return e.acceptance.reset();
    e.acceptance = Acceptance{At(at), By("em"), std::nullopt, std::nullopt};
    if (*delivered) e.acceptance->delivered_on = At(delivered);
  };
}

}  // namespace

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

TEST_CASE("completed before it was assigned, at the precision that is stated") {
  const auto dossier = [](const char* received, const char* ended) {
    Story s;
    s.Dossier(kId, received, "2026-06-15 17:00:00", "9").completed_at = At(ended);
    return Codes(s.Item(kDossier, "2026-06-30"));
  };
  CHECK(dossier("2026-06-10 08:00:00", "2026-06-10 07:59:59") == Held{"completed_before_assigned"});
  CHECK(dossier("2026-06-10 08:00:00", "2026-06-10 08:00:00").empty());
  CHECK(dossier("2026-06-10 08:00:00", "2026-06-10").empty());
  CHECK(dossier("2026-06-10 08:00:00", "2026-06-09") == Held{"completed_before_assigned"});

  Story row = Finished();
  row.revisions().back().evidence.occurred_at = At("2026-06-01 07:00:00");
  CHECK(Codes(row.Item(kDossier, "2026-06-30")).front() == "completed_before_assigned");

  Story handled;
  handled.Document("G22", "15/CV", "2026-06-01", "2026-06-20");
  handled.DocStatus("H26.1", "G22", "15/CV", "2026-06-01", "04", "2026-06-02 08:00:00", "em");
  handled.DocStatus("H26.1", "G22", "15/CV", "2026-06-01", "06", "2026-06-02 07:59:59", "an");
  CHECK(Codes(handled.Item("document:G22|15/CV|2026-06-01|H26.1", "2026-06-30")) == Held{"completed_before_assigned"});

  Story report = Answered();
  report.revisions().front().evidence.completed_at = At("2026-06-05 08:00:00");
  CHECK(Codes(report.Item(kReport, "2026-06-30")) == Held{"completed_before_assigned"});

  Story task = Accepted();
  task.revisions().front().evidence.acceptance->at = At("2026-06-05 07:00:00");
  CHECK(Codes(task.Item(kTask, "2026-06-30")) == Held{"completed_before_assigned"});
  // On another day it does not count (decision 0001, rule 20).
  task.revisions().front().evidence.acceptance->at = At("2026-06-04 07:00:00");
  CHECK(task.Item(kTask, "2026-06-30").held.empty());
  CHECK(Stands(task.Item(kTask, "2026-06-30"), "2026-06") == "1 0 0 0");
}

TEST_CASE("a dossier that is open again after its end is held, by a row or by its status") {
  Story s = Finished();
  SUBCASE("a row, until it has ended again in time") {
    s.Step(kId, "4", "2026-06-12 08:00:00", "an");
    CHECK(Codes(s.Item(kDossier, "2026-06-30")) == Held{"reopened"});
    CHECK(Stands(s.Item(kDossier, "2026-06-30"), "2026-06") == "1 0 0 0");
    CHECK(s.Item(kDossier, "2026-06-11").held.empty());  // not yet
    s.Step(kId, "9", "2026-06-15 17:00:00", "an");
    CHECK(s.Item(kDossier, "2026-06-30").held.empty());
    CHECK(Stands(s.Item(kDossier, "2026-06-30"), "2026-06") == "1 1 0 0");
    s.revisions().back().evidence.occurred_at = At("2026-06-15 17:00:01");
    CHECK(Codes(s.Item(kDossier, "2026-06-30")) == Held{"reopened"});
  }
  SUBCASE("5 and 6 after the end stop no clock") {
    s.Step(kId, "5", "2026-06-12 08:00:00", "an");
    s.Step(kId, "9", "2026-06-16 08:00:00", "an");
    CHECK(Codes(s.Item(kDossier, "2026-06-30")) == Held{"reopened"});
  }
  SUBCASE("without a deadline both ends lie in one month") {
    s.revisions().front().evidence.due_at.reset();
    s.Step(kId, "4", "2026-06-12 08:00:00", "an");
    s.Step(kId, "9", "2026-06-30 08:00:00", "an");
    CHECK(s.Item(kDossier, "2026-06-30").held.empty());
    s.revisions().back().evidence.occurred_at = At("2026-07-01 08:00:00");
    CHECK(Codes(s.Item(kDossier, "2026-07-31")) == Held{"reopened"});
  }
  SUBCASE("the status of the record, said after the end came in") {
    Again(s, 0, [](Evidence& e) { e.status = "4"; });
    CHECK(Codes(s.Item(kDossier, "2026-06-30")) == Held{"reopened"});
    Again(s, s.revisions().size() - 1, [](Evidence& e) { e.status = "9"; });
    CHECK(s.Item(kDossier, "2026-06-30").held.empty());
  }
  SUBCASE("withdrawn after its end it leaves, as before") {
    s.Step(kId, "7", "2026-06-12 08:00:00", "an");
    CHECK(s.Item(kDossier, "2026-06-30").held.empty());
    CHECK(s.Item(kDossier, "2026-06-30").left == "withdrawn");
  }
}

TEST_CASE("what is no reopening: a status older than the end, a sender's 9 over a 5, rows behind as_of") {
  Story older;
  older.Dossier(kId, "2026-06-01 08:00:00", "2026-06-15 17:00:00", "9");  // the sender wrote 9 over 5
  older.Step(kId, "2", "2026-06-01 08:00:00", "em");
  older.Step(kId, "5", "2026-06-02 08:00:00", "an");
  Again(older, 0, [](Evidence& e) { e.status = "4"; });
  older.Step(kId, "4", "2026-06-04 08:00:00", "an");
  CHECK(older.Item(kDossier, "2026-06-30").held.empty());
  older.Step(kId, "9", "2026-06-10 08:00:00", "an");
  CHECK(older.Item(kDossier, "2026-06-30").held.empty());

  Story later = Finished();
  later.Step(kId, "4", "2026-07-02 08:00:00", "an");
  Again(later, 0, [](Evidence& e) { e.status = "4"; });
  CHECK(later.Item(kDossier, "2026-06-30").held.empty());
  CHECK(Codes(later.Item(kDossier, "2026-07-31")) == Held{"reopened"});
}

TEST_CASE("a dossier goes on after its task was sent back: no reopening") {
  Story s = Finished();
  Evidence& task = s.Task("T1", "an", "2026-06-01 07:00:00", "2026-06-20");
  task.claims = {{At("2026-06-16"), {Names(ResultKind::kDossier, kId)}}};
  task.returns = {{At("2026-06-11 08:00:00"), By("em"), "SAI_NOI_DUNG", true, true}};
  s.Step(kId, "4", "2026-06-12 08:00:00", "an");
  s.Step(kId, "9", "2026-06-16 08:00:00", "an");
  const WorkItem item = s.Item(kDossier, "2026-06-30");
  CHECK(item.held.empty());
  CHECK(Stands(item, "2026-06") == "1 1 1 1");
  for (const char* returned : {"2026-06-09 08:00:00", "2026-06-12 09:00:00"}) {  // not between end and reopening
    for (EvidenceRevision& r : s.revisions()) {
      if (r.evidence.kind == EvidenceKind::kTask) r.evidence.returns[0].at = At(returned);
    }
    CHECK(Codes(s.Item(kDossier, "2026-06-30")) == Held{"reopened"});
  }
}

TEST_CASE("a row or message that dates an end back, after a later one was known") {
  Story s = Finished();
  s.Step(kId, "9", "2026-06-08 08:00:00", "an");
  CHECK(Codes(s.Item(kDossier, "2026-06-30")) == Held{"completed_rewritten"});
  Story in_order;
  in_order.Dossier(kId, "2026-06-01 08:00:00", "2026-06-15 17:00:00", "9");
  in_order.Step(kId, "2", "2026-06-01 08:00:00", "em");
  in_order.Step(kId, "9", "2026-06-08 08:00:00", "an");
  in_order.Step(kId, "9", "2026-06-10 08:00:00", "an");
  CHECK(in_order.Item(kDossier, "2026-06-30").held.empty());

  const std::string key = "document:G22|15/CV|2026-06-01|H26.1";
  Story handled;
  handled.Document("G22", "15/CV", "2026-06-01", "2026-06-20");
  const auto say = [&](const char* code, const char* at) {
    handled.DocStatus("H26.1", "G22", "15/CV", "2026-06-01", code, at, "an");
  };
  say("04", "2026-06-02 08:00:00");
  say("06", "2026-06-21 08:00:00");
  say("06", "2026-06-19 08:00:00");
  CHECK(Codes(handled.Item(key, "2026-06-30")) == Held{"completed_rewritten"});
  say("05", "2026-06-20 08:00:00");  // it went on in between
  CHECK(handled.Item(key, "2026-06-30").held.empty());
}

TEST_CASE("two officials in one second: nobody is chosen, both wait") {
  for (const char* status : {"9", "4"}) {
    Story s;
    s.Dossier(kId, "2026-06-01 08:00:00", "2026-06-15 17:00:00", status);
    s.Step(kId, "2", "2026-06-01 08:00:00", "em");
    s.Step(kId, status, "2026-06-10 08:00:00", "binh");
    s.Step(kId, status, "2026-06-10 08:00:00", "an");
    const WorkItem item = s.Item(kDossier, "2026-06-30");
    CHECK(Codes(item) == Held{"two_officials"});
    CHECK(item.lead.state == LinkState::kAmbiguous);
    CHECK(item.lead.candidates == std::vector<std::string>{"an", "binh"});
    CHECK(*Classify(item) == ItemClass::kHeld);
    s.revisions().back().evidence.occurred_at = At("2026-06-10 08:00:01");
    CHECK(s.Item(kDossier, "2026-06-30").held.empty());
  }
  const std::string key = "document:G22|15/CV|2026-06-01|H26.1";
  Story handled;
  handled.Document("G22", "15/CV", "2026-06-01", "2026-06-20");
  handled.DocStatus("H26.1", "G22", "15/CV", "2026-06-01", "04", "2026-06-02 08:00:00", "em");
  handled.DocStatus("H26.1", "G22", "15/CV", "2026-06-01", "06", "2026-06-12 08:00:00", "an");
  handled.DocStatus("H26.1", "G22", "15/CV", "2026-06-01", "06", "2026-06-12 08:00:00", "binh");
  CHECK(Codes(handled.Item(key, "2026-06-30")) == Held{"two_officials"});
  handled.revisions().back().evidence.lead.staff_code = "CB-an";  // the same message, delivered twice
  CHECK(handled.Item(key, "2026-06-30").lead.id == "an");
  CHECK(handled.Item(key, "2026-06-30").held.empty());
}

TEST_CASE("two labels of one person in one second are one official") {
  DirectoryData directory = SmallDirectory();
  directory.labels.push_back({"an", "dvc", "U1", "Nhãn an2", {}});
  Story s(directory);
  s.Dossier(kId, "2026-06-01 08:00:00", "2026-06-15 17:00:00", "9");
  s.Step(kId, "2", "2026-06-01 08:00:00", "em");
  s.Step(kId, "9", "2026-06-10 08:00:00", "an");
  s.Step(kId, "9", "2026-06-10 08:00:00", "an2");
  CHECK(s.Item(kDossier, "2026-06-30").held.empty());
  CHECK(s.Item(kDossier, "2026-06-30").lead.id == "an");
}

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
