// Goal: a number below its threshold stops those whom it touches and nobody else; at it, and unknown, it stops nobody.
#include "gateway/quality_gates.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "tests/support/evidence_maker.h"

using namespace mc;
using namespace mc::test;

namespace {

const CivilDate kGateDay = *ParseDate("2026-06-30");
const RegisterOf kRegisters = {{"tasks", "hanoiwork"}};

std::vector<SourceNumbers> Numbers(const std::vector<QualityCell>& cells, DirectoryData directory = SmallDirectory()) {
  return NumbersByUnit(cells, kRegisters, IdentityIndex(std::move(directory)), kGateDay);
}

QualityCell Cell(const std::string& unit, std::string_view measure, std::int64_t num, std::int64_t den,
                 const std::string& period = "2026-06") {
  return {"tasks", unit, period, std::string(measure), num, den};
}

QualityGates Gates(const char* correct, const char* complete = "0.995") {
  QualityGates gates;
  gates.correct = *Ratio::FromDecimal(correct);
  gates.complete = *Ratio::FromDecimal(complete);
  return gates;
}

// "correct@U1 98/100; ..."
std::string Shown(const std::vector<ClosedGate>& closed) {
  std::string text;
  for (const ClosedGate& gate : closed) {
    text += (text.empty() ? "" : "; ") + gate.number + "@" + gate.unit + " " + std::to_string(gate.share.num) + "/" +
            std::to_string(gate.share.den);
  }
  return text;
}

std::string Closed(const std::vector<QualityCell>& cells, const QualityGates& gates) {
  return Shown(ClosedGates(gates, Numbers(cells)));
}

}  // namespace

TEST_CASE("a unit is what its name means: either notation, its successor, its own name") {
  DirectoryData directory = SmallDirectory();
  directory.organisation_codes = {CodeRow("000.00.01.H26", "H26.1", CodeRelation::kSame),
                                  CodeRow("H26.9", "H26.2", CodeRelation::kSucceeded, "2026-03-01")};
  const auto numbers = Numbers({Cell("H26.1", measure::kCorrect, 1, 1), Cell("000.00.01.H26", measure::kCorrect, 2, 3),
                                Cell("UBND phường Một", measure::kCorrect, 4, 4), Cell("H26.9", measure::kCorrect, 5, 5),
                                Cell("G22", measure::kCorrect, 6, 7), Cell("", measure::kCorrect, 8, 8)},
                               directory);
  REQUIRE(numbers.size() == 1);
  CHECK(numbers[0].register_id == "hanoiwork");
  CHECK(numbers[0].units.at("U1").Numbers().correct == Share{7, 8});
  CHECK(numbers[0].units.at("U2").Numbers().correct == Share{5, 5});
  CHECK(numbers[0].unplaced.Numbers().correct == Share{14, 15});
  CHECK(numbers[0].all.Numbers().correct == Share{26, 28});
}

// Goal: whoever takes a record away at the source stops nobody: it is held still.
TEST_CASE("what read-back contradicts lowers the number and closes no gate") {
  const std::vector<QualityCell> cells = {Cell("H26.1", measure::kCorrect, 10, 10), Cell("H26.1", measure::kReadBack, 0, 3),
                                          Cell("", measure::kReadBack, 7, 7)};
  CHECK(Numbers(cells)[0].units.at("U1").Numbers().correct == Share{7, 10});
  CHECK(Numbers(cells)[0].all.Numbers().correct == Share{7, 10});
  CHECK(Closed(cells, Gates("1")).empty());
}

TEST_CASE("at the threshold it is open, one past it closed; unknown and without a gate open") {
  CHECK(Closed({Cell("H26.1", measure::kCorrect, 99, 100)}, Gates("0.99")).empty());
  CHECK(Closed({Cell("H26.1", measure::kCorrect, 98, 99)}, Gates("0.99")) == "correct@U1 98/99");
  CHECK(Closed({Cell("H26.1", measure::kCorrect, 9, 10)}, Gates("0.99")) == "correct@U1 9/10");
  CHECK(Closed({Cell("H26.1", measure::kCorrect, 0, 0)}, Gates("1")).empty());
  CHECK(Closed({Cell("H26.1", measure::kClean, 0, 5)}, Gates("1")).empty());
  CHECK(Closed({Cell("H26.1", measure::kCorrect, 0, 5)}, QualityGates{}).empty());
  CHECK(Closed({}, Gates("1", "1")).empty());
}

