// A source on the loopback interface that answers as it is told to, byte by byte.
//
// One thread serves one connection after the other. What the handler works on belongs to
// the test between runs; Sync() orders the two.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace mc::conformance {

struct WireRequest {
  std::string method;
  std::string target;                          // path and query
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;

  std::string path() const { return target.substr(0, target.find('?')); }
  std::string Query(const std::string& name) const;  // %XX decoded; empty when absent
};

struct WireReply {
  int status = 200;
  std::string body;
  std::string content_type = "application/json; charset=utf-8";
  std::vector<std::string> headers = {};  // "Name: value"
};

// What goes wrong with one answer on its way.
enum class WireFault {
  kNone,
  kTooMany,      // 429 with Retry-After
  kUnavailable,  // 503
  kReset,        // half the body, then the connection is reset
  kCutBody,      // half the body, then the connection is closed
  kShortLength,  // Content-Length of half the body
  kCutGzip,      // a gzip stream that ends in its middle, under a right Content-Length
  kDrip,         // one byte after the other
  kHtml,         // 200 with a page for people
  kEmpty,        // 200 with nothing
  kRefused,      // 401
};
inline constexpr int kRetryAfterSeconds = 7;
const char* Name(WireFault fault);

class WireServer {
 public:
  using Handler = std::function<WireReply(const WireRequest&)>;
  // Asked before each answer: the request, and how often the same one came before.
  using Plan = std::function<WireFault(const WireRequest&, int before)>;

  explicit WireServer(Handler handler);
  ~WireServer();
  WireServer(const WireServer&) = delete;
  WireServer& operator=(const WireServer&) = delete;

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  void SetPlan(Plan plan);
  // All that the serving thread did is visible to the caller, and the other way round.
  std::vector<WireRequest> Sync();
  void ForgetRequests();
  void StopListening();  // from now on nobody answers at the address

 private:
  void Serve();
  void ServeOne(int connection);
  bool Send(int connection, const std::string& bytes) const;

  Handler handler_;
  Plan plan_;
  std::mutex mutex_;
  std::vector<WireRequest> requests_;
  std::map<std::string, int> seen_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

}  // namespace mc::conformance
