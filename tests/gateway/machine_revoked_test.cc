// A client that was revoked, with a token that it still holds and a secret that was right.
#include "machine_support.h"

using namespace mc;
using namespace mc::test;

TEST_CASE("attack: a revoked machine") {
  MachineScene s;
  const std::string token = s.Token();
  CHECK(s.Pushed(token) == 0);
  s.Step(ClientStepKind::kRevoked, kMachine, "source:pushed", "");
  s.Refuses(token, "client_revoked");
  CHECK(s.Ask(MachineScene::TokenRequest()).status == 401);
  CHECK(s.audit.Last() == "token_refused c0123456789abcdef client_revoked");
}

// Revoked at another gateway: known here with the next refresh, and not later than the store is trusted.
TEST_CASE("attack: a machine that was revoked elsewhere") {
  MachineScene s;
  const std::string token = s.Token();
  REQUIRE(
      s.store.AppendClientStep({ClientStepKind::kRevoked, kMachine, "source:pushed", std::nullopt, 0, "an", {}}).ok());
  CHECK(s.Pushed(token) == 0);  // not asked yet
  s.Wait(kClientsRefreshMicros);
  s.Refuses(token, "client_revoked");
}

TEST_CASE("attack: a machine that was revoked while it sent its body") {
  MachineScene s;
  const RouteRequest push = MachineScene::Push(s.Token());
  REQUIRE_FALSE(s.gate.Refuse(push, "source:pushed"));
  // Asked again of the whole request, it spends nothing of what the client may push in a minute.
  for (std::int64_t i = 0; i < 2 * kMachinePushes; ++i) CHECK_FALSE(s.gate.RefuseWhole(push, "source:pushed"));
  CHECK(s.Pushed(s.Token()) == 0);
  CHECK(s.gate.RefuseWhole(push, "source:other")->status == 403);
  s.Step(ClientStepKind::kRevoked, kMachine, "source:pushed", "");
  const auto refused = s.gate.RefuseWhole(push, "source:pushed");
  REQUIRE(refused);
  CHECK(refused->status == 401);
  CHECK(s.audit.Last() == "machine_refused c0123456789abcdef client_revoked");
}

TEST_CASE("attack: a token of a client that nobody made") {
  MachineScene s;
  Json claims = s.Claims();
  claims["sub"] = claims["client_id"] = "c00000000000000ff";
  s.Refuses(MachineScene::Signed(s.Header(), claims), "client_unknown");
  claims["sub"] = kMachine;
  s.Refuses(MachineScene::Signed(s.Header(), claims), "claim_sub");
  s.Refuses(s.Without("client_id"), "claim_sub");
  s.Refuses(s.Without("sub"), "claim_sub");
}
