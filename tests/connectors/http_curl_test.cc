// Goal: the libcurl client keeps its limits and names each failure of the wire.
// Method: a real server on the loopback interface that sends the bytes which a test wrote,
// right or wrong, and then closes the connection or leaves it hanging.

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <string>
#include <thread>

#include "core/digest.h"
#include "core/http.h"

using namespace mc;
using std::chrono::milliseconds;

namespace {

enum class After { kClose, kReset, kHang };

// Answers one connection, then keeps what the client sent.
class OneAnswer {
 public:
  explicit OneAnswer(std::string answer, After after = After::kClose) : answer_(std::move(answer)), after_(after) {
    listener_ = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    REQUIRE(listen(listener_, 4) == 0);
    socklen_t length = sizeof address;
    getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &length);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { Serve(); });
  }
  ~OneAnswer() {
    shutdown(listener_, SHUT_RDWR);
    if (connection_ >= 0) shutdown(connection_, SHUT_RDWR);
    thread_.join();
    close(listener_);
  }

  std::string Url(const std::string& scheme = "http") const {
    return scheme + "://127.0.0.1:" + std::to_string(port_) + "/x";
  }
  // REQUIRES that the request was answered.
  const std::string& asked() const { return asked_; }

 private:
  // The header's end, or the first byte of a TLS handshake.
  bool HeardAll() const { return asked_.find("\r\n\r\n") != std::string::npos || asked_.starts_with('\x16'); }

  void Serve() {
    const int connection = accept(listener_, nullptr, nullptr);
    if (connection < 0) return;
    connection_ = connection;
    char buffer[4096];
    while (!HeardAll()) {
      const ssize_t n = recv(connection, buffer, sizeof buffer, 0);
      if (n <= 0) break;
      asked_.append(buffer, static_cast<std::size_t>(n));
    }
    for (std::size_t sent = 0; sent < answer_.size();) {
      const ssize_t n = send(connection, answer_.data() + sent, answer_.size() - sent, MSG_NOSIGNAL);
      if (n <= 0) break;
      sent += static_cast<std::size_t>(n);
    }
    if (after_ == After::kHang) recv(connection, buffer, 1, 0);  // until the client or the test gives up
    if (after_ == After::kReset) {
      const linger now{1, 0};
      setsockopt(connection, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    }
    close(connection);
  }

  std::string answer_;
  After after_;
  std::string asked_;
  int listener_ = -1;
  std::atomic<int> connection_{-1};
  int port_ = 0;
  std::thread thread_;
};

std::string Answer(const std::string& body, const std::string& headers = "") {
  return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\nConnection: close\r\n" + headers +
         "\r\n" + body;
}

HttpRequest Get(const std::string& url) {
  HttpRequest request;
  request.url = url;
  request.connect_timeout = milliseconds(2000);
  request.total_timeout = milliseconds(5000);
  return request;
}

std::string CodeOf(const HttpRequest& request, ErrorClass expected) {
  const auto response = MakeCurlClient()->Send(request);
  REQUIRE_FALSE(response.ok());
  CHECK(response.error().error_class == expected);
  return response.error().code;
}

const std::string kGzipSmall =
    *FromHex("1f8b0800000000000203ab56cacf56b22a292a4dad0500905fd4a70b000000");  // {"ok":true}
const std::string kGzip5000 =
    *FromHex("1f8b0800000000000203edc13101000000c2a0aceb5fc2147e4001000000006f037659f44c88130000");  // 5,000 times 'a'

}  // namespace

TEST_CASE("an answer: status, headers in lower case, body") {
  OneAnswer server("HTTP/1.1 418 Tea\r\nContent-Length: 3\r\nX-Thing:  A b \r\nConnection: close\r\n\r\nabc");
  HttpRequest request = Get(server.Url());
  request.headers = {{"X-SecretKey", "k"}};
  const auto response = MakeCurlClient()->Send(request);
  REQUIRE(response.ok());
  CHECK(response->status == 418);
  CHECK(response->headers.at("x-thing") == "A b");
  CHECK(response->body == "abc");
  CHECK(server.asked().find("GET /x HTTP/1.1\r\n") == 0);
  CHECK(server.asked().find("X-SecretKey: k\r\n") != std::string::npos);
}

TEST_CASE("POST sends its body, without waiting for 100 Continue") {
  OneAnswer server(Answer("{}"));
  HttpRequest request = Get(server.Url());
  request.method = "POST";
  request.body = std::string(2000, 'b');
  REQUIRE(MakeCurlClient()->Send(request).ok());
  CHECK(server.asked().find("POST /x") == 0);
  CHECK(server.asked().find("Content-Length: 2000") != std::string::npos);
  CHECK(server.asked().find("Expect") == std::string::npos);
}

TEST_CASE("a body that is shorter than announced is no answer") {
  OneAnswer server("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"PageData\":[");
  CHECK(CodeOf(Get(server.Url()), ErrorClass::kTransient) == "truncated_body");
}

TEST_CASE("a chunked body without its end is no answer") {
  OneAnswer server("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n");
  const std::string code = CodeOf(Get(server.Url()), ErrorClass::kTransient);
  CHECK((code == "truncated_body" || code == "reset"));
}

