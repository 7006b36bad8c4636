// Times as manifests let requests and records write them.
//
// A format is "iso" (UTC), "iso_city" (+07:00), "epoch_seconds", "epoch_millis", or a pattern
// of yyyy MM dd HH mm ss with / - : . T or a space between, in city time. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/time.h"

namespace mc {

bool IsTimeFormat(std::string_view format);
bool IsWholeDays(std::string_view format);  // a pattern without hours

// REQUIRES IsTimeFormat(format).
std::string FormatTime(std::string_view format, Instant at);
// iso and iso_city both read any RFC 3339 instant. nullopt: not written like this.
std::optional<Instant> ReadTime(std::string_view format, std::string_view text);

}  // namespace mc
