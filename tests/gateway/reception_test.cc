// Goal: connections wait in a reception and not in a thread; too many and too slow ones are given up in order.
#include "gateway/reception.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "tests/gateway/serve_support.h"

using namespace mc;
using namespace std::chrono_literals;

namespace {

// Answers everything with the path, "/long" with more than a socket holds, "/held" once it is let go.
class EchoDesk final : public RequestDesk {
 public:
  std::optional<RouteAnswer> Find(RouteRequest&, const RouteEntry*& entry) override {
    entry = &entry_;
    ++found_;
    return std::nullopt;
  }
  std::optional<RouteAnswer> Refuse(const RouteRequest&, const RouteEntry&) override { return std::nullopt; }
  RouteAnswer Answer(const RouteRequest& request, const RouteEntry&) override {
    const std::size_t inside = ++inside_;
    for (std::size_t most = most_; inside > most && !most_.compare_exchange_weak(most, inside);) {
    }
    while (request.path.starts_with("/held") && !let_go) std::this_thread::sleep_for(1ms);
    --inside_;
    {
      const std::lock_guard lock(mutex_);
      order_.push_back(request.path);
    }
    if (request.path == "/long") return {200, "text/plain", std::string(kLong, 'l'), {}};
    return {200, "text/plain", request.path + request.body, {}};
  }
  static constexpr std::size_t kLong = 8'000'000;

  std::atomic<bool> let_go{false};
  std::size_t found() const { return found_; }  // requests whose heads were read
  std::size_t inside() const { return inside_; }
  std::size_t most() const { return most_; }
  std::vector<std::string> order() {
    const std::lock_guard lock(mutex_);
    return order_;
  }

 private:
  std::atomic<std::size_t> found_{0}, inside_{0}, most_{0};
  std::mutex mutex_;
  std::vector<std::string> order_;  // in which they were answered; guarded by mutex_
  RouteEntry entry_{.route = nullptr, .body_limit_bytes = 10 * kRequestBodyLimitBytes};
};

// One end of a connection; the other one waits in a reception.
class Visitor {
 public:
  explicit Visitor(Reception& reception, const std::string& says = "") {
    int ends[2];
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
    socket_ = ends[0];
    ::fcntl(ends[1], F_SETFL, O_NONBLOCK);
    reception.Take(ends[1]);
    Say(says);
  }
  ~Visitor() { ::close(socket_); }
  void Say(const std::string& more) { (void)!::send(socket_, more.data(), more.size(), MSG_NOSIGNAL); }
  std::string HearAll() {
    char buffer[512];
    std::string all;
    for (ssize_t n = 0; (n = ::recv(socket_, buffer, sizeof buffer, 0)) > 0;) all.append(buffer, std::size_t(n));
    return all;
  }
  // As much as the answer to one small request; what it ends with.
  std::string Hear() {
    char buffer[4096];
    const ssize_t n = ::recv(socket_, buffer, sizeof buffer, 0);
    const std::string all(buffer, n > 0 ? std::size_t(n) : 0);
    return all.substr(all.find("\r\n\r\n") + 4);
  }
  bool IsThere() {
    char one;
    return ::recv(socket_, &one, 1, MSG_PEEK | MSG_DONTWAIT) < 0 && errno == EAGAIN;
  }

 private:
  int socket_ = -1;
};

const std::string kBegun = "GET /a HTTP/1.1\r\n";
const std::string kAsk = kBegun + "Host: x\r\n\r\n";
const std::string kAskHeld = "GET /held HTTP/1.1\r\nHost: x\r\n\r\n";
const std::string kLast = kBegun + "Host: x\r\nConnection: close\r\n\r\n";

ReceptionLimits Limits(std::size_t connections, ConnectionLimits each = {}) {
  return {.threads = 4, .connections = connections, .each = each};
}

std::vector<std::unique_ptr<Visitor>> Visit(Reception& reception, std::size_t count) {
  std::vector<std::unique_ptr<Visitor>> visitors;
  for (std::size_t i = 0; i < count; ++i) visitors.push_back(std::make_unique<Visitor>(reception));
  return visitors;
}

}  // namespace

