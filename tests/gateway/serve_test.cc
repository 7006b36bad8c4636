#include "gateway/serve.h"

#include <doctest/doctest.h>
#include <httplib.h>

#include <atomic>
#include <chrono>
#include <nlohmann/json.hpp>
#include <thread>

#include "core/json.h"
#include "tests/gateway/serve_support.h"

using namespace mc;
using std::chrono::steady_clock;

namespace {

constexpr std::chrono::milliseconds kSoon{4'000};  // below every time limit of the server

}  // namespace

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
  const auto wrong = client.Post("/healthz", "x", "text/plain");
  CHECK(wrong->status == 405);
  CHECK(wrong->get_header_value("Allow") == "GET, HEAD");
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
  server.Get("/kept", [](const RouteRequest&) {
    return RouteAnswer{200, "text/plain", "for ever", {{"Cache-Control", "immutable"}}};
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
  answer = client.Get("/kept");
  CHECK(answer->get_header_value_count("Cache-Control") == 1);
  CHECK(answer->get_header_value("Cache-Control") == "immutable");
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

TEST_CASE("a route hears the method, the decoded path and the query as sent") {
  HttpServer server([] { return Ok(); });
  const auto tell = [](const RouteRequest& q) {
    return RouteAnswer{200, "text/plain", q.method + " " + q.path + " " + q.query, {}};
  };
  server.Get("/a b", tell);
  server.Delete("/gone", tell);
  server.Post("/sent", tell);
  Listening listening(server);
  httplib::Client client("127.0.0.1", listening.port);
  CHECK(client.Get("/a%20b?x=%31&x=2?")->body == "GET /a b x=%31&x=2?");
  CHECK(client.Get("/a%20b")->body == "GET /a b ");
  CHECK(client.Delete("/gone?")->body == "DELETE /gone ");
  CHECK(client.Post("/sent?y", "", "text/plain")->body == "POST /sent y");
  CHECK(client.Get("/gone")->status == 405);
  CHECK(client.Get("/gone")->get_header_value("Allow") == "DELETE");
  CHECK(client.Head("/a%20b")->get_header_value("Content-Length") == "10");  // "HEAD /a b "
  CHECK(client.Head("/a%20b")->body.empty());
}

TEST_CASE("answers: a page, a redirect, several cookies; no line breaks into a header") {
  HttpServer server([] { return Ok(); });
  server.Get("/page", [](const RouteRequest&) {
    RouteAnswer page = HtmlAnswer(403, "<p>no</p>");
    page.headers = {{"Set-Cookie", "a=1"}, {"Set-Cookie", "b=2"}};
    return page;
  });
  server.Get("/on", [](const RouteRequest&) { return SeeOther("/there?x=1"); });
  Listening listening(server);
  httplib::Client client("127.0.0.1", listening.port);
  const auto page = client.Get("/page");
  REQUIRE(page);
  CHECK(page->status == 403);
  CHECK(page->body == "<p>no</p>");
  CHECK(page->get_header_value("Content-Type") == "text/html; charset=utf-8");
  CHECK(page->get_header_value_count("Set-Cookie") == 2);
  const auto on = client.Get("/on");
  REQUIRE(on);
  CHECK(on->status == 303);
  CHECK(on->get_header_value("Location") == "/there?x=1");
  for (const char* bad : {"/a\r\nSet-Cookie: x=1", "/a\n", "/\t", "/\x7F"}) CHECK(SeeOther(bad).status == 500);
}

// Goal: however busy the routes are, /healthz answers, and a request past the limit waits for its turn.
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
  RawClient past(*port, "GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  CHECK(inside == kBusyRoutesLimit);
  CHECK(client.Get("/healthz")->status == 200);
  go = true;
  CHECK(past.HearOne().starts_with("HTTP/1.1 200"));
  for (std::thread& one : clients) one.join();
  CHECK(answered == static_cast<int>(kBusyRoutesLimit));
  CHECK(client.Get("/slow")->status == 200);  // seats are given back
  server.Stop();
  thread.join();
}

// Goal: a store that hangs, and a door that hangs, hold as many threads as they may; the rest is told at once, or
// waits for the door without a thread.
TEST_CASE("readiness and refusals that hang leave room") {
  std::atomic<bool> go{false};
  std::atomic<std::size_t> at_door{0};
  const auto hang = [&] {
    while (!go) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  };
  HttpServer server([&] { return hang(), Ok(); });
  server.Post(
      "/door", [&](const RouteRequest&) { return ++at_door, hang(), std::nullopt; },
      [](const RouteRequest&) { return RouteAnswer{}; }, kRequestBodyLimitBytes);
  Listening listening(server);
  const std::string ready = "GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n", post = "POST /door HTTP/1.1\r\nHost: x\r\n\r\n";
  std::vector<std::unique_ptr<RawClient>> hanging;
  for (std::size_t i = 0; i < kBusyReadyLimit; ++i)
    hanging.push_back(std::make_unique<RawClient>(listening.port, ready));
  for (std::size_t i = 0; i < kBusyRoutesLimit; ++i)
    hanging.push_back(std::make_unique<RawClient>(listening.port, post));
  for (int i = 0; i < 10'000 && at_door < kBusyRoutesLimit; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  const auto begun = steady_clock::now();
  CHECK(RawClient(listening.port, ready).HearOne().starts_with("HTTP/1.1 503"));
  CHECK(Since(begun) < kSoon);
  hanging.push_back(std::make_unique<RawClient>(listening.port, post));
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  CHECK(at_door == kBusyRoutesLimit);
  CHECK(RawClient(listening.port, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").HearOne().ends_with("ok\n"));
  go = true;
  for (const auto& one : hanging) CHECK(one->HearOne().starts_with("HTTP/1.1 200"));
}

// Goal: whoever is slow holds no thread: /healthz, /readyz and the routes answer beside more slow clients than the
// server has threads, and the server stops without waiting for them.
TEST_CASE("slow clients hold nobody up") {
  HttpServer server([] { return Ok(); });
  server.Get("/fast", [](const RouteRequest&) { return RouteAnswer{200, "text/plain", "fast", {}}; });
  Listening listening(server);
  std::vector<std::unique_ptr<RawClient>> slow;
  for (std::size_t i = 0; i < 4 * kServerThreads; ++i) {
    slow.push_back(std::make_unique<RawClient>(listening.port, i % 2 == 0 ? "" : "GET /fast HTTP/1.1\r\nHost: x\r\n"));
  }
  // They go on dripping while others ask.
  std::atomic<bool> enough{false};
  std::thread drip([&] {
    while (!enough) {
      for (std::size_t i = 1; i < slow.size(); i += 2) slow[i]->Say("X: y\r\n");
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
  });
  httplib::Client client("127.0.0.1", listening.port);
  for (const char* path : {"/healthz", "/readyz", "/fast", "/healthz"}) {
    CAPTURE(path);
    const auto begun = steady_clock::now();
    const auto answer = client.Get(path);
    REQUIRE(answer);
    CHECK(answer->status == 200);
    CHECK(Since(begun) < kSoon);
  }
  const auto begun = steady_clock::now();
  listening.Stop();
  CHECK(Since(begun) < kSoon);
  enough = true;
  drip.join();
}

TEST_CASE("a body that never comes holds up neither /healthz nor the end") {
  HttpServer server([] { return Ok(); });
  const auto take = [](const RouteRequest& q) { return RouteAnswer{200, "text/plain", q.body, {}}; };
  server.Post("/take", [](const RouteRequest&) { return std::nullopt; }, take, kRequestBodyLimitBytes);
  server.Post("/plain", take);
  Listening listening(server);
  std::vector<std::unique_ptr<RawClient>> slow;
  for (const char* path : {"/take", "/plain"}) {
    for (std::size_t i = 0; i < kServerThreads; ++i) {
      slow.push_back(std::make_unique<RawClient>(
          listening.port, std::string("POST ") + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf"));
    }
  }
  httplib::Client client("127.0.0.1", listening.port);
  auto begun = steady_clock::now();
  const auto answer = client.Get("/healthz");
  REQUIRE(answer);
  CHECK(answer->status == 200);
  CHECK(Since(begun) < kSoon);
  begun = steady_clock::now();
  listening.Stop();
  CHECK(Since(begun) < kSoon);
}

TEST_CASE("a request's head: at the limit an answer, one byte past it 431") {
  HttpServer server([] { return Ok(); });
  server.Get("/fast", [](const RouteRequest&) { return RouteAnswer{200, "text/plain", "fast", {}}; });
  Listening listening(server);
  const std::string begin = "GET /fast HTTP/1.1\r\nHost: x\r\nConnection: close\r\n";
  std::string padded = begin + "A: " + std::string(8'000, 'a') + "\r\nC: " + std::string(8'000, 'c') + "\r\nB: ";
  padded += std::string(kRequestHeadLimitBytes - padded.size() - 4, 'b') + "\r\n\r\n";
  REQUIRE(padded.size() == kRequestHeadLimitBytes);
  CHECK(RawClient(listening.port, padded).HearAll().starts_with("HTTP/1.1 200"));
  CHECK(RawClient(listening.port, padded.insert(begin.size() + 3, "a")).HearAll().starts_with("HTTP/1.1 431"));
  // In pieces, and with a body's begin behind the head.
  RawClient pieces(listening.port, "GET /fast HT");
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  REQUIRE(pieces.Say("TP/1.1\r\nHost: x\r\nConnection: close\r\n\r"));
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  REQUIRE(pieces.Say("\n"));
  CHECK(pieces.HearAll().ends_with("fast"));
}
