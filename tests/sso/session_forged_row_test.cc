// Whoever can write into the database, but has not our key, cannot write themselves a session; whoever reads it finds
// nothing that opens one.
#include <SQLiteCpp/SQLiteCpp.h>

#include "tests/sso/session_support.h"

namespace mc::sso::testing {

TEST_CASE("attack: a session's row written or changed by another hand") {
  const std::pair<const char*, const char*> changes[] = {
      {"person", "'p-9'"},     {"level", "'LoA3'"},
      {"until", "until + 1"},  {"begun_at", "begun_at + 1"},
      {"provider", "'other'"}, {"auth_time", "auth_time + 1"},
      {"check_code", "x'00'"}, {"id", "x'000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f'"}};
  for (const auto& [column, value] : changes) {
    CAPTURE(column);
    SessionScene s;
    s.scene.wish.max_age_secs = 300;  // the provider then says when
    const std::string cookie = s.SignIn();
    CHECK(Gateway(s.harness, s.settings).Admits(cookie));
    SQLite::Database(s.harness.path(), SQLite::OPEN_READWRITE)
        .exec(std::string("UPDATE sessions SET ") + column + " = " + value);
    Gateway restarted(s.harness, s.settings);
    CHECK_FALSE(restarted.Admits(cookie));
    CHECK(restarted.sessions.size() == 0);
  }
}

TEST_CASE("attack: an ended session's row brought back to life") {
  SessionScene s;
  const std::string cookie = s.SignIn();
  test::Must(s.gateway.sessions.SignOut(cookie));
  SQLite::Database(s.harness.path(), SQLite::OPEN_READWRITE)
      .exec("UPDATE sessions SET ended = 0, version = version + 1");
  test::Must(s.gateway.sessions.Refresh());
  CHECK_FALSE(s.Admits(cookie));
  CHECK_FALSE(Gateway(s.harness, s.settings).Admits(cookie));
}

TEST_CASE("attack: the database is read") {
  SessionScene s;
  const std::string cookie = s.SignIn();
  s.gateway.store.reset();
  SQLite::Database(s.harness.path(), SQLite::OPEN_READWRITE).exec("PRAGMA wal_checkpoint(TRUNCATE)");
  const std::string file = s.harness.ReadFile();
  CHECK(file.find(AsBytes(Sha256(cookie))) != file.npos);  // we look at the right file
  for (const std::string& secret :
       {cookie, s.scene.last_id_token, std::string(kSubject), std::string("provider-session"), std::string(kNumber),
        *FromHex(s.scene.identity->person_hmac())}) {
    CHECK(file.find(secret) == file.npos);
  }
}

TEST_CASE("attack: the hint of a session that ended") {
  SessionScene s;
  const std::string kept = s.SignIn(), ended = s.SignIn();
  test::Must(s.gateway.sessions.SignOut(ended));
  SQLite::Database db(s.harness.path(), SQLite::OPEN_READONLY);
  CHECK(db.execAndGet("SELECT count(*) FROM sessions").getInt() == 2);
  CHECK(db.execAndGet("SELECT count(*) FROM sessions WHERE box IS NOT NULL OR wrapped_key IS NOT NULL").getInt() == 1);
  CHECK(s.Admits(kept));
}

}  // namespace mc::sso::testing