TEST_CASE("reception: at its limit all wait, one more displaces who waits longest") {
  EchoDesk desk;
  Reception reception(desk, Limits(3));
  auto visitors = Visit(reception, 4);
  CHECK(visitors[0]->HearAll().empty());
  for (std::size_t i = 1; i < 4; ++i) {
    visitors[i]->Say(kLast);
    CHECK(visitors[i]->HearAll().ends_with("/a"));
  }
  visitors = Visit(reception, 3);
  visitors[0]->Say(kLast);  // the first of three is still there
  CHECK(visitors[0]->HearAll().ends_with("/a"));
}

TEST_CASE("reception: who has never asked goes before who is between requests, who is served stays") {
  EchoDesk desk;
  Reception reception(desk, Limits(3, {.head = 60s, .idle = 30s}));  // who is idle would be closed first
  Visitor idle(reception, kAsk), silent(reception), answered(reception, "GET /long HTTP/1.1\r\nHost: x\r\n\r\n");
  CHECK(idle.Hear() == "/a");
  while (answered.IsThere()) std::this_thread::sleep_for(1ms);
  Visitor fourth(reception);
  CHECK(silent.HearAll().empty());
  CHECK(idle.IsThere());
  Visitor fifth(reception);
  CHECK(fourth.HearAll().empty());
  fifth.Say(kAsk);
  CHECK(fifth.Hear() == "/a");
  Visitor sixth(reception);
  CHECK(idle.HearAll().empty());
  CHECK(fifth.IsThere());
  sixth.Say(kLast);
  CHECK(sixth.HearAll().ends_with("/a"));
}

TEST_CASE("reception: with all being served, who comes is not let in") {
  EchoDesk desk;
  Reception reception(desk, Limits(2));
  const std::string ask = "GET /long HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
  Visitor one(reception, ask), two(reception, ask);
  while (one.IsThere() || two.IsThere()) std::this_thread::sleep_for(1ms);
  std::this_thread::sleep_for(50ms);
  Visitor three(reception);
  CHECK(three.HearAll().empty());
  CHECK(one.HearAll().size() > EchoDesk::kLong);
  CHECK(two.HearAll().size() > EchoDesk::kLong);
}

TEST_CASE("reception: who is too slow with a head is closed, and not before") {
  constexpr auto kLimit = 300ms;
  EchoDesk desk;
  Reception reception(desk, Limits(3, {.head = kLimit}));
  const auto begun = std::chrono::steady_clock::now();
  Visitor visitor(reception, kBegun);
  CHECK(visitor.HearAll().empty());
  CHECK(Since(begun) >= kLimit);
}

TEST_CASE("reception: a kept connection may be idle for longer than a head may take, and not past its own limit") {
  constexpr auto kIdle = 3'000ms, kHead = 1'000ms;
  EchoDesk desk;
  Reception reception(desk, Limits(3, {.head = kHead, .idle = kIdle}));
  Visitor visitor(reception, kAsk);
  CHECK(visitor.Hear() == "/a");
  std::this_thread::sleep_for(kHead + 2 * kLimitGrain);
  CHECK(visitor.IsThere());
  visitor.Say(kBegun);  // its time begins now
  std::this_thread::sleep_for(kHead / 2);
  visitor.Say("Host: x\r\n\r\n");
  CHECK(visitor.Hear() == "/a");
  auto begun = std::chrono::steady_clock::now();
  CHECK(visitor.HearAll().empty());
  CHECK(Since(begun) >= kIdle - 10ms);
  // A later request that has begun has the time of a head.
  Visitor slow(reception, kAsk);
  CHECK(slow.Hear() == "/a");
  begun = std::chrono::steady_clock::now();
  slow.Say(kBegun);
  CHECK(slow.HearAll().empty());
  CHECK(Since(begun) >= kHead);
  CHECK(Since(begun) < kIdle);
}

TEST_CASE("reception: a body that pauses is given up, one that comes in pieces is not") {
  constexpr auto kPause = 1'500ms;
  EchoDesk desk;
  Reception reception(desk, Limits(3, {.pause = kPause}));
  const std::string post = "POST /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 4\r\n\r\n";
  const auto begun = std::chrono::steady_clock::now();
  Visitor pausing(reception, post + "abc"), in_time(reception, post);
  for (const char* piece : {"1", "2", "3", "4"}) {  // longer than a pause in all
    std::this_thread::sleep_for(2 * kPause / 5);
    in_time.Say(piece);
  }
  CHECK(in_time.HearAll().ends_with("/a1234"));
  CHECK(pausing.HearAll().empty());
  CHECK(Since(begun) >= kPause);
  CHECK(Since(begun) < kRequestTimeLimit);
}

