#include "gateway/serve.h"

#include <arpa/inet.h>
#include <httplib.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <nlohmann/json.hpp>

#include "core/json.h"
#include "core/log.h"
#include "core/text.h"

namespace mc {
namespace {

constexpr time_t kReadTimeoutSecs = 5;
constexpr time_t kWriteTimeoutSecs = 5;
constexpr time_t kKeepAliveSecs = 1;  // an idle connection holds a thread
constexpr std::size_t kKeepAliveRequests = 100;

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

void Give(const RouteAnswer& answer, httplib::Response& response) {
  response.status = answer.status;
  for (const auto& [name, value] : answer.headers) response.set_header(name, value);
  response.set_content(answer.body, answer.content_type);
}

std::string TitleOf(int status) {
  switch (status) {
    case 401: return "Unauthorized";
    case 404: return "Not Found";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 503: return "Service Unavailable";
    default: return status < 500 ? "Bad Request" : "Internal Server Error";
  }
}

RouteRequest RequestOf(const httplib::Request& request) {
  RouteRequest out;
  for (std::size_t i = 1; i < request.matches.size(); ++i) out.captures.push_back(request.matches[i].str());
  for (const auto& [name, value] : request.headers) out.headers[ToLowerAscii(name)] = value;
  out.body = request.body;
  return out;
}

// Counts who is inside; entered is false when it was full.
class Seat {
 public:
  explicit Seat(std::atomic<std::size_t>& taken) : taken_(taken), entered(taken.fetch_add(1) < kBusyRoutesLimit) {}
  ~Seat() { --taken_; }
  Seat(const Seat&) = delete;
  Seat& operator=(const Seat&) = delete;

 private:
  std::atomic<std::size_t>& taken_;

