// Dossiers: ids, leads, synthetic closing rows, waits and extensions, states.
#include "tests/support/evidence_maker.h"

using namespace mc;
using namespace mc::test;

namespace {
const std::string kDossierId = "H26.1-260601-00001";
const std::string kDossierKey = "dossier:dvc:" + kDossierId;

Story Received(const std::string& due = "2026-06-15 17:00:00", const std::string& status = "4") {
  Story s;
  s.Dossier(kDossierId, "2026-06-01 08:00:00", due, status);
  s.Step(kDossierId, "2", "2026-06-01 08:00:00", "em");
  s.Step(kDossierId, "4", "2026-06-02 08:00:00", "an");
  return s;
}
}  // namespace

TEST_CASE("the lead set 9, else worked last at 4, and is never the desk's first row") {
  Story s = Received();
  CHECK(s.Item(kDossierKey, "2026-06-30").lead.id == "an");
  s.Step(kDossierId, "9", "2026-06-10 08:00:00", "binh");
  CHECK(s.Item(kDossierKey, "2026-06-30").lead.id == "binh");
  Story desk;
  desk.Dossier(kDossierId, "2026-06-01 08:00:00", "");
  desk.Step(kDossierId, "4", "2026-06-01 08:00:00", "an");
  CHECK(desk.Item(kDossierKey, "2026-06-30").lead.reason == "nobody_named");
  Story at_once;
  at_once.Dossier(kDossierId, "2026-06-01 08:00:00", "");
  at_once.Step(kDossierId, "9", "2026-06-01 09:00:00", "an");
  CHECK(at_once.Item(kDossierKey, "2026-06-30").lead.reason == "nobody_named");
}

TEST_CASE("a 9 in the second of receipt says nothing, also where no other row has that second") {
  Story s;
  s.Dossier(kDossierId, "2026-06-01 08:00:00", "2026-06-15 17:00:00");
  s.Step(kDossierId, "9", "2026-06-01 08:00:00", "an");
  const WorkItem item = s.Item(kDossierKey, "2026-06-30");
  CHECK(item.held == std::vector<std::string>{"synthetic_close"});
  CHECK(item.completions.empty());
}

TEST_CASE("the unit is that of the name, and where nobody knows the name that of the code") {
  for (const auto& [name, code, unit] :
       {std::tuple{"UBND phường Hai", "H26.1", "U2"}, {"Nơi lạ", "H26.1", "U1"}, {"", "H26.1", "U1"}}) {
    Story s;
    Evidence& record = s.Dossier(kDossierId, "2026-06-01 08:00:00", "");
    record.unit = {code, name};
    CAPTURE(name);
    CHECK(s.Item(kDossierKey, "2026-06-30").unit.id == unit);
  }
}

TEST_CASE("a label that leads nowhere leaves the item unresolved, without falling back") {
  Story s = Received();
  s.Step(kDossierId, "9", "2026-06-10 08:00:00", "người lạ");
  const WorkItem item = s.Item(kDossierKey, "2026-06-30");
  CHECK(item.lead.state == LinkState::kUnresolved);
  CHECK(item.lead.reason == "unknown_label");
  CHECK(*Classify(item) == ItemClass::kUnresolved);
}