TEST_CASE("reception: a body that drips past the whole time is given up") {
  constexpr auto kWhole = 600ms;
  EchoDesk desk;
  Reception reception(desk, Limits(3, {.whole = kWhole}));
  const auto begun = std::chrono::steady_clock::now();
  Visitor dripping(reception, "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n");
  while (dripping.IsThere()) {
    dripping.Say("d");
    std::this_thread::sleep_for(20ms);
  }
  CHECK(Since(begun) >= kWhole);
  CHECK(Since(begun) < kRequestPauseLimit);
}

TEST_CASE("reception: a client that takes no answer holds no thread, and is given up") {
  constexpr auto kPause = 300ms;
  EchoDesk desk;
  Reception reception(desk, Limits(20, {.pause = kPause}));
  std::vector<std::unique_ptr<Visitor>> deaf;
  for (int i = 0; i < 8; ++i)
    deaf.push_back(std::make_unique<Visitor>(reception, "GET /long HTTP/1.1\r\nHost: x\r\n\r\n"));
  Visitor other(reception, kLast);
  CHECK(other.HearAll().ends_with("/a"));
  std::this_thread::sleep_for(kPause + 3 * kLimitGrain);
  CHECK(deaf[0]->HearAll().size() < EchoDesk::kLong);
  Visitor taking(reception, "GET /long HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  CHECK(taking.HearAll().size() > EchoDesk::kLong);
}

TEST_CASE("reception: long bodies at their limit, one more is told to come again") {
  EchoDesk desk;
  Reception reception(desk, Limits(10, {.long_bodies = 2}));
  const std::string head = "POST /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: ";
  const std::string longer = head + std::to_string(kRequestBodyLimitBytes + 1) + "\r\n\r\n";
  const std::string chunked =
      "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n1\r\na\r\n";
  Visitor first(reception, longer), second(reception, chunked);
  while (desk.found() < 2) std::this_thread::sleep_for(1ms);
  std::this_thread::sleep_for(100ms);  // room is taken right after it
  const std::string refused = Visitor(reception, longer).HearAll();
  CHECK(refused.starts_with("HTTP/1.1 503"));
  CHECK(refused.find("\r\nRetry-After: 1\r\n") != std::string::npos);
  CHECK(Visitor(reception, head + "2\r\n\r\nab").HearAll().ends_with("/aab"));  // a short one needs no room
  second.Say("0\r\n\r\n");
  CHECK(second.HearAll().ends_with("/aa"));
  Visitor third(reception, longer + std::string(kRequestBodyLimitBytes + 1, 'b'));  // room was given back
  CHECK(third.HearAll().ends_with("bb"));
}

TEST_CASE("reception: a long body gives its room back, with its answer and with its connection's end") {
  EchoDesk desk;
  Reception reception(desk, Limits(10, {.long_bodies = 1}));
  const std::string head = "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n";
  Visitor kept(reception, head + "\r\n1\r\nk\r\n0\r\n\r\n");
  CHECK(kept.Hear() == "/ak");
  auto gone = std::make_unique<Visitor>(reception, head + "\r\n1\r\n");
  while (desk.found() < 2) std::this_thread::sleep_for(1ms);
  std::this_thread::sleep_for(100ms);
  gone.reset();
  std::this_thread::sleep_for(100ms);
  CHECK(Visitor(reception, head + "Connection: close\r\n\r\n0\r\n\r\n").HearAll().ends_with("/a"));
  kept.Say(kLast);
  CHECK(kept.HearAll().ends_with("/a"));
}

TEST_CASE("reception: a closed one lets nobody wait, and an answer that is under way is taken to its end") {
  EchoDesk desk;
  Reception reception(desk, Limits(5));
  Visitor before(reception), answered(reception, "GET /long HTTP/1.1\r\nHost: x\r\n\r\n");
  while (answered.IsThere()) std::this_thread::sleep_for(1ms);
  std::size_t taken = 0;
  std::thread taking([&] { taken = answered.HearAll().size(); });
  reception.Close();
  taking.join();
  Visitor after(reception);
  CHECK(before.HearAll().empty());
  CHECK(after.HearAll().empty());
  CHECK(taken > EchoDesk::kLong);
}

// Goal: whoever finds all seats taken waits for one without a thread, is answered in turn, and nobody is turned away.
TEST_CASE("reception: past the last seat requests stand in line, first come first served") {
  EchoDesk desk;
  ReceptionLimits limits = Limits(64);
  limits.seats = 1;
  limits.threads = 2;  // one is in the seat, so that one alone takes who comes, in the order of coming
  Reception reception(desk, limits);
  auto ask = [](const std::string& path) {
    return "GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
  };
  Visitor first(reception, ask("/held"));
  while (desk.inside() < 1) std::this_thread::sleep_for(1ms);
  std::vector<std::unique_ptr<Visitor>> line;
  std::vector<std::string> expected = {"/held"};
  for (int i = 0; i < 20; ++i) {  // more than there are threads
    expected.push_back("/" + std::to_string(i));
    line.push_back(std::make_unique<Visitor>(reception, ask(expected.back())));
  }
  // Two threads take who comes once the first is let go, so all stand in line before that; the last one may just be on
  // its way there, and is the last in any case.
  while (desk.found() < expected.size()) std::this_thread::sleep_for(1ms);
  for (const auto& one : line) CHECK(one->IsThere());
  desk.let_go = true;
  CHECK(first.HearAll().ends_with("/held"));
  for (std::size_t i = 0; i < line.size(); ++i) CHECK(line[i]->HearAll().ends_with(expected[i + 1]));
  CHECK(desk.order() == expected);
  CHECK(desk.most() == 1);
}

TEST_CASE("reception: never more inside than there are seats, and nobody is forgotten in line") {
  constexpr std::size_t kVisitors = 24, kAsked = 200;
  EchoDesk desk;
  ReceptionLimits limits = Limits(64);
  limits.seats = 2;
  Reception reception(desk, limits);
  std::atomic<std::size_t> answered{0};
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < kVisitors; ++i) {
    threads.emplace_back([&] {
      Visitor visitor(reception);
      for (std::size_t n = 0; n < kAsked; ++n) {
        visitor.Say(kAsk);
        answered += visitor.Hear() == "/a" ? 1 : 0;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(answered == kVisitors * kAsked);
  CHECK(desk.most() <= 2);
}

TEST_CASE("reception: who stands in line for too long hears 503, with a body to come or without") {
  EchoDesk desk;
  ReceptionLimits limits = Limits(8, {.seat = 300ms});
  limits.seats = 1;
  Reception reception(desk, limits);
  Visitor first(reception, kAskHeld);
  while (desk.inside() < 1) std::this_thread::sleep_for(1ms);
  const auto begun = std::chrono::steady_clock::now();
  Visitor second(reception, kLast);
  Visitor third(reception, "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nConnection: close\r\n\r\nb");
  for (Visitor* late : {&second, &third}) {
    const std::string answer = late->HearAll();
    CHECK(answer.starts_with("HTTP/1.1 503"));
    CHECK(answer.find("Retry-After: 1\r\n") != std::string::npos);
  }
  CHECK(std::chrono::steady_clock::now() - begun >= 300ms);
  desk.let_go = true;
  CHECK(first.Hear() == "/held");
  first.Say(kLast);  // the seat is free again
  CHECK(first.HearAll().ends_with("/a"));
}

TEST_CASE("reception: closing with somebody in line ends") {
  EchoDesk desk;
  ReceptionLimits limits = Limits(8);
  limits.seats = 1;
  Reception reception(desk, limits);
  Visitor first(reception, kAskHeld);
  while (desk.inside() < 1) std::this_thread::sleep_for(1ms);
  Visitor second(reception, kLast);
  while (desk.found() < 2) std::this_thread::sleep_for(1ms);
  std::thread closing([&] { reception.Close(); });
  std::this_thread::sleep_for(50ms);
  desk.let_go = true;
  closing.join();
  CHECK(first.HearAll().ends_with("/held"));
  CHECK(second.HearAll().empty());
}
