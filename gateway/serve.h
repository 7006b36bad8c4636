// The HTTP server of this release: /healthz and /readyz only, nothing about a person
// before there is sign-in (cpp-httplib inside serve.cc).
//
// It listens on loopback or a private address; TLS, header limits and slow clients are the
// business of the proxy in front (blueprint section 6).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "core/result.h"

namespace mc {

enum class AddressKind { kLoopback, kPrivate, kPublic };

// kConfig "bad_address" when it is no IP address (nor "localhost").
Result<AddressKind> KindOfAddress(const std::string& address);

// kConfig "public_bind" for a public or wildcard address without `behind_proxy`.
Status CheckBind(const std::string& address, bool behind_proxy);

class HealthServer {
 public:
  // `ready` tells whether requests can be answered from the store; called under a lock,
  // from the server's threads, never twice at once.
  explicit HealthServer(std::function<Status()> ready);
  ~HealthServer();

  // Port 0: the system chooses. Returns the port. kTransient "cannot_listen".
  Result<int> Bind(const std::string& address, int port);
  // Answers until Stop(). REQUIRES: Bind succeeded.
  void Listen();
  // From any thread; Listen returns when running requests are answered.
  void Stop();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// Runs until SIGTERM or SIGINT. REQUIRES: called from the main thread, before others start.
void ListenUntilSignal(HealthServer& server);

}  // namespace mc
