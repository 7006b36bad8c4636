// RFC 6750 section 3.1: a scope that is not the one asked for, missing, or made larger.
#include "machine_support.h"

using namespace mc;
using namespace mc::test;

TEST_CASE("attack: a machine's token of another scope") {
  MachineScene s;
  s.Add("c00000000000000aa", "unit:H26.101", kMachineSecret);
  const std::string of_unit = s.Token("c00000000000000aa");
  CHECK(s.Pushed(of_unit) == 403);
  REQUIRE(s.last);
  CHECK(s.last->headers.back() ==
        std::pair<std::string, std::string>("WWW-Authenticate", "Bearer error=\"insufficient_scope\""));
  CHECK(s.audit.Last() == "machine_refused c00000000000000aa scope");
  // Signed by us and yet not what the client has: a scope is looked up, never believed.
  for (const char* scope :
       {"source:other", "source:pushed source:other", "source:pushed ", "SOURCE:pushed", "unit:H26.101"}) {
    CAPTURE(std::string(scope));
    s.Refuses(s.With("scope", scope), "claim_scope");
  }
  for (const Json& scope :
       {Json(""), Json(nullptr), Json(Json::array({"source:pushed"})), Json(std::string(200, 'a'))}) {
    s.Refuses(s.With("scope", scope), "claim_scope");
  }
  s.Refuses(s.Without("scope"), "claim_scope");
  s.Refuses(s.Without("jti"), "claim_token_id");
}

TEST_CASE("attack: a machine asks for more than its scope") {
  MachineScene s;
  const auto asks = [&](const std::string& more) {
    const RouteAnswer answer =
        s.Ask(MachineScene::TokenRequest(kMachine, kMachineSecret, "grant_type=client_credentials" + more));
    return answer.status == 200 ? "" : ParseJson(answer.body)->at("error").get<std::string>();
  };
  CHECK(asks("&scope=source%3Apushed") == "");
  CHECK(asks("&scope=") == "");
  CHECK(asks("&scope=source%3Aother") == "invalid_scope");
  CHECK(asks("&scope=source%3Apushed+source%3Aother") == "invalid_scope");
  CHECK(asks("&resource=https%3A%2F%2Fgateway.example%2Fapi%2Fv1") == "");
  CHECK(asks("&resource=https%3A%2F%2Fother.example") == "invalid_target");
}
