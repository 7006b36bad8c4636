// Tasks: what backs a claim, what joins, what conflicts, and what earns nothing.
#include "tests/support/evidence_maker.h"

using namespace mc;
using namespace mc::test;

namespace {

const std::string kTaskRecord = "task:hanoiwork:T1";

ResultRef Doc(const std::string& number, const std::string& date, const std::string& issuer = "") {
  ResultRef ref;
  ref.document = {issuer, number, *ParseDate(date)};
  return ref;
}
ResultRef DossierRef(const std::string& id) {
  ResultRef ref;
  ref.kind = ResultKind::kDossier;
  ref.native_id = id;
  return ref;
}
ResultRef ReportRef(const std::string& id) {
  ResultRef ref = DossierRef(id);
  ref.kind = ResultKind::kReport;
  return ref;
}

// A task of An's from 5 to 20 June, with the instruction 7/CĐ.
Story Assigned(const std::string& due = "2026-06-20") {
  Story s;
  Evidence& task = s.Task("T1", "an", "2026-06-05 08:00:00", due);
  task.document = {"", "7/CĐ", *ParseDate("2026-06-04")};
  return s;
}

std::string VerdictOf(const WorkItem& item) { return item.tested.empty() ? "nothing named" : item.tested.front().reason; }

}  // namespace

TEST_CASE("what a claim names backs it only when every condition holds") {
  struct Case {
    const char* name;
    std::function<void(Story&)> happens;
    ResultRef ref;
    const char* verdict;
    const char* done;  // "" = nothing earned
  };
  const auto document = [](const char* issuer, const char* date, const char* own06 = "", const char* who = "an") {
    return [=](Story& s) {
      s.Document(issuer, "9/BC", date, "");
      if (*own06) s.DocStatus(issuer, issuer, "9/BC", date, "06", own06, who);
    };
  };
  const auto dossier = [](const char* done, const char* who, const char* received = "2026-06-06 08:00:00") {
    return [=](Story& s) {
      s.Dossier("D1", received, "2026-06-25 17:00:00");
      s.Step("D1", "2", received, "em");
      s.Step("D1", "4", "2026-06-07 08:00:00", who);
      if (*done) s.Step("D1", "9", done, who);
    };
  };
  const std::vector<Case> cases = {
      {"own document", document("H26.1", "2026-06-10"), Doc("9/BC", "2026-06-10"), "passes", "2026-06-10"},
      {"own document with own 06", document("H26.1", "2026-06-10", "2026-06-11 09:00:00"), Doc("9/BC", "2026-06-10"),
       "passes", "2026-06-11 09:00:00"},
      {"on the day of assignment", document("H26.1", "2026-06-05"), Doc("9/BC", "2026-06-05"), "passes", "2026-06-05"},
      {"on the day of the claim", document("H26.1", "2026-06-15"), Doc("9/BC", "2026-06-15"), "passes", "2026-06-15"},
      {"older than the task", document("H26.1", "2026-06-04"), Doc("9/BC", "2026-06-04"), "before_assignment", ""},
      {"promulgated before, finished after", document("H26.1", "2026-06-04", "2026-06-11 09:00:00"),
       Doc("9/BC", "2026-06-04"), "before_assignment", ""},
      {"after the claim", document("H26.1", "2026-06-16"), Doc("9/BC", "2026-06-16"), "after_claim", ""},
      {"somebody else's document", document("H26.1", "2026-06-10", "2026-06-11 09:00:00", "binh"),
       Doc("9/BC", "2026-06-10"), "other_person", ""},
      {"another unit's document", document("H26.2", "2026-06-10"), Doc("9/BC", "2026-06-10"), "other_unit", ""},
      {"a document nobody knows", [](Story&) {}, Doc("9/BC", "2026-06-10"), "not_found", ""},
      {"the instruction itself", [](Story& s) { s.Document("H26.1", "7/CĐ", "2026-06-04", ""); },
       Doc("7/CĐ", "2026-06-04"), "instruction", ""},
      {"same number, another year", document("H26.1", "2026-06-10"), Doc("9/BC", "2025-06-10"), "not_found", ""},
      {"own dossier", dossier("2026-06-12 10:00:00", "an"), DossierRef("D1"), "passes", "2026-06-12 10:00:00"},
      {"unfinished dossier", dossier("", "an"), DossierRef("D1"), "not_finished", ""},
      {"a dossier that was finished and withdrawn",
       [&](Story& s) { dossier("2026-06-12 10:00:00", "an")(s), s.Step("D1", "7", "2026-06-13 08:00:00", "em"); },
       DossierRef("D1"), "passes", "2026-06-12 10:00:00"},
      {"a dossier that was finished and stopped",
       [&](Story& s) { dossier("2026-06-12 10:00:00", "an")(s), s.Step("D1", "8", "2026-06-13 08:00:00", "em"); },
       DossierRef("D1"), "not_finished", ""},
      {"a colleague's dossier", dossier("2026-06-12 10:00:00", "binh"), DossierRef("D1"), "other_person", ""},
      {"a dossier of a label that leads nowhere", dossier("2026-06-12 10:00:00", "ai đó"), DossierRef("D1"),
       "other_person", ""},
      {"own unit's report", [](Story& s) { s.Report("R1", "H26.1", "2026-06-06 08:00:00", "2026-06-09 08:00:00"); },
       ReportRef("R1"), "passes", "2026-06-09 08:00:00"},
      {"open report", [](Story& s) { s.Report("R1", "H26.1", "2026-06-06 08:00:00", ""); }, ReportRef("R1"),
       "not_finished", ""},
  };
  for (const Case& c : cases) {
    Story s = Assigned();
    s.revisions().front().evidence.claims = {{At("2026-06-15"), {c.ref}}};
    c.happens(s);
    CAPTURE(c.name);
    for (const WorkItem& item : s.Items("2026-06-30")) {
      if (item.kind == ItemKind::kTask || !item.tested.empty()) {
        CHECK(VerdictOf(item) == c.verdict);
        CHECK(item.claim_counts == (*c.done != '\0'));
        REQUIRE(item.completions.size() == (*c.done ? 1 : 0));
        if (*c.done) CHECK(item.completions.front().at == At(c.done));
        if (*c.done) CHECK(item.completions.front().level == Assurance::kCorroborated);
        CHECK(*Classify(item) == (*c.done ? ItemClass::kCompleted : ItemClass::kClaimedOnly));
        CHECK(Stands(item, "2026-06") == (*c.done ? "1 1 0 0" : "1 0 0 0"));
      }
    }
  }
}

