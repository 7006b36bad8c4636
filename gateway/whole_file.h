// Files that are there whole or not at all. Safe from any thread.
#pragma once

#include <cstdint>
#include <string>

#include "core/result.h"

namespace mc {

enum class FileReaders { kOwner, kAll };  // kOwner: what holds payloads

// As core/durable_file.h, with its error.
Status WriteWhole(const std::string& file, const std::string& bytes, FileReaders readers);

// kConfig "cannot_read", also for a file over `limit_bytes`.
Result<std::string> ReadWhole(const std::string& file, std::int64_t limit_bytes);

}  // namespace mc
