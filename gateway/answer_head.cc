#include "gateway/answer_head.h"

#include <algorithm>
#include <array>
#include <ctime>
#include <string_view>

#include "core/text.h"
#include "core/time.h"
#include "gateway/security_headers.h"

namespace mc {
namespace {

bool IsFieldText(std::string_view text) {
  return std::none_of(text.begin(), text.end(),
                      [](char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7F; });
}

bool IsFieldName(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || IsAsciiDigit(c) || c == '-';
  });
}

bool FramesTheMessage(std::string_view name) {
  const std::string lower = ToLowerAscii(name);
  return lower == "content-length" || lower == "transfer-encoding" || lower == "connection" || lower == "date";
}

// RFC 9110 5.6.7, of this second.
const std::string& DateText() {
  thread_local std::string text;
  thread_local std::time_t of = -1;
  const std::time_t now = SystemClock().Now().micros / 1'000'000;
  if (now == of) return text;
  static constexpr std::array kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  std::tm utc{};
  gmtime_r(&now, &utc);
  std::array<char, 64> buffer;
  const std::size_t size = std::strftime(buffer.data(), buffer.size(), "%d XXX %Y %H:%M:%S GMT", &utc);
  text = std::string(kDays[static_cast<std::size_t>(utc.tm_wday)]) + ", " + std::string(buffer.data(), size);
  text.replace(text.find("XXX"), 3, kMonths[static_cast<std::size_t>(utc.tm_mon)]);
  of = now;
  return text;
}

void AddField(std::string& head, std::string_view name, std::string_view value) {
  head.append(name).append(": ").append(value).append("\r\n");
}

}  // namespace

bool HasContent(int status) { return status != 204 && status != 304; }

bool HeadersAreSound(const RouteAnswer& answer) {
  return IsFieldText(answer.content_type) &&
         std::all_of(answer.headers.begin(), answer.headers.end(), [](const auto& header) {
           return IsFieldName(header.first) && IsFieldText(header.second) && !FramesTheMessage(header.first);
         });
}

std::string AnswerHead(const RouteAnswer& answer, bool keep_alive) {
  std::string head;
  head.reserve(640);
  head.append("HTTP/1.1 ").append(std::to_string(answer.status)).append(" ").append(TitleOf(answer.status));
  head.append("\r\n");
  AddField(head, "Date", DateText());
  if (HasContent(answer.status)) {
    if (!answer.body.empty()) AddField(head, "Content-Type", answer.content_type);
    AddField(head, "Content-Length", std::to_string(answer.body.size()));
  }
  for (const auto& [name, value] : SecurityHeadersOf(answer)) AddField(head, name, value);
  for (const auto& [name, value] : answer.headers) AddField(head, name, value);
  if (!keep_alive) AddField(head, "Connection", "close");
  return head.append("\r\n");
}

}  // namespace mc
