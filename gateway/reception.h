// Where connections wait: for the head of a request, for the rest of a body, for room to send an answer, and between
// two requests. Whoever waits holds none of the threads that answer: these share one list of sockets (epoll), and the
// one whose turn it is goes as far as the connection's bytes do.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <vector>

#include "gateway/connection.h"

namespace mc {

inline constexpr std::size_t kServerThreads = 16;
// How many of them may be inside registered routes at once: a request past the limit stands in line, first come first
// served and without a thread, for kSeatWaitLimit at most. The rest is room for /healthz, /readyz and refusals, none of
// which waits for anything.
inline constexpr std::size_t kBusyRoutesLimit = 12;
// Who comes then displaces who is worth least (Connection::Worth), of those who has waited longest.
inline constexpr std::size_t kConnectionsLimit = 512;
// How much later than its limit somebody who is too slow may be closed.
inline constexpr std::chrono::milliseconds kLimitGrain{100};

struct ReceptionLimits {
  std::size_t threads = kServerThreads;
  std::size_t connections = kConnectionsLimit;
  std::size_t seats = kBusyRoutesLimit;
  ConnectionLimits each = {};
};

class Reception {
 public:
  explicit Reception(RequestDesk& desk, ReceptionLimits limits = {});  // `desk` outlives it
  ~Reception();                                                        // Close
  Reception(const Reception&) = delete;
  Reception& operator=(const Reception&) = delete;

  // Owns the socket from here; any thread, never waits.
  void Take(int socket);
  // Requests that run are answered, and taken by their clients within the pause limit; whoever else waits is closed.
  void Close();

 private:
  // Who may touch a connection. Whoever waits is made kServed by the thread that its event wakes, or kGone by whoever
  // gives it up; only one of them can. Who is kInLine is whose that takes it out of the line.
  enum class Hold { kWaiting, kInLine, kServed, kGone };
  struct Guest;

  void Work();
  void Serve(Guest& guest, Hold from);
  bool Part(Guest& guest, Connection::Awaits awaits);
  void StandInLine(Guest& guest);
  Guest* NextInLine();
  Guest* LateInLine();
  void TellWhoIsLate();
  bool Wait(Guest& guest, Connection::Awaits awaits, int operation);
  void Drop(Guest& guest);
  void GiveUp(Guest& guest);
  bool MakeRoom();
  void Keep();
  void TakeLastAnswers();

  ConnectionShared shared_;
  const ReceptionLimits limits_;
  int epoll_ = -1;
  int bell_ = -1;  // readable from Close on: ends the threads
  std::mutex mutex_;
  std::unordered_map<const Guest*, std::unique_ptr<Guest>> guests_;  // guarded by mutex_, as is gone_
  std::size_t gone_ = 0;                                             // of them, given up and not dropped yet
  std::mutex line_mutex_;
  std::deque<Guest*> line_;  // for a seat; guarded by line_mutex_
  std::vector<std::thread> threads_;
};

}  // namespace mc
