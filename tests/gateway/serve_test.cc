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
  HttpServer server([&]() -> Status { return ready ? Ok() : Status(InternalError("store_broken", "secret detail")); });
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
  HttpServer first([] { return Ok(); }), second([] { return Ok(); });
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

// Goal: other parts add routes without the HTTP library; limits and failures are answered for them.
TEST_CASE("registered routes: captures, headers, body limit, problems, exceptions") {
  HttpServer server([] { return Ok(); });
  server.Get("/hello/([a-z]+)", [](const RouteRequest& q) {
    RouteAnswer answer{200, "text/plain", "hello " + q.captures.at(0), {}};
    answer.headers.emplace_back("X-Seen", q.headers.contains("x-token") ? q.headers.at("x-token") : "none");
    return answer;
  });
  server.Get("/throws", [](const RouteRequest&) -> RouteAnswer { throw std::runtime_error("secret detail"); });
  const auto echo = [](const RouteRequest& q) { return RouteAnswer{201, "text/plain", q.body, {}}; };
  server.Post("/echo", echo);
  server.Post("/large", echo, 2 * kRequestBodyLimitBytes);
  const auto port = server.Bind("127.0.0.1", 0);
  REQUIRE(port.ok());
  std::thread thread([&] { server.Listen(); });
  httplib::Client client("127.0.0.1", *port);

  auto answer = client.Get("/hello/city", {{"X-Token", "t1"}});
  REQUIRE(answer);
  CHECK(answer->body == "hello city");
  CHECK(answer->get_header_value("X-Seen") == "t1");
  CHECK(answer->get_header_value("Cache-Control") == "no-store");
  CHECK(client.Get("/hello/CITY")->status == 404);
  answer = client.Get("/throws");
  CHECK(answer->status == 500);
  CHECK(answer->get_header_value("Content-Type") == "application/problem+json");
  CHECK(answer->body.find("secret") == std::string::npos);
  for (const auto& [name, value] : answer->headers) CHECK(value.find("secret") == std::string::npos);
  const auto limit = static_cast<std::size_t>(kRequestBodyLimitBytes);
  CHECK(client.Post("/echo", std::string(limit, 'x'), "text/plain")->status == 201);
  CHECK(client.Post("/echo", std::string(limit + 1, 'x'), "text/plain")->status == 413);
  CHECK(client.Post("/large", std::string(2 * limit, 'x'), "text/plain")->body.size() == 2 * limit);
  CHECK(client.Post("/large", std::string(2 * limit + 1, 'x'), "text/plain")->status == 413);
  server.Stop();
  thread.join();
}

// Goal: however busy the routes are, /healthz answers, and a request past the limit hears so at once.
TEST_CASE("room is kept for /healthz") {
  std::atomic<std::size_t> inside{0};
  std::atomic<bool> go{false};
  HttpServer server([] { return Ok(); });
  server.Get("/slow", [&](const RouteRequest&) {
    ++inside;
    while (!go) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    return RouteAnswer{};
  });
  const auto port = server.Bind("127.0.0.1", 0);
  REQUIRE(port.ok());
  std::thread thread([&] { server.Listen(); });
  std::vector<std::thread> clients;
  std::atomic<int> answered{0};
  for (std::size_t i = 0; i < kBusyRoutesLimit; ++i) {
    clients.emplace_back([&] {
      httplib::Client slow("127.0.0.1", *port);
      slow.set_read_timeout(30);
      if (const auto answer = slow.Get("/slow"); answer && answer->status == 200) ++answered;
    });
  }
  for (int i = 0; i < 10'000 && inside < kBusyRoutesLimit; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  REQUIRE(inside == kBusyRoutesLimit);
  httplib::Client client("127.0.0.1", *port);
  client.set_read_timeout(5);
  auto answer = client.Get("/healthz");
  REQUIRE(answer);
  CHECK(answer->status == 200);
  CHECK(client.Get("/readyz")->status == 200);
  answer = client.Get("/slow");
  REQUIRE(answer);
  CHECK(answer->status == 503);
  CHECK(answer->get_header_value("Retry-After") == "1");
  go = true;
  for (std::thread& one : clients) one.join();
  CHECK(answered == static_cast<int>(kBusyRoutesLimit));
  CHECK(client.Get("/slow")->status == 200);  // seats are given back
  server.Stop();
  thread.join();
}
