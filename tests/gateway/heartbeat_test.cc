// Goal: while a source takes longer to answer than a lease lives, and while a pull pauses between attempts, no other
// gateway can take the source over.
#include <httplib.h>

#include <thread>

#include "gateway/source_run.h"
#include "tests/gateway/gateway_support.h"

using namespace mc;
using namespace mc::test;

namespace {

constexpr std::int64_t kShortLeaseSecs = 6;  // so long that a loaded machine does not miss a beat
constexpr std::chrono::seconds kAnswerAfter{8};

std::string ConfigFor(const TempDir& dir, int port) {
  dir.Write("bearer", "s3cret");
  Json settings = Json::parse(ReadWhole(WriteSettings(dir)));
  settings["lease_ttl_secs"] = kShortLeaseSecs;
  settings["sources"]["hanoiwork"] = {{"base_url", "http://127.0.0.1:" + std::to_string(port)},
                                      {"secrets", {{"bearer", "file:bearer"}}}};
  return dir.Write("gateway.jsonc", settings.dump());
}

std::string TakenOver(const Installation& installation) {
  const auto store = installation.OpenStore();
  if (!store.ok()) return store.error().code;
  const auto lease = (*store)->AcquireLease("hanoiwork", "elsewhere", 1);
  return lease.ok() ? "taken over" : lease.error().code;
}

}  // namespace

TEST_CASE("heartbeat: a source that answers after the lease's life, and a pause, keep the lease") {
  const TempDir dir;
  httplib::Server server;
  std::string meanwhile = "not asked";
  std::string config;
  server.Post(".*", [&](const httplib::Request&, httplib::Response& response) {
    std::this_thread::sleep_for(kAnswerAfter);
    const auto installation = Installation::Load(config);
    meanwhile = installation.ok() ? TakenOver(*installation) : installation.error().code;
    response.status = 503;
  });
  config = ConfigFor(dir, server.bind_to_any_port("127.0.0.1"));
  std::thread serving([&] { server.listen_after_bind(); });
  const auto installation = Installation::Load(config);
  REQUIRE_MESSAGE(installation.ok(), (installation.ok() ? "" : installation.error().message));
  std::string paused = "not paused";
  PullOptions options;
  options.sleep = [&](std::chrono::milliseconds) {
    paused = TakenOver(*installation);
    return false;
  };
  const SourceResult result = PullOneSource(*installation, "hanoiwork", options);
  server.stop();
  serving.join();
  REQUIRE(result.error);
  CHECK(result.error->code == "interrupted");
  CHECK(meanwhile == "lease_held");
  CHECK(paused == "lease_held");
}
