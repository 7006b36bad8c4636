#include "tests/conformance/wire_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <stdexcept>

#include "core/text.h"

namespace mc::conformance {
namespace {

constexpr int kPollMillis = 20;
constexpr auto kDripPause = std::chrono::milliseconds(10);
const std::string kHeaderEnd = "\r\n\r\n";

bool Readable(int descriptor) {
  pollfd wait{descriptor, POLLIN, 0};
  return poll(&wait, 1, kPollMillis) > 0;
}

std::string HeadOf(const WireReply& reply, std::size_t length, const std::string& more = "") {
  std::string head = "HTTP/1.1 " + std::to_string(reply.status) + " X\r\nContent-Length: " + std::to_string(length) +
                     "\r\nContent-Type: " + reply.content_type + "\r\nConnection: close\r\n" + more;
  for (const std::string& header : reply.headers) head += header + "\r\n";
  return head + "\r\n";
}

std::string Whole(const WireReply& reply) { return HeadOf(reply, reply.body.size()) + reply.body; }

// RFC 1952 header and one stored block (RFC 1951 section 3.2.4) that announces the whole
// body and holds half of it.
std::string CutGzip(const std::string& body) {
  const std::size_t length = std::min<std::size_t>(body.size(), 65'535);
  const auto low = static_cast<char>(length & 0xFF), high = static_cast<char>(length >> 8);
  std::string bytes("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\x01", 11);
  bytes += {low, high, static_cast<char>(~low), static_cast<char>(~high)};
  return bytes + body.substr(0, length / 2);
}

// The bytes of the answer; the connection is closed behind them.
std::string Spoilt(const WireReply& reply, WireFault fault) {
  const std::string half = reply.body.substr(0, reply.body.size() / 2);
  switch (fault) {
    case WireFault::kNone:
    case WireFault::kDrip: return Whole(reply);
    case WireFault::kTooMany:
      return Whole({429, "{}", reply.content_type, {"Retry-After: " + std::to_string(kRetryAfterSeconds)}});
    case WireFault::kUnavailable: return Whole({503, "{}", reply.content_type});
    case WireFault::kRefused: return Whole({401, "{}", reply.content_type});
    case WireFault::kHtml: return Whole({200, "<!DOCTYPE html><html><body>Bao tri</body></html>", "text/html"});
    case WireFault::kEmpty: return Whole({200, "", reply.content_type});
    case WireFault::kReset:
    case WireFault::kCutBody: return HeadOf(reply, reply.body.size()) + half;
    case WireFault::kShortLength: return HeadOf(reply, half.size()) + reply.body;
    case WireFault::kCutGzip: break;
  }
  const std::string gzip = CutGzip(reply.body);
  return HeadOf(reply, gzip.size(), "Content-Encoding: gzip\r\n") + gzip;
}

// False until the request is whole.
bool Parse(const std::string& bytes, WireRequest& request) {
  const auto end = bytes.find(kHeaderEnd);
  if (end == std::string::npos) return false;
  const auto first = bytes.find(' '), second = bytes.find(' ', first + 1);
  request.method = bytes.substr(0, first);
  request.target = bytes.substr(first + 1, second - first - 1);
  for (auto line = bytes.find("\r\n"); line < end; line = bytes.find("\r\n", line + 2)) {
    const auto stop = bytes.find("\r\n", line + 2), colon = bytes.find(':', line);
    if (colon > stop) continue;
    request.headers[ToLowerAscii(bytes.substr(line + 2, colon - line - 2))] =
        std::string(Trim(bytes.substr(colon + 1, stop - colon - 1)));
  }
  const auto length = request.headers.find("content-length");
  const std::size_t want = length == request.headers.end() ? 0 : std::stoul(length->second);
  request.body = bytes.substr(end + kHeaderEnd.size());
  return request.body.size() >= want;
}

void ResetWhenClosed(int connection) {
  const linger now{1, 0};
  setsockopt(connection, SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

}  // namespace

const char* Name(WireFault fault) {
  static constexpr const char* kNames[] = {"none",     "too_many", "unavailable", "reset", "cut_body", "short_length",
                                           "cut_gzip", "drip",     "html",        "empty", "refused"};
  return kNames[static_cast<std::size_t>(fault)];
}

std::string WireRequest::Query(const std::string& name) const {
  for (auto at = target.find('?'); at != std::string::npos; at = target.find('&', at + 1)) {
    if (target.compare(at + 1, name.size() + 1, name + "=") != 0) continue;
    std::string text;
    for (std::size_t i = at + name.size() + 2; i < target.size() && target[i] != '&'; ++i) {
      const bool escaped = target[i] == '%';
      text += escaped ? static_cast<char>(std::stoi(target.substr(i + 1, 2), nullptr, 16)) : target[i];
      if (escaped) i += 2;
    }
    return text;
  }
  return "";
}

WireServer::WireServer(Handler handler) : handler_(std::move(handler)) {
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const bool bound = bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  if (!bound || listen(listener_, 16) != 0) throw std::runtime_error("the loopback interface cannot be used");
  socklen_t length = sizeof address;
  getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &length);
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { Serve(); });
}

WireServer::~WireServer() { StopListening(); }

void WireServer::StopListening() {
  if (!thread_.joinable()) return;
  stopping_ = true;
  shutdown(listener_, SHUT_RDWR);  // wakes the thread
  thread_.join();
  close(listener_);
}

void WireServer::SetPlan(Plan plan) {
  const std::lock_guard lock(mutex_);
  plan_ = std::move(plan);
  seen_.clear();
}

std::vector<WireRequest> WireServer::Sync() {
  const std::lock_guard lock(mutex_);
  return requests_;
}

void WireServer::ForgetRequests() {
  const std::lock_guard lock(mutex_);
  requests_.clear();
}

void WireServer::Serve() {
  while (!stopping_) {
    if (!Readable(listener_)) continue;
    const int connection = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection < 0) continue;
    ServeOne(connection);
    close(connection);
  }
}

bool WireServer::Send(int connection, const std::string& bytes) const {
  for (std::size_t sent = 0; sent < bytes.size();) {
    const ssize_t n = send(connection, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (n <= 0) return false;
    sent += static_cast<std::size_t>(n);
  }
  return true;
}

void WireServer::ServeOne(int connection) {
  std::string bytes;
  WireRequest request;
  char buffer[8192];
  while (!Parse(bytes, request)) {
    if (stopping_) return;
    if (!Readable(connection)) continue;
    const ssize_t n = recv(connection, buffer, sizeof buffer, 0);
    if (n <= 0) return;
    bytes.append(buffer, static_cast<std::size_t>(n));
  }
  std::string answer;
  WireFault fault = WireFault::kNone;
  {
    const std::lock_guard lock(mutex_);
    const int before = seen_[request.method + request.target + request.body]++;
    requests_.push_back(request);
    if (plan_) fault = plan_(request, before);
    answer = Spoilt(handler_(request), fault);
  }
  if (fault == WireFault::kDrip) {
    for (const char c : answer) {
      if (stopping_ || !Send(connection, std::string(1, c))) return;
      std::this_thread::sleep_for(kDripPause);
    }
    return;
  }
  Send(connection, answer);
  if (fault == WireFault::kReset) ResetWhenClosed(connection);
}

}  // namespace mc::conformance