TEST_CASE("a task and its dossier are one item, under the dossier's key, due at the earlier time") {
  Story s = Assigned("2026-06-28");
  s.revisions().front().evidence.claims = {{At("2026-06-15"), {DossierRef("D1")}}};
  s.Dossier("D1", "2026-06-06 08:00:00", "2026-06-25 17:00:00");
  s.Step("D1", "9", "2026-06-12 10:00:00", "an");
  s.Step("D1", "2", "2026-06-06 08:00:00", "em");
  const auto items = s.Items("2026-06-30");
  REQUIRE(items.size() == 1);
  CHECK(items[0].key == "dossier:dvc:D1");
  CHECK(items[0].aliases == std::vector<std::string>{kTaskRecord});
  CHECK(items[0].assigned_at == At("2026-06-05 08:00:00"));
  CHECK(*items[0].due == At("2026-06-25 17:00:00"));
  CHECK(items[0].product == "SP-NV-01");
}

TEST_CASE("a report closed as duplicate takes its task out of all denominators with it") {
  Story s = Assigned();
  s.revisions().front().evidence.claims = {{At("2026-06-15"), {ReportRef("R1")}}};
  s.Report("R1", "H26.1", "2026-06-06 08:00:00", "2026-06-09 08:00:00").duplicate_of = "R0";
  const auto items = s.Items("2026-06-30");
  REQUIRE(items.size() == 1);
  CHECK(items[0].left == "duplicate");
  CHECK(Stands(items[0], "2026-06") == "-");
}

TEST_CASE("a reference that fails joins nothing: both items stand on their own") {
  Story s = Assigned();
  s.revisions().front().evidence.claims = {{At("2026-06-15"), {DossierRef("D1")}}};
  s.Dossier("D1", "2026-06-06 08:00:00", "2026-06-25 17:00:00");
  s.Step("D1", "2", "2026-06-06 08:00:00", "em");
  s.Step("D1", "9", "2026-06-12 10:00:00", "binh");
  REQUIRE(s.Items("2026-06-30").size() == 2);
  CHECK(Stands(s.Item(kTaskRecord, "2026-06-30"), "2026-06") == "1 0 0 0");
  CHECK(s.Item("dossier:dvc:D1", "2026-06-30").lead.id == "binh");
}

TEST_CASE("the document that carries the task's code completes it without a claim, at its own level") {
  Story s = Assigned();
  s.Document("H26.1", "9/BC", "2026-06-10", "", "T1");
  const WorkItem item = s.Item(kTaskRecord, "2026-06-30");
  REQUIRE(item.completions.size() == 1);
  CHECK(item.completions.front().level == Assurance::kRecorded);
  CHECK(item.key == kTaskRecord);
  CHECK_FALSE(item.claimed);
}

