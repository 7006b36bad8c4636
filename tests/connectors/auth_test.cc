// Goal: each kind of credential is sent as its standard says, tokens are kept, renewed once
// and never shown.
// Method: a fake source that looks at headers; every error message is searched for secrets.

#include "connectors/auth.h"

#include <doctest/doctest.h>

#include <algorithm>
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

TEST_CASE("a token that claims to live longer is kept for a day") {
  for (const char* life : {"86400", "86401", "9007199254740993"}) {
    CAPTURE(life);
    TokenCity city;
    city.token_more = std::string(R"(,"token_type":"Bearer","expires_in":)") + life;
    Rig rig(With(kOAuth), std::ref(city));
    REQUIRE(rig.connector->Pull("requests", std::nullopt).ok());
    const Instant end{rig.clock.Now().micros + (24 * 3600 - 10) * kMicrosPerSecond};
    rig.clock.Set({end.micros - 1});
    REQUIRE(rig.connector->Pull("requests", std::nullopt).ok());
    CHECK(city.given == 1);
    rig.clock.Set(end);
    city.good = 2;
    REQUIRE(rig.connector->Pull("requests", std::nullopt).ok());
    CHECK(city.given == 2);
    CHECK(city.asked_with_bad == 0);
  }
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

namespace {

Manifest WithSession(const char* changes = "{}") {
  Json json = Json::parse(R"({"schema":"minhchung/manifest@1","id":"adapter","register":"dvc","title":"Hồ sơ",
    "owner":"Trung tâm","legal_basis":"-","assumptions":[],"kind":"http_json",
    "endpoints":{"login":{"method":"POST","path":"/login","success":{"field":"error_code","equals":["0","00"]}},
                 "read":{"method":"POST","path":"/g","success":{"field":"error_code","equals":["0","00"]}}},
    "streams":[{"id":"dossiers","argument":"List"}],"request":{"argument":"service","body":"json"},
    "paging":{"kind":"none"},"records":{"format":"json","path":"result","key":["ID"]},
    "auth":{"kind":"session","endpoint":"login","user":"user","secret":"password","headers":{"dstcode":"code"},
            "ended":["-1"]},
    "limits":{},"lag_limit_minutes":60,"expected_interval_minutes":15})");
  json.merge_patch(Json::parse(changes));
  auto manifest = ParseManifest(json);
  REQUIRE_MESSAGE(manifest.ok(), (manifest.ok() ? "" : manifest.error().message));
  return *manifest;
}

bool IsLogin(const HttpRequest& request) { return request.url.ends_with("/login"); }

// An adapter whose sessions are phien-1, phien-2, ...; `good` says which one is taken now.
struct Adapter {
  int given = 0;
  int good = 1;
  std::string well = "0";        // error_code of a good answer, as JSON
  std::string ended = "\"-1\"";  // of one to a session that is over
  HttpResponse operator()(const HttpRequest& request) {
    if (IsLogin(request)) {
      return Answered(R"({"session":"phien-)" + std::to_string(++given) + R"(","error_code":)" + well + "}");
    }
    const bool taken = Json::parse(request.body)["session"] == "phien-" + std::to_string(good);
    if (!taken) return Answered(R"({"error_code":)" + ended + R"(,"message":"s3cret"})");
    return Answered(R"({"error_code":)" + well + R"(,"result":[{"ID":"1"}]})");
  }
};

}  // namespace

TEST_CASE("a session is asked for by name and password, and stands in the body of every call") {
  for (const char* well : {"0", "\"0\"", "\"00\""}) {
    INFO(well);
    Adapter adapter;
    adapter.well = well;
    Rig rig(WithSession(), std::ref(adapter));
    rig.settings.secrets = {{"user", "name"}, {"password", "p\"w"}, {"code", "VN:GOV:1"}};
    rig.Make();
    for (int i = 0; i < 2; ++i) REQUIRE(rig.connector->Pull("dossiers", std::nullopt).ok());
    REQUIRE(rig.http.requests.size() == 3);
    const HttpRequest &login = rig.http.requests[0], &call = rig.http.requests[1];
    CHECK(login.method == "POST");
    CHECK(login.body == R"({"username":"name","password":"p\"w"})");
    CHECK(Json::parse(call.body) == Json({{"service", "List"}, {"session", "phien-1"}}));
    for (const HttpRequest& request : rig.http.requests) {
      CHECK(HeaderOf(request, "dstcode") == "VN:GOV:1");
      CHECK(HeaderOf(request, "Charset") == "utf-8");
      CHECK(HeaderOf(request, "Content-Type") == "application/json; charset=utf-8");
    }
  }
}