TEST_CASE("completion: real 9, synthetic 9 and what stands behind it, 10, the record alone") {
  struct Case {
    const char* name;
    std::vector<std::array<const char*, 3>> rows;  // status, at, who
    const char* record_status;
    const char* closed;       // NgayKetThucXuLy
    const char* handed_over;  // NgayTra
    const char* done;         // "" = not completed
    const char* held;
  };
  const std::vector<Case> cases = {
      {"real 9", {{"9", "2026-06-10 08:00:00", "an"}}, "9", "", "", "2026-06-10 08:00:00", ""},
      {"9 then 10", {{"9", "2026-06-10 08:00:00", "an"}, {"10", "2026-06-12 08:00:00", ""}}, "10", "", "", "2026-06-10 08:00:00", ""},
      {"10 alone", {{"10", "2026-06-12 08:00:00", ""}}, "10", "2026-06-11 08:00:00", "", "2026-06-12 08:00:00", ""},
      {"synthetic, nothing behind", {{"9", "2026-06-02 08:00:00", ""}}, "9", "", "", "", "synthetic_close"},
      {"synthetic at receipt, closed", {{"9", "2026-06-01 08:00:00", ""}}, "9", "2026-06-11 08:00:00", "", "2026-06-11 08:00:00", ""},
      {"synthetic, later 10", {{"9", "2026-06-02 08:00:00", ""}, {"10", "2026-06-12 08:00:00", ""}}, "10", "", "", "2026-06-12 08:00:00", ""},
      {"synthetic, 10 in the same second", {{"9", "2026-06-02 08:00:00", ""}, {"10", "2026-06-02 08:00:00", ""}}, "10", "", "", "", "synthetic_close"},
      {"synthetic, then real 9", {{"9", "2026-06-02 08:00:00", ""}, {"9", "2026-06-09 08:00:00", "an"}}, "9", "", "", "2026-06-09 08:00:00", ""},
      {"record says 9, closed", {}, "9", "2026-06-11 08:00:00", "", "2026-06-11 08:00:00", ""},
      {"record says 10, handed over", {}, "10", "", "2026-06-12 08:00:00", "2026-06-12 08:00:00", ""},
      {"record says 9, handed over", {}, "9", "", "2026-06-12 08:00:00", "", "closed_without_time"},
      {"record says 9, no time", {}, "9", "", "", "", "closed_without_time"},
      {"open", {}, "4", "", "", "", ""},
      {"9 after the cut-off", {{"9", "2026-07-02 08:00:00", "an"}}, "4", "", "", "", ""},
      {"9 after the cut-off, the record knows already", {{"9", "2026-07-02 08:00:00", "an"}}, "9", "", "", "", ""},
  };
  for (const Case& c : cases) {
    Story s = Received("2026-06-15 17:00:00", c.record_status);
    Evidence& record = s.revisions().front().evidence;
    if (*c.closed) record.completed_at = At(c.closed);
    if (*c.handed_over) record.returned_at = At(c.handed_over);
    for (const auto& r : c.rows) s.Step(kDossierId, r[0], r[1], r[2]);
    CAPTURE(c.name);
    const WorkItem item = s.Item(kDossierKey, "2026-06-30");
    REQUIRE(item.completions.size() == (*c.done ? 1 : 0));
    if (*c.done) CHECK(item.completions.front().at == At(c.done));
    REQUIRE(item.held.size() == (*c.held ? 1 : 0));
    if (*c.held) CHECK(item.held.front() == c.held);
  }
}

TEST_CASE("states: 3 and 7 leave, 8 is held until work goes on") {
  for (const auto& [status, left, held] :
       {std::tuple{"3", true, false}, {"7", true, false}, {"8", false, true}, {"5", false, false}}) {
    Story s = Received();
    s.Step(kDossierId, status, "2026-06-05 08:00:00", "an");
    CAPTURE(status);
    CHECK(s.Item(kDossierKey, "2026-06-30").left.has_value() == left);
    CHECK(s.Item(kDossierKey, "2026-06-30").held.empty() == !held);
  }
  Story s = Received();
  s.Step(kDossierId, "8", "2026-06-05 08:00:00", "an");
  s.Step(kDossierId, "4", "2026-06-06 08:00:00", "an");
  CHECK(s.Item(kDossierKey, "2026-06-30").held.empty());
}

TEST_CASE("states: what has left is not held, and what the record knows of later is not said yet") {
  Story s = Received("2026-06-15 17:00:00", "9");  // closed, and nothing says when
  s.Step(kDossierId, "3", "2026-06-05 08:00:00", "an");
  CHECK(s.Item(kDossierKey, "2026-06-30").left == "not_accepted");
  CHECK(s.Item(kDossierKey, "2026-06-30").held.empty());
  Story later;
  later.Dossier(kDossierId, "2026-06-01 08:00:00", "", "7");
  later.Step(kDossierId, "7", "2026-07-02 08:00:00", "an");
  CHECK_FALSE(later.Item(kDossierKey, "2026-06-30").left);
  CHECK(later.Item(kDossierKey, "2026-07-31").left == "withdrawn");
}

