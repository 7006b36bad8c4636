// Goal: the output has the contract's keys and forms. Method: whole documents compared.
#include "scoring/score_json.h"

#include "tests/scoring/scoring_support.h"

namespace mc {
namespace {

using test::Leader;
using test::Line;
using test::Nd335;
using test::Official;

TEST_CASE("ratios as p/q with six decimals, points with two, each from its own exact value") {
  const Json card = CardToJson(Score(Nd335(), Official({Line("1", "10", "10", 0, 2)})));
  CHECK(card["id"] == "P1");
  CHECK(card["status"] == "scored");
  CHECK(card["status_reason"].is_null());
  CHECK(card["a"] == "1.000000");
  CHECK(card["c"] == "0.950000");
  CHECK(card["d"].is_null());
  CHECK(card["results_points"] == "68.83");
  CHECK(card["total"] == "98.83");
  CHECK(card["exact"]["a"] == "1/1");
  CHECK(card["exact"]["c"] == "19/20");
  CHECK(card["exact"]["d"].is_null());
  CHECK(card["exact"]["results_points"] == "413/6");
  CHECK(card["exact"]["total"] == "593/6");
  CHECK(card["class_by_score"] == "excellent");
  CHECK(card["class_after_gates"] == "excellent");
  CHECK(card["class_after_quota"].is_null());
  REQUIRE(card["gates"].size() == 3);
  for (const Json& gate : card["gates"]) {
    CHECK(gate["passed"] == true);
    CHECK(gate["source"].get<std::string>().find("335/2025") != std::string::npos);
    CHECK(gate.contains("rule"));
    CHECK(gate.contains("detail"));
  }
}

TEST_CASE("half up, and K and total rounded apart") {
  // K = 70 * 5999/12000 = 34.994166..; G = 0.000834: total 34.995000.. rounds up, K does not.
  Subject subject = Official({Line("1", "12000", "5999")}, "0.000834");
  const Json card = CardToJson(Score(Nd335(), subject));
  CHECK(card["results_points"] == "34.99");
  CHECK(card["total"] == "35.00");
  CHECK(card["a"] == "0.499917");
}

TEST_CASE("what is not known is null") {
  Subject subject = Leader({Line("1", "2", "1")}, "1", "1", "1");
  subject.general.reset();
  subject.waits_for_managed = ScoreStatus::kAwaitingData;
  subject.waits_for_managed_reason = "chờ";
  const Json card = CardToJson(Score(Nd335(), subject));
  CHECK(card["status"] == "awaiting_data");
  CHECK(card["status_reason"] == "chờ");
  CHECK(card["a"] == "0.500000");
  for (const char* key : {"d", "results_points", "total", "class_by_score", "class_after_gates", "class_after_quota"}) {
    CAPTURE(key);
    CHECK(card[key].is_null());
  }
  CHECK(card["dd"] == "1.000000");
  CHECK(card["exact"]["results_points"].is_null());
}

TEST_CASE("a line tells its figures, what it lost and why") {
  const Json card = CardToJson(Score(Nd335(), Official({Line("1.5", "2", "1", 1, 0)})));
  REQUIRE(card["lines"].size() == 1);
  const Json& line = card["lines"][0];
  CHECK(line["coefficient"] == "1.5");
  CHECK(line["assigned"] == "2");
  CHECK(line["completed"] == "1");
  CHECK(line["done"] == "1.000000");
  CHECK(line["exact"]["b"] == "3/4");
  CHECK(line["product"].is_null());
  REQUIRE(line["lost"].size() == 4);  // unfinished in a, b, c; one failure in b
  CHECK(line["lost"][3]["component"] == "b");
  CHECK(line["lost"][3]["exact"]["amount"] == "3/8");
  CHECK(line["lost"][3]["why"].get<std::string>().find("25%") != std::string::npos);
}

TEST_CASE("the whole output") {
  const Json out = CaseOutput(Nd335(), {Score(Nd335(), Official({}))});
  CHECK(out["policy"] == "nd335-2025");
  CHECK(out["policy_digest"] == Nd335().digest);
  REQUIRE(out["subjects"].size() == 1);
  CHECK(out["subjects"][0]["status"] == "insufficient_data");
  CHECK(out["subjects"][0]["lines"] == Json::array());
  CHECK(CanonicalJson(out).ok());  // no float anywhere
}

}  // namespace
}  // namespace mc