 public:
  const bool entered;
};

RouteAnswer Busy() {
  RouteAnswer answer = ProblemAnswer(503, TitleOf(503), "too many requests at once, try again");
  answer.headers.emplace_back("Retry-After", "1");
  return answer;
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

RouteAnswer ProblemAnswer(int status, const std::string& title, const std::string& detail) {
  Json document = {{"type", "about:blank"}, {"status", status}, {"title", title}};
  if (!detail.empty()) document["detail"] = detail;
  return {status, "application/problem+json", document.dump(-1, ' ', false, Json::error_handler_t::replace), {}};
}

struct HttpServer::Impl {
  httplib::Server server;
  std::function<Status()> ready;
  std::mutex ready_mutex;
  std::atomic<std::size_t> in_routes{0};
  std::int64_t longest_body_bytes = kRequestBodyLimitBytes;

  RouteAnswer Ready() {
    const std::lock_guard lock(ready_mutex);
    return ready().ok() ? RouteAnswer{200, "text/plain", "ready\n", {}} : ProblemAnswer(503, TitleOf(503));
  }

  // Wraps a route: its body limit, its seat, its exceptions.
  httplib::Server::Handler Guarded(Route route, std::int64_t body_limit_bytes) {
    return [this, route = std::move(route), body_limit_bytes](const httplib::Request& q, httplib::Response& r) {
      if (static_cast<std::int64_t>(q.body.size()) > body_limit_bytes) return Give(ProblemAnswer(413, TitleOf(413)), r);
      const Seat seat(in_routes);
      Give(seat.entered ? route(RequestOf(q)) : Busy(), r);
    };
  }

  // Refused before a byte of the body is taken; what the sender still has is not waited for.
  httplib::Server::HandlerWithContentReader GuardedEarly(Refusal refuse, Route route, std::int64_t body_limit_bytes) {
    return [this, refuse = std::move(refuse), route = std::move(route), body_limit_bytes](
               const httplib::Request& q, httplib::Response& r, const httplib::ContentReader& read) {
      const Seat seat(in_routes);
      RouteRequest request = RequestOf(q);
      std::optional<RouteAnswer> refused = seat.entered ? refuse(request) : std::optional(Busy());
      bool too_long = false;
      if (!refused) {
        const bool whole = read([&](const char* data, std::size_t size) {
          too_long = static_cast<std::int64_t>(request.body.size() + size) > body_limit_bytes;
          if (!too_long) request.body.append(data, size);
          return !too_long;
        });
        if (too_long) refused = ProblemAnswer(413, TitleOf(413));
        if (!too_long && !whole) {
          if (r.status < 400) r.status = 400;  // cut, or over the server's limit, which the library has said
          r.set_header("Connection", "close");
          return;
        }
      }
      if (refused) refused->headers.emplace_back("Connection", "close");
      Give(refused ? *refused : route(request), r);
    };
  }

  void SetLimits() {
    server.new_task_queue = [] { return new httplib::ThreadPool(kServerThreads); };
    server.set_tcp_nodelay(true);
    // The library would set SO_REUSEPORT, and two servers would share one port in silence.
    server.set_socket_options([](socket_t socket) {
      const int yes = 1;
      setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    });
    server.set_payload_max_length(static_cast<std::size_t>(longest_body_bytes));
    server.set_read_timeout(kReadTimeoutSecs);
    server.set_write_timeout(kWriteTimeoutSecs);
    server.set_keep_alive_timeout(kKeepAliveSecs);
    server.set_keep_alive_max_count(kKeepAliveRequests);
    server.set_default_headers({{"X-Content-Type-Options", "nosniff"}, {"Cache-Control", "no-store"}});
  }
};

HttpServer::HttpServer(std::function<Status()> ready) : impl_(std::make_unique<Impl>()) {
  impl_->ready = std::move(ready);
  impl_->SetLimits();
  auto& server = impl_->server;
  server.Get("/healthz",
             [](const httplib::Request&, httplib::Response& response) { response.set_content("ok\n", "text/plain"); });
  server.Get("/readyz", [this](const httplib::Request&, httplib::Response& r) { Give(impl_->Ready(), r); });
  server.set_error_handler([](const httplib::Request&, httplib::Response& response) {
    if (response.body.empty()) Give(ProblemAnswer(response.status, TitleOf(response.status)), response);
  });
  // What an exception says stays with us; the library would put it into a header.
  server.set_exception_handler([](const httplib::Request&, httplib::Response& response, std::exception_ptr) {
    Log(LogLevel::kError, "route_failed");
    Give(ProblemAnswer(500, TitleOf(500)), response);
  });
}

HttpServer::~HttpServer() = default;

void HttpServer::Get(const std::string& pattern, Route route) {
  impl_->server.Get(pattern, impl_->Guarded(std::move(route), kRequestBodyLimitBytes));
}

void HttpServer::Post(const std::string& pattern, Route route, std::int64_t body_limit_bytes) {
  impl_->longest_body_bytes = std::max(impl_->longest_body_bytes, body_limit_bytes);
  impl_->server.set_payload_max_length(static_cast<std::size_t>(impl_->longest_body_bytes));
  impl_->server.Post(pattern, impl_->Guarded(std::move(route), body_limit_bytes));
}

void HttpServer::Post(const std::string& pattern, Refusal refuse, Route route, std::int64_t body_limit_bytes) {
  impl_->longest_body_bytes = std::max(impl_->longest_body_bytes, body_limit_bytes);
  impl_->server.set_payload_max_length(static_cast<std::size_t>(impl_->longest_body_bytes));
  impl_->server.Post(pattern, impl_->GuardedEarly(std::move(refuse), std::move(route), body_limit_bytes));
}

Result<int> HttpServer::Bind(const std::string& address, int port) {
  const int bound =
      port == 0 ? impl_->server.bind_to_any_port(address) : (impl_->server.bind_to_port(address, port) ? port : -1);
  if (bound > 0) return bound;
  return TransientError("cannot_listen", "cannot listen on " + address + " port " + std::to_string(port) +
                                             "; is another program using it?");
}

void HttpServer::Listen() { impl_->server.listen_after_bind(); }

void HttpServer::Stop() { impl_->server.stop(); }

}  // namespace mc