TEST_CASE("withdrawn or refused behind an end that counted: shown, and changes nothing") {
  for (const char* status : {"3", "7"}) {
    for (const auto& [due, stands] :
         {std::pair{"2026-06-05 17:00:00", "1 1 1 0"}, {"2026-06-15 17:00:00", "1 1 0 0"}}) {
      Story s = Received(due);
      s.Step(kDossierId, "9", "2026-06-12 08:00:00", "an");
      s.Step(kDossierId, status, "2026-06-13 08:00:00", "em");
      const WorkItem item = s.Item(kDossierKey, "2026-06-30");
      CAPTURE(status);
      CHECK(Stands(item, "2026-06") == stands);
      CHECK(item.notes == std::vector<std::string>{"withdrawn_after_completion"});
      CHECK(s.Item(kDossierKey, "2026-06-12").notes.empty());
    }
  }
}

TEST_CASE("withdrawn while it was open again: it leaves, but a late end does not go with it") {
  for (const auto& [due, left] : {std::pair{"2026-06-05 17:00:00", false}, {"2026-06-15 17:00:00", true}}) {
    Story s = Received(due);
    s.Step(kDossierId, "9", "2026-06-12 08:00:00", "an");
    s.Step(kDossierId, "4", "2026-06-13 08:00:00", "an");
    s.Step(kDossierId, "7", "2026-06-14 08:00:00", "em");
    const WorkItem item = s.Item(kDossierKey, "2026-06-30");
    CAPTURE(due);
    CHECK(item.left.has_value() == left);
    CHECK(item.held == (left ? std::vector<std::string>{} : std::vector<std::string>{"reopened"}));
  }
}

TEST_CASE("withdrawn, and closed by the sender in the same second: that is no end before it") {
  Story s = Received("2026-06-05 17:00:00", "7");
  s.revisions().front().evidence.completed_at = At("2026-06-13 08:00:00");
  s.Step(kDossierId, "7", "2026-06-13 08:00:00", "em");
  s.Step(kDossierId, "9", "2026-06-13 08:00:00", "");
  CHECK(s.Item(kDossierKey, "2026-06-30").left == "withdrawn");
}

TEST_CASE("each end of a dossier is of the official of its own row") {
  for (const auto& [lead, verdict] : {std::pair{"an", "other_person"}, {"binh", "passes"}}) {
    Story s = Received();
    s.Step(kDossierId, "9", "2026-06-10 08:00:00", "an");
    s.Step(kDossierId, "4", "2026-06-12 10:00:00", "em");
    s.Step(kDossierId, "9", "2026-06-14 08:00:00", "binh");
    Evidence& task = s.Task("T1", lead, "2026-06-05 08:00:00", "2026-06-20");
    ResultRef ref;
    ref.kind = ResultKind::kDossier;
    ref.native_id = kDossierId;
    task.claims = {{At("2026-06-15"), {ref}}};
    task.returns = {{At("2026-06-12 08:00:00"), By("em"), "SAI_NOI_DUNG", true, true}};
    CAPTURE(lead);
    std::string said;
    for (const WorkItem& item : s.Items("2026-06-30")) said += item.tested.empty() ? "" : item.tested.front().reason;
    CHECK(said == verdict);
  }
}

TEST_CASE("a bare deadline stays one when the clock stood for whole days, and in its own month") {
  for (const auto& [back, due] :
       {std::pair{"2026-06-12 08:00:00", "2026-06-30"}, {"2026-06-12 09:00:00", "2026-07-01 01:00:00"}}) {
    Story s = Received("2026-06-28");
    s.Step(kDossierId, "5", "2026-06-10 08:00:00", "an");
    s.Step(kDossierId, "4", back, "an");
    const WorkItem item = s.Item(kDossierKey, "2026-06-30");
    CAPTURE(back);
    CHECK(FormatMoment(*item.due) == FormatMoment(At(due)));
    CHECK(Stands(item, "2026-06") == (due == std::string("2026-06-30") ? "1 0 0 0" : "-"));
  }
}

