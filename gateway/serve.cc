#include "gateway/serve.h"

#include <arpa/inet.h>
#include <httplib.h>
#include <signal.h>

#include <atomic>
#include <mutex>
#include <thread>

namespace mc {
namespace {

constexpr std::size_t kPayloadLimitBytes = 64 * 1024;
constexpr time_t kReadTimeoutSecs = 5;
constexpr time_t kWriteTimeoutSecs = 5;
constexpr std::size_t kKeepAliveRequests = 100;
constexpr std::size_t kThreads = 4;
constexpr long kSignalPollNanos = 200'000'000;

AddressKind KindOfV4(std::uint32_t host_order) {
  const std::uint32_t a = host_order >> 24, b = (host_order >> 16) & 0xFF;
  if (a == 127) return AddressKind::kLoopback;
  const bool is_private = a == 10 || (a == 172 && b >= 16 && b <= 31) || (a == 192 && b == 168);  // RFC 1918
  return is_private ? AddressKind::kPrivate : AddressKind::kPublic;
}

AddressKind KindOfV6(const in6_addr& address) {
  if (IN6_IS_ADDR_LOOPBACK(&address)) return AddressKind::kLoopback;
  return (address.s6_addr[0] & 0xFE) == 0xFC ? AddressKind::kPrivate : AddressKind::kPublic;  // RFC 4193
}

// RFC 9457.
void Problem(httplib::Response& response, int status, const std::string& title) {
  response.status = status;
  response.set_content(R"({"type":"about:blank","status":)" + std::to_string(status) + R"(,"title":")" + title + "\"}",
                       "application/problem+json");
}

std::string TitleOf(int status) {
  switch (status) {
    case 404: return "Not Found";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 503: return "Service Unavailable";
    default: return status < 500 ? "Bad Request" : "Internal Server Error";
  }
}

}  // namespace

Result<AddressKind> KindOfAddress(const std::string& address) {
  if (address == "localhost") return AddressKind::kLoopback;
  in_addr v4{};
  if (inet_pton(AF_INET, address.c_str(), &v4) == 1) return KindOfV4(ntohl(v4.s_addr));
  in6_addr v6{};
  if (inet_pton(AF_INET6, address.c_str(), &v6) == 1) return KindOfV6(v6);
  return ConfigError("bad_address", "/listen/address: must be an IP address or \"localhost\"");
}

Status CheckBind(const std::string& address, bool behind_proxy) {
  MC_TRY(const AddressKind kind, KindOfAddress(address));
  if (kind != AddressKind::kPublic || behind_proxy) return Ok();
  return ConfigError("public_bind", "/listen/address: " + address +
                                        " is reachable from outside; put a TLS proxy in front and set "
                                        "listen.behind_proxy, or use a loopback or private address");
}

struct HealthServer::Impl {
  httplib::Server server;
  std::function<Status()> ready;
  std::mutex ready_mutex;

  void Answer(const httplib::Request&, httplib::Response& response) {
    const std::lock_guard lock(ready_mutex);
    if (ready().ok()) {
      response.set_content("ready\n", "text/plain");
    } else {
      Problem(response, 503, TitleOf(503));
    }
  }
};

HealthServer::HealthServer(std::function<Status()> ready) : impl_(std::make_unique<Impl>()) {
  impl_->ready = std::move(ready);
  auto& server = impl_->server;
  server.new_task_queue = [] { return new httplib::ThreadPool(kThreads); };
  server.set_tcp_nodelay(true);
  // The library would set SO_REUSEPORT, and two servers would share one port in silence.
  server.set_socket_options([](socket_t socket) {
    const int yes = 1;
    setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  });
  server.set_payload_max_length(kPayloadLimitBytes);
  server.set_read_timeout(kReadTimeoutSecs);
  server.set_write_timeout(kWriteTimeoutSecs);
  server.set_keep_alive_max_count(kKeepAliveRequests);
  server.set_default_headers({{"X-Content-Type-Options", "nosniff"}, {"Cache-Control", "no-store"}});
  server.Get("/healthz",
             [](const httplib::Request&, httplib::Response& response) { response.set_content("ok\n", "text/plain"); });
  server.Get("/readyz", [this](const httplib::Request& q, httplib::Response& r) { impl_->Answer(q, r); });
  server.set_error_handler([](const httplib::Request&, httplib::Response& response) {
    if (response.body.empty()) Problem(response, response.status, TitleOf(response.status));
  });
}

HealthServer::~HealthServer() = default;

Result<int> HealthServer::Bind(const std::string& address, int port) {
  const int bound =
      port == 0 ? impl_->server.bind_to_any_port(address) : (impl_->server.bind_to_port(address, port) ? port : -1);
  if (bound > 0) return bound;
  return TransientError("cannot_listen", "cannot listen on " + address + " port " + std::to_string(port) +
                                             "; is another program using it?");
}

void HealthServer::Listen() { impl_->server.listen_after_bind(); }

void HealthServer::Stop() { impl_->server.stop(); }

void ListenUntilSignal(HealthServer& server) {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);  // inherited by every thread that follows
  std::atomic<bool> ended{false};
  std::thread waiter([&] {
    const timespec poll{0, kSignalPollNanos};
    bool asked = false;
    // A signal may come before the server is listening, so Stop is asked until it has ended.
    while (!ended) {
      asked = sigtimedwait(&signals, nullptr, &poll) > 0 || asked;
      if (asked) server.Stop();
    }
  });
  server.Listen();
  ended = true;
  waiter.join();
  pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
}

}  // namespace mc