TEST_CASE("the body limit: at it an answer, one byte past it an error") {
  for (const std::int64_t limit : {1000, 999}) {
    OneAnswer server(Answer(std::string(1000, 'x')));
    HttpRequest request = Get(server.Url());
    request.body_limit_bytes = limit;
    const auto response = MakeCurlClient()->Send(request);
    CHECK(response.ok() == (limit == 1000));
    if (!response.ok()) {
      CHECK(response.error().code == "body_too_large");
      CHECK(response.error().error_class == ErrorClass::kData);
    }
  }
}

TEST_CASE("gzip is taken, and the limit counts what it unfolds to") {
  {
    OneAnswer server(Answer(kGzipSmall, "Content-Encoding: gzip\r\n"));
    const auto response = MakeCurlClient()->Send(Get(server.Url()));
    REQUIRE(response.ok());
    CHECK(response->body == "{\"ok\":true}");
  }
  for (const std::int64_t limit : {5000, 4999}) {
    OneAnswer server(Answer(kGzip5000, "Content-Encoding: gzip\r\n"));
    HttpRequest request = Get(server.Url());
    request.body_limit_bytes = limit;
    CHECK(MakeCurlClient()->Send(request).ok() == (limit == 5000));
  }
}

TEST_CASE("broken gzip is no answer") {
  OneAnswer server(Answer("this is not gzip at all", "Content-Encoding: gzip\r\n"));
  CHECK(CodeOf(Get(server.Url()), ErrorClass::kTransient) == "truncated_body");
}

TEST_CASE("a source that hangs runs into the time limit") {
  for (const std::string& start : {std::string(), std::string("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc")}) {
    OneAnswer server(start, After::kHang);
    HttpRequest request = Get(server.Url());
    request.total_timeout = milliseconds(200);
    CHECK(CodeOf(request, ErrorClass::kTransient) == "timeout");
  }
}

TEST_CASE("a connection that breaks before the answer") {
  for (const After after : {After::kClose, After::kReset}) {
    OneAnswer server("", after);
    CHECK(CodeOf(Get(server.Url()), ErrorClass::kTransient) == "reset");
  }
}

// Not a certificate's fault: the source is tried again.
TEST_CASE("a connection that breaks in the TLS handshake") {
  for (const After after : {After::kClose, After::kReset}) {
    OneAnswer server("", after);
    CHECK(CodeOf(Get(server.Url("https")), ErrorClass::kTransient) == "reset");
  }
}

TEST_CASE("nobody listens") {
  std::string url;
  {
    OneAnswer server(Answer(""));
    url = server.Url();
  }
  CHECK(CodeOf(Get(url), ErrorClass::kTransient) == "connect_refused");
}

TEST_CASE("a name that is not known") {
  CHECK(CodeOf(Get("http://no-such-host.invalid/"), ErrorClass::kTransient) == "resolve_failed");
}

// Goal: whoever ends the program does not wait for a source that is silent.
TEST_CASE("a request is given up when it is asked to stop") {
  OneAnswer server("", After::kHang);
  std::atomic<bool> stop{false};
  const auto client = MakeCurlClient([&] { return stop.load(); });
  std::thread stopper([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    stop = true;
  });
  HttpRequest request = Get(server.Url());
  request.total_timeout = std::chrono::seconds(30);
  const auto begun = std::chrono::steady_clock::now();
  const auto response = client->Send(request);
  stopper.join();
  REQUIRE_FALSE(response.ok());
  CHECK(response.error().code == "interrupted");
  CHECK(std::chrono::steady_clock::now() - begun < std::chrono::seconds(10));
}

TEST_CASE("redirects are answers and are not followed") {
  OneAnswer target(Answer("secret page"));
  OneAnswer server("HTTP/1.1 302 Found\r\nLocation: " + target.Url() +
                   "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
  const auto response = MakeCurlClient()->Send(Get(server.Url()));
  REQUIRE(response.ok());
  CHECK(response->status == 302);
}

TEST_CASE("TLS is required to verify: a plain server is refused, not trusted") {
  OneAnswer server("HTTP/1.1 400 Bad Request\r\n\r\n");
  CHECK(CodeOf(Get(server.Url("https")), ErrorClass::kConfig) == "tls");
}

TEST_CASE("addresses and headers that must not be sent") {
  for (const char* url : {"file:///etc/passwd", "gopher://127.0.0.1/", "http://", "::::"}) {
    INFO(url);
    const auto response = MakeCurlClient()->Send(Get(url));
    REQUIRE_FALSE(response.ok());
    CHECK(response.error().code == "bad_url");
  }
  HttpRequest request = Get("http://127.0.0.1:9/");
  request.headers = {{"token", "a\r\nX-Other: b"}};
  CHECK(CodeOf(request, ErrorClass::kConfig) == "bad_header");
}

TEST_CASE("a proxy from the environment is not used") {
  setenv("http_proxy", "http://127.0.0.1:9", 1);
  OneAnswer server(Answer("direct"));
  const auto response = MakeCurlClient()->Send(Get(server.Url()));
  unsetenv("http_proxy");
  REQUIRE(response.ok());
  CHECK(response->body == "direct");
}

TEST_CASE("one client is used again after a failure") {
  const auto client = MakeCurlClient();
  {
    OneAnswer broken("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx");
    CHECK_FALSE(client->Send(Get(broken.Url())).ok());
  }
  OneAnswer server(Answer("fine"));
  const auto response = client->Send(Get(server.Url()));
  REQUIRE(response.ok());
  CHECK(response->body == "fine");
}