TEST_CASE("a hole in one unit stops that unit; one of no unit is measured against the whole source") {
  // 5 of 205 are lost, all of them of U1.
  CHECK(Closed({Cell("H26.1", measure::kCorrect, 0, 5), Cell("H26.2", measure::kCorrect, 200, 200)}, Gates("0.99")) ==
        "correct@U1 0/5");
  // 2 of 202 are under no unit: 0.9901. 3 of 203 are not.
  CHECK(Closed({Cell("", measure::kCorrect, 0, 2), Cell("H26.2", measure::kCorrect, 200, 200)}, Gates("0.99")).empty());
  CHECK(Closed({Cell("G22", measure::kCorrect, 0, 3), Cell("H26.2", measure::kCorrect, 200, 200)}, Gates("0.99")) ==
        "correct@ 200/203");
}

TEST_CASE("complete looks at what was handed over, of the month where it is counted") {
  CHECK(Closed({Cell("", measure::kHeld, 50, 100, ""), Cell("", measure::kOffered, 100, 100, "")}, Gates("0")).empty());
  CHECK(Closed({Cell("", measure::kOffered, 199, 200, "")}, Gates("0")).empty());
  CHECK(Closed({Cell("", measure::kOffered, 198, 199, "")}, Gates("0")) == "complete@ 198/199");
  CHECK(Closed({Cell("", measure::kOffered, 0, 9, ""), Cell("", measure::kOffered, 9, 9)}, Gates("0")).empty());
  CHECK(Closed({Cell("", measure::kOffered, 9, 9, ""), Cell("", measure::kOffered, 0, 9)}, Gates("0")) ==
        "complete@ 0/9");
}

TEST_CASE("clean and live close the same way where a policy sets them") {
  QualityGates gates;
  gates.clean = Ratio(9, 10);
  gates.live = Ratio(99, 100);
  CHECK(Closed({Cell("H26.1", measure::kClean, 9, 10), Cell("", measure::kLive, 99, 100)}, gates).empty());
  CHECK(Closed({Cell("H26.1", measure::kClean, 8, 9), Cell("", measure::kLive, 98, 99)}, gates) ==
        "live@ 98/99; clean@U1 8/9");
  CHECK(Closed({Cell("", measure::kClean, 0, 2), Cell("H26.1", measure::kClean, 17, 17)}, gates) == "clean@ 17/19");
}

TEST_CASE("whom a gate stops: the register and, for a unit, the unit of the post") {
  const ClosedGate of_unit{"correct", "tasks", "hanoiwork", "U1", {9, 10}, Ratio(99, 100)};
  CHECK(Touches(of_unit, "U1", {"edoc", "hanoiwork"}));
  CHECK_FALSE(Touches(of_unit, "U2", {"hanoiwork"}));
  CHECK_FALSE(Touches(of_unit, "U1", {"edoc"}));
  CHECK_FALSE(Touches(of_unit, "U1", {}));
  ClosedGate of_source = of_unit;
  of_source.unit.clear();
  CHECK(Touches(of_source, "U2", {"hanoiwork"}));
  CHECK_FALSE(Touches(of_source, "U2", {"edoc"}));
  CHECK(GateAsText(of_unit, {2026, 6}, "UBND phường Một") ==
        "số đo Đúng của nguồn \"tasks\", đơn vị UBND phường Một, kỳ 2026-06 là 9/10 (90,0%), dưới ngưỡng 99%: có bản ghi "
        "không đọc được, xem `quarantine list`");
  CHECK(GateToJson(of_source)["unit"].is_null());
  CHECK(GateToJson(of_unit)["threshold"] == "0.99");
}
