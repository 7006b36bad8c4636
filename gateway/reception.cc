#include "gateway/reception.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string_view>
#include <utility>

namespace mc {
namespace {

using std::chrono::steady_clock;

constexpr std::string_view kHealthy =
    "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 3\r\nX-Content-Type-Options: nosniff\r\n"
    "Cache-Control: no-store\r\nConnection: close\r\n\r\nok\n";
constexpr std::string_view kHeadTooLong =
    "HTTP/1.1 431 Request Header Fields Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

bool AsksForHealth(std::string_view head) {
  return head.starts_with("GET /healthz ") || head.starts_with("GET /healthz?");
}

// Short enough for the buffer of a new connection; a client that takes nothing goes without.
void AnswerAndClose(int socket, std::string_view answer) {
  (void)::send(socket, answer.data(), answer.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  ::shutdown(socket, SHUT_WR);
  ::close(socket);
}

int MillisUntil(steady_clock::time_point until) {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - steady_clock::now()).count();
  return left < 0 ? 0 : static_cast<int>(left) + 1;
}

}  // namespace

Reception::Reception(std::function<void(int, std::string)> serve, ReceptionLimits limits)
    : serve_(std::move(serve)), limits_(limits) {
  // Without it nobody is let in: no descriptors are left then, and accepting fails as well.
  if (::pipe2(bell_, O_CLOEXEC | O_NONBLOCK) == 0) thread_ = std::thread([this] { Run(); });
}

Reception::~Reception() {
  Close();
  for (const int end : bell_) {
    if (end >= 0) ::close(end);
  }
}

void Reception::Take(int socket) {
  {
    const std::lock_guard lock(mutex_);
    if (!closing_ && thread_.joinable()) {
      arrived_.push_back(socket);
      socket = -1;
    }
  }
  if (socket >= 0) ::close(socket);
  (void)!::write(bell_[1], "!", 1);
}

void Reception::Close() {
  {
    const std::lock_guard lock(mutex_);
    if (closing_) return;
    closing_ = true;
  }
  (void)!::write(bell_[1], "!", 1);
  if (thread_.joinable()) thread_.join();
}

// Whoever arrived since the last time; false when it is time to close.
bool Reception::LetIn(std::vector<Waiting>& waiting) {
  const std::lock_guard lock(mutex_);
  for (const int socket : std::exchange(arrived_, {})) {
    if (waiting.size() >= limits_.connections) {
      ::close(waiting.front().socket);
      waiting.erase(waiting.begin());
    }
    waiting.push_back({socket, steady_clock::now() + limits_.head, ""});
  }
  return !closing_;
}

// Reads what is there; false when the connection waits here no longer.
bool Reception::Hear(Waiting& who) {
  std::array<char, 4096> buffer;
  const ssize_t n = ::recv(who.socket, buffer.data(), buffer.size(), MSG_DONTWAIT);
  if (n < 0 && (errno == EAGAIN || errno == EINTR)) return true;
  if (n <= 0) {
    ::close(who.socket);
    return false;
  }
  const std::size_t seen = who.bytes.size() < 3 ? 0 : who.bytes.size() - 3;
  who.bytes.append(buffer.data(), static_cast<std::size_t>(n));
  const std::size_t end = who.bytes.find("\r\n\r\n", seen);
  if (end > kRequestHeadLimitBytes - 4 && who.bytes.size() > kRequestHeadLimitBytes) {
    AnswerAndClose(who.socket, kHeadTooLong);
    return false;
  }
  if (end == std::string::npos) return true;
  if (AsksForHealth(who.bytes)) {
    AnswerAndClose(who.socket, kHealthy);
  } else {
    serve_(who.socket, std::move(who.bytes));
  }
  return false;
}

void Reception::Run() {
  std::vector<Waiting> waiting;  // who came first stands first
  while (LetIn(waiting)) {
    std::vector<pollfd> polled = {{bell_[0], POLLIN, 0}};
    for (const Waiting& who : waiting) polled.push_back({who.socket, POLLIN, 0});
    ::poll(polled.data(), polled.size(), waiting.empty() ? -1 : MillisUntil(waiting.front().until));
    std::array<char, 64> bells;
    while (::read(bell_[0], bells.data(), bells.size()) > 0) {
    }
    std::vector<Waiting> staying;
    for (std::size_t i = 0; i < waiting.size(); ++i) {
      if (polled[i + 1].revents != 0 && !Hear(waiting[i])) continue;
      if (steady_clock::now() < waiting[i].until) {
        staying.push_back(std::move(waiting[i]));
      } else {
        ::close(waiting[i].socket);
      }
    }
    waiting = std::move(staying);
  }
  for (const Waiting& who : waiting) ::close(who.socket);
}

}  // namespace mc
