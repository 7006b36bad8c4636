// Goal: a connection carries many requests, in order and each to its end, and no request can hide in another one's
// bytes: after a refusal nothing of what follows is read as a request.
#include <doctest/doctest.h>

#include <atomic>
#include <memory>
#include <vector>

#include "tests/gateway/serve_support.h"

using namespace mc;
using namespace std::chrono_literals;

namespace {

struct Serving {
  explicit Serving(ReceptionLimits limits = {}) : server([] { return Ok(); }, limits), listening((Routes(), server)) {}

  void Routes() {
    server.Get("/tell", [this](const RouteRequest& q) {
      ++asked;
      return RouteAnswer{200, "text/plain", "told " + q.query, {}};
    });
    const auto echo = [this](const RouteRequest& q) {
      ++asked;
      return RouteAnswer{200, "text/plain", "got " + q.body, {}};
    };
    server.Post("/echo", echo);
    server.Post(
        "/door",
        [](const RouteRequest& q) -> std::optional<RouteAnswer> {
          if (q.headers.contains("x-key")) return std::nullopt;
          return ProblemAnswer(401, "Unauthorized");
        },
        echo, kRequestBodyLimitBytes);
    server.Get("/unsound", [](const RouteRequest&) {
      return RouteAnswer{200, "text/plain", "x", {{"X-A", "b\r\nSet-Cookie: c=d"}}};
    });
  }

  std::atomic<int> asked{0};
  HttpServer server;
  Listening listening;
};

std::string AskGet(const std::string& target, const std::string& fields = "") {
  return "GET " + target + " HTTP/1.1\r\nHost: x\r\n" + fields + "\r\n";
}
std::string AskPost(const std::string& path, const std::string& fields, const std::string& body) {
  return "POST " + path + " HTTP/1.1\r\nHost: x\r\n" + fields + "\r\n" + body;
}

bool Closes(const std::string& answer) { return answer.find("\r\nConnection: close\r\n") != std::string::npos; }

}  // namespace

TEST_CASE("keep-alive: many requests one after another, and pipelined, are answered in order") {
  Serving serving;
  RawClient client(serving.listening.port);
  for (int i = 0; i < 20; ++i) {
    REQUIRE(client.Say(AskGet("/tell?" + std::to_string(i))));
    const std::string answer = client.HearOne();
    CHECK(answer.ends_with("told " + std::to_string(i)));
    CHECK_FALSE(Closes(answer));
  }
  // A body's end and the next request's begin in one piece, one request cut in two.
  client.Say(AskPost("/echo", "Content-Length: 3\r\n", "abc") + AskGet("/tell?1") +
             AskPost("/echo", "Transfer-Encoding: chunked\r\n", "2\r\nde\r\n0\r\n\r\n") + AskGet("/healthz") +
             "GET /te");
  CHECK(client.HearOne().ends_with("got abc"));
  CHECK(client.HearOne().ends_with("told 1"));
  CHECK(client.HearOne().ends_with("got de"));
  CHECK(client.HearOne().ends_with("ok\n"));
  client.Say("ll?2 HTTP/1.1\r\nHost: x\r\n\r\n");
  CHECK(client.HearOne().ends_with("told 2"));
  // 404, 405 and HEAD leave it as it is.
  client.Say(AskGet("/none") + "DELETE /tell HTTP/1.1\r\nHost: x\r\n\r\n" + "HEAD /tell HTTP/1.1\r\nHost: x\r\n\r\n");
  CHECK(client.HearOne().starts_with("HTTP/1.1 404"));
  CHECK(client.HearOne().find("\r\nAllow: GET, HEAD\r\n") != std::string::npos);
  client.Say(AskGet("/tell?3", "Connection: close\r\n"));
  const std::string last = client.HearAll();  // HEAD's head stands in front of it
  CHECK(last.starts_with("HTTP/1.1 200 OK\r\n"));
  CHECK(last.find("\r\nContent-Length: 5\r\n") < last.find("\r\n\r\n"));
  CHECK(last.find("\r\n\r\nHTTP/1.1 200 OK\r\n") != std::string::npos);  // nothing between them
  CHECK(last.ends_with("told 3"));
}

