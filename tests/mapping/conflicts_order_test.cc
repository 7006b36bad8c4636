// Goal: what cannot have happened in that order, and two who cannot both have led it, hold the item under their own reason
// until the source puts it right (decision 0015): before its assignment, again after its end, dated back, in one second.
// Method: few statements each, with the reason, the standing beside it and who waits; then the correction.
#include "tests/mapping/conflict_support.h"

using namespace mc;
using namespace mc::test;

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
  SUBCASE("withdrawn after its end it stays ended: that opens nothing") {
    s.Step(kId, "7", "2026-06-12 08:00:00", "an");
    CHECK(s.Item(kDossier, "2026-06-30").held.empty());
    CHECK_FALSE(s.Item(kDossier, "2026-06-30").left);
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
