#include "gateway/request_head.h"

#include <algorithm>
#include <array>
#include <optional>

#include "core/hex.h"
#include "core/text.h"

namespace mc {
namespace {

using Refused = std::optional<HeadRefusal>;  // nothing: go on

constexpr HeadRefusal kBadLine{400, "a line of the head is no lawful one"};

constexpr bool IsAlnum(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

constexpr bool IsOneOf(char c, std::string_view set) { return set.find(c) != std::string_view::npos; }

template <typename Is>
constexpr std::array<bool, 256> TableOf(Is is) {
  std::array<bool, 256> table{};
  for (int c = 0; c < 256; ++c) table[static_cast<std::size_t>(c)] = is(static_cast<char>(c));
  return table;
}

// RFC 9110 5.6.2, without '_'.
constexpr auto kNameChars = TableOf([](char c) { return IsAlnum(c) || IsOneOf(c, "!#$%&'*+-.^`|~"); });
// RFC 9110 5.5: visible, blank, tab, and bytes above ASCII.
constexpr auto kValueChars =
    TableOf([](char c) { return c == '\t' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F); });
// RFC 3986 3.3.
constexpr auto kPathChars = TableOf([](char c) { return IsAlnum(c) || IsOneOf(c, "-._~!$&'()*+,;=:@/%"); });
// Browsers leave more in a query than RFC 3986 has.
constexpr auto kQueryChars = TableOf([](char c) { return c > 0x20 && c < 0x7F && c != '#'; });
constexpr auto kHostChars = TableOf([](char c) { return IsAlnum(c) || IsOneOf(c, "-.:[]"); });

bool AllOf(std::string_view text, const std::array<bool, 256>& table) {
  return std::all_of(text.begin(), text.end(), [&](char c) { return table[static_cast<unsigned char>(c)]; });
}

std::string_view WithoutBlanks(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// What stands in place of "%XY" at `at`; nothing when it is no such triplet, or hides a character that has a meaning.
std::optional<char> DecodedAt(std::string_view text, std::size_t at) {
  if (text.size() - at < 3) return std::nullopt;
  const int high = HexValue(text[at + 1]), low = HexValue(text[at + 2]);
  if (high < 0 || low < 0) return std::nullopt;
  const char c = static_cast<char>(high * 16 + low);
  if (static_cast<unsigned char>(c) < 0x20 || IsOneOf(c, "/\\%\x7F")) return std::nullopt;
  return c;
}

// A path that every reader understands alike: no empty segment but the last, no "." and "..".
bool IsCanonical(std::string_view path) {
  for (std::size_t at = 0; at < path.size();) {
    const std::size_t end = std::min(path.find('/', at + 1), path.size());
    const std::string_view segment = path.substr(at + 1, end - at - 1);
    if (segment == "." || segment == ".." || (segment.empty() && end < path.size())) return false;
    at = end;
  }
  return IsValidUtf8(path);
}

std::optional<std::string> DecodedPath(std::string_view raw) {
  if (!raw.starts_with('/') || !AllOf(raw, kPathChars)) return std::nullopt;
  std::string path;
  for (std::size_t at = 0; at < raw.size(); ++at) {
    if (raw[at] != '%') {
      path += raw[at];
      continue;
    }
    const auto c = DecodedAt(raw, at);
    if (!c) return std::nullopt;
    path += *c;
    at += 2;
  }
  return IsCanonical(path) ? std::optional(path) : std::nullopt;
}

Refused ReadTarget(std::string_view target, RequestHead& head) {
  const std::size_t mark = target.find('?');
  const std::string_view raw = target.substr(0, mark);
  if (target.size() > kRequestTargetLimitBytes || raw.size() > kRequestPathLimitBytes) {
    return HeadRefusal{414, "the address is too long"};
  }
  auto path = DecodedPath(raw);
  if (!path) return HeadRefusal{400, "ask for a plain path"};
  head.path = std::move(*path);
  if (mark == std::string_view::npos) return std::nullopt;
  const std::string_view query = target.substr(mark + 1);
  if (!AllOf(query, kQueryChars)) return HeadRefusal{400, "encode the query"};
  head.query = query;
  return std::nullopt;
}

Refused ReadVersion(std::string_view version, RequestHead& head) {
  head.keep_alive = version == "HTTP/1.1";
  if (version == "HTTP/1.1" || version == "HTTP/1.0") return std::nullopt;
  const bool other = version.size() == 8 && version.starts_with("HTTP/") && IsAsciiDigit(version[5]) &&
                     version[6] == '.' && IsAsciiDigit(version[7]);
  return other ? HeadRefusal{505, "speak HTTP/1.1"} : kBadLine;
}

Refused ReadRequestLine(std::string_view line, RequestHead& head) {
  const std::size_t first = line.find(' ');
  const std::size_t last = line.rfind(' ');
  if (first == std::string_view::npos || first == 0 || last == first) {
    return line.size() > kRequestTargetLimitBytes ? HeadRefusal{414, "the address is too long"} : kBadLine;
  }
  head.method = line.substr(0, first);
  if (!AllOf(head.method, kNameChars)) return kBadLine;
  if (auto refused = ReadVersion(line.substr(last + 1), head)) return refused;
  return ReadTarget(line.substr(first + 1, last - first - 1), head);
}

// Fields that are lists (RFC 9110 5.3) and may come in several lines.
bool IsList(std::string_view name) {
  static constexpr std::string_view kLists[] = {"accept",
                                                "accept-charset",
                                                "accept-encoding",
                                                "accept-language",
                                                "cache-control",
                                                "connection",
                                                "if-match",
                                                "if-none-match",
                                                "pragma",
                                                "te",
                                                "trailer",
                                                "upgrade",
                                                "via"};
  return std::find(std::begin(kLists), std::end(kLists), name) != std::end(kLists);
}

// Fields by which a proxy says who or where the client is, and which a client can write as well.
bool SaysWhoComes(std::string_view name) {
  return name.starts_with("x-forwarded") || name == "forwarded" || name == "x-real-ip" || name == "x-client-ip" ||
         name == "true-client-ip" || name == "x-original-url" || name == "x-rewrite-url" || name == "client-cert" ||
         name == "client-cert-chain";
}

Refused ReadField(std::string_view line, RequestHead& head) {
  if (line.size() > kHeaderLineLimitBytes) return HeadRefusal{431, "a header is too long"};
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || colon == 0) return kBadLine;
  if (!AllOf(line.substr(0, colon), kNameChars)) return HeadRefusal{400, "a header's name is no lawful one"};
  const std::string_view value = WithoutBlanks(line.substr(colon + 1));
  if (!AllOf(value, kValueChars)) return kBadLine;
  const auto [at, fresh] = head.headers.try_emplace(ToLowerAscii(line.substr(0, colon)), value);
  if (fresh) return std::nullopt;
  if (!IsList(at->first)) return HeadRefusal{400, "a header is given twice"};
  at->second.append(", ").append(value);
  return std::nullopt;
}

Refused ReadFields(std::string_view lines, RequestHead& head) {
  for (std::size_t count = 0; !lines.empty(); ++count) {
    if (count == kHeaderCountLimit) return HeadRefusal{431, "too many headers"};
    const std::size_t end = lines.find("\r\n");
    if (auto refused = ReadField(lines.substr(0, end), head)) return refused;
    lines.remove_prefix(std::min(lines.size(), end + 2));
  }
  return std::nullopt;
}

const std::string* Find(const RequestHead& head, const char* name) {
  const auto found = head.headers.find(name);
  return found == head.headers.end() ? nullptr : &found->second;
}

bool IsLength(std::string_view text) {
  static constexpr std::size_t kMostDigits = 15;
  return !text.empty() && text.size() <= kMostDigits && std::all_of(text.begin(), text.end(), IsAsciiDigit);
}

// RFC 9112 6.3.
Refused ReadFraming(RequestHead& head, bool is_1_1) {
  const std::string* coding = Find(head, "transfer-encoding");
  const std::string* length = Find(head, "content-length");
  if (coding != nullptr && (length != nullptr || !is_1_1 || ToLowerAscii(*coding) != "chunked")) {
    return HeadRefusal{400, "say in one way how long the body is"};
  }
  if (length != nullptr && !IsLength(*length)) return HeadRefusal{400, "Content-Length is a number"};
  head.chunked = coding != nullptr;
  head.content_length = length == nullptr ? 0 : std::stoll(*length);
  if (head.HasBody() && (head.method == "GET" || head.method == "HEAD" || head.method == "DELETE")) {
    return HeadRefusal{400, "this method takes no body"};
  }
  return std::nullopt;
}

bool ListHas(std::string_view list, std::string_view wanted) {
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(','), list.size());
    if (ToLowerAscii(WithoutBlanks(list.substr(0, end))) == wanted) return true;
    list.remove_prefix(std::min(list.size(), end + 1));
  }
  return false;
}

