// While nobody can say who was revoked, no machine is let in; at the limit and one past it.
#include "machine_support.h"

using namespace mc;
using namespace mc::test;

TEST_CASE("attack: a revoked machine while the store does not answer") {
  MachineScene s;
  const std::string token = s.Token();
  s.store.fails = TransientError("store_away", "away");
  CHECK_FALSE(s.clients.Refresh().ok());
  s.Wait(kClientsStaleMicros);
  CHECK(s.Pushed(token) == 0);
  s.Wait(1);
  CHECK(s.Pushed(token) == 503);
  CHECK(s.last->headers.back() == std::pair<std::string, std::string>("Retry-After", "5"));
  CHECK(s.Ask(MachineScene::TokenRequest()).status == 503);
  s.store.fails.reset();
  s.Wait(0);
  CHECK(s.Pushed(token) == 0);
}

TEST_CASE("attack: a client's row that another hand wrote") {
  MachineScene s;
  const std::string token = s.Token();
  s.Add("c00000000000000aa", "source:pushed", kMachineSecret);
  REQUIRE(
      s.store.AppendClientStep({ClientStepKind::kRevoked, kMachine, "source:pushed", std::nullopt, 0, "an", {}}).ok());
  s.store.breaks_on_load = true;
  CHECK_FALSE(s.clients.Refresh().ok());
  CHECK(s.Pushed(token) == 503);  // at once, all of them
  s.store.breaks_on_load = false;
  REQUIRE(s.clients.Refresh().ok());
  s.Refuses(token, "client_revoked");
}

TEST_CASE("known clients: read again only when a step came") {
  MachineScene s;
  const int loads = s.store.loads;
  for (int i = 0; i < 5; ++i) s.Wait(kClientsRefreshMicros);
  CHECK(s.store.loads == loads);
  s.Add("c00000000000000aa", "source:other", "x");
  CHECK(s.store.loads == loads + 1);
}
