// Goal: `doctor` says how each witness stands with this store, and keeps nothing of what it hears.
// Method: a store with a cosigned head and a witness in memory, each spoiled in one way.
#include <doctest/doctest.h>

#include "gateway/doctor.h"
#include "gateway/doctor_texts.h"
#include "tests/storage/fake_witness.h"
#include "tests/storage/sqlite_harness.h"

using namespace mc;
using namespace mc::test;

namespace {

struct Witnessed {
  Witnessed() {
    harness.witnesses = {witness};
    store = harness.Open();
    run = std::make_unique<Collecting>(*store);
    Grow();
    Must(store->SignHead());
  }
  void Grow() { run->Append({Task("T" + std::to_string(++tasks), "open")}); }
  std::string Found() {
    const auto before = Must(store->Head());
    const auto statuses = Must(store->ListWitnessStatus());
    const auto findings = CheckWitnesses(*store, {{"w", witness}});
    CHECK(Must(store->Head()).checkpoint == before.checkpoint);
    CHECK(Must(store->ListWitnessStatus()) == statuses);
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].check == "witness");
    CHECK(findings[0].subject == "w");
    if (!findings[0].code.empty()) CHECK(ViFindingAdvice(findings[0]) != "");
    return std::string(Name(findings[0].state)) + " " + findings[0].code;
  }

  SqliteHarness harness;
  std::shared_ptr<FakeWitness> witness = std::make_shared<FakeWitness>("witness.example");
  std::unique_ptr<Store> store;
  std::unique_ptr<Collecting> run;
  int tasks = 0;
};

}  // namespace

TEST_CASE("doctor: a witness that follows, one that is down, one that was down") {
  Witnessed w;
  CHECK(CheckWitnesses(*w.store, {}).empty());
  CHECK(w.Found() == "ok ");
  w.witness->down = true;
  CHECK(w.Found() == "warning not_cosigned");
  w.Grow();
  Must(w.store->SignHead());
  w.witness->down = false;
  CHECK(w.Found() == "warning witness_behind");
  Must(w.store->SignHead());
  CHECK(w.Found() == "ok ");
}

TEST_CASE("doctor: a witness that has seen more than the store holds, or something else") {
  Witnessed w;
  w.witness->size = 2;
  CHECK(w.Found() == "fault witness_rollback");
  // As many as there are, but under no head yet: what it is shows when the next one is signed.
  w.Grow();
  CHECK(w.Found() == "warning witness_behind");
  w.witness->root = Sha256("another");
  CHECK_FALSE(w.store->SignHead().ok());
  CHECK(w.Found() == "fault witness_fork");
  w.witness->size = 1;
  CHECK(w.Found() == "fault witness_fork");
}

TEST_CASE("doctor: a head that another process signs while it is asked is no fault") {
  Witnessed w;
  const auto other = w.harness.Open();
  w.Grow();
  bool once = true;
  w.witness->before_answer = [&] {
    if (std::exchange(once, false)) Must(other->SignHead());
  };
  const auto findings = CheckWitnesses(*w.store, {{"w", w.witness}});
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].state == FindingState::kOk);
}
