#include "storage/quality_numbers.h"

#include <doctest/doctest.h>

#include "storage/quality_sums.h"
#include "tests/storage/store_harness.h"

using namespace mc;
using namespace mc::test;

// Goal: what is unknown is null and never whole; a contradicted record is not correct.
TEST_CASE("numbers out of sums") {
  QualitySum sum;
  CHECK(sum.Numbers() == QualityNumbers{});
  sum.Add(QualityCell{"s", "U", "2026-06", "correct", 9, 10});
  sum.Add(QualityCell{"s", "V", "2026-06", "correct", 10, 10});
  sum.Add(QualityCell{"s", "U", "2026-06", "read_back", 2, 5});
  sum.Add(QualityCell{"s", "", "", "held", 7, 8});
  sum.Add(QualityCell{"s", "", "", "offered", 8, 8});
  sum.Add(QualityCell{"s", "", "", "unknown", 8, 8});
  CHECK(sum.Numbers() == QualityNumbers{Share{16, 20}, Share{7, 8}, std::nullopt, std::nullopt});
  CHECK(sum.Offered() == Share{8, 8});
  QualitySum twice = sum;
  twice.Add(sum);
  CHECK(twice.Numbers().correct == Share{32, 40});
  QualitySum contradicted;
  contradicted.Add(QualityCell{"s", "U", "2026-06", "correct", 1, 1});
  contradicted.Add(QualityCell{"s", "U", "2026-06", "read_back", 0, 3});  // one record, read again three times
  CHECK(contradicted.Numbers().correct == Share{0, 1});
}

// Goal: the test vector of docs/formats/quality.md, and its clean numbers back.
TEST_CASE("object of a day") {
  const std::vector<QualityCell> cells = {{"documents", "", "", "held", 9, 10},
                                          {"documents", "", "2026-06", "live", 1440, 1440},
                                          {"documents", "H26.101", "2026-06", "clean", 3, 4},
                                          {"documents", "H26.101", "2026-06", "correct", 4, 4}};
  const std::string object = Must(QualityObject(CivilDate{20'634}, Instant{1'782'838'800'000'000}, cells));
  CHECK(object ==
        R"({"at":1782838800000000,"day":"2026-06-30","rows":[)"
        R"({"clean":null,"complete":{"den":10,"num":9},"correct":null,"live":null,"period":"","source":"documents","unit":""},)"
        R"({"clean":null,"complete":null,"correct":null,"live":{"den":1440,"num":1440},"period":"2026-06","source":"documents","unit":""},)"
        R"({"clean":{"den":4,"num":3},"complete":null,"correct":{"den":4,"num":4},"live":null,"period":"2026-06","source":"documents","unit":"H26.101"}],"v":1})");
  CHECK(Must(CleanCells(object)) == std::vector<QualityCell>{cells[2]});
  for (const char* bad : {"", "[]", "{}", R"({"rows":[{"source":1}]})", R"({"rows":[{"source":"s","unit":"","period":"","clean":{"num":-1,"den":2}}]})"}) {
    CHECK(CleanCells(bad).error().code == "bad_quality");
  }
}

// Goal: minutes add up to the span between the runs, whatever the months, and none is counted twice.
TEST_CASE("live minutes") {
  const auto of = [](const std::optional<RunMinutes>& before, const RunMinutes& run) {
    QualitySums sums;
    AddLive("s", before, run, sums);
    std::string text;
    for (const QualityCell& cell : sums.Cells()) {
      text += cell.period + " " + std::to_string(cell.num) + "/" + std::to_string(cell.den) + " ";
    }
    return text;
  };
  const std::int64_t june = MinuteOf(Must(ParseInstant("2026-06-15T00:00:00Z")));
  CHECK(of(std::nullopt, {june, june, 60}) == "2026-06 1/1 ");
  CHECK(of(std::nullopt, {june, std::nullopt, 60}) == "2026-06 0/1 ");
  CHECK(of(RunMinutes{june, june, 60}, {june + 15, june + 15, 60}) == "2026-06 15/15 ");
  // At the limit, one past it, and far past it.
  CHECK(of(RunMinutes{june, june, 60}, {june + 61, june + 61, 60}) == "2026-06 61/61 ");
  CHECK(of(RunMinutes{june, june, 60}, {june + 62, june + 62, 60}) == "2026-06 61/62 ");
  CHECK(of(RunMinutes{june, june, 60}, {june + 1440, june + 1440, 60}) == "2026-06 61/1440 ");
  CHECK(of(RunMinutes{june, june - 60, 60}, {june + 5, june - 60, 60}) == "2026-06 0/5 ");
  // In the minute of the run before: nothing, or one that failed there is made good.
  CHECK(of(RunMinutes{june, june, 60}, {june, june, 60}).empty());
  CHECK(of(RunMinutes{june, std::nullopt, 60}, {june, june, 60}) == "2026-06 1/0 ");
  CHECK(of(RunMinutes{june, june, 60}, {june - 5, june - 5, 60}).empty());  // a clock that went back
  // Over two ends of months: 1 May to 1 July.
  const std::int64_t may = MinuteOf(Must(ParseInstant("2026-05-30T17:00:00Z")));  // 31 May 00:00, city time
  CHECK(of(RunMinutes{may, may, 60}, {may + 32 * 1440, may + 32 * 1440, 60}) ==
        "2026-05 60/1439 2026-06 0/43200 2026-07 1/1441 ");
}
