// Goal: each kind of credential is sent as its standard says, tokens are kept, renewed once
// and never shown.
// Method: a fake source that looks at headers; every error message is searched for secrets.

#include "connectors/auth.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "core/digest.h"
#include "tests/support/fake_http.h"

using namespace mc;
using testing::Answered;
using testing::Rig;

namespace {

constexpr const char* kRows = R"({"items":[{"id":1}]})";

Manifest With(const char* auth) {
  Json json = Json::parse(R"({"schema":"minhchung/manifest@1","id":"water","register":"water","title":"Nước",
    "owner":"Công ty","legal_basis":"-","assumptions":[],"kind":"http_json",
    "endpoints":{"read":{"method":"GET","path":"/read"},"token":{"method":"POST","path":"/token"}},
    "streams":[{"id":"requests"}],"request":{},"paging":{"kind":"none"},
    "records":{"format":"json","path":"items","key":["id"]},
    "limits":{},"lag_limit_minutes":60,"expected_interval_minutes":15})");
  json["auth"] = Json::parse(auth);
  auto manifest = ParseManifest(json);
  REQUIRE_MESSAGE(manifest.ok(), (manifest.ok() ? "" : manifest.error().message));
  return *manifest;
}

std::string HeaderOf(const HttpRequest& request, const std::string& name) {
  for (const auto& [key, value] : request.headers) {
    if (key == name) return value;
  }
  return "";
}

bool IsToken(const HttpRequest& request) { return request.url.ends_with("/token"); }

constexpr const char* kOAuth = R"({"kind":"oauth2","endpoint":"token","client_id":"client","secret":"key",
  "scope":"read all","leeway_seconds":10})";

// A source whose tokens are t1, t2, ...; `taken` says which one is good now.
struct TokenCity {
  int given = 0;
  int good = 1;
  int asked_with_bad = 0;
  std::string token_more = R"(,"token_type":"Bearer","expires_in":100)";
  HttpResponse operator()(const HttpRequest& request) {
    if (IsToken(request)) {
      return Answered("{\"access_token\":\"t" + std::to_string(++given) + "\"" + token_more + "}");
    }
    if (HeaderOf(request, "Authorization") == "Bearer t" + std::to_string(good)) return Answered(kRows);
    ++asked_with_bad;
    return Answered("{}", 401);
  }
};

}  // namespace

TEST_CASE("fixed credentials stand in their headers") {
  struct Row {
    const char* auth;
    const char* header;
    const char* value;
  };
  const Row rows[] = {
      {R"({"kind":"header","header":"X-Key","secret":"key"})", "X-Key", "s3cret"},
      {R"({"kind":"bearer","secret":"key"})", "Authorization", "Bearer s3cret"},
      {R"({"kind":"basic","user":"user","secret":"key"})", "Authorization", "Basic czNjcmV0OnMzY3JldA=="},
      {R"({"kind":"headers","headers":{"X-SystemId":"id","X-SecretKey":"key"}})", "X-SystemId", "s3cret"},
      {R"({"kind":"headers","headers":{"X-SystemId":"id","X-SecretKey":"key"}})", "X-SecretKey", "s3cret"}};
  for (const Row& row : rows) {
    INFO(row.auth);
    Rig rig(With(row.auth), [](const HttpRequest&) { return Answered(kRows); });
    REQUIRE(rig.connector->Pull("requests", std::nullopt).ok());
    CHECK(HeaderOf(rig.http.requests[0], row.header) == row.value);
  }
}

TEST_CASE("a secret that is not given is named") {
  Rig rig(With(R"({"kind":"basic","user":"user","secret":"key"})"), [](const HttpRequest&) { return Answered(kRows); });
  for (const char* name : {"user", "key"}) {
    SourceSettings settings = rig.settings;
    settings.secrets.erase(name);
    const auto made = MakeConnector(rig.manifest, settings, {rig.http, rig.clock});
    REQUIRE_FALSE(made.ok());
    CHECK(made.error().code == "missing_secret");
    CHECK(made.error().message.find(name) != std::string::npos);
  }
}

TEST_CASE("the token request is RFC 6749 4.4, by Basic and by form") {
  Json auth = Json::parse(kOAuth);
  for (const char* way : {"basic", "form"}) {
    auth["client_auth"] = way;
    TokenCity city;
    Rig rig(With(auth.dump().c_str()), std::ref(city));
    rig.settings.secrets = {{"client", "a:b"}, {"key", "p&q"}};
    rig.Make();
    REQUIRE(rig.connector->Pull("requests", std::nullopt).ok());
    const HttpRequest& asked = rig.http.requests[0];
    CHECK(asked.method == "POST");
    CHECK(HeaderOf(asked, "Content-Type") == "application/x-www-form-urlencoded");
    const bool form = std::string(way) == "form";
    CHECK(asked.body == std::string("grant_type=client_credentials&scope=read%20all") +
                            (form ? "&client_id=a%3Ab&client_secret=p%26q" : ""));
    CHECK(HeaderOf(asked, "Authorization") == (form ? "" : "Basic " + ToBase64("a%3Ab:p%26q")));
  }
}

