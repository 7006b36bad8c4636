// Goal: a recorded pull can be answered again without a network, and holds no secret.
// Method: record from a client whose answers the test writes, look at every byte on disk,
// replay, and ask for what was not recorded.
#include "core/http_record.h"
#include "tests/support/temp_folder.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <fstream>
#include <functional>
#include <iterator>

using namespace mc;

namespace {

namespace fs = std::filesystem;

class Scripted final : public HttpClient {
 public:
  explicit Scripted(std::function<Result<HttpResponse>(const HttpRequest&)> answer) : answer_(std::move(answer)) {}
  Result<HttpResponse> Send(const HttpRequest& request) override { return answer_(request); }

 private:
  std::function<Result<HttpResponse>(const HttpRequest&)> answer_;
};

std::string AllBytes(const fs::path& folder) {
  std::string all;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream in(entry.path(), std::ios::binary);
    all.append(std::istreambuf_iterator<char>(in), {});
  }
  return all;
}

HttpRequest Request(const std::string& url, const std::string& body = "", const std::string& method = "GET") {
  HttpRequest request;
  request.method = method;
  request.url = url;
  request.body = body;
  request.headers = {{"Authorization", "Bearer s3cret-bearer"}};
  return request;
}

struct Rig {
  Rig() : clock(ParseInstant("2026-06-10T03:00:00Z").value()), random(7) {}
  std::unique_ptr<HttpClient> Record(HttpClient& inner) {
    RecordingOf what{"tasks", "https://work.example/api/", {"s3cret-bearer", "k e y"}, {"H26.101"}, MakeDate(2026, 6, 1)};
    auto client = RecordTo(folder.path / "tasks", std::move(what), inner, clock, random);
    REQUIRE(client.ok());
    return std::move(client).value();
  }
  test::TempFolder folder;
  ManualClock clock;
  SeededRandom random;
};

}  // namespace

TEST_CASE("recording: replays in order, without a secret or a personal number on disk") {
  Rig rig;
  int calls = 0;
  Scripted inner([&](const HttpRequest&) -> Result<HttpResponse> {
    switch (++calls) {
      case 1: return HttpResponse{200, {{"content-type", "application/json"}, {"set-cookie", "c=1"}},
                                  R"({"token":"tok-0001"})"};
      case 2: return TransientError("timeout", "the source did not answer in time");
      case 3: return HttpResponse{503, {{"retry-after", "7"}}, "later"};
      default: return HttpResponse{200, {}, std::string("\xff\x00 001099012345", 15)};
    }
  });
  const auto recorder = rig.Record(inner);
  CHECK(recorder->Send(Request("https://work.example/api/login", "k e y", "POST")).ok());
  CHECK_FALSE(recorder->Send(Request("https://work.example/api/list?t=tok-0001&k=k%20e%20y")).ok());
  CHECK(recorder->Send(Request("https://work.example/api/list?t=tok-0001&k=k%20e%20y")).value().status == 503);
  CHECK(recorder->Send(Request("https://other.example/x?cccd=001099012345")).ok());

  const std::string disk = AllBytes(rig.folder.path);
  for (const char* hidden : {"s3cret", "k e y", "k%20e%20y", "tok-0001", "001099012345", "set-cookie"}) {
    CAPTURE(hidden);
    CHECK(disk.find(hidden) == std::string::npos);
  }
  struct stat seen {};
  REQUIRE(::stat((rig.folder.path / "tasks/exchanges/000001.json").c_str(), &seen) == 0);
  CHECK((seen.st_mode & 0777) == 0600);
  REQUIRE(::stat((rig.folder.path / "tasks").c_str(), &seen) == 0);
  CHECK((seen.st_mode & 0777) == 0700);

  auto replay = ReplayClient::Open(rig.folder.path / "tasks", "http://replay.example");
  REQUIRE(replay.ok());
  CHECK((*replay)->source() == "tasks");
  CHECK((*replay)->started_at() == rig.clock.Now());
  CHECK((*replay)->unit_codes() == std::vector<std::string>{"H26.101"});
  CHECK((*replay)->start() == MakeDate(2026, 6, 1));
  const auto login = (*replay)->Send(Request("http://replay.example/login", "redacted", "POST"));
  REQUIRE(login.ok());
  CHECK(login->body == R"({"token":"redacted"})");
  CHECK(login->headers.at("content-type") == "application/json");
  const HttpRequest list = Request("http://replay.example/list?t=redacted&k=redacted");
  const auto failed = (*replay)->Send(list);
  REQUIRE_FALSE(failed.ok());
  CHECK(failed.error().code == "timeout");
  CHECK(failed.error().error_class == ErrorClass::kTransient);
  CHECK((*replay)->Send(list).value().headers.at("retry-after") == "7");
  CHECK_FALSE((*replay)->AllSent());
  const auto again = (*replay)->Send(list);
  REQUIRE_FALSE(again.ok());
  CHECK(again.error().code == "not_recorded");
  CHECK(again.error().message.find("/list?t=redacted") != std::string::npos);
}

TEST_CASE("recording: bytes that are not UTF-8 come back as they were") {
  Rig rig;
  Scripted inner([](const HttpRequest&) { return HttpResponse{200, {}, std::string("\xff\x00z", 3)}; });
  CHECK(rig.Record(inner)->Send(Request("https://work.example/api/x")).ok());
  auto replay = ReplayClient::Open(rig.folder.path / "tasks", "https://work.example/api");
  REQUIRE(replay.ok());
  CHECK((*replay)->Send(Request("https://work.example/api/x")).value().body == std::string("\xff\x00z", 3));
  CHECK((*replay)->AllSent());
}

TEST_CASE("recording: an answer with too many secrets ends it, and nothing of it is written") {
  Rig rig;
  std::string many;
  for (std::size_t i = 0; i <= kLearnedSecretsLimit; ++i) many += "{\"token\":\"tok-" + std::to_string(i) + "\"},";
  int calls = 0;
  Scripted inner([&](const HttpRequest&) -> Result<HttpResponse> {
    return HttpResponse{200, {}, ++calls == 2 ? many : R"({"a":1})"};
  });
  const auto recorder = rig.Record(inner);
  for (int i = 0; i < 3; ++i) CHECK(recorder->Send(Request("https://work.example/api/list")).ok());
  CHECK(calls == 3);
  CHECK(fs::exists(rig.folder.path / "tasks/exchanges/000001.json"));
  CHECK_FALSE(fs::exists(rig.folder.path / "tasks/exchanges/000002.json"));
  CHECK(AllBytes(rig.folder.path).find("tok-") == std::string::npos);
}

TEST_CASE("recording: never over another recording; a damaged one is refused") {
  Rig rig;
  Scripted inner([](const HttpRequest&) { return HttpResponse{200, {}, "x"}; });
  CHECK(rig.Record(inner)->Send(Request("https://work.example/api/x")).ok());
  const auto second = RecordTo(rig.folder.path / "tasks", {}, inner, rig.clock, rig.random);
  REQUIRE_FALSE(second.ok());
  CHECK(second.error().code == "recording_exists");
  std::ofstream(rig.folder.path / "tasks/exchanges/000001.json") << R"({"at":"x","request":{}})";
  CHECK_FALSE(ReplayClient::Open(rig.folder.path / "tasks", "").ok());
  CHECK_FALSE(ReplayClient::Open(rig.folder.path / "nothing", "").ok());
}
