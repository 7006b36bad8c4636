// Cookies that mean nothing drive nobody against the store.
#include "tests/sso/session_support.h"

namespace mc::sso::testing {

TEST_CASE("attack: a flood of unknown session ids") {
  SessionScene s;
  s.Later(1);
  const int before = s.gateway.watched.polls;
  std::string cookie(43, 'A');
  for (int i = 0; i < 10'000; ++i) {
    cookie[5] = static_cast<char>('A' + i % 26);
    cookie[6] = static_cast<char>('A' + i / 26 % 26);
    CHECK_FALSE(s.Admits(cookie));
  }
  CHECK(s.gateway.watched.polls == before + 1);
  s.harness.clock.Set(Instant{s.harness.clock.Now().micros + kMissMicros - 1});
  CHECK_FALSE(s.Admits(cookie));
  CHECK(s.gateway.watched.polls == before + 1);
  s.harness.clock.Set(Instant{s.harness.clock.Now().micros + 1});
  CHECK_FALSE(s.Admits(cookie));
  CHECK(s.gateway.watched.polls == before + 2);
  CHECK(s.gateway.sessions.size() == 0);
}

}  // namespace mc::sso::testing
