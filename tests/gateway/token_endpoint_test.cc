// Goal: POST /oauth/token is what RFC 6749 sections 4.4, 5.1 and 5.2 say, and nothing more.
#include "gateway/token_endpoint.h"

#include "machine_support.h"
#include "serve_support.h"
#include "storage/access.h"

using namespace mc;
using namespace mc::test;

TEST_CASE("tokens: given, and what they say") {
  MachineScene s;
  const RouteAnswer answer = s.Ask(MachineScene::TokenRequest());
  REQUIRE(answer.status == 200);
  CHECK(answer.headers ==
        std::vector<std::pair<std::string, std::string>>{{"Cache-Control", "no-store"}, {"Pragma", "no-cache"}});
  const Json body = ParseJson(answer.body).value();
  CHECK(body["token_type"] == "Bearer");
  CHECK(body["expires_in"] == 300);
  CHECK(body["scope"] == "source:pushed");
  const std::string token = body["access_token"];
  const auto part = [&](std::size_t from, std::size_t to) {
    return ParseJson(sso::FromBase64Url(token.substr(from, to - from)).value()).value();
  };
  const std::size_t first = token.find('.'), second = token.rfind('.');
  CHECK(part(0, first) == s.Header());
  Json claims = part(first + 1, second);
  const std::string jti = claims["jti"];
  CHECK(jti.size() == 32);
  claims["jti"] = "one";
  CHECK(claims == s.Claims());
  CHECK(ParseJson(s.Ask(MachineScene::TokenRequest()).body)->at("access_token") != token);
  CHECK(s.audit.Last() == "token_given c0123456789abcdef ");
  CHECK(s.tokens.KeySet().body.find("\"d\"") == std::string::npos);
}

TEST_CASE("tokens: the form is read strictly") {
  MachineScene s;
  const std::string grant = "grant_type=client_credentials";
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"", "invalid_request"},
      {"grant_type=", "invalid_request"},
      {"grant_type=password", "unsupported_grant_type"},
      {"grant_type=authorization_code&code=x", "unsupported_grant_type"},
      {grant + "&" + grant, "invalid_request"},
      {grant + "&scope=a&scope=b", "invalid_request"},
      {"grant_type=%zz", "invalid_request"},
      {grant + "&client_assertion=x", "invalid_request"},
      {grant + "&client_id=c00000000000000ff", "invalid_request"},
      {grant + "&client_id=" + kMachine, ""},
      {grant + "&something=else", ""}};
  for (const auto& [form, error] : cases) {
    CAPTURE(form);
    const RouteAnswer answer = s.Ask(MachineScene::TokenRequest(kMachine, kMachineSecret, form));
    CHECK(answer.status == (error.empty() ? 200 : 400));
    if (!error.empty()) CHECK(ParseJson(answer.body)->at("error") == error);
    CHECK(answer.headers.front() == std::pair<std::string, std::string>("Cache-Control", "no-store"));
  }
  RouteRequest json = MachineScene::TokenRequest();
  json.headers["content-type"] = "application/json";
  CHECK(s.Ask(json).status == 400);
}

TEST_CASE("tokens: who does not show a secret hears the same, before the body is read") {
  MachineScene s;
  std::string heard;
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"", "client_missing"},
      {"Bearer x", "client_missing"},
      {"Basic", "client_missing"},
      {"Basic !!", "client_missing"},
      {"Basic " + ToBase64(kMachine), "client_missing"},
      {"Basic " + ToBase64(":"), "client_missing"},
      {"Basic " + ToBase64("c00000000000000ff:x"), "client_unknown"},
      {"Basic " + ToBase64(std::string(kMachine) + ":"), "secret_wrong"},
      {"Basic " + ToBase64(std::string(kMachine) + ":" + kMachineSecret + "0"), "secret_wrong"},
      {"Basic " + ToBase64(std::string(kMachine) + ":" + ToHex(Sha256(kMachineSecret))), "secret_wrong"}};
  for (const auto& [header, reason] : cases) {
    CAPTURE(header);
    RouteRequest request = MachineScene::TokenRequest();
    request.headers["authorization"] = header;
    if (header.empty()) request.headers.erase("authorization");
    const auto refused = s.tokens.Refuse(request);
    REQUIRE(refused);
    CHECK(refused->status == 401);
    CHECK(ParseJson(refused->body)->at("error") == "invalid_client");
    CHECK(refused->headers.back() ==
          std::pair<std::string, std::string>("WWW-Authenticate", "Basic realm=\"minhchung\""));
    if (heard.empty()) heard = refused->body;
    CHECK(refused->body == heard);
    CHECK(s.audit.lines.back().reason == reason);
    CHECK(s.tokens.Answer(request).status == 401);
  }
}

TEST_CASE("tokens: what an audit says of machines is what a ledger may hold") {
  MachineScene s;
  (void)s.Token();
  (void)s.Pushed("x");
  s.Step(ClientStepKind::kRevoked, kMachine, "source:pushed", "");
  (void)s.Ask(MachineScene::TokenRequest());
  CHECK(s.audit.lines.size() == 3);
  for (const AuditEvent& line : s.audit.lines) CHECK(IsAccessRow({line.event, line.provider, line.reason, 1}));
}

TEST_CASE("tokens: a form at the limit, and one byte past it") {
  MachineScene s;
  HttpServer server([] { return Ok(); });
  s.tokens.AddTo(server);
  const Listening listening(server);
  const auto status = [&](std::size_t bytes) {
    std::string form = "grant_type=client_credentials&x=";
    form.append(bytes - form.size(), 'a');
    const std::string secret = ToBase64(std::string(kMachine) + ":" + kMachineSecret);
    RawClient client(listening.port,
                     "POST /oauth/token HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Basic " + secret +
                         "\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: " +
                         std::to_string(bytes) + "\r\n\r\n" + form);
    return client.HearAll().substr(9, 3);
  };
  CHECK(status(kTokenBodyLimitBytes) == "200");
  CHECK(status(kTokenBodyLimitBytes + 1) == "413");
}