TEST_CASE("keep-alive: Connection: close, HTTP/1.0 and the client's end are the end") {
  Serving serving;
  const std::string told =
      RawClient(serving.listening.port, AskGet("/tell", "Connection: close\r\n") + AskGet("/tell?2")).HearAll();
  CHECK(Closes(told));
  CHECK(told.ends_with("told "));
  const std::string old =
      RawClient(serving.listening.port, "GET /tell HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").HearAll();
  CHECK(Closes(old));
  CHECK(old.ends_with("told "));
  RawClient half(serving.listening.port, AskGet("/tell?half"));
  half.SayNoMore();
  CHECK(half.HearAll().ends_with("told half"));
}

TEST_CASE("keep-alive: requests of a connection, at the limit and past it") {
  constexpr std::size_t kMost = 3;
  Serving serving({.each = {.requests = kMost}});
  RawClient client(serving.listening.port);
  for (std::size_t i = 1; i <= kMost; ++i) {
    client.Say(AskGet("/tell"));
    CHECK(Closes(client.HearOne()) == (i == kMost));
  }
  client.Say(AskGet("/tell"));
  CHECK(client.IsClosedSoon());
  CHECK(serving.asked == static_cast<int>(kMost));
}

TEST_CASE("keep-alive: idle clients hold no thread") {
  Serving serving;
  std::vector<std::unique_ptr<RawClient>> idle;
  for (std::size_t i = 0; i < 8 * kServerThreads; ++i) {
    idle.push_back(std::make_unique<RawClient>(serving.listening.port, AskGet("/tell?" + std::to_string(i))));
    REQUIRE(idle.back()->HearOne().ends_with("told " + std::to_string(i)));
  }
  for (const auto& one : idle) {
    one->Say(AskGet("/tell?again"));
    REQUIRE(one->HearOne().ends_with("told again"));
  }
  const auto begun = std::chrono::steady_clock::now();
  serving.listening.Stop();
  CHECK(Since(begun) < 4s);
  CHECK(idle[0]->IsClosedSoon());
}

// Each form is refused, the connection ends, and the request that follows in the same bytes reaches no route.
TEST_CASE("smuggling: nothing of what follows a refused request is read") {
  Serving serving;
  const std::string hidden = AskGet("/tell?hidden");
  const std::vector<std::pair<const char*, std::string>> forms = {
      {"two lengths", AskPost("/echo", "Content-Length: 0\r\nContent-Length: 44\r\n", hidden)},
      {"length and chunks",
       AskPost("/echo", "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n" + hidden)},
      {"chunks and length",
       AskPost("/echo", "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n", "0\r\n\r\n" + hidden)},
      {"another coding", AskPost("/echo", "Transfer-Encoding: xchunked\r\n", hidden)},
      {"a blank before the colon", AskPost("/echo", "Content-Length : 44\r\n", hidden)},
      {"a folded coding", AskPost("/echo", "Transfer-Encoding:\r\n chunked\r\n", "0\r\n\r\n" + hidden)},
      {"an underscore", AskPost("/echo", "Content_Length: 44\r\n", hidden)},
      {"a bare LF", "GET /tell HTTP/1.1\nHost: x\n\n" + hidden},
      {"a bare CR", AskGet("/tell", "A: b\rContent-Length: 44\r\n") + hidden},
      {"two hosts", AskGet("/tell", "Host: y\r\n") + hidden},
      {"two cookies", AskGet("/tell", "Cookie: a\r\nCookie: b\r\n") + hidden},
      {"absolute form", AskGet("http://x/tell") + hidden},
      {"a body of GET", AskGet("/tell", "Content-Length: 44\r\n") + hidden},
      {"chunks with an extension", AskPost("/echo", "Transfer-Encoding: chunked\r\n", "0;a\r\n\r\n" + hidden)},
      {"chunks with a trailer", AskPost("/echo", "Transfer-Encoding: chunked\r\n", "0\r\nA: b\r\n\r\n" + hidden)},
      {"no such path, with a body", AskPost("/none", "Content-Length: 44\r\n", hidden)},
      {"no such method, with a body", "PUT /tell HTTP/1.1\r\nHost: x\r\nContent-Length: 44\r\n\r\n" + hidden},
      {"refused at the door", AskPost("/door", "Content-Length: 44\r\n", hidden)},
      {"too long", AskPost("/echo", "Content-Length: " + std::to_string(kRequestBodyLimitBytes + 1) + "\r\n", hidden)},
      {"expecting else", AskPost("/echo", "Content-Length: 44\r\nExpect: x\r\n", hidden)},
      {"another version", "GET /tell HTTP/1.2\r\nHost: x\r\n\r\n" + hidden},
  };
  for (const auto& [form, bytes] : forms) {
    CAPTURE(std::string(form));
    const std::string heard = RawClient(serving.listening.port, bytes).HearAll();
    CHECK(heard.starts_with("HTTP/1.1 4") != heard.starts_with("HTTP/1.1 505"));
    CHECK(Closes(heard));
    CHECK(heard.find("told") == std::string::npos);
  }
  CHECK(serving.asked == 0);
}

