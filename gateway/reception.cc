#include "gateway/reception.h"

#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <tuple>
#include <utility>

#include "core/log.h"

namespace mc {

using std::chrono::steady_clock;

struct Reception::Guest {
  Guest(int socket, ConnectionShared& shared) : connection(socket, shared) { Note(); }

  // What others may read while it waits.
  void Note() {
    until = connection.until().time_since_epoch().count();
    worth = static_cast<int>(connection.worth());
  }

  Connection connection;
  std::mutex turn;  // held by the thread that serves, until it has let go: its event may wake the next one before that
  std::atomic<Hold> hold{Hold::kWaiting};
  std::atomic<steady_clock::rep> until{0};
  std::atomic<int> worth{0};
};

Reception::Reception(RequestDesk& desk, ReceptionLimits limits)
    : shared_{.desk = desk, .limits = limits.each, .seats = Seats(limits.seats)}, limits_(limits) {
  epoll_ = ::epoll_create1(EPOLL_CLOEXEC);
  bell_ = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.ptr = nullptr;
  // Without them nobody is let in: no descriptors are left then, and accepting fails as well.
  if (epoll_ < 0 || bell_ < 0 || ::epoll_ctl(epoll_, EPOLL_CTL_ADD, bell_, &event) != 0) return;
  for (std::size_t i = 0; i < limits_.threads; ++i) threads_.emplace_back([this] { Work(); });
  threads_.emplace_back([this] { Keep(); });
}

Reception::~Reception() {
  Close();
  for (const int one : {epoll_, bell_}) {
    if (one >= 0) ::close(one);
  }
}

void Reception::Take(int socket) {
  const std::lock_guard lock(mutex_);
  if (shared_.closing || threads_.empty() || (guests_.size() - gone_ >= limits_.connections && !MakeRoom())) {
    ::close(socket);
    return;
  }
  auto fresh = std::make_unique<Guest>(socket, shared_);
  Guest& guest = *fresh;
  guests_.emplace(&guest, std::move(fresh));
  if (!Wait(guest, Connection::Awaits::kBytes, EPOLL_CTL_ADD)) guests_.erase(&guest);
}

// Under the lock. Gives up who is worth least; false when everybody is being served.
bool Reception::MakeRoom() {
  Guest* least = nullptr;
  auto rank = [](const Guest& guest) { return std::tuple(guest.worth.load(), guest.until.load()); };
  for (const auto& [ignored, guest] : guests_) {
    if (guest->hold != Hold::kWaiting || guest->worth == static_cast<int>(Connection::Worth::kServed)) continue;
    if (least == nullptr || rank(*guest) < rank(*least)) least = guest.get();
  }
  if (least != nullptr) GiveUp(*least);
  return least != nullptr;
}

// Under the lock. A thread that its event wakes then drops it.
void Reception::GiveUp(Guest& guest) {
  Hold waiting = Hold::kWaiting;
  if (!guest.hold.compare_exchange_strong(waiting, Hold::kGone)) return;
  ++gone_;
  ::shutdown(guest.connection.socket(), SHUT_RDWR);
}

// From here on the guest is the thread's that its event wakes, which may be at once. False: the system has no room for
// one more, no event will ever come.
bool Reception::Wait(Guest& guest, Connection::Awaits awaits, int operation) {
  epoll_event event{};
  event.events = EPOLLONESHOT | (awaits == Connection::Awaits::kRoom ? EPOLLOUT : EPOLLIN);
  event.data.ptr = &guest;
  const int socket = guest.connection.socket();
  guest.Note();
  guest.hold = Hold::kWaiting;
  if (::epoll_ctl(epoll_, operation, socket, &event) == 0) return true;
  Log(LogLevel::kError, "epoll_ctl_failed");
  return false;
}

void Reception::Drop(Guest& guest) {
  std::unique_ptr<Guest> last;  // closed outside of the lock
  const std::lock_guard lock(mutex_);
  const auto at = guests_.find(&guest);
  if (guest.hold == Hold::kGone) --gone_;
  last = std::move(at->second);
  guests_.erase(at);
}

void Reception::Serve(Guest& guest, Hold from) {
  {
    const std::lock_guard turn(guest.turn);
    if (from == Hold::kInLine) guest.connection.TakeSeat();
    if (guest.hold.compare_exchange_strong(from, Hold::kServed) && Part(guest, guest.connection.GoOn())) return;
  }
  Drop(guest);
}

// From its thread to where it waits; false when it is over.
bool Reception::Part(Guest& guest, Connection::Awaits awaits) {
  if (awaits == Connection::Awaits::kNothing) return false;
  if (awaits != Connection::Awaits::kSeat) return Wait(guest, awaits, EPOLL_CTL_MOD);
  StandInLine(guest);
  return true;
}

void Reception::StandInLine(Guest& guest) {
  guest.Note();
  guest.hold = Hold::kInLine;
  const std::lock_guard lock(line_mutex_);
  line_.push_back(&guest);
  ++shared_.seats.in_line;
}

// With a seat that is taken for it. Asked after every turn, which may have given one back, and by whoever has just
// stood in line: the seats may have become free before.
Reception::Guest* Reception::NextInLine() {
  if (shared_.seats.in_line == 0 || shared_.closing) return nullptr;
  const std::lock_guard lock(line_mutex_);
  if (line_.empty() || !shared_.seats.Take()) return nullptr;
  Guest* next = line_.front();
  line_.pop_front();
  --shared_.seats.in_line;
  return next;
}

Reception::Guest* Reception::LateInLine() {
  const std::lock_guard lock(line_mutex_);
  if (line_.empty() || line_.front()->until > steady_clock::now().time_since_epoch().count()) return nullptr;
  Guest* late = line_.front();
  line_.pop_front();
  --shared_.seats.in_line;
  return late;
}

void Reception::TellWhoIsLate() {
  while (Guest* late = LateInLine()) {
    {
      const std::lock_guard turn(late->turn);
      late->connection.RefuseSeat();
      if (Wait(*late, Connection::Awaits::kRoom, EPOLL_CTL_MOD)) continue;
    }
    Drop(*late);
  }
}

void Reception::Work() {
  while (!shared_.closing) {
    epoll_event event{};
    const int n = ::epoll_wait(epoll_, &event, 1, -1);
    if (n != 1 || event.data.ptr == nullptr) continue;
    Serve(*static_cast<Guest*>(event.data.ptr), Hold::kWaiting);
    while (Guest* next = NextInLine()) Serve(*next, Hold::kInLine);
  }
}

// Gives up who is too slow.
void Reception::Keep() {
  while (!shared_.closing) {
    pollfd bell{bell_, POLLIN, 0};
    (void)::poll(&bell, 1, static_cast<int>(kLimitGrain.count()));
    TellWhoIsLate();
    const auto now = steady_clock::now().time_since_epoch().count();
    const std::lock_guard lock(mutex_);
    for (const auto& [ignored, guest] : guests_) {
      if (guest->hold == Hold::kWaiting && guest->until < now) GiveUp(*guest);
    }
  }
}

// By the one thread that is left.
void Reception::TakeLastAnswers() {
  const auto end = steady_clock::now() + limits_.each.pause;
  for (const auto& [ignored, guest] : guests_) {
    if (guest->hold == Hold::kGone) continue;
    Connection& connection = guest->connection;
    auto awaits = connection.answering() ? Connection::Awaits::kRoom : Connection::Awaits::kNothing;
    while (awaits == Connection::Awaits::kRoom) {
      const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - steady_clock::now()).count();
      pollfd room{connection.socket(), POLLOUT, 0};
      if (left <= 0 || ::poll(&room, 1, static_cast<int>(left)) <= 0) break;
      awaits = connection.GoOn();
    }
  }
}

void Reception::Close() {
  {
    const std::lock_guard lock(mutex_);
    if (shared_.closing.exchange(true)) return;
  }
  (void)!::eventfd_write(bell_, 1);
  for (std::thread& thread : threads_) thread.join();
  TakeLastAnswers();
  guests_.clear();
}

}  // namespace mc
