// Goal: an opinion finds the work that it is about, and no item knows of any opinion.
// Method: a story of one dossier and one report, opinions added one by one, items compared.
#include "mapping/satisfaction.h"

#include "tests/support/evidence_maker.h"

using namespace mc;
using namespace mc::test;

namespace {

constexpr const char* kMonthEnd = "2026-06-30";

EvidenceRevision Opinion(const std::string& id, ResultKind kind, const std::string& about, const std::string& at,
                         const std::string& unit = "H26.1") {
  EvidenceRevision revision;
  Evidence& e = revision.evidence;
  e.kind = EvidenceKind::kSatisfaction;
  e.register_id = "satisfaction";
  e.native_id = id;
  if (!about.empty()) e.about = ResultRef{kind, {}, about};
  e.unit.code = unit;
  e.occurred_at = At(at);
  e.ratings = {{"TC1", "", Ratio(0), Ratio(2)}};
  return revision;
}

Story OneDossierOneReport() {
  Story story;
  story.Dossier("HS-1", "2026-06-01", "2026-06-20").aliases = {"HS-1b"};
  story.Step("HS-1", "4", "2026-06-02 08:00:00", "an");
  story.Step("HS-1", "9", "2026-06-10 08:00:00", "an");
  story.Report("41", "H26.1", "2026-06-03", "2026-06-05");
  return story;
}

// "id:key" of each, "-" where nothing is found, "?" behind a unit that nobody knows.
std::string Linked(Story& story, const std::string& as_of) {
  const IdentityIndex identity(SmallDirectory());
  const auto items = BuildItems(story.revisions(), identity, ItemSettings{}, AsOf(as_of));
  std::string all;
  for (const Satisfaction& one : LinkSatisfaction(story.revisions(), items, identity, AsOf(as_of))) {
    all += one.revision->evidence.native_id + ":" + (one.item ? one.item->key : "-") +
           (one.unit.state == LinkState::kResolved ? " " : "? ");
  }
  return all;
}

std::string KeysOf(const std::vector<WorkItem>& items) {
  std::string all;
  for (const WorkItem& item : items) {
    all += item.key + " " + Stands(item, "2026-06") + " " + std::to_string(item.evidence.size()) + "; ";
  }
  return all;
}

}  // namespace

TEST_CASE("satisfaction: found by id or alias, by as_of, once per revision") {
  Story story = OneDossierOneReport();
  auto& all = story.revisions();
  all.push_back(Opinion("a", ResultKind::kDossier, "HS-1", "2026-06-11"));
  all.push_back(Opinion("b", ResultKind::kDossier, "HS-1b", "2026-06-11"));
  all.push_back(Opinion("c", ResultKind::kReport, "41", "2026-06-11"));
  all.push_back(Opinion("d", ResultKind::kReport, "HS-1", "2026-06-11"));  // no report of that id
  all.push_back(Opinion("e", ResultKind::kDossier, "HS-2", "2026-06-11", "H99"));
  all.push_back(Opinion("f", ResultKind::kDossier, "", "2026-06-11"));  // of the unit
  all.push_back(Opinion("g", ResultKind::kDossier, "HS-1", "2026-07-01"));
  all.push_back(Opinion("h", ResultKind::kDossier, "HS-1", "2026-06-11"));
  all.back().latest = false;
  CHECK(Linked(story, kMonthEnd) == "a:dossier:dvc:HS-1 b:dossier:dvc:HS-1 c:report:ihanoi:41 d:- e:-? f:- ");
}

TEST_CASE("satisfaction: an id that two registers use finds neither") {
  Story story = OneDossierOneReport();
  story.Dossier("HS-1", "2026-06-01", "2026-06-20").register_id = "khac";
  story.revisions().push_back(Opinion("a", ResultKind::kDossier, "HS-1", "2026-06-11"));
  CHECK(Linked(story, kMonthEnd) == "a:- ");
}

TEST_CASE("satisfaction: an item whose id is written twice is one item") {
  Story story = OneDossierOneReport();
  story.revisions().front().evidence.aliases = {"HS-1b", "HS-1"};
  std::vector<WorkItem> items = story.Items(kMonthEnd);
  items.front().aliases.push_back(items.front().key);
  story.revisions().push_back(Opinion("a", ResultKind::kDossier, "HS-1", "2026-06-11"));
  const IdentityIndex identity(SmallDirectory());
  CHECK(LinkSatisfaction(story.revisions(), items, identity, AsOf(kMonthEnd)).front().item == &items.front());
}

TEST_CASE("satisfaction: items and their standing are the same with and without") {
  Story story = OneDossierOneReport();
  const std::string without = KeysOf(story.Items(kMonthEnd));
  REQUIRE(without.find("dossier:dvc:HS-1 1 1 0 0") != std::string::npos);
  for (int i = 0; i < 50; ++i) {
    story.revisions().push_back(Opinion("a" + std::to_string(i), ResultKind::kDossier, "HS-1", "2026-06-11"));
  }
  CHECK(KeysOf(story.Items(kMonthEnd)) == without);
}
