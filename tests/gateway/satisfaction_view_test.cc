// Goal: an opinion stands beside the sheet of whoever led the work that it is about, or of the unit where nobody leads
// it; beside nobody else's, and in no other period.
// Method: opinions of every kind put into a run by hand, seen for two people of two units.
#include "gateway/satisfaction_view.h"

#include <nlohmann/json.hpp>

#include "tests/support/evidence_maker.h"

using namespace mc;
using namespace mc::test;

namespace {

Link To(const std::string& id, LinkState state = LinkState::kResolved) {
  Link link;
  link.state = state;
  link.id = id;
  return link;
}

// A run that owns what its opinions borrow.
struct Rated {
  Rated() {
    run.period = *ParsePeriod("2026-06");
    revisions.reserve(20);
    items.reserve(20);
  }
  WorkItem& Item(const std::string& key, const Link& lead, const Link& unit) {
    WorkItem item;
    item.key = key;
    item.lead = lead;
    item.unit = unit;
    items.push_back(std::move(item));
    return items.back();
  }
  Evidence& Say(const std::string& id, const WorkItem* item, const std::string& unit, const char* at = "2026-06-11") {
    EvidenceRevision revision;
    revision.ik = static_cast<std::int64_t>(revisions.size()) + 1;
    revision.evidence.native_id = id;
    revision.evidence.occurred_at = At(at);
    revision.evidence.ratings = {{"TC1", "", Ratio(1), Ratio(2)}};
    if (item) revision.evidence.about = ResultRef{ResultKind::kDossier, {}, "HS"};
    revisions.push_back(std::move(revision));
    run.satisfaction.push_back({&revisions.back(), item, unit.empty() ? To("", LinkState::kUnresolved) : To(unit)});
    return revisions.back().evidence;
  }
  // "own | unit", by ids.
  std::string Seen(const std::string& person, const std::string& unit) const {
    PersonContext context;
    context.person = person;
    context.unit = unit;
    const SatisfactionBeside beside = SatisfactionFor(run, context);
    std::string text;
    for (const Satisfaction* one : beside.own) text += one->revision->evidence.native_id + " ";
    text += "|";
    for (const Satisfaction* one : beside.unit) text += " " + one->revision->evidence.native_id;
    return text;
  }

  std::vector<EvidenceRevision> revisions;
  std::vector<WorkItem> items;
  ScoreRun run;
};

const Link kNobody = To("", LinkState::kNotApplicable);

}  // namespace

TEST_CASE("satisfaction beside a sheet: whose it is") {
  Rated r;
  r.Say("led", &r.Item("dossier:dvc:1", To("an"), To("U1")), "U1");
  r.Say("unclear", &r.Item("dossier:dvc:2", To("an", LinkState::kAmbiguous), To("U1")), "U1");
  r.Say("report", &r.Item("report:ihanoi:3", kNobody, To("U1")), "U2");
  r.Say("lost-report", &r.Item("report:ihanoi:4", kNobody, To("U1", LinkState::kAmbiguous)), "U1");
  r.Say("unit", nullptr, "U1");
  r.Say("no-unit", nullptr, "");
  r.Say("unknown-work", nullptr, "U1").about = ResultRef{ResultKind::kDossier, {}, "KHONG-CO"};
  CHECK(r.Seen("an", "U1") == "led | report unit");
  CHECK(r.Seen("binh", "U1") == "| report unit");
  CHECK(r.Seen("chi", "U2") == "|");
}

TEST_CASE("satisfaction beside a sheet: the first and the last second of the period, and one past each") {
  Rated r;
  r.Say("before", nullptr, "U1", "2026-05-31 23:59:59");
  r.Say("first", nullptr, "U1", "2026-06-01 00:00:00");
  r.Say("last", nullptr, "U1", "2026-06-30 23:59:59");
  r.Say("after", nullptr, "U1", "2026-07-01 00:00:00");
  CHECK(r.Seen("an", "U1") == "| first last");
}

TEST_CASE("satisfaction beside a sheet: as text one by one, and summed for the unit by criterion and answer") {
  Rated r;
  CHECK(SatisfactionAsText({}).empty());
  r.Say("own", &r.Item("dossier:dvc:1", To("an"), To("U1")), "U1");
  r.Say("a", nullptr, "U1").ratings = {{"TC1", "", Ratio(1), Ratio(2)}, {"CH1", "good", Ratio(3), Ratio(10)}};
  r.Say("b", nullptr, "U1").ratings = {{"TC1", "", Ratio(2), Ratio(2)}, {"CH1", "bad", Ratio(7), Ratio(10)}};
  PersonContext an;
  an.person = "an";
  an.unit = "U1";
  const std::vector<std::string> lines = SatisfactionAsText(SatisfactionFor(r.run, an));
  REQUIRE(lines.size() == 7);
  CHECK(lines[2].find("  dossier:dvc:1 · ") == 0);
  CHECK(lines[2].find("TC1 1/2") != std::string::npos);
  CHECK(lines[4] == "    CH1 bad 7/10 (1 phiếu)");
  CHECK(lines[5] == "    CH1 good 3/10 (1 phiếu)");
  CHECK(lines[6] == "    TC1 3/4 (2 phiếu)");
}

TEST_CASE("satisfaction: the records of one item, and of no other") {
  Rated r;
  const WorkItem& one = r.Item("dossier:dvc:1", To("an"), To("U1"));
  const WorkItem& other = r.Item("dossier:dvc:2", To("an"), To("U1"));
  r.Say("a", &one, "U1");
  r.Say("b", &other, "U1");
  r.Say("c", &one, "U1", "2026-07-02");
  const auto refs = SatisfactionRecords(r.run, one);
  REQUIRE(refs.size() == 2);
  CHECK(refs[0].ik == 1);
  CHECK(refs[1].ik == 3);
}
