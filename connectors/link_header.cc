#include "connectors/link_header.h"

#include <optional>

#include "core/text.h"

namespace mc {
namespace {

// "http", "host", "80": empty host when the text is no address of ours.
struct Origin {
  std::string scheme, host, port;
  bool operator==(const Origin&) const = default;
};

Origin OriginOf(std::string_view url) {
  Origin origin;
  const std::size_t mark = url.find("://");
  if (mark == std::string_view::npos) return {};
  origin.scheme = ToLowerAscii(url.substr(0, mark));
  std::string_view place = url.substr(mark + 3);
  place = place.substr(0, place.find_first_of("/?#"));
  if (place.find_first_of("@\\ \t\r\n") != std::string_view::npos) return {};
  const std::size_t colon = place.rfind(':');
  const bool has_port = colon != std::string_view::npos && place.find(']', colon) == std::string_view::npos;
  origin.host = ToLowerAscii(place.substr(0, has_port ? colon : std::string_view::npos));
  origin.port = has_port ? std::string(place.substr(colon + 1)) : "";
  if (origin.port.empty()) origin.port = origin.scheme == "https" ? "443" : "80";
  return origin;
}

std::string Resolve(std::string_view target, std::string_view current) {
  const std::size_t scheme_end = current.find("://");
  const std::string_view scheme = current.substr(0, scheme_end);
  if (target.find("://") < target.find_first_of("/?#")) return std::string(target);
  if (target.starts_with("//")) return std::string(scheme) + ":" + std::string(target);
  const std::string_view without_query = current.substr(0, current.find_first_of("?#"));
  const std::size_t path = std::min(without_query.find('/', scheme_end + 3), without_query.size());
  if (target.starts_with('/')) return std::string(current.substr(0, path)) + std::string(target);
  if (target.empty() || target.starts_with('?')) return std::string(without_query) + std::string(target);
  const std::size_t slash = without_query.rfind('/');
  const std::size_t folder = slash < path || slash == std::string_view::npos ? path : slash;
  return std::string(current.substr(0, folder)) + "/" + std::string(target);
}

// Up to the next `stop` outside of quotes.
std::string_view TakeUntil(std::string_view& text, std::string_view stop) {
  bool quoted = false;
  std::size_t at = 0;
  for (; at < text.size(); ++at) {
    if (quoted && text[at] == '\\') {
      ++at;
    } else if (text[at] == '"') {
      quoted = !quoted;
    } else if (!quoted && stop.find(text[at]) != std::string_view::npos) {
      break;
    }
  }
  at = std::min(at, text.size());
  const std::string_view taken = text.substr(0, at);
  text.remove_prefix(at);
  return taken;
}

bool IsNextParameter(std::string_view parameter) {
  const std::size_t equals = parameter.find('=');
  if (equals == std::string_view::npos || ToLowerAscii(Trim(parameter.substr(0, equals))) != "rel") return false;
  std::string_view value = Trim(parameter.substr(equals + 1));
  if (value.size() >= 2 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
  const std::string padded = " " + ToLowerAscii(value) + " ";
  return padded.find(" next ") != std::string::npos;
}

// The target of the first link that is "next".
std::optional<std::string> Next(std::string_view header) {
  while (true) {
    const std::size_t open = header.find('<');
    const std::size_t close = open == std::string_view::npos ? open : header.find('>', open);
    if (close == std::string_view::npos) return std::nullopt;
    const std::string target(Trim(header.substr(open + 1, close - open - 1)));
    header.remove_prefix(close + 1);
    bool next = false;
    TakeUntil(header, ";,");
    while (header.starts_with(';')) {
      header.remove_prefix(1);
      next = IsNextParameter(TakeUntil(header, ";,")) || next;
    }
    if (next) return target;
  }
}

}  // namespace

bool SameOrigin(std::string_view url, std::string_view other) {
  const Origin origin = OriginOf(url);
  return !origin.host.empty() && origin == OriginOf(other);
}

Result<std::string> NextLink(std::string_view header, std::string_view current) {
  const auto target = Next(header);
  if (!target) return std::string();
  const std::string resolved = Resolve(*target, current);
  const bool plain = resolved.find_first_of(" \t\r\n") == std::string::npos;
  if (plain && SameOrigin(resolved, current)) return resolved.substr(0, resolved.find('#'));
  return ConfigError("foreign_link",
                     "the source's next link leads to another address than base_url: it is not followed");
}

}  // namespace mc
