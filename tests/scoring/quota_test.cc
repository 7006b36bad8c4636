// Goal: "excellent" is capped per unit and peer group as article 20.5a and decision 0001,
// rule 26, say. Method: groups given as totals, with the classes expected after the cap.
#include <algorithm>
#include <numeric>
#include <random>

#include "tests/scoring/scoring_support.h"

namespace mc {
namespace {

using test::Line;
using test::Nd335;
using test::Official;

// A scored subject with the given total; totals are 70 + G.
Subject WithTotal(std::int64_t total, const std::string& id) {
  Subject subject = Official({total >= 70 ? Line("1", "1", "1") : Line("1", "70", "40")});
  subject.id = id;
  subject.unit = "U1";
  subject.peer_group = "chuyên viên";
  subject.general = total >= 70 ? total - 70 : total - 40;
  return subject;
}

struct Sheets {
  std::vector<Subject> subjects;
  std::vector<ScoreCard> cards;
};

Sheets ScoreAll(std::vector<Subject> subjects, const Policy& policy = Nd335()) {
  Sheets sheets{std::move(subjects), {}};
  for (const Subject& subject : sheets.subjects) sheets.cards.push_back(Score(policy, subject));
  ApplyQuota(policy, sheets.subjects, sheets.cards);
  return sheets;
}

Sheets OfTotals(const std::vector<std::int64_t>& totals, const Policy& policy = Nd335()) {
  std::vector<Subject> subjects;
  for (std::size_t i = 0; i < totals.size(); ++i) subjects.push_back(WithTotal(totals[i], "P" + std::to_string(i)));
  return ScoreAll(std::move(subjects), policy);
}

int Kept(const Sheets& sheets) {
  return static_cast<int>(std::count_if(sheets.cards.begin(), sheets.cards.end(),
                                        [](const ScoreCard& card) { return card.class_after_quota == "excellent"; }));
}

TEST_CASE("the largest number of the best that the cap allows") {
  // Base: those rated good, the ones not kept among them.
  struct Row {
    const char* name;
    std::vector<std::int64_t> totals;
    int kept;
  };
  const std::vector<Row> rows = {
      {"two excellent alone", {95, 96}, 0},
      {"one of 5: four good, 0.8", {95, 80, 80, 80, 80}, 0},
      {"one of 6: five good, exactly 1", {95, 80, 80, 80, 80, 80}, 1},
      {"two excellent, four good: 1 <= 5/5", {95, 96, 80, 80, 80, 80}, 1},
      {"two excellent, ten good", {95, 96, 80, 80, 80, 80, 80, 80, 80, 80, 80, 80}, 2},
      {"two excellent, nine good: 2 > 9/5, 1 <= 10/5", {95, 96, 80, 80, 80, 80, 80, 80, 80, 80, 80}, 1},
      {"a tie at the cut is not divided", {95, 95, 80, 80, 80, 80}, 0},
      {"a tie below the cut", {97, 95, 95, 80, 80, 80}, 1},
      {"lower classes are no base", {95, 60, 60, 60, 60, 60}, 0},
      {"six excellent alone: one kept, five good", {95, 96, 97, 98, 99, 100}, 1},
      {"nobody excellent", {80, 80}, 0},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    const Sheets sheets = OfTotals(row.totals);
    CHECK(Kept(sheets) == row.kept);
    for (std::size_t i = 0; i < row.totals.size(); ++i) {
      const ScoreCard& card = sheets.cards[i];
      REQUIRE(card.class_after_quota.has_value());
      CHECK_FALSE(card.quota_note.empty());
      const bool demoted = card.class_after_gates == "excellent" && card.class_after_quota != "excellent";
      if (demoted) CHECK(card.class_after_quota == "good");
      if (!demoted) CHECK(card.class_after_quota == card.class_after_gates);
    }
  }
}

TEST_CASE("good or better as base") {
  Policy policy = Nd335();
  policy.quota_base = QuotaBase::kGoodOrBetter;
  CHECK(Kept(OfTotals({95, 80, 80, 80}, policy)) == 0);      // 4/5
  CHECK(Kept(OfTotals({95, 80, 80, 80, 80}, policy)) == 1);  // 5/5
}

TEST_CASE("only groups of two or more scored subjects with unit and peer group") {
  // Goal: without somebody comparable there is no cap and no class_after_quota.
  Subject other_group = WithTotal(95, "P2");
  other_group.peer_group = "lãnh đạo";
  Subject other_unit = WithTotal(95, "P3");
  other_unit.unit = "U2";
  Subject waiting = WithTotal(95, "P4");
  waiting.general.reset();
  const Sheets alone = ScoreAll({WithTotal(95, "P1"), other_group, other_unit, waiting});
  for (const ScoreCard& card : alone.cards) CHECK_FALSE(card.class_after_quota.has_value());

  Subject no_group_1 = WithTotal(95, "P5"), no_group_2 = WithTotal(95, "P6");
  no_group_1.peer_group = no_group_2.peer_group = "";
  for (const ScoreCard& card : ScoreAll({no_group_1, no_group_2}).cards) {
    CHECK_FALSE(card.class_after_quota.has_value());
  }
}

TEST_CASE("a barred subject is neither kept nor base") {
  Subject barred = WithTotal(100, "P0");
  barred.bars = {{"discipline", "1/QĐ", "2026-06-01"}};
  std::vector<Subject> subjects = {barred};
  for (int i = 1; i <= 6; ++i) subjects.push_back(WithTotal(i == 1 ? 95 : 80, "P" + std::to_string(i)));
  const Sheets sheets = ScoreAll(subjects);
  CHECK(sheets.cards[0].class_after_quota == "not_completed");
  CHECK(sheets.cards[1].class_after_quota == "excellent");
}

TEST_CASE("the order of subjects does not matter") {
  std::mt19937_64 random(205);
  for (int round = 0; round < 200; ++round) {
    std::vector<std::int64_t> totals;
    for (int i = 0; i < 12; ++i) totals.push_back(60 + static_cast<std::int64_t>(random() % 41));
    const Sheets sheets = OfTotals(totals);
    std::vector<Subject> shuffled = sheets.subjects;
    std::shuffle(shuffled.begin(), shuffled.end(), random);
    const Sheets again = ScoreAll(shuffled);
    for (std::size_t i = 0; i < shuffled.size(); ++i) {
      const auto same = std::find_if(sheets.cards.begin(), sheets.cards.end(),
                                     [&](const ScoreCard& card) { return card.subject == again.cards[i].subject; });
      CHECK(same->class_after_quota == again.cards[i].class_after_quota);
    }
  }
}

}  // namespace
}  // namespace mc
