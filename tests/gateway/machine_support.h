// Machines without a server or a database: clients in memory, a token endpoint and a gate as `serve` puts them together,
// and tokens that say whatever a test wants. Used from one thread.
#pragma once

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/json.h"
#include "gateway/machine_gate.h"
#include "gateway/token_endpoint.h"
#include "sso/base64url.h"
#include "tests/support/secrets.h"

namespace mc::test {

class MemoryClients final : public ClientStore {
 public:
  explicit MemoryClients(const Clock& clock) : clock_(clock) {}
  Result<std::int64_t> AppendClientStep(ClientStep step) override {
    step.at = clock_.Now();
    MC_CHECK_OK(ClientStepObject(step));
    MC_CHECK_OK(ApplyClientStep(stored_.clients, step));
    return ++stored_.last_step;
  }
  Result<std::int64_t> LastClientStep() override {
    if (fails) return *fails;
    return stored_.last_step;
  }
  Result<StoredClients> LoadClients() override {
    if (fails) return *fails;
    if (breaks_on_load) return InternalError("client_step_broken", "another hand");
    ++loads;
    return stored_;
  }

  std::optional<Error> fails;
  bool breaks_on_load = false;
  int loads = 0;

 private:
  const Clock& clock_;
  StoredClients stored_;
};

class MachineAudit final : public AuditSink {
 public:
  void Write(const AuditEvent& event) override { lines.push_back(event); }
  std::string Last() const {
    return lines.empty() ? "" : lines.back().event + " " + lines.back().provider + " " + lines.back().reason;
  }
  std::vector<AuditEvent> lines;
};

inline constexpr const char* kMachine = "c0123456789abcdef";
inline constexpr const char* kMachineSecret = "0f0e0d0c0b0a09080706050403020100f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff";
inline constexpr const char* kMachineIssuer = "https://gateway.example";
inline constexpr const char* kMachineAudience = "https://gateway.example/api/v1";
inline constexpr std::int64_t kMachinePushes = 5;  // a minute

inline Es256Key MachineKey(char fill) { return Es256Key::FromSeed(std::string(32, fill)).value(); }

inline sso::TokenKeys MachineKeys(std::vector<Es256Key> keys, const std::string& issuer = kMachineIssuer,
                                  const std::string& audience = kMachineAudience) {
  return sso::TokenKeys::Make(std::move(keys), issuer, audience).value();
}

struct MachineScene {
  explicit MachineScene(sso::TokenKeys with = MachineKeys({MachineKey('a')})) : keys(std::move(with)) {
    Add(kMachine, "source:pushed", kMachineSecret);
  }

  void Step(ClientStepKind kind, const std::string& client, const std::string& scope, const std::string& secret,
            std::int64_t overlap_secs = 0) {
    MustStaySecret("client secret", secret);
    ClientStep step{kind, client, scope, Sha256(secret), overlap_secs, "an", {}};
    if (kind == ClientStepKind::kRevoked) step.secret_sha256.reset();
    REQUIRE(store.AppendClientStep(step).ok());
    REQUIRE(clients.Refresh().ok());
  }
  void Add(const std::string& client, const std::string& scope, const std::string& secret) {
    Step(ClientStepKind::kCreated, client, scope, secret);
  }
  // The clients stay fresh, as they do in a running gateway.
  void Wait(std::int64_t micros) {
    clock.Set(Instant{clock.Now().micros + micros});
    if (!store.fails) REQUIRE(clients.Refresh().ok());
  }

  static RouteRequest TokenRequest(const std::string& client = kMachine, const std::string& secret = kMachineSecret,
                                   const std::string& form = "grant_type=client_credentials") {
    RouteRequest request;
    request.method = "POST";
    MustStaySecret("client secret", secret);
    request.headers = {{"authorization", "Basic " + ToBase64(client + ":" + secret)},
                       {"content-type", "application/x-www-form-urlencoded"}};
    request.body = form;
    return request;
  }
  // As the server asks: first without the body.
  RouteAnswer Ask(const RouteRequest& request) {
    RouteRequest head = request;
    head.body.clear();
    if (auto refused = tokens.Refuse(head)) return *refused;
    return tokens.Answer(request);
  }
  std::string Token(const std::string& client = kMachine, const std::string& secret = kMachineSecret) {
    const RouteAnswer answer = Ask(TokenRequest(client, secret));
    if (answer.status != 200) return "";
    return ParseJson(answer.body)->at("access_token").get<std::string>();
  }

  static RouteRequest Push(const std::string& token) {
    MustStaySecret("access token", token);
    RouteRequest request;
    request.method = "POST";
    if (!token.empty()) request.headers["authorization"] = "Bearer " + token;
    return request;
  }
  // What the gate says to a push with this token; 0: it lets it pass.
  int Pushed(const std::string& token, const std::string& source = "pushed") {
    last = gate.Refuse(Push(token), "source:" + source);
    return last ? last->status : 0;
  }
  // Refused as a token that is no good, for this reason in the audit and none in the answer.
  void Refuses(const std::string& token, const std::string& reason) {
    const std::size_t before = audit.lines.size();
    CHECK(Pushed(token) == 401);
    REQUIRE(audit.lines.size() == before + 1);
    CHECK(audit.lines.back().event == "machine_refused");
    CHECK(audit.lines.back().reason == reason);
    REQUIRE(last);
    CHECK(last->body.find(reason) == std::string::npos);
    CHECK(last->headers.back() ==
          std::pair<std::string, std::string>("WWW-Authenticate", "Bearer error=\"invalid_token\""));
  }

  // What an honest token of now says; tests change it and sign it again.
  Json Header() const {
    const Json keyset = ParseJson(keys.key_set()).value();
    return {{"typ", "at+jwt"}, {"alg", "ES256"}, {"kid", keyset["keys"][0]["kid"]}};
  }
  Json Claims() const {
    const std::int64_t now = clock.Now().micros / kMicrosPerSecond;
    return {{"iss", kMachineIssuer},
            {"aud", kMachineAudience},
            {"sub", kMachine},
            {"client_id", kMachine},
            {"scope", "source:pushed"},
            {"jti", "one"},
            {"iat", now},
            {"exp", now + sso::kAccessTokenSecs}};
  }
  static std::string Signed(const Json& header, const Json& claims, char key = 'a') {
    const std::string input = sso::ToBase64Url(header.dump()) + "." + sso::ToBase64Url(claims.dump());
    return input + "." + sso::ToBase64Url(MachineKey(key).Sign(input));
  }
  std::string With(const std::string& claim, const Json& value) const {
    Json claims = Claims();
    claims[claim] = value;
    return Signed(Header(), claims);
  }
  std::string Without(const std::string& claim) const {
    Json claims = Claims();
    claims.erase(claim);
    return Signed(Header(), claims);
  }
  std::string WithHeader(const std::string& name, const Json& value) const {
    Json header = Header();
    header[name] = value;
    return Signed(header, Claims());
  }

  ManualClock clock{Instant{1'780'000'000 * kMicrosPerSecond}};
  MemoryClients store{clock};
  MachineAudit audit;
  sso::TokenKeys keys;
  KnownClients clients{store, clock};
  TokenEndpoint tokens{clients, keys, audit, clock};
  MachineGate gate{clients, keys, audit, clock, kMachinePushes};
  std::optional<RouteAnswer> last;
};

}  // namespace mc::test
