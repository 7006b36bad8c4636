// Addresses of a provider and of ourselves: strict enough that two readers never see two hosts (RFC 3986; the
// host in small letters, no user, no fragment, no backslash). Pure functions; safe from any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mc::sso {

inline constexpr std::size_t kUrlLimitBytes = 2'048;

struct Url {
  bool https = false;
  bool loopback = false;  // 127.0.0.1, [::1], localhost or a name below it (RFC 6761 section 6.3)
  bool has_query = false;
  std::string origin;  // "https://host:8443", as written
};

// nullopt for anything but an absolute http or https address in visible ASCII.
std::optional<Url> ParseUrl(std::string_view text);

// `parameter=value` behind `url`, which may have a query already; both parts are escaped.
void AppendParameter(std::string& url, std::string_view name, std::string_view value);

}  // namespace mc::sso
