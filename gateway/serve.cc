#include "gateway/serve.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <mutex>
#include <optional>
#include <utility>

#include "core/log.h"
#include "gateway/route_table.h"

namespace mc {
namespace {

// How long accepting rests when the process has no descriptor left.
constexpr int kNoDescriptorRestMillis = 20;

// Counts who is inside; entered is false when it was full.
class Seat {
 public:
  Seat(std::atomic<std::size_t>& taken, std::size_t limit) : taken_(taken), entered(taken.fetch_add(1) < limit) {}
  ~Seat() { --taken_; }
  Seat(const Seat&) = delete;
  Seat& operator=(const Seat&) = delete;

 private:
  std::atomic<std::size_t>& taken_;

 public:
  const bool entered;
};

RouteAnswer NoRoute(const std::string& allow) {
  if (allow.empty()) return ProblemAnswer(404, TitleOf(404));
  RouteAnswer answer = ProblemAnswer(405, TitleOf(405));
  answer.headers.emplace_back("Allow", allow);
  return answer;
}

// What an exception says stays with us.
template <typename Call>
auto Guarded(Call call) -> decltype(call()) {
  try {
    return call();
  } catch (...) {
    Log(LogLevel::kError, "route_failed");
    return ProblemAnswer(500, TitleOf(500));
  }
}

}  // namespace

struct HttpServer::Impl final : RequestDesk {
  std::function<Status()> ready;
  ReceptionLimits limits;
  std::mutex ready_mutex;
  std::atomic<std::size_t> in_ready{0};
  RouteTable routes;
  int listening = -1;
  const int bell = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);  // readable from Stop on

  ~Impl() override {
    for (const int one : {listening, bell}) {
      if (one >= 0) ::close(one);
    }
  }

  RouteAnswer Ready() {
    const Seat seat(in_ready, kBusyReadyLimit);
    if (!seat.entered) return BusyAnswer("too many requests at once, try again");
    const std::lock_guard lock(ready_mutex);
    return ready().ok() ? RouteAnswer{200, "text/plain", "ready\n", {}} : ProblemAnswer(503, TitleOf(503));
  }

  std::optional<RouteAnswer> Find(RouteRequest& request, const RouteEntry*& entry) override {
    const RouteTable::Found found = routes.Find(request.method, request.path, request.captures);
    entry = found.entry;
    if (entry != nullptr) return std::nullopt;
    return NoRoute(found.allow);
  }

  std::optional<RouteAnswer> Refuse(const RouteRequest& request, const RouteEntry& entry) override {
    return Guarded([&]() -> std::optional<RouteAnswer> { return entry.refuse(request); });
  }

  RouteAnswer Answer(const RouteRequest& request, const RouteEntry& entry) override {
    return Guarded([&] { return entry.route(request); });
  }

  // All who stand at the door.
  void LetIn(Reception& reception) {
    for (;;) {
      const int socket = ::accept4(listening, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
      if (socket < 0) break;
      const int yes = 1;
      (void)setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);  // 44 ms per request without
      reception.Take(socket);
    }
    if (errno != EMFILE && errno != ENFILE && errno != ENOBUFS && errno != ENOMEM) return;
    pollfd rest{bell, POLLIN, 0};
    (void)::poll(&rest, 1, kNoDescriptorRestMillis);
  }
};

HttpServer::HttpServer(std::function<Status()> ready, ReceptionLimits limits) : impl_(std::make_unique<Impl>()) {
  std::signal(SIGPIPE, SIG_IGN);
  impl_->ready = std::move(ready);
  impl_->limits = limits;
  const auto healthy = [](const RouteRequest&) { return RouteAnswer{200, "text/plain", "ok\n", {}}; };
  impl_->routes.Add("GET", "/healthz", {.route = healthy, .seated = false});
  const auto ready_or_not = [this](const RouteRequest&) { return impl_->Ready(); };
  impl_->routes.Add("GET", "/readyz", {.route = ready_or_not, .seated = false});
}

HttpServer::~HttpServer() = default;

void HttpServer::Get(const std::string& pattern, Route route) {
  impl_->routes.Add("GET", pattern, {.route = std::move(route)});
}

void HttpServer::Delete(const std::string& pattern, Route route) {
  impl_->routes.Add("DELETE", pattern, {.route = std::move(route)});
}

void HttpServer::Post(const std::string& pattern, Route route, std::int64_t body_limit_bytes) {
  Post(pattern, nullptr, std::move(route), body_limit_bytes);
}

void HttpServer::Post(const std::string& pattern, Refusal refuse, Route route, std::int64_t body_limit_bytes) {
  impl_->routes.Add("POST", pattern, {std::move(route), std::move(refuse), body_limit_bytes});
}

std::vector<std::pair<std::string, std::string>> HttpServer::Routes() const { return impl_->routes.All(); }

Result<int> HttpServer::Bind(const std::string& address, int port) {
  MC_TRY(const ListeningSocket opened, OpenListeningSocket(address, port));
  impl_->listening = opened.socket;
  return opened.port;
}

void HttpServer::Listen() {
  Reception reception(*impl_, impl_->limits);
  std::array<pollfd, 2> polled = {{{impl_->bell, POLLIN, 0}, {impl_->listening, POLLIN, 0}}};
  while (polled[0].revents == 0) {
    if (::poll(polled.data(), polled.size(), -1) > 0 && polled[1].revents != 0) impl_->LetIn(reception);
  }
  ::close(std::exchange(impl_->listening, -1));
  reception.Close();
}

void HttpServer::Stop() { (void)!::eventfd_write(impl_->bell, 1); }

}  // namespace mc
