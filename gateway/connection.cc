#include "gateway/connection.h"

#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string_view>
#include <utility>

#include "core/log.h"
#include "gateway/answer_head.h"

namespace mc {
namespace {

constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

Connection::Time Now() { return std::chrono::steady_clock::now(); }

bool WouldBlock() { return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR; }

}  // namespace

Connection::Connection(int socket, ConnectionShared& shared) : socket_(socket), shared_(shared), since_(Now()) {
  until_ = since_ + shared_.limits.head;
}

Connection::~Connection() {
  GiveSlotBack();
  GiveSeatBack();
  ::close(socket_);
}

Connection::Worth Connection::worth() const {
  switch (stage_) {
    case Stage::kHead: return requests_ == 0 ? Worth::kNew : in_.empty() ? Worth::kIdle : Worth::kBegun;
    case Stage::kSeat:
    case Stage::kBody:
    case Stage::kAnswer: return Worth::kServed;
    default: return Worth::kOver;
  }
}

Connection::Awaits Connection::GoOn() {
  std::optional<Awaits> awaits;
  while (!awaits) {
    switch (stage_) {
      case Stage::kHead: awaits = HearHead(); break;
      case Stage::kSeat: awaits = BeSeated(); break;
      case Stage::kBody: awaits = HearBody(); break;
      case Stage::kAnswer: awaits = Send(); break;
      case Stage::kLinger: awaits = Linger(); break;
      case Stage::kOver: awaits = Awaits::kNothing; break;
    }
  }
  return *awaits;
}

Connection::Got Connection::Receive() {
  std::array<char, 16 * 1024> buffer;
  const ssize_t n = ::recv(socket_, buffer.data(), buffer.size(), MSG_DONTWAIT);
  if (n < 0 && WouldBlock()) return Got::kNothing;
  if (n <= 0) return Got::kEnd;
  if (in_.empty() && stage_ == Stage::kHead && requests_ > 0) since_ = Now();  // a later request begins
  in_.append(buffer.data(), static_cast<std::size_t>(n));
  return Got::kBytes;
}

Connection::Awaits Connection::Over() {
  stage_ = Stage::kOver;
  return Awaits::kNothing;
}

std::optional<Connection::Awaits> Connection::HearHead() {
  if (!in_.empty()) {
    const HeadScan scan = ScanHead(in_, seen_);
    seen_ = in_.size();
    const bool too_long =
        scan.part == HeadPart::kWhole ? scan.size > kRequestHeadLimitBytes : in_.size() > kRequestHeadLimitBytes;
    if (scan.part == HeadPart::kBroken) {
      Refuse(400, "a line of the head is no lawful one");
      return std::nullopt;
    }
    if (too_long) {
      Refuse(431);
      return std::nullopt;
    }
    if (scan.part == HeadPart::kWhole) {
      Begin(scan.size);
      return std::nullopt;
    }
  }
  switch (Receive()) {
    case Got::kBytes: return std::nullopt;
    case Got::kEnd: return Over();
    case Got::kNothing: break;
  }
  until_ = since_ + (requests_ > 0 && in_.empty() ? shared_.limits.idle : shared_.limits.head);
  return Awaits::kBytes;
}

void Connection::Begin(std::size_t head_size) {
  end_ = Now() + shared_.limits.whole;
  ++requests_;
  auto head = ParseRequestHead(std::string_view(in_).substr(0, head_size));
  in_.erase(0, head_size);
  if (!head.ok()) return Refuse(head.error().status, head.error().why);
  keep_ = head->keep_alive && requests_ < shared_.limits.requests;
  to_linger_ = head->keep_alive;  // who says that it is the last request sends no more
  head_only_ = head->method == "HEAD";
  request_ = RouteRequest{
      {}, std::move(head->headers), "", std::move(head->method), std::move(head->path), std::move(head->query)};
  entry_ = nullptr;
  has_body_ = head->HasBody();
  was_let_in_ = false;
  if (auto answer = shared_.desk.Find(request_, entry_)) return Reply(std::move(*answer), has_body_);
  chunks_.reset();
  if (head->chunked) chunks_.emplace();
  body_left_ = head->content_length;
  expects_continue_ = head->expects_continue;
  until_ = std::min(Now() + shared_.limits.seat, end_);
  stage_ = Stage::kSeat;
}

bool Connection::AskForSeat() {
  if (!has_seat_ && entry_->seated) has_seat_ = shared_.seats.in_line == 0 && shared_.seats.Take();
  return has_seat_ || !entry_->seated;
}

void Connection::GiveSeatBack() {
  if (std::exchange(has_seat_, false)) shared_.seats.GiveBack();
}

void Connection::RefuseSeat() {
  Reply(BusyAnswer("too many requests at once, try again"), has_body_);
  until_ = std::min(Now() + shared_.limits.pause, end_);
}

// Where the route may refuse, before the body, and once the request is whole.
std::optional<Connection::Awaits> Connection::BeSeated() {
  const bool to_refuse = !was_let_in_ && entry_->refuse != nullptr;
  if (has_body_ && !to_refuse) {
    AwaitBody();
    return std::nullopt;
  }
  if (!AskForSeat()) return Awaits::kSeat;
  if (to_refuse) {
    was_let_in_ = true;
    if (auto answer = shared_.desk.Refuse(request_, *entry_)) Reply(std::move(*answer), has_body_);
    if (has_body_) GiveSeatBack();
  } else {
    Reply(shared_.desk.Answer(request_, *entry_));
  }
  return std::nullopt;
}

void Connection::AwaitBody() {
  const std::int64_t limit = entry_->body_limit_bytes;
  if (body_left_ > limit) return Refuse(413);
  if (!TakeSlot(chunks_ ? limit : body_left_)) {
    return Reply(BusyAnswer("too many long bodies at once, try again"), true);
  }
  stage_ = Stage::kBody;
  if (!expects_continue_ || !in_.empty()) return;
  const ssize_t n = ::send(socket_, kContinue.data(), kContinue.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  if (n != static_cast<ssize_t>(kContinue.size())) stage_ = Stage::kOver;  // it takes not even that
}

bool Connection::TakeSlot(std::int64_t most_bytes) {
  if (most_bytes <= kRequestBodyLimitBytes) return true;
  has_slot_ = shared_.long_bodies.fetch_add(1) < shared_.limits.long_bodies;
  if (!has_slot_) --shared_.long_bodies;
  return has_slot_;
}

void Connection::GiveSlotBack() {
  if (std::exchange(has_slot_, false)) --shared_.long_bodies;
}

ChunkedPart Connection::TakeBody() {
  if (chunks_) {
    std::string_view rest = in_;
    const ChunkedPart part = chunks_->Take(rest, request_.body, entry_->body_limit_bytes);
    in_.erase(0, in_.size() - rest.size());
    return part;
  }
  const std::size_t count = std::min(in_.size(), static_cast<std::size_t>(body_left_));
  request_.body.append(in_, 0, count);
  in_.erase(0, count);
  body_left_ -= static_cast<std::int64_t>(count);
  return body_left_ == 0 ? ChunkedPart::kWhole : ChunkedPart::kGoesOn;
}

std::optional<Connection::Awaits> Connection::HearBody() {
  switch (TakeBody()) {
    case ChunkedPart::kWhole:
      has_body_ = false;
      until_ = std::min(Now() + shared_.limits.seat, end_);
      stage_ = Stage::kSeat;
      return std::nullopt;
    case ChunkedPart::kBroken: Refuse(400, "the body's chunks are no lawful ones"); return std::nullopt;
    case ChunkedPart::kTooLong: Refuse(413); return std::nullopt;
    case ChunkedPart::kGoesOn: break;
  }
  if (Now() > end_) return Over();
  switch (Receive()) {
    case Got::kBytes: return std::nullopt;
    case Got::kEnd: return Over();
    case Got::kNothing: break;
  }
  until_ = std::min(Now() + shared_.limits.pause, end_);
  return Awaits::kBytes;
}

// The request is not understood, or its body not read: there is no telling where the next one would begin.
void Connection::Refuse(int status, const char* why) {
  end_ = Now() + shared_.limits.whole;
  Reply(ProblemAnswer(status, TitleOf(status), why), true);
}

void Connection::Reply(RouteAnswer answer, bool last) {
  if (!HeadersAreSound(answer)) {
    Log(LogLevel::kError, "answer_header_unsound");
    answer = ProblemAnswer(500, TitleOf(500));
  }
  to_linger_ = to_linger_ || last;
  keep_ = keep_ && !last && !shared_.closing;
  head_out_ = AnswerHead(answer, keep_);
  body_out_ = head_only_ || !HasContent(answer.status) ? std::string() : std::move(answer.body);
  sent_ = 0;
  stage_ = Stage::kAnswer;
  request_ = {};
  GiveSlotBack();
  GiveSeatBack();
}

std::optional<Connection::Awaits> Connection::Send() {
  const std::size_t all = head_out_.size() + body_out_.size();
  while (sent_ < all) {
    const std::size_t of_head = std::min(sent_, head_out_.size()), of_body = sent_ - of_head;
    iovec parts[2] = {{head_out_.data() + of_head, head_out_.size() - of_head},
                      {body_out_.data() + of_body, body_out_.size() - of_body}};
    msghdr message{};
    message.msg_iov = parts;
    message.msg_iovlen = 2;
    const ssize_t n = ::sendmsg(socket_, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (n < 0 && !WouldBlock()) return Over();
    if (n < 0) {
      until_ = std::min(Now() + shared_.limits.pause, end_);
      return Awaits::kRoom;
    }
    sent_ += static_cast<std::size_t>(n);
  }
  Next();
  // Whoever waits for an answer has sent nothing more: no use in asking the socket.
  if (stage_ != Stage::kHead || !in_.empty()) return std::nullopt;
  until_ = since_ + shared_.limits.idle;
  return Awaits::kBytes;
}

// After an answer: the next request, or the end.
void Connection::Next() {
  head_out_.clear();
  body_out_ = {};
  since_ = Now();
  seen_ = 0;
  if (keep_) {
    to_linger_ = head_only_ = false;
    stage_ = Stage::kHead;
  } else if (to_linger_) {
    ::shutdown(socket_, SHUT_WR);
    in_ = {};
    stage_ = Stage::kLinger;
  } else {
    stage_ = Stage::kOver;
  }
}

std::optional<Connection::Awaits> Connection::Linger() {
  const Got got = Receive();
  lingered_ += in_.size();
  in_.clear();
  if (got == Got::kEnd || lingered_ > kLingerLimitBytes) return Over();
  if (got == Got::kBytes) return std::nullopt;
  until_ = since_ + shared_.limits.linger;
  return Awaits::kBytes;
}

}  // namespace mc
