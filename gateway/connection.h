// One connection of a client: from its bytes to requests, from answers to bytes, as far as the socket goes without
// waiting. Who calls Go on is the reception's business (gateway/reception.h); a connection is one thread's at a time.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "gateway/chunked_body.h"
#include "gateway/request_head.h"
#include "gateway/route.h"
#include "gateway/route_table.h"

namespace mc {

// Longest body of a request whose route asks for no other limit.
inline constexpr std::int64_t kRequestBodyLimitBytes = 64 * 1024;
// Bodies above it that are held in memory at once; one more is answered with 503.
inline constexpr std::size_t kLongBodiesLimit = 12;
// From the connection's begin, or from the first byte of a later request, to the end of its head.
inline constexpr std::chrono::milliseconds kRequestHeadTimeLimit{5'000};
// A body that pauses for longer, or is not whole after so long, is given up; so is an answer that is not taken.
inline constexpr std::chrono::milliseconds kRequestPauseLimit{5'000};
inline constexpr std::chrono::milliseconds kRequestTimeLimit{60'000};
// Between two requests of a connection. Longer than that of a proxy in front, so that the proxy closes first.
inline constexpr std::chrono::milliseconds kIdleLimit{75'000};
// Of one connection; the last one's answer says so.
inline constexpr std::size_t kRequestsPerConnection = 1'000;
// What a client still sends after its last answer is thrown away for so long, so that it hears the answer.
inline constexpr std::chrono::milliseconds kLingerLimit{1'000};
// For a seat among the requests that are answered at once; then 503, Retry-After: 1.
inline constexpr std::chrono::milliseconds kSeatWaitLimit{5'000};
inline constexpr std::size_t kLingerLimitBytes = 1024 * 1024;

struct ConnectionLimits {
  std::chrono::milliseconds head = kRequestHeadTimeLimit;
  std::chrono::milliseconds pause = kRequestPauseLimit;
  std::chrono::milliseconds whole = kRequestTimeLimit;
  std::chrono::milliseconds idle = kIdleLimit;
  std::chrono::milliseconds linger = kLingerLimit;
  std::chrono::milliseconds seat = kSeatWaitLimit;
  std::size_t requests = kRequestsPerConnection;
  std::size_t long_bodies = kLongBodiesLimit;
};

// Who answers. Called from several threads at once; throws nothing.
class RequestDesk {
 public:
  virtual ~RequestDesk() = default;
  // The route's entry in `entry`; or an answer, after which the connection ends if there is a body. Waits for nothing.
  virtual std::optional<RouteAnswer> Find(RouteRequest& request, const RouteEntry*& entry) = 0;
  // The body is not read. An answer, after which the connection ends if there is a body; or nothing.
  virtual std::optional<RouteAnswer> Refuse(const RouteRequest& request, const RouteEntry& entry) = 0;
  virtual RouteAnswer Answer(const RouteRequest& request, const RouteEntry& entry) = 0;
};

// How many requests may be inside routes at once, and how many stand in line for it. Safe from any thread.
class Seats {
 public:
  explicit Seats(std::size_t limit) : limit_(limit) {}
  bool Take() {
    std::size_t taken = taken_;
    while (taken < limit_) {
      if (taken_.compare_exchange_weak(taken, taken + 1)) return true;
    }
    return false;
  }
  void GiveBack() { --taken_; }

  std::atomic<std::size_t> in_line{0};  // whoever comes now stands behind them

 private:
  const std::size_t limit_;
  std::atomic<std::size_t> taken_{0};
};

// What all connections of a reception share.
struct ConnectionShared {
  RequestDesk& desk;
  ConnectionLimits limits = {};
  std::atomic<bool> closing{false};  // answers in the making are the last ones
  std::atomic<std::size_t> long_bodies{0};
  Seats seats;
};

class Connection {
 public:
  using Time = std::chrono::steady_clock::time_point;
  enum class Awaits { kBytes, kRoom, kSeat, kNothing };  // to read, to write, to be answered; nothing: it is over
  // In the order in which they are given up when there are too many.
  enum class Worth { kOver, kNew, kIdle, kBegun, kServed };

  Connection(int socket, ConnectionShared& shared);  // owns the socket, which does not block
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // As far as it goes. REQUIRES: not called after kNothing.
  Awaits GoOn();
  // After kSeat: one of the shared seats was taken for it, or none in time.
  void TakeSeat() { has_seat_ = true; }
  void RefuseSeat();
  // Of the last GoOn: how long to wait for what it awaits.
  Time until() const { return until_; }
  Worth worth() const;
  bool answering() const { return stage_ == Stage::kAnswer; }
  int socket() const { return socket_; }

 private:
  enum class Stage { kHead, kSeat, kBody, kAnswer, kLinger, kOver };
  enum class Got { kBytes, kNothing, kEnd };

  Got Receive();
  std::optional<Awaits> HearHead();
  std::optional<Awaits> BeSeated();
  std::optional<Awaits> HearBody();
  std::optional<Awaits> Send();
  std::optional<Awaits> Linger();
  void Begin(std::size_t head_size);
  bool AskForSeat();
  void GiveSeatBack();
  void AwaitBody();
  bool TakeSlot(std::int64_t most_bytes);
  void GiveSlotBack();
  ChunkedPart TakeBody();
  void Reply(RouteAnswer answer, bool last = false);
  void Refuse(int status, const char* why = "");
  void Next();
  Awaits Over();

  const int socket_;
  ConnectionShared& shared_;
  Stage stage_ = Stage::kHead;
  Time until_;
  Time since_;            // the begin of what is awaited: connection, request, end of the answer before
  std::string in_;        // bytes that nobody has taken yet
  std::size_t seen_ = 0;  // of them, looked through for the head's end
  std::size_t requests_ = 0;

  RouteRequest request_;
  const RouteEntry* entry_ = nullptr;
  bool keep_ = false;
  bool head_only_ = false;
  bool has_slot_ = false;
  bool has_seat_ = false;
  bool has_body_ = false;    // and it is not read yet
  bool was_let_in_ = false;  // by its route's refusal
  bool expects_continue_ = false;
  std::optional<ChunkedBody> chunks_;
  std::int64_t body_left_ = 0;  // of a body that is not chunked
  Time end_;                    // of the whole request

  std::string head_out_, body_out_;
  std::size_t sent_ = 0;  // of both
  bool to_linger_ = false;
  std::size_t lingered_ = 0;
};

}  // namespace mc