Refused ReadMeaning(RequestHead& head) {
  const bool is_1_1 = head.keep_alive;
  const std::string* host = Find(head, "host");
  if (host == nullptr ? is_1_1 : host->empty() || !AllOf(*host, kHostChars)) return HeadRefusal{400, "give one Host"};
  if (auto refused = ReadFraming(head, is_1_1)) return refused;
  if (const std::string* expected = Find(head, "expect"); expected != nullptr && is_1_1) {
    if (ToLowerAscii(*expected) != "100-continue") return HeadRefusal{417, "expect 100-continue, or nothing"};
    head.expects_continue = head.HasBody();
  }
  const std::string* coding = Find(head, "content-encoding");
  if (coding != nullptr && ToLowerAscii(*coding) != "identity") return HeadRefusal{415, "send the body uncoded"};
  const std::string* connection = Find(head, "connection");
  if (connection != nullptr && ListHas(*connection, "close")) head.keep_alive = false;
  std::erase_if(head.headers, [](const auto& field) { return SaysWhoComes(field.first); });
  return std::nullopt;
}

}  // namespace

HeadScan ScanHead(std::string_view bytes, std::size_t seen) {
  for (std::size_t at = seen; (at = bytes.find('\n', at)) != std::string_view::npos; ++at) {
    if (at < 2 || bytes[at - 1] != '\r') return {HeadPart::kBroken, 0};
    if (bytes[at - 2] == '\n') return {HeadPart::kWhole, at + 1};
  }
  return {};
}

Result<RequestHead, HeadRefusal> ParseRequestHead(std::string_view head) {
  RequestHead out;
  if (!head.ends_with("\r\n\r\n")) return kBadLine;
  head.remove_suffix(2);
  const std::size_t line_end = head.find("\r\n");
  if (auto refused = ReadRequestLine(head.substr(0, line_end), out)) return *refused;
  if (auto refused = ReadFields(head.substr(line_end + 2), out)) return *refused;
  if (auto refused = ReadMeaning(out)) return *refused;
  return out;
}

}  // namespace mc
