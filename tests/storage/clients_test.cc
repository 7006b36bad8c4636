// Goal: a step of a machine's client has one byte form, frozen by a vector, and nothing that opens a door is in it; a row
// that another hand wrote makes no client.
// Method: the vector of docs/formats/client.md, each rule broken once, and the database written to from outside.
#include "storage/clients.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <doctest/doctest.h>

#include <functional>
#include <utility>

#include "storage/leaf.h"
#include "tests/storage/conformance_clients.h"
#include "tests/storage/sqlite_harness.h"

using namespace mc;
using namespace mc::test;

namespace {

ClientStep VectorStep() {
  return {ClientStepKind::kRotated, kSomeClient, "source:pushed", Sha256("s"), 86'400, "an", Instant{1'000'000}};
}

constexpr const char* kClientVector =
    R"({"at":1000000,"by":"an","client":"c0123456789abcdef","overlap_secs":86400,"scope":"source:pushed",)"
    R"("secret_sha256":"043a718774c572bd8a25adbeb1bfcd5c0256ae11cecf9f9c3f925d0e52beaf89","step":"rotated","v":1})";

}  // namespace

TEST_CASE("clients: the vector of the format") {
  REQUIRE(ClientStepObject(VectorStep()).ok());
  CHECK(*ClientStepObject(VectorStep()) == kClientVector);
  const auto read = ClientStepFromObject(kClientVector);
  REQUIRE(read.ok());
  CHECK(*read == VectorStep());
  const Leaf leaf{LeafKind::kClient, Instant{2'000'000}, Commit(std::string(kSaltBytes, '\x01'), kClientVector)};
  CHECK(
      LeafBytes(leaf) ==
      R"({"commitment":"3782db58c1f0328f6f177e1d61b13cc3c981abfbb90989ced36592966d467628","kind":"client","time":2000000,"v":1})");
}

TEST_CASE("clients: what breaks a rule is not written, at the limit and one past it") {
  const std::string longest(kClientScopeLimitBytes - std::string_view("source:").size(), 'a');
  const std::vector<std::pair<const char*, std::function<void(ClientStep&)>>> bad = {
      {"a short id", [](ClientStep& s) { s.client.pop_back(); }},
      {"a long id", [](ClientStep& s) { s.client += '0'; }},
      {"capitals", [](ClientStep& s) { s.client = "cABCDEF0123456789"; }},
      {"another letter", [](ClientStep& s) { s.client[0] = 'd'; }},
      {"no scope", [](ClientStep& s) { s.scope = "source:"; }},
      {"two scopes", [](ClientStep& s) { s.scope = "source:a source:b"; }},
      {"every scope", [](ClientStep& s) { s.scope = "all:x"; }},
      {"a quote", [](ClientStep& s) { s.scope = "unit:a\"b"; }},
      {"a long scope", [&](ClientStep& s) { s.scope = "source:a" + longest; }},
      {"nobody", [](ClientStep& s) { s.by = ""; }},
      {"a long name", [](ClientStep& s) { s.by = std::string(kClientByLimitBytes + 1, 'a'); }},
      {"no secret", [](ClientStep& s) { s.secret_sha256.reset(); }},
      {"revoked with a secret", [](ClientStep& s) { s.kind = ClientStepKind::kRevoked, s.overlap_secs = 0; }},
      {"created with an overlap", [](ClientStep& s) { s.kind = ClientStepKind::kCreated; }},
      {"an overlap too long", [](ClientStep& s) { s.overlap_secs = kClientOverlapMostSecs + 1; }},
      {"an overlap below nothing", [](ClientStep& s) { s.overlap_secs = -1; }},
  };
  for (const auto& [what, damage] : bad) {
    CAPTURE(what);
    ClientStep step = VectorStep();
    damage(step);
    const auto object = ClientStepObject(step);
    REQUIRE_FALSE(object.ok());
    CHECK(object.error().code == "bad_client_step");
  }
  ClientStep at_limit = VectorStep();
  at_limit.scope = "source:" + longest;
  at_limit.by = std::string(kClientByLimitBytes, 'a');
  at_limit.overlap_secs = kClientOverlapMostSecs;
  REQUIRE(ClientStepObject(at_limit).ok());
  CHECK(ClientStepFromObject(*ClientStepObject(at_limit)).ok());
}

TEST_CASE("clients: no other bytes are read") {
  const std::string good = kClientVector;
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string text = good;
    return text.replace(text.find(from), from.size(), to);
  };
  for (const std::string& bad :
       {std::string(), std::string("[]"), with("\"v\":1", "\"v\":2"), with("rotated", "renewed"), with("043a", "043A"),
        with("86400", "86400.0"), with("\"v\":1", "\"v\":1,\"w\":1"), with(",\"v\":1", ""), good + "\n"}) {
    CAPTURE(bad);
    CHECK_FALSE(ClientStepFromObject(bad).ok());
  }
}

TEST_CASE("attack: a client's row written, changed or taken out by another hand") {
  const std::pair<const char*, const char*> changes[] = {
      {"scope", "UPDATE client_steps SET object = replace(object, 'pushed', 'others')"},
      {"secret", "UPDATE client_steps SET object = replace(object, 'secret_sha256\":\"', 'secret_sha256\":\"0')"},
      {"code", "UPDATE client_steps SET check_code = x'00'"},
      {"leaf", "UPDATE client_steps SET leaf_index = leaf_index + 7"},
      {"first", "DELETE FROM client_steps WHERE leaf_index = 0"},
      {"between", "DELETE FROM client_steps WHERE leaf_index = 1"},
      {"copied", "INSERT INTO client_steps SELECT 9, object, check_code FROM client_steps WHERE leaf_index = 1"}};
  for (const auto& [what, sql] : changes) {
    CAPTURE(what);
    SqliteHarness harness;
    const auto store = harness.Open();
    Must(store->AppendClientStep(StepOf(ClientStepKind::kCreated, "a")));
    Must(store->AppendClientStep(StepOf(ClientStepKind::kRotated, "b")));
    Must(store->AppendClientStep(StepOf(ClientStepKind::kRevoked, "")));
    CHECK(Must(store->LoadClients()).clients.at(kSomeClient).revoked_at);
    SQLite::Database(harness.path(), SQLite::OPEN_READWRITE).exec(sql);
    const auto loaded = store->LoadClients();
    REQUIRE_FALSE(loaded.ok());
    CHECK(loaded.error().code == "client_step_broken");
    CHECK(store->AppendClientStep(StepOf(ClientStepKind::kCreated, "c")).error().code == "client_step_broken");
  }
}
