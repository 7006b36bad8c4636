// Goal: sessions begin, are checked, listed and ended from many threads, and what was ended stays so.
// Method: eight threads on one gateway while another one refreshes; under ThreadSanitizer with the preset tsan.
#include <atomic>
#include <thread>

#include "tests/sso/session_support.h"

namespace mc::sso::testing {

TEST_CASE("sessions: many threads") {
  SessionScene s;
  REQUIRE(s.scene.Play() == "");
  const Identity identity = *s.scene.identity;
  std::atomic<int> faults = 0;
  std::atomic<bool> done = false;
  std::thread refreshing([&] {
    while (!done) faults += s.gateway.sessions.Refresh().ok() ? 0 : 1;
  });
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      const std::string person = "p-" + std::to_string(t);
      for (int i = 0; i < 20; ++i) {
        const auto begun = s.gateway.sessions.Begin(identity, person, "");
        if (!begun.ok() || !*begun) {
          ++faults;
          continue;
        }
        const std::string cookie = (*begun)->cookie;
        for (int k = 0; k < 20; ++k) faults += s.gateway.Admits(cookie) ? 0 : 1;
        (void)s.gateway.Admits(std::string(43, static_cast<char>('A' + t)));
        faults += s.gateway.sessions.ListOf(person).size() == 1 ? 0 : 1;
        faults += s.gateway.sessions.SignOut(cookie).ok() ? 0 : 1;
        faults += s.gateway.Admits(cookie) ? 1 : 0;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  done = true;
  refreshing.join();
  CHECK(faults == 0);
  CHECK(s.gateway.sessions.size() == 0);
}

}  // namespace mc::sso::testing
