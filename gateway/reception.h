// Where a connection waits until the head of its request is here: one thread for all of them, so that whoever is
// slow or says nothing holds none of the threads that answer. GET /healthz is answered right here, whatever else is
// busy.
#pragma once

#include <cstddef>
#include <chrono>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace mc {

inline constexpr std::size_t kRequestHeadLimitBytes = 16 * 1024;  // longer: 431

struct ReceptionLimits {
  std::size_t connections = 256;         // who comes then displaces who waits longest
  std::chrono::milliseconds head{5'000};  // from accepting; later: closed without an answer
};

class Reception {
 public:
  // `serve` gets a connection whose request's head is whole, with all bytes read so far, and closes it. Called from
  // the reception's thread: it must not wait.
  explicit Reception(std::function<void(int socket, std::string bytes)> serve, ReceptionLimits limits = {});
  ~Reception();  // Close
  Reception(const Reception&) = delete;
  Reception& operator=(const Reception&) = delete;

  void Take(int socket);  // owns it from here; any thread, never waits
  void Close();           // closes all who wait; nothing is served after it

 private:
  struct Waiting {
    int socket;
    std::chrono::steady_clock::time_point until;
    std::string bytes;
  };
  void Run();
  bool LetIn(std::vector<Waiting>& waiting);
  bool Hear(Waiting& who);

  const std::function<void(int, std::string)> serve_;
  const ReceptionLimits limits_;
  std::mutex mutex_;
  std::vector<int> arrived_;  // guarded by mutex_, as is closing_
  bool closing_ = false;
  int bell_[2] = {-1, -1};  // a byte here ends the poll
  std::thread thread_;
};

}  // namespace mc
