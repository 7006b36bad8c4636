#include "core/zip_write.h"

#include <array>
#include <cstdint>

namespace mc {
namespace {

// APPNOTE 4.3: signatures and the fields that never change here.
constexpr std::uint32_t kLocal = 0x04034b50;
constexpr std::uint32_t kCentral = 0x02014b50;
constexpr std::uint32_t kEnd = 0x06054b50;
constexpr std::uint32_t kVersion = 20;
constexpr std::uint32_t kUtf8Names = 0x0800;
constexpr std::uint32_t kFirstZipDay = 0x0021;  // 1980-01-01
constexpr std::size_t kZipNameLimitBytes = 200;

using CrcTable = std::array<std::uint32_t, 256>;

constexpr CrcTable MakeCrcTable() {
  CrcTable table{};
  for (std::uint32_t i = 0; i < table.size(); ++i) {
    std::uint32_t value = i;
    for (int bit = 0; bit < 8; ++bit) value = (value & 1) != 0 ? (value >> 1) ^ 0xEDB88320u : value >> 1;
    table[i] = value;
  }
  return table;
}

std::uint32_t Crc32(std::string_view bytes) {
  static constexpr CrcTable kTable = MakeCrcTable();
  std::uint32_t crc = 0xFFFFFFFFu;
  for (const char c : bytes) crc = kTable[(crc ^ static_cast<std::uint8_t>(c)) & 0xFF] ^ (crc >> 8);
  return crc ^ 0xFFFFFFFFu;
}

void Put(std::string& to, std::uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) to += static_cast<char>((value >> (8 * i)) & 0xFF);
}

// What the local and the central header of an entry have in common.
std::string EntryFields(const std::string& name, const std::string& content) {
  std::string fields;
  Put(fields, kVersion, 2);
  Put(fields, kUtf8Names, 2);
  Put(fields, 0, 2);  // stored
  Put(fields, 0, 2);  // 00:00:00
  Put(fields, kFirstZipDay, 2);
  Put(fields, Crc32(content), 4);
  Put(fields, content.size(), 4);
  Put(fields, content.size(), 4);
  Put(fields, name.size(), 2);
  Put(fields, 0, 2);  // no extra field
  return fields;
}

void PutCentral(std::string& directory, const std::string& fields, const std::string& name, std::size_t offset) {
  Put(directory, kCentral, 4);
  Put(directory, kVersion, 2);
  directory += fields;
  Put(directory, 0, 2);  // no comment
  Put(directory, 0, 2);  // first and only disk
  Put(directory, 0, 2);
  Put(directory, 0, 4);
  Put(directory, offset, 4);
  directory += name;
}

void PutEnd(std::string& archive, std::size_t entries, std::size_t directory_bytes, std::size_t offset) {
  Put(archive, kEnd, 4);
  Put(archive, 0, 2);
  Put(archive, 0, 2);
  Put(archive, entries, 2);
  Put(archive, entries, 2);
  Put(archive, directory_bytes, 4);
  Put(archive, offset, 4);
  Put(archive, 0, 2);
}

Status CheckLimits(const std::map<std::string, std::string>& files) {
  std::size_t bytes = 0;
  bool names_fit = true;
  for (const auto& [name, content] : files) {
    bytes += name.size() + content.size();
    names_fit = names_fit && !name.empty() && name.size() <= kZipNameLimitBytes;
  }
  if (names_fit && files.size() <= kZipWriteEntryLimit && bytes <= kZipWriteByteLimit) return Ok();
  return DataError("zip_too_large", "the archive would hold more than " + std::to_string(kZipWriteEntryLimit) +
                                        " files or " + std::to_string(kZipWriteByteLimit) + " bytes, or a name over " +
                                        std::to_string(kZipNameLimitBytes) + " bytes");
}

}  // namespace

Result<std::string> WriteZip(const std::map<std::string, std::string>& files) {
  MC_CHECK_OK(CheckLimits(files));
  std::string archive, directory;
  for (const auto& [name, content] : files) {
    const std::string fields = EntryFields(name, content);
    PutCentral(directory, fields, name, archive.size());
    Put(archive, kLocal, 4);
    archive.append(fields).append(name).append(content);
  }
  const std::size_t offset = archive.size();
  archive += directory;
  PutEnd(archive, files.size(), directory.size(), offset);
  return archive;
}

}  // namespace mc
