// Goal: `sync --record` of a source with OAuth2 or a login keeps no token, client secret or password on disk, however
// they are spelt and wherever they come back, and the recording can still be replayed.
// Method: the real connector over the recorder and a fake source that hands out and repeats every secret it knows;
// then every byte on disk is searched.
#include <filesystem>
#include <fstream>
#include <iterator>

#include "core/digest.h"
#include "core/http_record.h"
#include "core/random.h"
#include "tests/support/fake_http.h"
#include "tests/support/temp_folder.h"

using namespace mc;
using testing::Answered;
using testing::FakeHttpClient;
using testing::PullAll;

namespace {

namespace fs = std::filesystem;

constexpr const char* kBaseUrl = "https://water.example/api";

Manifest With(const Json& auth) {
  Json json = Json::parse(R"({"schema":"minhchung/manifest@1","id":"water","register":"water","title":"Nước",
    "owner":"Công ty","legal_basis":"-","assumptions":[],"kind":"http_json",
    "endpoints":{"read":{"method":"GET","path":"/read"},"token":{"method":"POST","path":"/token"}},
    "streams":[{"id":"requests"}],"request":{},"paging":{"kind":"none"},
    "records":{"format":"json","path":"items","key":["id"]},
    "limits":{},"lag_limit_minutes":60,"expected_interval_minutes":15})");
  json["auth"] = auth;
  auto manifest = ParseManifest(json);
  REQUIRE_MESSAGE(manifest.ok(), (manifest.ok() ? "" : manifest.error().message));
  return *manifest;
}

struct RecordFolder : test::TempFolder {
  std::string Bytes() const {
    std::string all;
    for (const auto& entry : fs::recursive_directory_iterator(path)) {
      if (!entry.is_regular_file()) continue;
      std::ifstream in(entry.path(), std::ios::binary);
      all.append(std::istreambuf_iterator<char>(in), {});
    }
    return all;
  }
};

struct Case {
  const char* what;
  const char* auth;
  std::string token_answer;
  std::string token;  // as it is meant
};

const Case kCases[] = {
    {"OAuth2 by form", R"({"kind":"oauth2","endpoint":"token","client_id":"id","secret":"key","client_auth":"form"})",
     R"({"access_token":"ey.Plain-1","refresh_token":"refresh-1","id_token":"id-token-1","expires_in":600})", "ey.Plain-1"},
    {"OAuth2 by Basic, wrapped, escaped",
     R"({"kind":"oauth2","endpoint":"token","client_id":"id","secret":"key"})",
     R"({"data":{"access_token":"ey\/Esc\u0061ped+2==","refresh_token":"refresh-1","id_token":"id-token-1"}})",
     "ey/Escaped+2=="},
    {"OAuth2, a name that hides", R"({"kind":"oauth2","endpoint":"token","client_id":"id","secret":"key"})",
     R"({ "access_token" :
        "hidden-3" , "refreshToken":"refresh-1","session":"id-token-1"})", "hidden-3"},
    {"a login", R"({"kind":"login","path":"/token","user":"id","secret":"key","application":"app",
                    "headers":{"X-App":"other"}})",
     R"({"code":"200","data":{"token":"login-token-4","refresh_token":"refresh-1","id_token":"id-token-1"}})",
     "login-token-4"},
};

}  // namespace

TEST_CASE("recording: tokens and client secrets are not kept") {
  for (const Case& c : kCases) {
    CAPTURE(c.what);
    const Manifest manifest = With(Json::parse(c.auth));
    SourceSettings settings;
    settings.base_url = kBaseUrl;
    settings.secrets = {{"id", "client:1"}, {"key", "p\"ss/w rd&1"}, {"other", "app-secret"}};
    // Repeats what it was sent, as careless platforms do in their answers.
    FakeHttpClient source([&](const HttpRequest& request) {
      std::string seen;
      for (const auto& [name, value] : request.headers) seen += name + "=" + value + " ";
      if (request.url.find("/token") != std::string::npos) return Answered(c.token_answer, 200, {{"etag", seen}});
      const Json echo = {{"items", Json::array({{{"id", 1}}})}, {"debug", seen}, {"again", settings.secrets}};
      HttpResponse answer = Answered(echo.dump());
      answer.headers["link"] = "<" + std::string(kBaseUrl) + "/read?access_token=" + c.token + ">; rel=\"self\"";
      return answer;
    });
    const RecordFolder folder;
    ManualClock clock(testing::At("2026-06-10T03:00:00Z"));
    SeededRandom random(7);
    RecordingOf what{"water", kBaseUrl, {}, {}, {}};
    for (const auto& [name, value] : settings.secrets) what.secrets.push_back(value);
    auto recorder = RecordTo(folder.path / "water", std::move(what), source, clock, random);
    REQUIRE(recorder.ok());
    auto connector = MakeConnector(manifest, settings, {**recorder, clock});
    REQUIRE_MESSAGE(connector.ok(), (connector.ok() ? "" : connector.error().message));
    const auto pulled = PullAll(**connector, "requests");
    REQUIRE_FALSE(pulled.error);
    REQUIRE(source.requests.size() == 2);

    const std::string disk = folder.Bytes();
    CHECK(disk.find("redacted") != std::string::npos);
    for (const std::string& hidden :
         {c.token, std::string("Plain-1"), std::string("Esc"), std::string("hidden-3"), std::string("login-token-4"),
          std::string("refresh-1"), std::string("id-token-1"), std::string("client:1"), std::string("client%3A1"),
          std::string("ss/w"), std::string("ss%2Fw"), std::string("w rd"), std::string("w%20rd"),
          std::string("app-secret"), ToBase64("client%3A1:p%22ss%2Fw%20rd%261")}) {
      CAPTURE(hidden);
      CHECK(disk.find(hidden) == std::string::npos);
    }

    auto replay = ReplayClient::Open(folder.path / "water", kBaseUrl);
    REQUIRE(replay.ok());
    for (auto& [name, value] : settings.secrets) value = kRedacted;
    auto again = MakeConnector(manifest, settings, {**replay, clock});
    REQUIRE(again.ok());
    const auto replayed = PullAll(**again, "requests");
    CHECK_FALSE(replayed.error);
    CHECK(replayed.ids == pulled.ids);
    CHECK((*replay)->AllSent());
  }
}
