// Goal: verified facts and a directory's links become the sheets that blueprint 4a and
// decision 0001, rules 24 to 26, ask for. Method: subjects with known totals below leaders;
// facts through a real, empty store for the way in.
#include "scoring/sheet.h"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <random>

#include "core/random.h"
#include "storage/sqlite_store.h"
#include "storage/verify_facts.h"
#include "tests/scoring/scoring_support.h"

namespace mc {
namespace {

using test::DemoCatalogue;
using test::Fraction;
using test::Line;
using test::Nd335;

CivilDate Day(const char* text) { return *ParseDate(text); }

// Facts as the store hands them on; these name no evidence, so a log of one receipt is enough.
VerifiedFacts Verified(std::vector<Fact> facts) {
  static int count = 0;
  const auto dir = std::filesystem::temp_directory_path() / ("mc_sheet_test_" + std::to_string(::getpid()));
  std::filesystem::create_directories(dir);
  SeededRandom random(1);
  ManualClock clock(Instant{0});
  auto store = OpenSqliteStore({.path = (dir / (std::to_string(++count) + ".db")).string(),
                                .sealing_key = std::string(32, 'k'),
                                .signer = {"sheet.test/log", std::string(32, 's')},
                                .random = random,
                                .clock = clock});
  REQUIRE_MESSAGE(store.ok(), store.error().message);
  RunReceipt receipt;
  receipt.source = "hanoiwork";
  receipt.register_id = "hanoiwork";
  receipt.run = *(*store)->BeginRun(receipt.source, receipt.register_id);
  REQUIRE((*store)->EndRun(receipt).ok());
  REQUIRE((*store)->SignHead().ok());
  auto verified = FactVerifier::Verify(**store, std::move(facts));
  REQUIRE_MESSAGE(verified.ok(), verified.error().message);
  VerifiedFacts out = *verified;
  store = InternalError("closed", "");
  std::filesystem::remove_all(dir);
  return out;
}

Fact Done(const char* person, const char* key, const char* product, const char* assigned_on) {
  Fact fact;
  fact.person = person;
  fact.item_key = key;
  fact.product = product;
  fact.assigned_on = Day(assigned_on);
  fact.standing.completed = 1;
  return fact;
}

PersonContext Person(const char* id, const char* manager = "") {
  PersonContext person;
  person.person = id;
  person.unit = "U1";
  person.peer_group = "chuyên viên";
  person.manager = manager;
  person.general = Ratio(20);
  return person;
}

const ScoreCard& Of(const std::vector<ScoreCard>& cards, const std::string& id) {
  const auto found = std::find_if(cards.begin(), cards.end(), [&](const ScoreCard& c) { return c.subject == id; });
  REQUIRE(found != cards.end());
  return *found;
}

TEST_CASE("a fact becomes a line with the coefficient of its day of assignment") {
  Fact fact = Done("P1", "dossier:dvc:1", "SP-HS-06", "2026-05-15");
  fact.standing = {.assigned = 3, .completed = 2, .late = 1, .quality_failures = 4, .carried_over = true};
  const auto line = LineFromFact(DemoCatalogue(), fact);
  REQUIRE(line.has_value());
  CHECK(line->label == "dossier:dvc:1");
  CHECK(line->product == "SP-HS-06");
  CHECK(line->coefficient == Ratio(4));
  CHECK(line->edition == EditionLabel(DemoCatalogue().editions()[0]));
  CHECK(line->assigned == Ratio(3));
  CHECK(line->completed == Ratio(2));
  CHECK(line->late == 1);
  CHECK(line->quality_failures == 4);
  CHECK(line->carried_over);
  CHECK_FALSE(line->no_deadline);
  fact.assigned_on = Day("2026-05-16");
  CHECK(LineFromFact(DemoCatalogue(), fact)->coefficient == Ratio(9, 2));
  fact.assigned_on = Day("2025-12-31");
  CHECK_FALSE(LineFromFact(DemoCatalogue(), fact).has_value());
}

TEST_CASE("a period: lines, waiting people, d, quota, sorted by person") {
  // P9 leads P1 and P2; P1 has a product that no edition lists, so P1 and P9 wait.
  PersonContext head = Person("P9");
  head.leading = true;
  head.organising = head.unity = Ratio(1);
  std::vector<Fact> facts = {Done("P1", "b", "SP-HS-01", "2026-06-02"), Done("P1", "a", "SP-HS-01", "2026-06-01"),
                             Done("P1", "c", "SP-XX-01", "2026-06-01"), Done("P2", "d", "SP-HS-01", "2026-06-01"),
                             Done("P9", "e", "SP-NV-01", "2026-06-01")};
  const std::vector<PersonContext> people = {head, Person("P2", "P9"), Person("P1", "P9"), Person("P3")};
  const auto sheets = BuildPeriodSheets(Nd335(), DemoCatalogue(), Verified(facts), people);
  REQUIRE_MESSAGE(sheets.ok(), sheets.error().message);
  const auto& cards = sheets->cards;
  REQUIRE(cards.size() == 4);
  for (std::size_t i = 0; i < cards.size(); ++i) CHECK(cards[i].subject == sheets->subjects[i].id);
  CHECK(std::is_sorted(cards.begin(), cards.end(),
                       [](const ScoreCard& a, const ScoreCard& b) { return a.subject < b.subject; }));
  const ScoreCard& waiting = Of(cards, "P1");
  CHECK(waiting.status == ScoreStatus::kAwaitingData);
  CHECK(waiting.status_reason.find("SP-XX-01") != std::string::npos);
  REQUIRE(waiting.lines.size() == 2);
  CHECK(waiting.lines[0].input.label == "a");
  CHECK(Fraction(waiting.results_points) == "70/1");
  CHECK(Of(cards, "P2").class_by_score == "excellent");
  CHECK(Of(cards, "P3").status == ScoreStatus::kInsufficientData);
  CHECK(Of(cards, "P9").status == ScoreStatus::kAwaitingData);
  CHECK(Of(cards, "P9").status_reason.find("P1") != std::string::npos);
  CHECK(Fraction(Of(cards, "P9").a) == "1/1");
  CHECK_FALSE(Of(cards, "P9").results_points.has_value());

  const auto alone = ScorePeriod(Nd335(), DemoCatalogue(), Verified(facts), people);
  REQUIRE(alone.ok());
  CHECK(alone->size() == 4);
  std::shuffle(facts.begin(), facts.end(), std::mt19937_64(7));
  const auto shuffled = ScorePeriod(Nd335(), DemoCatalogue(), Verified(facts), people);
  CHECK(Of(*shuffled, "P1").lines[0].input.label == "a");
}

TEST_CASE("held items and other reasons make a person wait") {
  PersonContext held = Person("P1");
  held.held_lines = 2;
  PersonContext waiting = Person("P2");
  waiting.waiting = {"sổ gốc \"dvc\" chưa được lấy đủ"};
  const auto cards =
      ScorePeriod(Nd335(), DemoCatalogue(), Verified({Done("P1", "a", "SP-HS-01", "2026-06-01")}), {held, waiting});
  REQUIRE(cards.ok());
  CHECK(Of(*cards, "P1").status == ScoreStatus::kAwaitingData);
  CHECK(Of(*cards, "P1").status_reason == "2 việc đang tạm giữ, chưa tính được");
  CHECK(Fraction(Of(*cards, "P1").results_points) == "70/1");
  CHECK(Of(*cards, "P2").status == ScoreStatus::kAwaitingData);
}

TEST_CASE("a caller's mistakes are refused") {
  const auto facts = Verified({Done("P1", "a", "SP-HS-01", "2026-06-01")});
  CHECK(ScorePeriod(Nd335(), DemoCatalogue(), facts, {}).error().code == "fact_without_person");
  CHECK(ScorePeriod(Nd335(), DemoCatalogue(), facts, {Person("P1"), Person("P1")}).error().code == "duplicate_person");
  PersonContext barred = Person("P1");
  barred.bars = {{"unknown", "1/QĐ", "2026-06-01"}};
  CHECK(ScorePeriod(Nd335(), DemoCatalogue(), facts, {barred}).error().code == "unknown_bar");
}

// --- d

enum class Kind { kGood, kBad, kBarred, kNothing, kNoData, kNoAssessment, kForeign };

Subject Managed(Kind kind, const std::string& id) {
  Subject subject = test::Official({Line("1", "10", kind == Kind::kBad ? "1" : "10")}, "10");
  subject.id = id;
  if (kind == Kind::kBarred) subject.bars = {{"discipline", "1/QĐ", "2026-06-01"}};
  if (kind == Kind::kNothing) subject.lines.clear();
  if (kind == Kind::kNoData) subject.waiting_for_data = {"x"};
  if (kind == Kind::kNoAssessment) subject.general.reset();
  if (kind == Kind::kForeign) subject.group = SubjectGroup::kContract;
  return subject;
}

Subject Head(const std::string& id) {
  Subject head = test::Leader({Line("1", "1", "1")}, "0", "1", "1");
  head.id = id;
  head.leadership.unit_results.reset();
  return head;
}

TEST_CASE("d from the managed persons") {
  struct Row {
    const char* name;
    std::vector<Kind> managed;
    ScoreStatus status;
    const char* d;
  };
  const std::vector<Row> rows = {
      {"all completed", {Kind::kGood, Kind::kGood}, ScoreStatus::kScored, "1/1"},
      {"one not completed", {Kind::kGood, Kind::kBad}, ScoreStatus::kScored, "1/2"},
      {"not completed by a bar", {Kind::kGood, Kind::kBarred}, ScoreStatus::kScored, "1/2"},
      {"nothing assigned is left out", {Kind::kGood, Kind::kNothing}, ScoreStatus::kScored, "1/1"},
      {"another group is left out", {Kind::kGood, Kind::kForeign}, ScoreStatus::kScored, "1/1"},
      {"somebody waits for data", {Kind::kGood, Kind::kNoData}, ScoreStatus::kAwaitingData, "null"},
      {"somebody waits for assessment", {Kind::kNoAssessment}, ScoreStatus::kAwaitingAssessment, "null"},
      {"data before assessment", {Kind::kNoAssessment, Kind::kNoData}, ScoreStatus::kAwaitingData, "null"},
      {"waiting before not completed", {Kind::kBad, Kind::kNoAssessment}, ScoreStatus::kAwaitingAssessment, "null"},
      {"nobody left", {Kind::kNothing, Kind::kForeign}, ScoreStatus::kAwaitingData, "null"},
      {"nobody at all", {}, ScoreStatus::kAwaitingData, "null"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    std::vector<Subject> subjects = {Head("H")};
    std::vector<std::string> managers = {""};
    for (const Kind kind : row.managed) {
      subjects.push_back(Managed(kind, "P" + std::to_string(subjects.size())));
      managers.emplace_back("H");
    }
    const auto cards = ScoreSubjects(Nd335(), subjects, managers);
    REQUIRE(cards.ok());
    CHECK(cards->at(0).status == row.status);
    CHECK(Fraction(cards->at(0).d) == row.d);
    CHECK(Fraction(cards->at(0).a) == "1/1");
    CHECK(cards->at(0).results_points.has_value() == (row.status == ScoreStatus::kScored));
  }
}

TEST_CASE("waiting climbs through every level, and a class too") {
  // H1 leads H2 leads P; the subjects stand in an order that needs sorting.
  for (const Kind kind : {Kind::kNoAssessment, Kind::kBad, Kind::kGood}) {
    std::vector<Subject> subjects = {Head("H1"), Head("H2"), Managed(kind, "P")};
    const auto cards = ScoreSubjects(Nd335(), subjects, {"", "H1", "H2"});
    REQUIRE(cards.ok());
    if (kind == Kind::kNoAssessment) CHECK(cards->at(0).status == ScoreStatus::kAwaitingAssessment);
    if (kind == Kind::kBad) CHECK(Fraction(cards->at(1).d) == "1/2");
    if (kind != Kind::kNoAssessment) CHECK(Fraction(cards->at(0).d) == "1/1");
  }
}

TEST_CASE("a cycle of managers is a config error; an unknown manager is none") {
  std::vector<Subject> subjects = {Head("H1"), Head("H2"), Managed(Kind::kGood, "P")};
  const auto cycle = ScoreSubjects(Nd335(), subjects, {"H2", "H1", ""});
  REQUIRE_FALSE(cycle.ok());
  CHECK(cycle.error().error_class == ErrorClass::kConfig);
  CHECK(cycle.error().code == "manager_cycle");
  CHECK_FALSE(ScoreSubjects(Nd335(), subjects, {"H1", "", ""}).ok());  // a cycle of one
  CHECK(ScoreSubjects(Nd335(), subjects, {"elsewhere", "H1", "H2"}).ok());
}

TEST_CASE("a chain of a hundred thousand managers needs no deep stack") {
  std::vector<Subject> subjects;
  std::vector<std::string> managers;
  for (int i = 0; i < 100'000; ++i) {
    subjects.push_back(Head("H" + std::to_string(i)));
    managers.push_back(i == 0 ? "" : "H" + std::to_string(i - 1));
  }
  const auto cards = ScoreSubjects(Nd335(), subjects, managers);
  REQUIRE(cards.ok());
  CHECK(cards->front().status == ScoreStatus::kAwaitingData);
}

}  // namespace
}  // namespace mc