TEST_CASE("a mover's unit is that at assignment or at completion") {
  // An is in U1 until 15 June, in U2 from 16 June.
  for (const auto& [issuer, date, verdict] : {std::tuple{"H26.1", "2026-06-18", "passes"},
                                              {"H26.2", "2026-06-18", "passes"},
                                              {"H26.2", "2026-06-10", "other_unit"}}) {
    Story s = Assigned();
    s.Document(issuer, "9/BC", date, "", "T1");
    CAPTURE(issuer);
    CHECK(VerdictOf(s.Item(kTaskRecord, "2026-06-30")) == verdict);
  }
}

TEST_CASE("self-set tasks count in neither and join nothing") {
  for (const char* assigner : {"an", ""}) {
    Story s;
    s.Task("T1", "an", "2026-06-05 08:00:00", "2026-06-20", assigner).claims = {{At("2026-06-15"), {DossierRef("D1")}}};
    if (!*assigner) s.revisions().front().evidence.assigner = {};
    s.Dossier("D1", "2026-06-06 08:00:00", "2026-06-25 17:00:00");
    s.Step("D1", "2", "2026-06-06 08:00:00", "em");
    s.Step("D1", "9", "2026-06-12 10:00:00", "an");
    const WorkItem item = s.Item(kTaskRecord, "2026-06-30");
    CHECK(item.self_set);
    CHECK(Stands(item, "2026-06") == "-");
    CHECK(Stands(s.Item("dossier:dvc:D1", "2026-06-30"), "2026-06") == "1 1 0 0");
  }
}

TEST_CASE("conflicts hold the tasks and leave what they name alone") {
  SUBCASE("one result for two tasks") {
    Story s = Assigned();
    s.Task("T2", "an", "2026-06-05 08:00:00", "2026-06-20");
    for (int i : {0, 1}) s.revisions()[i].evidence.claims = {{At("2026-06-15"), {DossierRef("D1")}}};
    s.Dossier("D1", "2026-06-06 08:00:00", "2026-06-25 17:00:00");
    s.Step("D1", "2", "2026-06-06 08:00:00", "em");
    s.Step("D1", "9", "2026-06-12 10:00:00", "an");
    CHECK(s.Items("2026-06-30").size() == 3);
    CHECK(s.Item(kTaskRecord, "2026-06-30").held.front() == "shared_result:dossier:dvc:D1");
    CHECK(s.Item("dossier:dvc:D1", "2026-06-30").held.empty());
    CHECK(Stands(s.Item("dossier:dvc:D1", "2026-06-30"), "2026-06") == "1 1 0 0");
  }
  SUBCASE("two results for one task") {
    Story s = Assigned();
    s.Document("H26.1", "9/BC", "2026-06-10", "", "T1");
    s.Document("H26.1", "10/BC", "2026-06-11", "", "T1");
    const WorkItem item = s.Item(kTaskRecord, "2026-06-30");
    CHECK(item.held == std::vector<std::string>{"several_results"});
    CHECK(item.completions.empty());
  }
  SUBCASE("a failing reference conflicts with nothing") {
    Story s = Assigned();
    s.Task("T2", "binh", "2026-06-05 08:00:00", "2026-06-20");
    for (int i : {0, 1}) s.revisions()[i].evidence.claims = {{At("2026-06-15"), {DossierRef("D1")}}};
    s.Dossier("D1", "2026-06-06 08:00:00", "2026-06-25 17:00:00");
    s.Step("D1", "2", "2026-06-06 08:00:00", "em");
    s.Step("D1", "9", "2026-06-12 10:00:00", "an");
    const auto items = s.Items("2026-06-30");
    REQUIRE(items.size() == 2);
    CHECK(items[0].aliases == std::vector<std::string>{kTaskRecord});
    CHECK(items[1].held.empty());
  }
}

TEST_CASE("returns: major errors count, and only what was completed after the last one") {
  Story s = Assigned();
  Evidence& task = s.revisions().front().evidence;
  task.returns = {{At("2026-06-12 08:00:00"), By("em"), "SAI_NOI_DUNG", true, true},
                  {At("2026-06-12 09:00:00"), By("em"), "SAI_THE_THUC", true, false},
                  {At("2026-06-12 10:00:00"), By("em"), "LA", false, false},
                  {At("2026-06-13 10:00:00"), By("an"), "SAI_NOI_DUNG", true, true}};  // by the lead: nothing
  s.Document("H26.1", "9/BC", "2026-06-10", "", "T1");
  WorkItem item = s.Item(kTaskRecord, "2026-06-30");
  CHECK(item.quality_failures == 1);
  CHECK(item.unknown_returns == 1);
  CHECK(VerdictOf(item) == "returned");
  CHECK(Stands(item, "2026-06") == "1 0 0 1");
  s.DocStatus("H26.1", "H26.1", "9/BC", "2026-06-10", "06", "2026-06-11 08:00:00", "an");
  s.DocStatus("H26.1", "H26.1", "9/BC", "2026-06-10", "06", "2026-06-21 08:00:00", "an");
  item = s.Item(kTaskRecord, "2026-06-30");
  CHECK(item.completions.front().at == At("2026-06-21 08:00:00"));
  CHECK(Stands(item, "2026-06") == "1 1 1 1");
}

