// A file that is there whole or not at all, also after a power cut. Safe from any thread; two writers of one file at
// a time: one of them is refused.
#pragma once

#include <filesystem>
#include <string_view>

#include "core/result.h"

namespace mc {

inline constexpr unsigned kOwnerReads = 0600;
inline constexpr unsigned kAllRead = 0666;  // less what the umask takes

// Beside the file first (FILE.part), synced, renamed onto it, and its folder synced. kTransient "cannot_write": the
// file is what it was, or, where only the last step failed, what it should become; nothing is left beside it.
Status WriteDurably(const std::filesystem::path& file, std::string_view bytes, unsigned mode);

}  // namespace mc