TEST_CASE("a refusal is heard by a client that is still sending") {
  Serving serving;
  for (const char* ends : {"", "Connection: close\r\n"}) {
    RawClient client(serving.listening.port, AskPost("/echo", std::string("Content-Length: 1000000\r\n") + ends, ""));
    const std::string piece(10'000, 'x');
    for (int i = 0; i < 40; ++i) client.Say(piece);
    CHECK(client.HearAll().starts_with("HTTP/1.1 413"));
  }
}

TEST_CASE("Expect: 100-continue is answered when the body is wanted, and a refusal comes in its place") {
  Serving serving;
  RawClient client(serving.listening.port,
                   AskPost("/door", "Content-Length: 2\r\nExpect: 100-continue\r\nX-Key: k\r\n", ""));
  REQUIRE(client.HearOne() == "HTTP/1.1 100 Continue\r\n\r\n");
  client.Say("ab");
  client.Say(AskGet("/tell", "Connection: close\r\n"));
  const std::string heard = client.HearAll();
  CHECK(heard.starts_with("HTTP/1.1 200 OK\r\n"));
  CHECK(heard.find("got ab") != std::string::npos);
  CHECK(RawClient(serving.listening.port, AskPost("/door", "Content-Length: 2\r\nExpect: 100-continue\r\n", ""))
            .HearAll()
            .starts_with("HTTP/1.1 401"));
}

TEST_CASE("a route whose header would break the line is answered with 500") {
  Serving serving;
  const std::string heard = RawClient(serving.listening.port, AskGet("/unsound", "Connection: close\r\n")).HearAll();
  CHECK(heard.starts_with("HTTP/1.1 500"));
  CHECK(heard.find("Set-Cookie") == std::string::npos);
}

TEST_CASE("every answer has the headers that keep a browser from misusing it, refusals included") {
  Serving serving;
  for (const std::string& ask : {AskGet("/tell", "Connection: close\r\n"), AskGet("/healthz", "Connection: close\r\n"),
                                 AskGet("/none", "Connection: close\r\n"), std::string("GET\r\n\r\n")}) {
    const std::string heard = RawClient(serving.listening.port, ask).HearAll();
    for (const char* name : {"X-Content-Type-Options: nosniff", "Cache-Control: no-store",
                             "Content-Security-Policy: ", "Referrer-Policy: ", "Cross-Origin-Opener-Policy: "}) {
      CAPTURE(ask);
      CHECK(heard.find(std::string("\r\n") + name) != std::string::npos);
    }
  }
}
