// What every call to a provider has in common: bounds, no redirect, JSON as answer. Pure functions; safe from any
// thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/http.h"
#include "core/json.h"

namespace mc::sso {

inline constexpr std::chrono::milliseconds kProviderConnectTimeout{3'000};
inline constexpr std::chrono::milliseconds kProviderTimeout{5'000};  // of one whole call
inline constexpr std::int64_t kAnswerLimitBytes = 256 * 1024;        // of a token or userinfo answer

HttpRequest ProviderRequest(std::string method, std::string url, std::int64_t body_limit_bytes = kAnswerLimitBytes);

// True for "application/json" with any parameters, in any letter case (RFC 9110 section 8.3.1).
bool SaysJson(const HttpResponse& response);

// The object of an answer that says it is JSON and is (sso/strict_json.h); nullopt otherwise.
std::optional<Json> AnsweredObject(const HttpResponse& response, std::int64_t limit_bytes);

// What may stand in an Authorization header (RFC 6750 section 2.1) or a code (RFC 6749 appendix A.11), spaces apart.
bool IsVisibleText(std::string_view text);

// An answer that was too long is one that cannot be read; anything else is no answer.
bool WasTooLong(const Error& error);

}  // namespace mc::sso