TEST_CASE("a session that ends in mid-pull is asked for again, whatever the code that says so") {
  for (const char* ended : {"\"-1\"", "-1", "\"99\""}) {
    INFO(ended);
    Adapter adapter;
    adapter.ended = ended;
    Rig rig(WithSession(), std::ref(adapter));
    REQUIRE(rig.connector->Pull("dossiers", std::nullopt).ok());
    adapter.good = 2;
    REQUIRE(rig.connector->Pull("dossiers", std::nullopt).ok());
    CHECK(adapter.given == 2);
  }
}

TEST_CASE("a new session that is not taken either: refused after the second, or a failure to be tried again") {
  struct Row {
    const char* ended;
    ErrorClass error_class;
    const char* code;
    int logins;
  };
  const Row rows[] = {{"\"-1\"", ErrorClass::kAuth, "session_refused", 2},
                      {"-7", ErrorClass::kTransient, "source_error", 5}};
  for (const Row& row : rows) {
    INFO(row.ended);
    Adapter adapter;
    adapter.good = 99;
    adapter.ended = row.ended;
    Rig rig(WithSession(), std::ref(adapter));
    for (const Status& status :
         {rig.connector->Check(), Status(rig.connector->Pull("dossiers", std::nullopt).error())}) {
      REQUIRE_FALSE(status.ok());
      CHECK(status.error().error_class == row.error_class);
      CHECK(status.error().code == row.code);
      CHECK(status.error().message.find("error_code (-") != std::string::npos);
      CHECK(status.error().message.find("phien") == std::string::npos);
      CHECK(status.error().message.find("s3cret") == std::string::npos);
    }
    CHECK(adapter.given == 2 * row.logins);
  }
}

TEST_CASE("answers of a session's login have their classes, and show no secret") {
  struct Row {
    HttpResponse answer;
    ErrorClass error_class;
    const char* code;
    std::size_t asked;
  };
  const Row rows[] = {
      {Answered(R"({"error_code":1,"message":"s3cret"})"), ErrorClass::kAuth, "login_refused", 2},
      {Answered(R"({"error_code":"s3cret s3cret"})"), ErrorClass::kAuth, "login_refused", 2},
      {Answered("{}", 401), ErrorClass::kAuth, "login_refused", 2},
      {Answered("{}", 403), ErrorClass::kAuth, "login_refused", 2},
      {Answered("{}", 404), ErrorClass::kConfig, "token_request", 1},
      {Answered("{}", 503), ErrorClass::kTransient, "token_endpoint", 5},
      {Answered("<html>s3cret</html>"), ErrorClass::kTransient, "token_endpoint", 5},
      {Answered(R"({"error_code":0,"session":)"), ErrorClass::kTransient, "token_endpoint", 5},
      {Answered(R"({"error_code":0})"), ErrorClass::kTransient, "token_endpoint", 5},
      {Answered(R"({"error_code":0,"session":"a b s3cret"})"), ErrorClass::kTransient, "token_endpoint", 5}};
  for (const Row& row : rows) {
    INFO(row.answer.status, " ", row.answer.body);
    Rig rig(WithSession(), [&](const HttpRequest&) { return row.answer; });
    const auto page = rig.connector->Pull("dossiers", std::nullopt);
    REQUIRE_FALSE(page.ok());
    CHECK(page.error().error_class == row.error_class);
    CHECK(page.error().code == row.code);
    CHECK(page.error().message.find("s3cret") == std::string::npos);
    CHECK(rig.http.requests.size() == row.asked);
    for (const HttpRequest& request : rig.http.requests) CHECK(IsLogin(request));
  }
}

