// JSON from a provider: one object, bounded, every name once (RFC 8725 section 3.3; RFC 8259 section 4).
//
// Pure functions; safe from any thread.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "core/json.h"

namespace mc::sso {

inline constexpr int kProviderJsonDepthLimit = 16;  // levels, the object itself included

// The object, or nullopt: not UTF-8, a byte order mark, not JSON, not an object, a name twice in one object, more
// than `limit_bytes`, deeper than kProviderJsonDepthLimit.
std::optional<Json> StrictObject(std::string_view text, std::size_t limit_bytes);

// Members of an object. "Absent" and "there, but of the wrong kind" are two things for whoever checks.
enum class Presence { kAbsent, kWrong, kThere };
struct TextMember {
  Presence presence = Presence::kAbsent;
  std::string text;
};
// A text of 1..limit_bytes without control characters (U+0000 to U+001F, U+007F to U+009F).
TextMember TextOf(const Json& object, std::string_view name, std::size_t limit_bytes);

// Seconds since 1970 (NumericDate, RFC 7519 section 2) within 0..kNumericDateMost; a fraction is cut off.
inline constexpr std::int64_t kNumericDateMost = 253'402'300'799;  // the end of the year 9999
struct DateMember {
  Presence presence = Presence::kAbsent;
  std::int64_t seconds = 0;
};
DateMember DateOf(const Json& object, std::string_view name);

}  // namespace mc::sso
