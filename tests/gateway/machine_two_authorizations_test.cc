// Two Authorization headers, or two credentials in one.
#include "gateway/request_head.h"
#include "machine_support.h"

using namespace mc;
using namespace mc::test;

TEST_CASE("attack: two Authorization headers") {
  MachineScene s;
  const std::string head = "POST /api/v1/inbox/pushed HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer a\r\n";
  CHECK(ParseRequestHead(head + "\r\n").ok());
  for (const char* second :
       {"Authorization: Bearer b\r\n\r\n", "authorization: Basic eDp5\r\n\r\n", "AUTHORIZATION: Bearer a\r\n\r\n"}) {
    const auto parsed = ParseRequestHead(head + second);
    REQUIRE_FALSE(parsed.ok());
    CHECK(parsed.error().status == 400);
  }
  const std::string token = s.Token();
  for (const std::string& both : {token + ", Bearer " + token, token + " " + token, token + "," + token}) {
    s.Refuses(both, "jwt_malformed");
  }
}

TEST_CASE("attack: credentials of another scheme") {
  MachineScene s;
  const std::string token = s.Token();
  const auto status = [&](const std::string& header) {
    RouteRequest request;
    request.headers["authorization"] = header;
    const auto refused = s.gate.Refuse(request, "source:pushed");
    return refused ? refused->status : 0;
  };
  CHECK(status("Bearer " + token) == 0);
  CHECK(status("bearer " + token) == 0);
  for (const std::string& header :
       {"Basic " + token, "Bearer" + token, token, std::string("Bearer"), std::string("Bearer "), "DPoP " + token,
        "Basic " + ToBase64(std::string(kMachine) + ":" + kMachineSecret)}) {
    CAPTURE(header);
    CHECK(status(header) == 401);
  }
}