TEST_CASE("a recall leaves only before a completion that counts") {
  for (const auto& [recalled, by, left] : {std::tuple{"2026-06-09 08:00:00", "em", true},
                                           {"2026-06-10 08:00:00", "em", false},  // the day alone is known
                                           {"2026-06-11 08:00:00", "em", false},
                                           {"2026-06-09 08:00:00", "an", false},
                                           {"2026-07-09 08:00:00", "em", false}}) {
    Story s = Assigned();
    s.revisions().front().evidence.recall = Recall{At(recalled), By(by)};
    s.Document("H26.1", "9/BC", "2026-06-10", "", "T1");
    CAPTURE(recalled);
    CHECK(s.Item(kTaskRecord, "2026-06-30").left.has_value() == left);
  }
}

TEST_CASE("acceptance completes only without a result, at the day of delivery it states") {
  Story s = Assigned();
  Evidence& task = s.revisions().front().evidence;
  task.acceptance = Acceptance{At("2026-06-22 08:00:00"), By("em"), At("2026-06-19"), std::nullopt};
  WorkItem item = s.Item(kTaskRecord, "2026-06-30");
  REQUIRE(item.completions.size() == 1);
  CHECK(item.completions.front().level == Assurance::kConfirmed);
  CHECK(Stands(item, "2026-06") == "1 1 0 0");
  s.revisions().front().evidence.acceptance->delivered_on.reset();
  CHECK(Stands(s.Item(kTaskRecord, "2026-06-30"), "2026-06") == "1 1 1 0");
  s.revisions().front().evidence.acceptance->by = By("an");
  CHECK(s.Item(kTaskRecord, "2026-06-30").completions.empty());
  s.revisions().front().evidence.acceptance->by = By("em");
  s.revisions().front().evidence.acceptance->delivered_on = At("2026-06-04");
  CHECK(s.Item(kTaskRecord, "2026-06-30").completions.empty());
}

TEST_CASE("quantity n: each result backs one, the rest is carried over") {
  Story s = Assigned();
  s.revisions().front().evidence.quantity = 3;
  s.Document("H26.1", "9/BC", "2026-06-10", "", "T1");
  s.Document("H26.1", "10/BC", "2026-06-22", "", "T1");
  s.Document("H26.1", "11/BC", "2026-07-03", "", "T1");
  CHECK(Stands(s.Item(kTaskRecord, "2026-06-30"), "2026-06") == "3 2 1 0");
  CHECK(Stands(s.Item(kTaskRecord, "2026-07-31"), "2026-07") == "1 1 1 0 carried");
  CHECK(Stands(s.Item(kTaskRecord, "2026-08-31"), "2026-08") == "-");
  s.Document("H26.1", "12/BC", "2026-07-04", "", "T1");
  CHECK(s.Item(kTaskRecord, "2026-07-31").held == std::vector<std::string>{"several_results"});
}

TEST_CASE("the latest claim is the one tested, over all revisions") {
  Story s = Assigned();
  EvidenceRevision second = s.revisions().front();
  s.Document("H26.1", "9/BC", "2026-06-10", "");
  s.revisions().front().evidence.claims = {{At("2026-06-09"), {Doc("9/BC", "2026-06-10")}}};
  s.revisions().front().latest = false;
  second.evidence.claims = {{At("2026-06-15"), {Doc("9/BC", "2026-06-10")}}};
  second.leaf_index = 99;
  s.revisions().push_back(second);
  CHECK(s.Item(kTaskRecord, "2026-06-30").claim_counts);
  CHECK_FALSE(s.Item(kTaskRecord, "2026-06-12").claim_counts);  // then the latest claim was that of the 9th
}

TEST_CASE("extensions by the assigner move the period; by the lead they do nothing") {
  Story s = Assigned();
  s.revisions().front().evidence.extensions = {{At("2026-06-19 08:00:00"), At("2026-07-10"), By("an")}};
  CHECK(Stands(s.Item(kTaskRecord, "2026-06-30"), "2026-06") == "1 0 0 0");
  s.revisions().front().evidence.extensions[0].by = By("em");
  CHECK(Stands(s.Item(kTaskRecord, "2026-06-30"), "2026-06") == "-");
  CHECK(Stands(s.Item(kTaskRecord, "2026-07-31"), "2026-07") == "1 0 0 0");
  s.revisions().front().evidence.extensions[0].given_at = At("2026-06-22 08:00:00");
  CHECK(Stands(s.Item(kTaskRecord, "2026-07-31"), "2026-07") == "1 0 1 0");
}
