// OWASP session fixation: a value that the browser brings is never taken on, before a sign-in or by one.
#include "tests/sso/session_support.h"

namespace mc::sso::testing {

TEST_CASE("attack: session id planted") {
  SessionScene s;
  const std::string planted(43, 'A');
  CHECK_FALSE(s.Admits(planted));
  const std::string cookie = s.SignIn("p-1", planted);
  CHECK(cookie != planted);
  CHECK(s.Admits(cookie));
  CHECK_FALSE(s.Admits(planted));
}

TEST_CASE("attack: a session's cookie given to another browser, which then signs in") {
  SessionScene s;
  const std::string attackers = s.SignIn("attacker");
  const std::string victims = s.SignIn("victim", attackers);
  CHECK(s.Admits(victims));
  CHECK_FALSE(s.Admits(attackers));
  CHECK(test::Must(s.gateway.sessions.Check(victims))->row.person == "victim");
}

TEST_CASE("attack: session id of another form") {
  SessionScene s;
  const std::string cookie = s.SignIn();
  for (const std::string& other :
       {std::string(), cookie + "A", cookie.substr(1), cookie + "=", std::string(100'000, 'A'),
        std::string(" ") + cookie.substr(1), ToHex(Sha256(cookie))}) {
    CHECK_FALSE(s.Admits(other));
  }
  CHECK(s.Admits(cookie));
}

}  // namespace mc::sso::testing
