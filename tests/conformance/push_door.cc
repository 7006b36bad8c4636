#include "tests/conformance/push_door.h"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/conformance/platform.h"
#include "tests/support/secrets.h"

namespace mc::conformance {
namespace {

std::string Exchange(int port, const std::string& bytes, bool wait_for_answer) {
  const int connection = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  REQUIRE(connect(connection, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  for (std::size_t sent = 0; sent < bytes.size();) {
    const ssize_t n = send(connection, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (n <= 0) break;
    sent += static_cast<std::size_t>(n);
  }
  if (!wait_for_answer) shutdown(connection, SHUT_WR);
  std::string answer;
  char buffer[8192];
  for (ssize_t n = 1; n > 0;) {
    n = recv(connection, buffer, sizeof buffer, 0);
    if (n > 0) answer.append(buffer, static_cast<std::size_t>(n));
  }
  close(connection);
  return answer;
}

}  // namespace

PushReply Push(int port, const PushRequest& request) {
  std::string bytes = "POST /api/v1/inbox/" + request.source +
                      " HTTP/1.1\r\nHost: inbox\r\nConnection: close\r\nContent-Type: application/json\r\n"
                      "Content-Length: " +
                      std::to_string(request.body.size()) + "\r\n";
  if (!request.key.empty()) bytes += "Idempotency-Key: " + request.key + "\r\n";
  test::MustStaySecret("access token", request.token);
  if (!request.token.empty()) bytes += "Authorization: Bearer " + request.token + "\r\n";
  for (const std::string& header : request.headers) bytes += header + "\r\n";
  bytes += "\r\n" + request.body.substr(0, request.cut ? request.body.size() / 2 : request.body.size());
  const std::string answer = Exchange(port, bytes, !request.cut);
  const auto end = answer.find("\r\n\r\n");
  if (end == std::string::npos || answer.size() < 12) return {};
  return {std::stoi(answer.substr(9, 3)), answer.substr(0, end), answer.substr(end + 4)};
}

namespace {

SenderCheck SenderOf(const std::string& source) {
  return [source](const RouteRequest& request, const std::string& to) -> std::optional<RouteAnswer> {
    const auto given = request.headers.find("authorization");
    const bool known = given != request.headers.end() && given->second == std::string("Bearer ") + kPushToken;
    if (known && to == source) return std::nullopt;
    return ProblemAnswer(401, "Unauthorized", "not the sender");
  };
}

}  // namespace

PushDoor::PushDoor(const std::string& source, std::unique_ptr<Store> store)
    : store_(std::move(store)),
      api_({{source, {RecordFormat::kJson}}}, *store_, SenderOf(source), SenderOf(source)),
      server_([] { return Ok(); }) {
  server_.Post(
      kInboxPattern, [this](const RouteRequest& request) { return api_.Refuse(request); },
      [this](const RouteRequest& request) { return api_.Take(request); }, kInboxBodyLimitBytes);
  const auto port = server_.Bind("127.0.0.1", 0);
  REQUIRE(port.ok());
  port_ = *port;
  thread_ = std::thread([this] { server_.Listen(); });
  // An answer, whatever it says: it listens, and can be told to stop.
  Exchange(port_, "GET /healthz HTTP/1.1\r\nHost: inbox\r\nConnection: close\r\n\r\n", true);
}

PushDoor::~PushDoor() {
  server_.Stop();
  thread_.join();
}

}  // namespace mc::conformance