TEST_CASE("one dossier under two ids is one item") {
  Story s = Received();
  s.revisions().front().evidence.aliases = {"a7f3-random"};
  Evidence& other = s.Dossier("a7f3-random", "2026-06-01 08:00:00", "2026-06-15 17:00:00");
  other.aliases = {kDossierId};
  s.Step("a7f3-random", "4", "2026-06-02 08:00:00", "an");
  s.Step("a7f3-random", "9", "2026-06-10 08:00:00", "an");
  const auto items = s.Items("2026-06-30");
  REQUIRE(items.size() == 1);
  CHECK(items[0].key == kDossierKey);
  CHECK(items[0].aliases == std::vector<std::string>{"dossier:dvc:a7f3-random"});
  CHECK(Stands(items[0], "2026-06") == "1 1 0 0");
  CHECK(items[0].evidence.size() == 5);  // two records, and the row that both ids have once
}

TEST_CASE("waits stop the clock; other new deadlines are extensions") {
  struct Case {
    const char* name;
    std::vector<std::array<const char*, 2>> rows;                    // status, at
    std::vector<std::array<const char*, 3>> supplements;             // requested, received, new due
    const char* due;
    int missed_before;
  };
  const std::vector<Case> cases = {
      {"wait of two days moves the deadline by two days",
       {{"5", "2026-06-10 08:00:00"}, {"4", "2026-06-12 08:00:00"}}, {}, "2026-06-17 17:00:00", 0},
      {"the new deadline that ends a wait is the deadline",
       {{"5", "2026-06-10 08:00:00"}, {"4", "2026-06-18 08:00:00"}},
       {{"2026-06-10 08:00:00", "2026-06-18 08:00:00", "2026-06-25 17:00:00"}}, "2026-06-25 17:00:00", 0},
      {"missed before the wait began stays missed",
       {{"5", "2026-06-16 08:00:00"}, {"4", "2026-06-18 08:00:00"}},
       {{"2026-06-16 08:00:00", "2026-06-18 08:00:00", "2026-06-25 17:00:00"}}, "2026-06-25 17:00:00", 1},
      {"a wait that begins after the deadline moves nothing",
       {{"5", "2026-06-16 08:00:00"}, {"4", "2026-06-18 08:00:00"}}, {}, "2026-06-15 17:00:00", 0},
      {"still waiting: moved by the time waited so far", {{"6", "2026-06-10 00:00:00"}}, {}, "2026-07-06 17:00:00", 0},
      {"a deadline set behind the end of a wait is an extension, here one too late",
       {{"5", "2026-06-10 08:00:00"}, {"4", "2026-06-12 08:00:00"}},
       {{"2026-06-18 08:00:00", "", "2026-06-20 17:00:00"}}, "2026-06-20 17:00:00", 1},
      {"extension in time", {}, {{"2026-06-14 08:00:00", "", "2026-06-20 17:00:00"}}, "2026-06-20 17:00:00", 0},
      {"extension after the deadline", {}, {{"2026-06-16 08:00:00", "", "2026-06-20 17:00:00"}}, "2026-06-20 17:00:00", 1},
      {"two extensions after two deadlines", {},
       {{"2026-06-16 08:00:00", "", "2026-06-20 17:00:00"}, {"2026-06-21 08:00:00", "", "2026-06-25 17:00:00"}},
       "2026-06-25 17:00:00", 2},
      {"extension not yet given", {}, {{"2026-07-02 08:00:00", "", "2026-07-20 17:00:00"}}, "2026-06-15 17:00:00", 0},
  };
  for (const Case& c : cases) {
    Story s = Received();
    for (const auto& r : c.rows) s.Step(kDossierId, r[0], r[1], "an");
    for (const auto& x : c.supplements) {
      Supplement supplement;
      supplement.requested_at = At(x[0]);
      if (*x[1]) supplement.received_at = At(x[1]);
      supplement.new_due = At(x[2]);
      s.revisions().front().evidence.supplements.push_back(supplement);
    }
    CAPTURE(c.name);
    const WorkItem item = s.Item(kDossierKey, "2026-06-30");
    REQUIRE(item.due);
    CHECK(FormatMoment(*item.due) == FormatMoment(At(c.due)));
    CHECK(item.missed_before == c.missed_before);
  }
}
