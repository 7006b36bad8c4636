// What the suites of the HTTP server share: a client that says any bytes, and a server that listens.
#pragma once

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <string>
#include <thread>

#include "gateway/serve.h"

namespace mc {

// A client that says what it is told, byte by byte if need be.
class RawClient {
 public:
  explicit RawClient(int port, const std::string& says = "") : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    Say(says);
  }
  ~RawClient() { ::close(socket_); }
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  bool Say(const std::string& more) {
    return ::send(socket_, more.data(), more.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(more.size());
  }
  void SayNoMore() { ::shutdown(socket_, SHUT_WR); }

  // Until the server closes.
  std::string HearAll() {
    while (Hear()) {
    }
    return std::exchange(heard_, {});
  }

  // One answer with a Content-Length, head and body; what came before the server closed, if it closes.
  std::string HearOne() {
    std::size_t end = std::string::npos;
    while ((end = heard_.find("\r\n\r\n")) == std::string::npos && Hear()) {
    }
    const std::size_t length = heard_.find("Content-Length: ");
    if (end == std::string::npos || length > end) return std::exchange(heard_, {});
    const std::size_t size = end + 4 + std::stoul(heard_.substr(length + 16));
    while (heard_.size() < size && Hear()) {
    }
    const std::string one = heard_.substr(0, size);
    heard_.erase(0, size);
    return one;
  }

  // Whether the server has closed, after all that it said.
  bool IsClosedSoon() {
    while (Hear(2'000)) {
    }
    return closed_;
  }

 private:
  bool Hear(int wait_millis = 20'000) {
    const timeval wait{wait_millis / 1'000, wait_millis % 1'000 * 1'000};
    setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
    char buffer[4096];
    const ssize_t n = ::recv(socket_, buffer, sizeof buffer, 0);
    closed_ = closed_ || n == 0 || (n < 0 && errno == ECONNRESET);
    if (n > 0) heard_.append(buffer, static_cast<std::size_t>(n));
    return n > 0;
  }

  int socket_;
  bool closed_ = false;
  std::string heard_;
};

// A server that listens for as long as it is there.
struct Listening {
  explicit Listening(HttpServer& s) : server(s) {
    const auto bound = server.Bind("127.0.0.1", 0);
    REQUIRE(bound.ok());
    port = *bound;
    thread = std::thread([this] { server.Listen(); });
  }
  ~Listening() { Stop(); }
  void Stop() {
    if (!thread.joinable()) return;
    server.Stop();
    thread.join();
  }
  HttpServer& server;
  int port = 0;
  std::thread thread;
};

inline std::chrono::milliseconds Since(std::chrono::steady_clock::time_point begun) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begun);
}

}  // namespace mc