TEST_CASE("a session's login that asks for a pause gets it") {
  Rig rig(WithSession(), [](const HttpRequest&) { return Answered("{}", 503, {{"retry-after", "7"}}); });
  REQUIRE_FALSE(rig.connector->Pull("dossiers", std::nullopt).ok());
  REQUIRE_FALSE(rig.waits.empty());
  CHECK(rig.waits.front() == std::chrono::seconds(7));
}

namespace {

std::string Jwt(const std::string& claims) {
  std::string text = ToBase64(claims);
  std::replace(text.begin(), text.end(), '+', '-');
  std::replace(text.begin(), text.end(), '/', '_');
  text.erase(std::find(text.begin(), text.end(), '='), text.end());
  return "e30." + text + ".c2lnbmVk";
}

// What a check finds out about the rights of a token that is answered so.
std::string Surplus(const std::string& auth, const std::string& token_answer) {
  Rig rig(With(auth.c_str()), [&](const HttpRequest& request) {
    return Answered(IsToken(request) || request.url.find("/login") != std::string::npos ? token_answer : kRows);
  });
  CHECK(rig.connector->SurplusScope().empty());  // nothing was asked yet
  REQUIRE(rig.connector->Check().ok());
  std::string text;
  for (const std::string& word : rig.connector->SurplusScope()) text += word + " ";
  return text;
}

}  // namespace

TEST_CASE("rights beyond the manifest's scope are told as the source tells them") {
  const std::string begin = R"({"access_token":")", end = "\"";
  struct Row {
    const char* what;
    std::string token, more, surplus;
  };
  const Row rows[] = {{"says nothing: what was asked for", "t", "", ""},
                      {"the same in another order", "t", R"(,"scope":"all read")", ""},
                      {"less", "t", R"(,"scope":"read")", ""},
                      {"more", "t", R"(,"scope":"write read all delete write")", "delete write "},
                      {"a list", "t", R"(,"scope":["read","write"])", "write "},
                      {"a claim", Jwt(R"({"sub":"?>?>","scope":"read write"})"), "", "write "},
                      {"another claim", Jwt(R"({"scp":["read","write"]})"), "", "write "},
                      {"the answer goes before the claim", Jwt(R"({"scope":"write"})"), R"(,"scope":"read")", ""},
                      {"no JWT", "a.b", "", ""},
                      {"not base64", "a.!.b", "", ""},
                      {"not JSON", Jwt("write"), "", ""}};
  for (const Row& row : rows) {
    INFO(row.what);
    CHECK(Surplus(kOAuth, begin + row.token + end + row.more + "}") == row.surplus);
  }
  // A manifest that names no scope has nothing to compare with.
  CHECK(Surplus(R"({"kind":"oauth2","endpoint":"token","client_id":"client","secret":"key"})",
                begin + "t" + end + R"(,"scope":"write"})") == "");
  CHECK(Surplus(R"({"kind":"login","path":"/login","user":"client","secret":"key","scope":"read"})",
                R"({"code":"200","data":{"token":")" + Jwt(R"({"scope":"read write"})") + "\"}}") == "write ");
}

TEST_CASE("a list of rights is read to its limit, and one past it is not") {
  const auto surplus_of = [](std::size_t before) {
    std::string list;
    for (std::size_t i = 0; i < before; ++i) list += "\"read\",";
    return Surplus(kOAuth, R"({"access_token":"t","scope":[)" + list + R"("write"]})");
  };
  CHECK(surplus_of(kScopesLimit - 1) == "write ");
  CHECK(surplus_of(kScopesLimit) == "");
}

TEST_CASE("a fixed token that is a JWT tells its rights itself") {
  const Manifest manifest = With(R"({"kind":"bearer","secret":"key","scope":"read"})");
  testing::FakeHttpClient http([](const HttpRequest&) { return Answered(kRows); });
  const ManualClock clock{Instant{0}};
  SourceSettings settings;
  settings.base_url = "https://water.example";
  settings.secrets["key"] = Jwt(R"({"scope":"read write"})");
  const Authorizer authorizer(manifest, settings, http, clock);
  CHECK(authorizer.Surplus() == std::vector<std::string>{"write"});
}
