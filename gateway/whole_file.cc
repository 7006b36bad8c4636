#include "gateway/whole_file.h"

#include <filesystem>
#include <fstream>

#include "core/durable_file.h"

namespace mc {

namespace fs = std::filesystem;

Status WriteWhole(const std::string& file, const std::string& bytes, FileReaders readers) {
  return WriteDurably(file, bytes, readers == FileReaders::kOwner ? kOwnerReads : kAllRead);
}

Result<std::string> ReadWhole(const std::string& file, std::int64_t limit_bytes) {
  std::error_code ec;
  const auto size = fs::is_regular_file(file, ec) ? fs::file_size(file, ec) : 0;
  std::ifstream in(file, std::ios::binary);
  if (!in || ec || !fs::is_regular_file(file, ec)) return ConfigError("cannot_read", "cannot read the file " + file);
  if (size > static_cast<std::uintmax_t>(limit_bytes)) {
    return ConfigError("cannot_read", file + " is over " + std::to_string(limit_bytes) + " bytes");
  }
  std::string bytes(static_cast<std::size_t>(size), '\0');
  in.read(bytes.data(), static_cast<std::streamsize>(size));
  if (in.gcount() == static_cast<std::streamsize>(size)) return bytes;
  return ConfigError("cannot_read", "cannot read the file " + file + " to its end");
}

}  // namespace mc
