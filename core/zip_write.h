// Writes a ZIP archive that has exactly one byte form: what is in it decides every byte.
//
// Entries in the order of their names, stored without packing, dated 1980-01-01, without extra
// fields, comments or ZIP64. A reader that writes again what it read, and compares, therefore
// finds every byte that says nothing: trailing data, a changed date, a second list.
// Pure; safe from any thread.
#pragma once

#include <map>
#include <string>

#include "core/result.h"

namespace mc {

// Of one archive without ZIP64, with room below for the form's own maxima (65,535 and 4 GiB).
inline constexpr std::size_t kZipWriteEntryLimit = 60'000;
inline constexpr std::size_t kZipWriteByteLimit = 2'000'000'000;  // of all names and contents

// Name -> content. Names are UTF-8 of 1 to 200 bytes. kData "zip_too_large" beyond a limit.
Result<std::string> WriteZip(const std::map<std::string, std::string>& files);

}  // namespace mc
