// Goal: a, b, c, d, đ, e, K, total, status and class are exactly those of Decree 335 as the
// policy file states it. Method: tables of hand-worked figures, each border at it and one
// step past it, and properties over seeded random sheets.
#include "scoring/scorer.h"

#include <algorithm>
#include <map>
#include <random>

#include "tests/scoring/scoring_support.h"

namespace mc {
namespace {

using test::Fraction;
using test::Leader;
using test::Line;
using test::Nd335;
using test::Official;
using test::Q;

TEST_CASE("hand-worked sheets") {
  // Goal: figures that the formulas of articles 14 to 16 give by hand.
  struct Row {
    const char* name;
    Subject subject;
    const char *a, *b, *c, *k, *total, *band;
  };
  const std::vector<Row> rows = {
      {"one done", Official({Line("1", "1", "1")}), "1/1", "1/1", "1/1", "70/1", "100/1", "excellent"},
      {"one of five", Official({Line("1", "5", "1")}), "1/5", "1/5", "1/5", "14/1", "44/1", "not_completed"},
      {"two products", Official({Line("1.5", "2", "2"), Line("0.5", "4", "2")}), "4/5", "4/5", "4/5", "56/1", "86/1",
       "good"},
      {"two lates of ten", Official({Line("1", "10", "10", 0, 2)}), "1/1", "1/1", "19/20", "413/6", "593/6",
       "excellent"},
      {"leader with halves", Leader({Line("1", "1", "1")}, "0.5", "0.5", "0.5"), "1/1", "1/1", "1/1", "105/2", "165/2",
       "good"},
      {"leader full", Leader({Line("1", "1", "1")}, "1", "1", "1"), "1/1", "1/1", "1/1", "70/1", "100/1", "excellent"},
      {"thirds", Official({Line("1", "3", "1"), Line("0.7", "1", "1", 1, 0)}), "17/37", "61/148", "17/37", "6895/222",
       "13555/222", "completed"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    const ScoreCard card = Score(Nd335(), row.subject);
    CHECK(card.status == ScoreStatus::kScored);
    CHECK(Fraction(card.a) == row.a);
    CHECK(Fraction(card.b) == row.b);
    CHECK(Fraction(card.c) == row.c);
    CHECK(Fraction(card.results_points) == row.k);
    CHECK(Fraction(card.total) == row.total);
    CHECK(card.class_by_score == row.band);
    CHECK(card.class_after_gates == row.band);
    CHECK_FALSE(card.class_after_quota.has_value());
    CHECK(card.status_reason.empty());
  }
}

TEST_CASE("failures and lates take a quarter each, down to zero and never below") {
  // Goal: 3, 4 and 5 deductions; excused ones do not count; unfinished work is not charged twice.
  struct Row {
    const char* name;
    ScoreInputLine line;
    const char *b, *c;
  };
  ScoreInputLine excused = Line("1", "1", "1", 5, 3);
  excused.excused_quality_failures = 4;
  excused.excused_late = 3;
  const std::vector<Row> rows = {
      {"none", Line("1", "1", "1", 0, 0), "1/1", "1/1"},
      {"three", Line("1", "1", "1", 3, 3), "1/4", "1/4"},
      {"four", Line("1", "1", "1", 4, 4), "0/1", "0/1"},
      {"five", Line("1", "1", "1", 5, 5), "0/1", "0/1"},
      {"only quality", Line("1", "1", "1", 1, 0), "3/4", "1/1"},
      {"only late", Line("1", "1", "1", 0, 1), "1/1", "3/4"},
      {"excused", excused, "3/4", "1/1"},
      {"unfinished", Line("1", "1", "0", 2, 1), "0/1", "0/1"},
      {"half done", Line("1", "2", "1", 1, 5), "3/4", "0/1"},
      {"surplus covers no deduction", Line("1", "2", "9", 1, 1), "7/4", "7/4"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    const ScoreCard card = Score(Nd335(), Official({row.line}));
    REQUIRE(card.lines.size() == 1);
    CHECK(card.lines[0].b.ToFraction() == row.b);
    CHECK(card.lines[0].c.ToFraction() == row.c);
  }
}

TEST_CASE("the surplus of one line never covers another") {
  // Goal: the cap is by line. Method: 3 of 1 beside 0 of 1 is half, not all.
  const ScoreCard card = Score(Nd335(), Official({Line("1", "1", "3"), Line("1", "1", "0")}));
  CHECK(Fraction(card.a) == "1/2");
  CHECK(card.lines[0].done == Ratio(1));
}

TEST_CASE("classes change exactly at the borders of the exact total") {
  // Goal: classified on the exact value, not on the printed one. Method: G + K with K = 60
  // (6 of 7 units) and G at the border, one millionth below, and a third of a millionth.
  const auto with_general = [](const Ratio& general) {
    Subject subject = Official({Line("1", "7", "6")});
    subject.general = general;
    return Score(Nd335(), subject);
  };
  const Ratio step(1, 1'000'000);
  CHECK(with_general(30).class_by_score == "excellent");
  CHECK(with_general(Ratio(30) - step).class_by_score == "good");
  const ScoreCard hair = with_general(Ratio(30) - step / Ratio(3));
  CHECK(hair.class_by_score == "good");
  CHECK(hair.total->ToDecimal(2) == "90.00");
  CHECK(with_general(10).class_by_score == "good");
  CHECK(with_general(Ratio(10) - step).class_by_score == "completed");

  const auto half = [](const Ratio& general) {
    Subject subject = Official({Line("1", "7", "3")});  // K = 30
    subject.general = general;
    return Score(Nd335(), subject);
  };
  CHECK(half(20).class_by_score == "completed");
  CHECK(half(Ratio(20) - step).class_by_score == "not_completed");
  CHECK(half(0).class_by_score == "not_completed");
}

TEST_CASE("statuses in their order") {
  // Goal: the first that fits speaks. Method: each subject carries every later reason too.
  Subject nothing;
  nothing.id = "P1";

  Subject foreign = nothing;
  foreign.group = SubjectGroup::kPublicEmployee;
  foreign.waiting_for_data = {"x"};
  const ScoreCard not_applicable = Score(Nd335(), foreign);
  CHECK(not_applicable.status == ScoreStatus::kNotApplicable);
  CHECK_FALSE(not_applicable.a.has_value());
  CHECK(not_applicable.lines.empty());

  Subject waiting = nothing;
  waiting.waiting_for_data = {"chưa kéo đủ dữ liệu từ dvc"};
  const ScoreCard data = Score(Nd335(), waiting);
  CHECK(data.status == ScoreStatus::kAwaitingData);
  CHECK(data.status_reason == "chưa kéo đủ dữ liệu từ dvc");
  CHECK_FALSE(data.results_points.has_value());

  const ScoreCard insufficient = Score(Nd335(), nothing);
  CHECK(insufficient.status == ScoreStatus::kInsufficientData);
  CHECK_FALSE(insufficient.results_points.has_value());
  CHECK_FALSE(insufficient.class_by_score.has_value());

  Subject zero = nothing;
  zero.lines = {Line("1", "0", "3")};
  CHECK(Score(Nd335(), zero).status == ScoreStatus::kInsufficientData);

  Subject unassessed = nothing;
  unassessed.lines = {Line("1", "2", "1")};
  const ScoreCard assessment = Score(Nd335(), unassessed);
  CHECK(assessment.status == ScoreStatus::kAwaitingAssessment);
  CHECK(Fraction(assessment.results_points) == "35/1");
  CHECK_FALSE(assessment.total.has_value());
  CHECK_FALSE(assessment.class_after_gates.has_value());
}

TEST_CASE("a sheet that waits for data shows a provisional K, no total and no class") {
  Subject subject = Official({Line("1", "2", "1")});
  subject.waiting_for_data = {"1 việc đang tạm giữ"};
  const ScoreCard card = Score(Nd335(), subject);
  CHECK(card.status == ScoreStatus::kAwaitingData);
  CHECK(Fraction(card.results_points) == "35/1");
  CHECK(Fraction(card.general) == "30/1");
  CHECK_FALSE(card.total.has_value());
  CHECK_FALSE(card.class_by_score.has_value());
}

TEST_CASE("a leader who waits for managed persons shows a, b, c alone") {
  // Goal: d, K, total and class are null; data goes before assessment; the own lines are shown.
  for (const ScoreStatus status : {ScoreStatus::kAwaitingData, ScoreStatus::kAwaitingAssessment}) {
    Subject subject = Leader({Line("1", "2", "1")}, "1", "1", "1");
    subject.waits_for_managed = status;
    subject.waits_for_managed_reason = "chờ người dưới quyền";
    const ScoreCard card = Score(Nd335(), subject);
    CHECK(card.status == status);
    CHECK(card.status_reason == "chờ người dưới quyền");
    CHECK(Fraction(card.a) == "1/2");
    CHECK(Fraction(card.c) == "1/2");
    CHECK_FALSE(card.d.has_value());
    CHECK_FALSE(card.results_points.has_value());
    CHECK_FALSE(card.total.has_value());
    CHECK_FALSE(card.class_after_gates.has_value());
  }
}

TEST_CASE("a leader without one of the leadership terms has no K") {
  struct Row {
    LeadershipInput terms;
    ScoreStatus status;
  };
  const std::vector<Row> rows = {
      {{std::nullopt, Ratio(1), Ratio(1)}, ScoreStatus::kAwaitingData},
      {{Ratio(1), std::nullopt, Ratio(1)}, ScoreStatus::kAwaitingAssessment},
      {{Ratio(1), Ratio(1), std::nullopt}, ScoreStatus::kAwaitingAssessment},
  };
  for (const Row& row : rows) {
    Subject subject = Leader({Line("1", "1", "1")}, "1", "1", "1");
    subject.leadership = row.terms;
    const ScoreCard card = Score(Nd335(), subject);
    CHECK(card.status == row.status);
    CHECK_FALSE(card.status_reason.empty());
    CHECK_FALSE(card.results_points.has_value());
  }
}

TEST_CASE("a leader with nothing assigned still sees d, đ and e") {
  // Decision 0001, rule 31: shown as far as they are known, also while K is not.
  const ScoreCard card = Score(Nd335(), Leader({}, "1", "0.5", "1"));
  CHECK(card.status == ScoreStatus::kInsufficientData);
  CHECK(Fraction(card.d) == "1/1");
  CHECK(Fraction(card.dd) == "1/2");
  CHECK_FALSE(card.a.has_value());
  CHECK_FALSE(card.results_points.has_value());
}

TEST_CASE("leadership terms of a subject without a leading post are ignored") {
  Subject subject = Leader({Line("1", "1", "1")}, "0", "0", "0");
  subject.leading = false;
  const ScoreCard card = Score(Nd335(), subject);
  CHECK(Fraction(card.results_points) == "70/1");
  CHECK_FALSE(card.d.has_value());
}

TEST_CASE("a bar forces the lowest class and leaves the score alone") {
  // Goal: class_by_score and class_after_gates are separate facts; a bar for leaders does
  // not reach anybody else.
  Subject subject = Official({Line("1", "1", "1")});
  subject.bars = {{"discipline", "12/QĐ-UBND", "2026-06-10"}};
  const ScoreCard barred = Score(Nd335(), subject);
  CHECK(Fraction(barred.total) == "100/1");
  CHECK(barred.class_by_score == "excellent");
  CHECK(barred.class_after_gates == "not_completed");
  REQUIRE(barred.gates.size() == Nd335().bars.size());
  for (const Gate& gate : barred.gates) CHECK(gate.passed == (gate.rule != "discipline"));

  subject.bars = {{"corruption_in_body", "13/QĐ-UBND", "2026-06-10"}};
  CHECK(Score(Nd335(), subject).class_after_gates == "excellent");
  Subject leader = Leader({Line("1", "1", "1")}, "1", "1", "1");
  leader.bars = subject.bars;
  CHECK(Score(Nd335(), leader).class_after_gates == "not_completed");
}

TEST_CASE("an unknown bar is refused") {
  Subject subject = Official({});
  CHECK(CheckBars(Nd335(), subject).ok());
  subject.bars = {{"disciplin", "1", "2026-06-10"}};
  const Status status = CheckBars(Nd335(), subject);
  REQUIRE_FALSE(status.ok());
  CHECK(status.error().error_class == ErrorClass::kConfig);
  CHECK(status.error().code == "unknown_bar");
}

TEST_CASE("the largest and smallest decimals stay exact") {
  // Goal: no overflow and no rounding at the limits of the case format.
  const ScoreCard card = Score(Nd335(), Official({Line("999999999.999999", "999999999.999999", "999999999.999998"),
                                                  Line("0.000001", "0.000001", "0")}));
  // In units of 10^-12: ((10^15-1)(10^15-2)) / ((10^15-1)^2 + 1), both halved.
  CHECK(Fraction(card.a) == "499999999999998500000000000001/499999999999999000000000000001");
  CHECK(card.class_by_score == "excellent");
  const ScoreCard counts = Score(Nd335(), Official({Line("1", "999999999", "999999999", 1'000'000, 1'000'000)}));
  CHECK(Fraction(counts.b) == "999749999/999999999");
}

TEST_CASE("what the lines lost adds up to what the components lack") {
  // Goal: no point disappears without a reason. Method: per component, lost amounts over
  // assigned equal 1 minus the component, and points of K add up to 70 minus K.
  const Subject subject = Official(
      {Line("1.5", "3", "2", 1, 0), Line("0.8", "1", "1", 5, 2), Line("4", "2", "0", 1, 1), Line("1", "1", "1")});
  const ScoreCard card = Score(Nd335(), subject);
  Ratio assigned, points;
  std::map<std::string, Ratio> lost;
  for (const ScoreLine& line : card.lines) {
    assigned += line.input.assigned * line.input.coefficient;
    for (const LostPoints& loss : line.lost) {
      lost[loss.component] += loss.amount;
      points += loss.points;
      CHECK_FALSE(loss.why.empty());
    }
  }
  CHECK(lost["a"] / assigned == Ratio(1) - *card.a);
  CHECK(lost["b"] / assigned == Ratio(1) - *card.b);
  CHECK(lost["c"] / assigned == Ratio(1) - *card.c);
  CHECK(points == Ratio(70) - *card.results_points);
  CHECK(card.lines[3].lost.empty());
}

// A seeded sheet of 1..8 items with every kind of figure.
Subject RandomSheet(std::mt19937_64& random) {
  const auto draw = [&random](std::int64_t below) { return static_cast<std::int64_t>(random() % below); };
  Subject subject = Official({});
  const std::int64_t count = 1 + draw(8);
  for (std::int64_t i = 0; i < count; ++i) {
    ScoreInputLine line;
    line.label = "item " + std::to_string(i);
    line.coefficient = Ratio(1 + draw(90), 10);
    line.assigned = 1 + draw(3);
    line.completed = draw(5);
    line.quality_failures = draw(6);
    line.late = draw(6);
    line.excused_late = line.late == 0 ? 0 : draw(line.late + 1);
    subject.lines.push_back(line);
  }
  return subject;
}

TEST_CASE("completing one more assigned item on time never lowers the score") {
  // Goal: no official is better off for leaving work undone. Method: seeded random sheets;
  // each unfinished line in turn is completed by one more unit.
  std::mt19937_64 random(20260630);
  int compared = 0;
  for (int round = 0; round < 2'000; ++round) {
    const Subject before = RandomSheet(random);
    const Ratio total = *Score(Nd335(), before).total;
    for (std::size_t i = 0; i < before.lines.size(); ++i) {
      if (before.lines[i].completed >= before.lines[i].assigned) continue;
      Subject after = before;
      after.lines[i].completed += Ratio(1);
      CHECK(*Score(Nd335(), after).total >= total);
      ++compared;
    }
  }
  CHECK(compared > 1'000);
}

TEST_CASE("bounds and order of lines") {
  // Goal: 0 <= b, c <= a <= 1 and 0 <= K <= 70 always; the order of lines changes nothing.
  std::mt19937_64 random(335);
  for (int round = 0; round < 500; ++round) {
    Subject subject = RandomSheet(random);
    const ScoreCard card = Score(Nd335(), subject);
    CHECK(*card.a <= Ratio(1));
    CHECK(*card.b <= *card.a);
    CHECK(*card.c <= *card.a);
    CHECK(*card.b >= Ratio(0));
    CHECK(*card.c >= Ratio(0));
    CHECK(*card.results_points <= Ratio(70));
    std::shuffle(subject.lines.begin(), subject.lines.end(), random);
    CHECK(Fraction(Score(Nd335(), subject).total) == Fraction(card.total));
  }
}

}  // namespace
}  // namespace mc
