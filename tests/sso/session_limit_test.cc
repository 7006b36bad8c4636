// So many live sessions of one official; the oldest ends. Each can list and end their own, and nobody else's.
#include "tests/sso/session_support.h"

namespace mc::sso::testing {

TEST_CASE("attack: more sessions of one official than the limit") {
  SessionScene s;
  std::vector<std::string> cookies;
  for (int i = 0; i < 4; ++i) {
    cookies.push_back(s.SignIn());
    s.Later(1);
  }
  const std::string others = s.SignIn("p-2");
  CHECK_FALSE(s.Admits(cookies[0]));
  for (int i = 1; i < 4; ++i) CHECK(s.Admits(cookies[static_cast<std::size_t>(i)]));
  CHECK(s.Admits(others));
  CHECK(s.gateway.sessions.ListOf("p-1").size() == 3);
  CHECK(s.gateway.sessions.ListOf("p-2").size() == 1);
  CHECK(s.gateway.sessions.size() == 4);
}

TEST_CASE("attack: somebody else's session revoked") {
  SessionScene s;
  const std::string mine = s.SignIn("p-1"), yours = s.SignIn("p-2");
  const auto handle = [&](const std::string& cookie) {
    return SessionHandle(test::Must(s.gateway.sessions.Check(cookie))->row.id);
  };
  const std::string of_yours = handle(yours), of_mine = handle(mine);
  CHECK(of_mine.size() == 16);
  CHECK(s.gateway.sessions.Revoke("p-1", of_yours).error().code == "no_such_session");
  CHECK(s.gateway.sessions.Revoke("p-1", "").error().code == "no_such_session");
  CHECK(s.Admits(yours));
  test::Must(s.gateway.sessions.Revoke("p-1", of_mine));
  CHECK_FALSE(s.Admits(mine));
  CHECK(s.gateway.sessions.Revoke("p-1", of_mine).error().code == "no_such_session");
  test::Must(s.gateway.sessions.EndAllOf("p-2"));
  CHECK_FALSE(s.Admits(yours));
}

TEST_CASE("settings out of bounds are named") {
  const auto said = [](SessionSettings settings) {
    const Status status = CheckSessionSettings(settings);
    return status.ok() ? "" : status.error().message.substr(0, status.error().message.find(' '));
  };
  CHECK(said({}) == "");
  CHECK(said({300, 300, 1}) == "");
  CHECK(said({86'400, 604'800, 20}) == "");
  CHECK(said({299, 600, 1}) == "idle_secs");
  CHECK(said({86'401, 604'800, 1}) == "idle_secs");
  CHECK(said({600, 599, 1}) == "absolute_secs");
  CHECK(said({600, 604'801, 1}) == "absolute_secs");
  CHECK(said({600, 600, 0}) == "most_per_person");
  CHECK(said({600, 600, 21}) == "most_per_person");
}

}  // namespace mc::sso::testing
