#include "gateway/serve.h"

#include <doctest/doctest.h>
#include <httplib.h>

#include <atomic>
#include <nlohmann/json.hpp>
#include <thread>

#include "core/json.h"

using namespace mc;

// Goal: nothing is reachable from outside without a proxy in front. Each border at it and past it.
TEST_CASE("addresses") {
  using enum AddressKind;
  const std::pair<const char*, AddressKind> cases[] = {
      {"127.0.0.1", kLoopback},
      {"127.255.255.254", kLoopback},
      {"128.0.0.1", kPublic},
      {"localhost", kLoopback},
      {"::1", kLoopback},
      {"::2", kPublic},
      {"10.0.0.0", kPrivate},
      {"9.255.255.255", kPublic},
      {"11.0.0.0", kPublic},
      {"172.16.0.1", kPrivate},
      {"172.15.255.255", kPublic},
      {"172.31.255.255", kPrivate},
      {"172.32.0.0", kPublic},
      {"192.168.0.1", kPrivate},
      {"192.169.0.0", kPublic},
      {"0.0.0.0", kPublic},
      {"::", kPublic},
      {"fc00::1", kPrivate},
      {"fdff::1", kPrivate},
      {"fe00::1", kPublic},
      {"8.8.8.8", kPublic},
  };
  for (const auto& [address, kind] : cases) {
    CAPTURE(address);
    REQUIRE(KindOfAddress(address).ok());
    CHECK(KindOfAddress(address).value() == kind);
    CHECK(CheckBind(address, false).ok() == (kind != kPublic));
    CHECK(CheckBind(address, true).ok());
  }
  CHECK(CheckBind("0.0.0.0", false).error().code == "public_bind");
  for (const char* bad : {"", "gateway.example", "127.0.0.1:80", "1.2.3"}) {
    CHECK(KindOfAddress(bad).error().code == "bad_address");
  }
}

// Goal: health and readiness answer as told; everything else is a problem document; Stop ends it.
TEST_CASE("the server answers /healthz and /readyz and nothing else") {
  std::atomic<bool> ready{true};
  HealthServer server(
      [&]() -> Status { return ready ? Ok() : Status(InternalError("store_broken", "secret detail")); });
  const auto port = server.Bind("127.0.0.1", 0);
  REQUIRE(port.ok());
  std::thread thread([&] { server.Listen(); });
  httplib::Client client("127.0.0.1", *port);

  auto answer = client.Get("/healthz");
  REQUIRE(answer);
  CHECK(answer->status == 200);
  CHECK(answer->body == "ok\n");
  CHECK(client.Get("/readyz")->status == 200);
  ready = false;
  answer = client.Get("/readyz");
  CHECK(answer->status == 503);
  CHECK(answer->get_header_value("Content-Type") == "application/problem+json");
  CHECK(answer->body.find("secret") == std::string::npos);
  CHECK(client.Get("/healthz")->status == 200);
  for (const char* path : {"/", "/api/v1/scorecards", "/healthz/x", "/log/checkpoint"}) {
    answer = client.Get(path);
    CHECK(answer->status == 404);
    CHECK(ParseJson(answer->body).value()["status"] == 404);
  }
  CHECK(client.Post("/healthz", "x", "text/plain")->status == 404);
  server.Stop();
  thread.join();
}

TEST_CASE("a port that is taken is named") {
  HealthServer first([] { return Ok(); }), second([] { return Ok(); });
  const auto port = first.Bind("127.0.0.1", 0);
  REQUIRE(port.ok());
  std::thread thread([&] { first.Listen(); });
  const auto taken = second.Bind("127.0.0.1", *port);
  REQUIRE_FALSE(taken.ok());
  CHECK(taken.error().code == "cannot_listen");
  CHECK(taken.error().message.find(std::to_string(*port)) != std::string::npos);
  httplib::Client client("127.0.0.1", *port);
  CHECK(client.Get("/healthz")->status == 200);
  first.Stop();
  thread.join();
}
