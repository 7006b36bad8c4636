// The HTTP server: /healthz, /readyz and the routes that others register (cpp-httplib
// inside serve.cc). Nothing about a person before there is sign-in.
//
// It listens on loopback or a private address; TLS and bursts are the business of the proxy in front (blueprint
// section 6). Slow clients wait in a reception (gateway/reception.h) and hold no thread; each connection carries one
// request.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/result.h"

namespace mc {

enum class AddressKind { kLoopback, kPrivate, kPublic };

// kConfig "bad_address" when it is no IP address (nor "localhost").
Result<AddressKind> KindOfAddress(const std::string& address);

// kConfig "public_bind" for a public or wildcard address without `behind_proxy`.
Status CheckBind(const std::string& address, bool behind_proxy);

// Threads of the server, and how many of them may be inside registered routes at once. The
// rest is room for /readyz (/healthz needs none of them): a request past the limit gets 503, Retry-After: 1.
inline constexpr std::size_t kServerThreads = 16;
inline constexpr std::size_t kBusyRoutesLimit = 12;
// Longest body of a request whose route asks for no other limit.
inline constexpr std::int64_t kRequestBodyLimitBytes = 64 * 1024;
// A body that pauses for longer, or is not whole after so long, is given up.
inline constexpr std::chrono::seconds kRequestPauseLimit{5};
inline constexpr std::chrono::seconds kRequestTimeLimit{60};

struct RouteRequest {
  std::vector<std::string> captures;  // of the groups in the route's pattern, in order
  // Names in lower case. A request that names one twice did not come this far, where the field is no list.
  std::map<std::string, std::string> headers;
  std::string body;
  std::string method = "GET";  // or "HEAD", which the route of GET answers too, "POST", "DELETE"
  std::string path = {};       // decoded once
  std::string query = {};      // what stands behind the first '?', as it was sent
};

struct RouteAnswer {
  int status = 200;
  std::string content_type = "application/json";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;  // Set-Cookie may be here more than once
};

// Called from several of the server's threads at once; an exception is answered with 500.
using Route = std::function<RouteAnswer(const RouteRequest&)>;

// Called like a route, with a request whose body was not read; nothing: go on.
using Refusal = std::function<std::optional<RouteAnswer>(const RouteRequest&)>;

// A problem document (RFC 9457); `detail` is for the client: no secret, no payload.
RouteAnswer ProblemAnswer(int status, const std::string& title, const std::string& detail = "");
// A page. What it takes from anybody is escaped already.
RouteAnswer HtmlAnswer(int status, std::string html);
// 303: the browser goes on with GET, whatever it came with. `location`: a path of ours or an address of a provider,
// chosen by us; one with a control character is answered with 500.
RouteAnswer SeeOther(const std::string& location);

class HttpServer {
 public:
  // `ready` tells whether requests can be answered from the store; called under a lock,
  // from the server's threads, never twice at once.
  explicit HttpServer(std::function<Status()> ready);
  ~HttpServer();

  // `pattern` is a regular expression over the whole path (ECMAScript).
  // REQUIRES: before Listen. What a route uses outlives the server.
  void Get(const std::string& pattern, Route route);
  // A longer body is answered with 413 and does not reach the route.
  void Post(const std::string& pattern, Route route, std::int64_t body_limit_bytes = kRequestBodyLimitBytes);
  // The same, but `refuse` is asked before the body is read; its answer ends the connection.
  void Post(const std::string& pattern, Refusal refuse, Route route, std::int64_t body_limit_bytes);
  // Takes no body.
  void Delete(const std::string& pattern, Route route);

  // Port 0: the system chooses. Returns the port. kTransient "cannot_listen".
  Result<int> Bind(const std::string& address, int port);
  // Answers until Stop(). REQUIRES: Bind succeeded.
  void Listen();
  // From any thread; Listen returns when running requests are answered; those that are not whole yet are
  // given up. Before Listen it has no effect: ask again.
  void Stop();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace mc
