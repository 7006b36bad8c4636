#include "core/zip.h"

#include <zip.h>

#include <algorithm>
#include <array>
#include <memory>

namespace mc {
namespace {

struct CloseArchive {
  void operator()(zip_t* archive) const { zip_discard(archive); }
};
struct CloseFile {
  void operator()(zip_file_t* file) const { zip_fclose(file); }
};
using Archive = std::unique_ptr<zip_t, CloseArchive>;
using File = std::unique_ptr<zip_file_t, CloseFile>;

constexpr std::size_t kChunkBytes = 64 * 1024;

Archive OpenArchive(std::string_view bytes) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error);
  Archive archive;
  if (source) archive.reset(zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, &error));
  if (source && !archive) zip_source_free(source);
  zip_error_fini(&error);
  return archive;
}

// What is left for one entry, and which limit ends it.
struct Room {
  std::int64_t bytes = 0;
  Error over;
};

Room RoomFor(const zip_stat_t& stat, std::int64_t unfolded, const ZipLimits& limits) {
  Room room{limits.entry_bytes, DataError("zip_entry_too_large", "an entry of the archive unfolds to more than " +
                                                                     std::to_string(limits.entry_bytes) + " bytes")};
  const auto packed = static_cast<std::int64_t>(stat.comp_size);
  const std::int64_t by_ratio = std::max(kZipRatioFloorBytes, packed * limits.ratio);
  if (by_ratio < room.bytes) {
    room = {by_ratio, DataError("zip_ratio", "an entry of the archive unfolds to more than " +
                                                 std::to_string(limits.ratio) + " times its size")};
  }
  if (limits.total_bytes - unfolded < room.bytes) {
    room = {limits.total_bytes - unfolded,
            DataError("zip_total_too_large", "the archive unfolds to more than " + std::to_string(limits.total_bytes) +
                                                 " bytes: split it")};
  }
  return room;
}

// The size that the archive states is not believed: what comes out is counted. Of a front no
// checksum is looked at.
Status Unfold(zip_t* archive, const zip_stat_t& stat, const Room& room, std::int64_t front, std::string& bytes) {
  if (stat.encryption_method != ZIP_EM_NONE) {
    return DataError("zip_encrypted", "an entry of the archive is encrypted: send it without a password");
  }
  const Error damaged = DataError("zip_damaged", "an entry of the archive is damaged or packed in an unknown way");
  const File file(zip_fopen_index(archive, stat.index, 0));
  if (!file) return damaged;
  std::array<char, kChunkBytes> chunk;
  while (true) {
    const auto wanted = front == 0 ? chunk.size() : std::min(chunk.size(), static_cast<std::size_t>(front));
    const zip_int64_t count = zip_fread(file.get(), chunk.data(), wanted);
    if (count < 0) return damaged;  // also a checksum that does not fit
    if (count == 0) return Ok();
    if (static_cast<std::int64_t>(bytes.size()) + count > room.bytes) return room.over;
    bytes.append(chunk.data(), static_cast<std::size_t>(count));
    if (front == 0 || static_cast<std::int64_t>(bytes.size()) < front) continue;
    bytes.resize(static_cast<std::size_t>(front));
    return Ok();
  }
}

std::optional<zip_stat_t> StatOf(zip_t* archive, std::int64_t index) {
  zip_stat_t stat;
  if (zip_stat_index(archive, static_cast<zip_uint64_t>(index), 0, &stat) != 0) return std::nullopt;
  return stat;
}

}  // namespace

Status ReadZip(std::string_view bytes, const ZipLimits& limits, const std::function<Status(ZipEntry)>& take) {
  const Archive archive = bytes.empty() ? nullptr : OpenArchive(bytes);  // the library takes nothing for an empty one
  if (!archive) return DataError("bad_zip", "the file is no whole ZIP archive");
  const std::int64_t count = zip_get_num_entries(archive.get(), 0);
  if (count > limits.entries) {
    return DataError("zip_too_many_entries",
                     "the archive has more than " + std::to_string(limits.entries) + " entries: split it");
  }
  std::int64_t unfolded = 0;
  for (std::int64_t index = 0; index < count; ++index) {
    const auto stat = StatOf(archive.get(), index);
    if (!stat) return DataError("bad_zip", "the list of the archive is damaged");
    ZipEntry entry{index, stat->name ? stat->name : "", {}, {}};
    if (entry.name.ends_with('/')) continue;
    const Room room = RoomFor(*stat, unfolded, limits);
    const Status status = Unfold(archive.get(), *stat, room, limits.front_bytes, entry.bytes);
    unfolded += static_cast<std::int64_t>(entry.bytes.size());
    if (!status.ok()) {
      entry.bytes.clear();
      entry.fault = status.error();
    }
    MC_CHECK_OK(take(std::move(entry)));
  }
  return Ok();
}

Result<std::string> ReadZipEntry(std::string_view bytes, std::int64_t index, const ZipLimits& limits) {
  const Archive archive = bytes.empty() ? nullptr : OpenArchive(bytes);
  const auto stat = archive ? StatOf(archive.get(), index) : std::nullopt;
  if (!stat) return DataError("bad_zip", "the file is no whole ZIP archive");
  std::string entry;
  MC_CHECK_OK(Unfold(archive.get(), *stat, RoomFor(*stat, 0, limits), limits.front_bytes, entry));
  return entry;
}

bool HasZipEntry(std::string_view bytes, const std::string& name) {
  const Archive archive = bytes.empty() ? nullptr : OpenArchive(bytes);
  return archive && zip_name_locate(archive.get(), name.c_str(), ZIP_FL_NOCASE) >= 0;
}

}  // namespace mc
