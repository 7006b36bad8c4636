#include "sso/exchange.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/text.h"
#include "sso/strict_json.h"

namespace mc::sso {

HttpRequest ProviderRequest(std::string method, std::string url, std::int64_t body_limit_bytes) {
  HttpRequest request;
  request.method = std::move(method);
  request.url = std::move(url);
  request.headers = {{"Accept", "application/json"}};
  request.body_limit_bytes = body_limit_bytes;
  request.connect_timeout = kProviderConnectTimeout;
  request.total_timeout = kProviderTimeout;
  return request;
}

bool SaysJson(const HttpResponse& response) {
  const auto found = response.headers.find("content-type");
  if (found == response.headers.end()) return false;
  const std::string_view type = std::string_view(found->second).substr(0, found->second.find(';'));
  return ToLowerAscii(Trim(type)) == "application/json";
}

std::optional<Json> AnsweredObject(const HttpResponse& response, std::int64_t limit_bytes) {
  if (!SaysJson(response)) return std::nullopt;
  return StrictObject(response.body, static_cast<std::size_t>(limit_bytes));
}

bool IsVisibleText(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

bool WasTooLong(const Error& error) { return error.code == "body_too_large"; }

}  // namespace mc::sso
