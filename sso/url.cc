#include "sso/url.h"

#include <algorithm>

#include "sso/form.h"

namespace mc::sso {
namespace {

bool IsVisibleAscii(char c) { return c > ' ' && c < '\x7f'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

bool IsHost(std::string_view host) {
  if (host == "[::1]") return true;
  if (host.empty() || host.front() == '.' || host.front() == '-' || host.find("..") != host.npos) return false;
  return std::all_of(host.begin(), host.end(),
                     [](char c) { return (c >= 'a' && c <= 'z') || IsDigit(c) || c == '.' || c == '-'; });
}

// "host" or "host:port"; empty when it is neither.
std::string_view HostOf(std::string_view authority) {
  const auto colon = authority.rfind(':');
  if (colon == authority.npos || authority.ends_with(']')) return IsHost(authority) ? authority : "";
  const std::string_view port = authority.substr(colon + 1);
  const bool is_port = !port.empty() && port.size() <= 5 && std::all_of(port.begin(), port.end(), IsDigit);
  const std::string_view host = authority.substr(0, colon);
  return is_port && IsHost(host) ? host : "";
}

}  // namespace

std::optional<Url> ParseUrl(std::string_view text) {
  if (text.size() > kUrlLimitBytes || !std::all_of(text.begin(), text.end(), IsVisibleAscii)) return std::nullopt;
  if (text.find_first_of("\\#\"<>^`{|}") != text.npos) return std::nullopt;
  Url url;
  url.https = text.starts_with("https://");
  if (!url.https && !text.starts_with("http://")) return std::nullopt;
  const std::size_t start = url.https ? 8 : 7;
  const std::size_t end = std::min(text.find_first_of("/?", start), text.size());
  const std::string_view host = HostOf(text.substr(start, end - start));
  if (host.empty()) return std::nullopt;
  url.loopback = host == "127.0.0.1" || host == "[::1]" || host == "localhost" || host.ends_with(".localhost");
  url.has_query = text.find('?', end) != text.npos;
  url.origin = text.substr(0, end);
  return url;
}

void AppendParameter(std::string& url, std::string_view name, std::string_view value) {
  url += url.find('?') == url.npos ? '?' : '&';
  url += FormEncoded(name);
  url += '=';
  url += FormEncoded(value);
}

}  // namespace mc::sso
