// The HTTP server: /healthz, /readyz and the routes that others register. One HTTP/1.1 of our own on a few small parts:
// request_head (what a request says), chunked_body, connection (bytes to requests and back), reception (who waits and
// who is served), route_table, answer_head and security_headers. docs/decisions/0027-http-server.md says why.
//
// It listens on loopback or a private address; TLS and bursts are the business of the proxy in front (blueprint
// section 6). No header of a request says who or where a client is, with or without `behind_proxy`: what a proxy adds
// of the kind (X-Forwarded-For, Forwarded, ...) no route gets to see.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/result.h"
#include "gateway/connection.h"
#include "gateway/listen_address.h"
#include "gateway/reception.h"
#include "gateway/route.h"

namespace mc {

// Of /readyz, which asks the store, at once; one more hears 503, Retry-After: 1.
inline constexpr std::size_t kBusyReadyLimit = 2;

class HttpServer {
 public:
  // `ready` tells whether requests can be answered from the store; called under a lock,
  // from the server's threads, never twice at once. Whoever writes to a peer that is gone hears an error from here on,
  // not SIGPIPE, in the whole process.
  explicit HttpServer(std::function<Status()> ready, ReceptionLimits limits = {});
  ~HttpServer();

  // `pattern` is a plain path, or a regular expression over the whole path (ECMAScript; gateway/route_table.h). HEAD is
  // answered by the route of GET. A path that is known with other methods alone answers 405 and Allow.
  // REQUIRES: before Listen. What a route uses outlives the server.
  void Get(const std::string& pattern, Route route);
  // A longer body is answered with 413 and does not reach the route.
  void Post(const std::string& pattern, Route route, std::int64_t body_limit_bytes = kRequestBodyLimitBytes);
  // The same, but `refuse` is asked before the body is read; its answer ends the connection.
  void Post(const std::string& pattern, Refusal refuse, Route route, std::int64_t body_limit_bytes);
  // Takes no body.
  void Delete(const std::string& pattern, Route route);

  // Method and pattern of every route, sorted.
  std::vector<std::pair<std::string, std::string>> Routes() const;

  // Port 0: the system chooses. Returns the port. kTransient "cannot_listen".
  Result<int> Bind(const std::string& address, int port);
  // Answers until Stop(). REQUIRES: Bind succeeded.
  void Listen();
  // From any thread; Listen returns when running requests are answered; those that are not whole yet are
  // given up. Before Listen: it returns at once.
  void Stop();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace mc
