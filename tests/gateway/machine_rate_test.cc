// Limits of each client, at the limit and one past it; none is spent by somebody else.
#include "machine_support.h"

using namespace mc;
using namespace mc::test;

TEST_CASE("limit: pushes of one machine in a minute") {
  MachineScene s;
  s.Add("c00000000000000aa", "source:pushed", kMachineSecret);
  const std::string token = s.Token(), other = s.Token("c00000000000000aa");
  for (std::int64_t i = 0; i < kMachinePushes; ++i) CHECK(s.Pushed(token) == 0);
  CHECK(s.Pushed(token) == 429);
  CHECK(s.last->headers.back() == std::pair<std::string, std::string>("Retry-After", "12"));  // a minute for five
  CHECK(s.audit.Last() == "machine_refused c0123456789abcdef rate");
  CHECK(s.Pushed(other) == 0);
  s.Wait(12 * kMicrosPerSecond - 1);
  CHECK(s.Pushed(token) == 429);
  s.Wait(1);
  CHECK(s.Pushed(token) == 0);
  CHECK(s.Pushed(token) == 429);
}

TEST_CASE("limit: tokens of one machine in a minute") {
  MachineScene s;
  for (std::int64_t i = 0; i < kTokensPerMinute; ++i) CHECK(s.Token() != "");
  const RouteAnswer refused = s.Ask(MachineScene::TokenRequest());
  CHECK(refused.status == 429);
  CHECK(refused.headers.back() == std::pair<std::string, std::string>("Retry-After", "2"));
  s.Wait(2 * kMicrosPerSecond);
  CHECK(s.Token() != "");
}

TEST_CASE("limit: whoever has no good secret spends nobody's share") {
  MachineScene s;
  for (std::int64_t i = 0; i < kUnknownClientsPerMinute; ++i) {
    const bool known = i % 2 == 0;
    REQUIRE(s.Ask(MachineScene::TokenRequest(known ? kMachine : "c00000000000000ff", "wrong")).status == 401);
  }
  CHECK(s.Ask(MachineScene::TokenRequest("c00000000000000ff", "wrong")).status == 429);
  CHECK(s.Ask(MachineScene::TokenRequest(kMachine, "wrong")).status == 429);
  CHECK(s.Token() != "");
}
