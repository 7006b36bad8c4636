#include "gateway/disk_room.h"

#include <sys/statvfs.h>

namespace mc {

std::optional<DiskRoom> DiskRoomAt(const std::string& folder) {
  struct statvfs info{};
  if (::statvfs(folder.c_str(), &info) != 0) return std::nullopt;
  DiskRoom room;
  room.free_bytes = static_cast<std::int64_t>(info.f_bavail) * static_cast<std::int64_t>(info.f_frsize);
  if (info.f_files > 0) room.free_files = static_cast<std::int64_t>(info.f_favail);
  return room;
}

}  // namespace mc
