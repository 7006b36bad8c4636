// The version of this program, as --version and /metrics show it.
#pragma once

namespace mc {

inline constexpr const char* kVersion = "0.1.0";

}  // namespace mc
