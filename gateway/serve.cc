#include "gateway/serve.h"

#include <arpa/inet.h>
#include <httplib.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <mutex>
#include <nlohmann/json.hpp>

#include "core/json.h"
#include "core/log.h"
#include "core/text.h"
#include "gateway/reception.h"

namespace mc {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::milliseconds kStopPoll{200};

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
  // Defaults of the server's, which the library would send beside them.
  for (const auto& [name, value] : answer.headers) response.headers.erase(name);
  for (const auto& [name, value] : answer.headers) response.headers.emplace(name, value);
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
  out.method = request.method;
  out.path = request.path;
  const std::size_t mark = request.target.find('?');
  if (mark != std::string::npos) out.query = request.target.substr(mark + 1);
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

// One connection for the library: what the reception has read, then the rest, within the limits of one request.
class Connection final : public httplib::Stream {
 public:
  Connection(int socket, std::string bytes, const std::atomic<bool>& stopping)
      : socket_(socket), bytes_(std::move(bytes)), stopping_(stopping) {}
  ~Connection() override {
    ::shutdown(socket_, SHUT_RDWR);
    ::close(socket_);
  }

  bool is_readable() const override { return at_ < bytes_.size() || WaitFor(POLLIN); }
  bool is_writable() const override { return WaitFor(POLLOUT); }

  ssize_t read(char* to, std::size_t size) override {
    if (at_ == bytes_.size() && !Refill()) return -1;
    const std::size_t count = std::min(size, bytes_.size() - at_);
    bytes_.copy(to, count, at_);
    at_ += count;
    return static_cast<ssize_t>(count);
  }

  ssize_t write(const char* from, std::size_t size) override {
    for (std::size_t sent = 0; sent < size;) {
      if (!WaitFor(POLLOUT)) return -1;
      const ssize_t n = ::send(socket_, from + sent, size - sent, MSG_NOSIGNAL | MSG_DONTWAIT);
      if (n < 0 && errno != EAGAIN && errno != EINTR) return -1;
      if (n > 0) sent += static_cast<std::size_t>(n);
    }
    return static_cast<ssize_t>(size);
  }

  // Of the proxy in front, if of anybody: nothing here depends on it.
  void get_remote_ip_and_port(std::string& ip, int& port) const override { Unknown(ip, port); }
  void get_local_ip_and_port(std::string& ip, int& port) const override { Unknown(ip, port); }
  socket_t socket() const override { return socket_; }

 private:
  static void Unknown(std::string& ip, int& port) {
    ip.clear();
    port = 0;
  }

  bool Refill() {
    if (!WaitFor(POLLIN)) return false;
    bytes_.resize(16 * 1024);
    const ssize_t n = ::recv(socket_, bytes_.data(), bytes_.size(), 0);
    bytes_.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
    at_ = 0;
    return n > 0;
  }

  // An answer is written also while the server stops; a request is waited for no longer then.
  bool WaitFor(short event) const {
    const auto until = std::min(steady_clock::now() + kRequestPauseLimit, end_);
    while (steady_clock::now() < until && !(event == POLLIN && stopping_)) {
      pollfd polled{socket_, event, 0};
      if (::poll(&polled, 1, static_cast<int>(kStopPoll.count())) > 0) return true;
    }
    return false;
  }

  const int socket_;
  std::string bytes_;
  std::size_t at_ = 0;
  const std::atomic<bool>& stopping_;
  const steady_clock::time_point end_ = steady_clock::now() + kRequestTimeLimit;
};

// The library's server behind a reception.
class ReceivingServer final : public httplib::Server {
 public:
  ReceivingServer() {
    new_task_queue = [this] { return new Desk(*this); };
  }

 private:
  // What the library knows as its threads: it hands over each connection that it accepts, which goes on at once to
  // the reception and from there, with a request, to a thread.
  class Desk final : public httplib::TaskQueue {
   public:
    explicit Desk(ReceivingServer& server)
        : server_(server), threads_(kServerThreads), reception_([this](int socket, std::string bytes) {
            threads_.enqueue([this, socket, bytes = std::move(bytes)] { server_.Serve(socket, bytes, stopping_); });
          }) {
      server_.reception_ = &reception_;
    }
    void enqueue(std::function<void()> accepted) override { accepted(); }
    void shutdown() override {
      stopping_ = true;
      reception_.Close();
      threads_.shutdown();
      server_.reception_ = nullptr;
    }

