// Our inbox as a sender sees it: the route of the product behind a real socket, with a store
// of its own on the same database.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "gateway/inbox_http.h"
#include "gateway/serve.h"
#include "storage/store.h"

namespace mc::conformance {

struct PushReply {
  int status = 0;  // 0: no answer
  std::string head;
  std::string body;
};

struct PushRequest {
  std::string source;
  std::string key;  // Idempotency-Key
  std::string body;
  std::vector<std::string> headers;  // "Name: value"
  std::string token;
  bool cut = false;  // the sender goes away in the middle of the body
};

PushReply Push(int port, const PushRequest& request);

class PushDoor {
 public:
  PushDoor(const std::string& source, std::unique_ptr<Store> store);
  ~PushDoor();
  PushDoor(const PushDoor&) = delete;
  PushDoor& operator=(const PushDoor&) = delete;
  int port() const { return port_; }

 private:
  std::unique_ptr<Store> store_;
  InboxApi api_;
  HttpServer server_;
  int port_ = 0;
  std::thread thread_;
};

}  // namespace mc::conformance
