// Several gateways behind one name: a browser that left from one may come back to another, and its answer serves once
// at all of them together (RFC 9700 section 4.5.3).
#include <SQLiteCpp/SQLiteCpp.h>

#include "sso/shared_sign_ins.h"
#include "tests/sso/support.h"
#include "tests/storage/sqlite_harness.h"

namespace mc::sso::testing {

namespace {

struct TwoGateways {
  TwoGateways() {
    first.table = &first_table;
    second.table = &second_table;
  }
  // Begun at the first one, as the browser brings it back to `scene`.
  std::string BringTo(Scene& scene) {
    scene.clock.Set(first.clock.Now());
    scene.begun = first.begun;
    scene.BringHonestly();
    const auto result = scene.Finish();
    return result.ok() ? "" : std::string(Code(result.error()));
  }
  void Begin() {
    auto begun = first.Party().Begin(first.wish);
    REQUIRE_MESSAGE(begun.ok(), (begun.ok() ? "" : begun.error().message));
    first.begun = std::move(begun).value();
  }

  test::SqliteHarness harness;
  std::unique_ptr<Store> first_store = harness.Open(), second_store = harness.Open();
  SharedSignIns first_table{*first_store}, second_table{*second_store};
  Scene first, second;
};

class SilentStore final : public SignInStore {
 public:
  Status KeepSignIn(const KeptSignIn&, const SignInBounds&) override { return Away(); }
  Result<std::optional<std::string>> TakeSignIn(const Digest&) override { return Away(); }

 private:
  static Error Away() { return TransientError("store_connection", "the database does not answer"); }
};

}  // namespace

TEST_CASE("a sign-in that one gateway began ends at another, with all that it wished for") {
  TwoGateways two;
  two.first.wish = {"LoA2", 600, "/people/x"};
  two.second.wish = two.first.wish;
  two.Begin();
  CHECK(two.BringTo(two.second) == "");
  CHECK(two.second.token_calls == 1);
  CHECK(two.second.faults.empty());
}

TEST_CASE("attack: response state replayed at another gateway") {
  TwoGateways two;
  two.Begin();
  CHECK(two.BringTo(two.first) == "");
  CHECK(two.BringTo(two.second) == "state_unknown");
  CHECK(two.second.token_calls == 0);
  REQUIRE(two.second.audit.lines.size() == 1);
  CHECK(two.second.audit.lines.front().reason == "state_unknown");
}

TEST_CASE("attack: another browser, and a late one, at another gateway") {
  TwoGateways two;
  two.Begin();
  two.second.bring = [](Callback& callback, Form&) { callback.browser_secret = std::string(43, 'A'); };
  CHECK(two.BringTo(two.second) == "state_other_browser");
  CHECK(two.BringTo(two.first) == "state_unknown");  // it served
  for (const auto& [micros, reason] : {std::pair(kPendingMicros, ""), std::pair(kPendingMicros + 1, "state_expired"),
                                       std::pair(kPendingKeptMicros + 1, "state_unknown")}) {
    two.Begin();
    two.first.clock.Set({two.first.clock.Now().micros + micros});
    CHECK(two.BringTo(two.second) == reason);
  }
}

TEST_CASE("attack: a sign-in under way is changed in the database, or moved under another state") {
  TwoGateways two;
  const auto spoil = [&](const char* sql) {
    SQLite::Database(two.harness.path(), SQLite::OPEN_READWRITE).exec(sql);
  };
  two.Begin();
  spoil("UPDATE sign_ins SET box = zeroblob(length(box))");
  CHECK(two.BringTo(two.second) == "state_unknown");
  two.Begin();
  const BegunSignIn victim = two.first.begun;
  two.Begin();
  spoil("CREATE TEMP TABLE two AS SELECT state, wrapped_key, box FROM sign_ins;"
        "UPDATE sign_ins SET (wrapped_key, box) = (SELECT wrapped_key, box FROM two WHERE two.state <> sign_ins.state)");
  CHECK(two.BringTo(two.second) == "state_unknown");
  two.first.begun = victim;
  CHECK(two.BringTo(two.second) == "state_unknown");
  CHECK(two.second.token_calls == 0);
}

TEST_CASE("where sign-ins under way are kept does not answer: nobody is let in, nobody is sent away for nothing") {
  SilentStore silent;
  SharedSignIns table(silent);
  Scene scene;
  scene.table = &table;
  const auto begun = scene.Party().Begin(scene.wish);
  REQUIRE_FALSE(begun.ok());
  CHECK(begun.error().code == "store_connection");
  Scene other;
  const auto elsewhere = other.Party().Begin(other.wish);
  scene.begun = test::Must(elsewhere);
  scene.BringHonestly();
  const auto refused = scene.Finish();
  REQUIRE_FALSE(refused.ok());
  CHECK(std::string(Code(refused.error())) == "state_not_read");
  CHECK(scene.token_calls == 0);
}

}  // namespace mc::sso::testing
