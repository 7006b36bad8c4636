// Reads a ZIP archive held in memory, one level deep (libzip inside zip.cc).
//
// Archives come from outside: entries are counted and measured while they unfold, names are
// never used as paths, and an entry that cannot be read does not hide the others.
// Pure; safe from any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"

namespace mc {

struct ZipLimits {
  std::int64_t entries = 1'000;
  std::int64_t entry_bytes = 64ll * 1024 * 1024;   // of one entry, unfolded
  std::int64_t total_bytes = 256ll * 1024 * 1024;  // of all, unfolded
  std::int64_t ratio = 200;                        // unfolded to packed, of one entry over kRatioFloorBytes
  std::int64_t front_bytes = 0;                    // not 0: of each entry no more than this is unfolded and handed over
};

// Small entries of one repeated letter are no bombs.
inline constexpr std::int64_t kZipRatioFloorBytes = 1024 * 1024;

struct ZipEntry {
  std::int64_t index = 0;
  std::string name;             // as the archive has it; for its ending, never as a path
  std::string bytes;            // unfolded; empty with `fault`
  std::optional<Error> fault;   // kData "zip_encrypted", "zip_entry_too_large", "zip_ratio", "zip_damaged",
                                // "zip_total_too_large" (of this and every later entry)
};

// Hands every file of the archive to `take`, in its order; folders are left out. An error of
// `take` ends the reading and is returned. kData "bad_zip" (no archive, or cut),
// "zip_too_many_entries": nothing was handed over.
Status ReadZip(std::string_view archive, const ZipLimits& limits, const std::function<Status(ZipEntry)>& take);

// The whole of one entry. kData as above.
Result<std::string> ReadZipEntry(std::string_view archive, std::int64_t index, const ZipLimits& limits);
// Whether the archive lists an entry of this name, whatever its case. False for what is no archive.
bool HasZipEntry(std::string_view archive, const std::string& name);

}  // namespace mc