TEST_CASE("a token is kept until its end less the leeway") {
  TokenCity city;
  Rig rig(With(kOAuth), std::ref(city));
  REQUIRE(rig.connector->Pull("requests", std::nullopt).ok());
  REQUIRE(rig.connector->Pull("requests", std::nullopt).ok());
  CHECK(city.given == 1);
  const Instant start = rig.clock.Now();
  rig.clock.Set({start.micros + 90 * kMicrosPerSecond - 1});
  REQUIRE(rig.connector->Pull("requests", std::nullopt).ok());
  CHECK(city.given == 1);
  rig.clock.Set({start.micros + 90 * kMicrosPerSecond});
  city.good = 2;
  REQUIRE(rig.connector->Pull("requests", std::nullopt).ok());
  CHECK(city.given == 2);
  CHECK(city.asked_with_bad == 0);
}

TEST_CASE("on 401 one new token is asked for, and one only") {
  TokenCity city;
  Rig rig(With(kOAuth), std::ref(city));
  REQUIRE(rig.connector->Pull("requests", std::nullopt).ok());
  city.good = 2;  // the first was withdrawn in mid-pull
  REQUIRE(rig.connector->Pull("requests", std::nullopt).ok());
  CHECK(city.given == 2);
  city.good = 99;
  const auto refused = rig.connector->Pull("requests", std::nullopt);
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().error_class == ErrorClass::kAuth);
  CHECK(city.given == 3);
}

TEST_CASE("answers of the token endpoint have their classes, and show no secret") {
  struct Row {
    HttpResponse answer;
    ErrorClass error_class;
    const char* code;
  };
  const Row rows[] = {
      {Answered(R"({"error":"invalid_client","error_description":"s3cret"})", 401), ErrorClass::kAuth, "token_refused"},
      {Answered(R"({"error":"invalid_client"})", 400), ErrorClass::kAuth, "token_refused"},
      {Answered("s3cret", 400), ErrorClass::kAuth, "token_refused"},
      {Answered(R"({"error":"invalid_scope"})", 400), ErrorClass::kConfig, "token_request"},
      {Answered("", 404), ErrorClass::kConfig, "token_request"},
      {Answered("", 503), ErrorClass::kTransient, "token_endpoint"},
      {Answered("", 429), ErrorClass::kTransient, "token_endpoint"},
      {Answered("<html>s3cret</html>"), ErrorClass::kTransient, "token_endpoint"},
      {Answered(R"({"token":"s3cret"})"), ErrorClass::kTransient, "token_endpoint"},
      {Answered("{\"access_token\":\"a\\r\\nX: s3cret\"}"), ErrorClass::kTransient, "token_endpoint"},
      {Answered(R"({"access_token":"abc","token_type":"mac"})"), ErrorClass::kConfig, "token_request"}};
  for (const Row& row : rows) {
    INFO(row.answer.status, " ", row.answer.body);
    Rig rig(With(kOAuth), [&](const HttpRequest&) { return row.answer; });
    const auto page = rig.connector->Pull("requests", std::nullopt);
    REQUIRE_FALSE(page.ok());
    CHECK(page.error().error_class == row.error_class);
    CHECK(page.error().code == row.code);
    CHECK(page.error().message.find("s3cret") == std::string::npos);
    for (const HttpRequest& request : rig.http.requests) CHECK(IsToken(request));
  }
}

TEST_CASE("HMAC headers: signed text, copies, names and time") {
  Rig rig(
      With(R"({"kind":"hmac","secret":"key","headers":{"systemid":"id"},
                   "timestamp":{"header":"timestamp","format":"vxp"},"signed":["systemid","timestamp"],
                   "copy_prefix":"XroadVnpt-","names":"XroadVnpt-sign-header-key","signature":"XroadVnpt-hash-header"})"),
      [](const HttpRequest&) { return Answered(kRows); }, "2026-06-10T03:00:00.123Z");
  REQUIRE(rig.connector->Pull("requests", std::nullopt).ok());
  const HttpRequest& request = rig.http.requests[0];
  CHECK(HeaderOf(request, "timestamp") == "10062026T100000+0123");
  CHECK(HeaderOf(request, "XroadVnpt-systemid") == "s3cret");
  CHECK(HeaderOf(request, "XroadVnpt-timestamp") == "10062026T100000+0123");
  CHECK(HeaderOf(request, "XroadVnpt-sign-header-key") == "systemid;timestamp");
  CHECK(HeaderOf(request, "XroadVnpt-hash-header") ==
        ToHex(HmacSha256("s3cret", R"({"systemid":"s3cret","timestamp":"10062026T100000+0123"})")));
}
