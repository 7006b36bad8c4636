// RFC 6750 section 2.3 is not served: an address is written down everywhere.
#include "machine_support.h"

using namespace mc;
using namespace mc::test;

TEST_CASE("attack: a machine's token in the query or the body") {
  MachineScene s;
  RouteRequest request = MachineScene::Push("");
  request.query = "access_token=" + s.Token();
  CHECK(s.gate.Refuse(request, "source:pushed")->status == 400);
  request.headers["authorization"] = "Bearer " + s.Token();  // also beside a good one
  CHECK(s.gate.Refuse(request, "source:pushed")->status == 400);
  request = MachineScene::Push("");
  request.headers["content-type"] = "application/x-www-form-urlencoded";
  request.body = "access_token=" + s.Token();
  CHECK(s.gate.Refuse(request, "source:pushed")->status == 401);
}

TEST_CASE("attack: a machine's secret in the query or the form") {
  MachineScene s;
  const std::string pair = std::string("client_id=") + kMachine + "&client_secret=" + kMachineSecret;
  RouteRequest request = MachineScene::TokenRequest();
  request.query = pair;
  CHECK(s.Ask(request).status == 400);
  request = MachineScene::TokenRequest(kMachine, kMachineSecret, "grant_type=client_credentials&" + pair);
  CHECK(s.Ask(request).status == 400);  // shown twice
  request.headers.erase("authorization");
  CHECK(s.Ask(request).status == 401);
}