   private:
    ReceivingServer& server_;
    std::atomic<bool> stopping_{false};
    httplib::ThreadPool threads_;
    Reception reception_;
  };

  bool process_and_close_socket(socket_t socket) override {
    reception_->Take(socket);
    return true;
  }

  void Serve(int socket, const std::string& bytes, const std::atomic<bool>& stopping) {
    Connection connection(socket, bytes, stopping);
    bool closed = false;
    process_request(connection, true, closed, nullptr);
  }

  Reception* reception_ = nullptr;  // while it listens; used by the listening thread alone
};

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

RouteAnswer HtmlAnswer(int status, std::string html) {
  return {status, "text/html; charset=utf-8", std::move(html), {}};
}

RouteAnswer SeeOther(const std::string& location) {
  const auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
  if (std::any_of(location.begin(), location.end(), control)) return ProblemAnswer(500, TitleOf(500));
  return {303, "text/plain; charset=utf-8", "", {{"Location", location}}};
}

struct HttpServer::Impl {
  const std::unique_ptr<httplib::Server> server = std::make_unique<ReceivingServer>();
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
    server->set_tcp_nodelay(true);
    // The library would set SO_REUSEPORT, and two servers would share one port in silence.
    server->set_socket_options([](socket_t socket) {
      const int yes = 1;
      setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    });
    server->set_payload_max_length(static_cast<std::size_t>(longest_body_bytes));
    server->set_default_headers({{"X-Content-Type-Options", "nosniff"}, {"Cache-Control", "no-store"}});
  }
};

HttpServer::HttpServer(std::function<Status()> ready) : impl_(std::make_unique<Impl>()) {
  impl_->ready = std::move(ready);
  impl_->SetLimits();
  auto& server = impl_->server;
  // GET never comes here: the reception answers it. The library answers HEAD by the same route.
  server->Get("/healthz",
              [](const httplib::Request&, httplib::Response& response) { response.set_content("ok\n", "text/plain"); });
  server->Get("/readyz", [this](const httplib::Request&, httplib::Response& r) { Give(impl_->Ready(), r); });
  server->set_error_handler([](const httplib::Request&, httplib::Response& response) {
    if (response.body.empty()) Give(ProblemAnswer(response.status, TitleOf(response.status)), response);
  });
  // What an exception says stays with us; the library would put it into a header.
  server->set_exception_handler([](const httplib::Request&, httplib::Response& response, std::exception_ptr) {
    Log(LogLevel::kError, "route_failed");
    Give(ProblemAnswer(500, TitleOf(500)), response);
  });
}

HttpServer::~HttpServer() = default;

void HttpServer::Get(const std::string& pattern, Route route) {
  impl_->server->Get(pattern, impl_->Guarded(std::move(route), kRequestBodyLimitBytes));
}

void HttpServer::Delete(const std::string& pattern, Route route) {
  impl_->server->Delete(pattern, impl_->Guarded(std::move(route), 0));
}

void HttpServer::Post(const std::string& pattern, Route route, std::int64_t body_limit_bytes) {
  impl_->longest_body_bytes = std::max(impl_->longest_body_bytes, body_limit_bytes);
  impl_->server->set_payload_max_length(static_cast<std::size_t>(impl_->longest_body_bytes));
  impl_->server->Post(pattern, impl_->Guarded(std::move(route), body_limit_bytes));
}

void HttpServer::Post(const std::string& pattern, Refusal refuse, Route route, std::int64_t body_limit_bytes) {
  impl_->longest_body_bytes = std::max(impl_->longest_body_bytes, body_limit_bytes);
  impl_->server->set_payload_max_length(static_cast<std::size_t>(impl_->longest_body_bytes));
  impl_->server->Post(pattern, impl_->GuardedEarly(std::move(refuse), std::move(route), body_limit_bytes));
}

Result<int> HttpServer::Bind(const std::string& address, int port) {
  const int bound =
      port == 0 ? impl_->server->bind_to_any_port(address) : (impl_->server->bind_to_port(address, port) ? port : -1);
  if (bound > 0) return bound;
  return TransientError("cannot_listen", "cannot listen on " + address + " port " + std::to_string(port) +
                                             "; is another program using it?");
}

void HttpServer::Listen() { impl_->server->listen_after_bind(); }

void HttpServer::Stop() { impl_->server->stop(); }

}  // namespace mc
