// How much room is left where the store lies: for alarms that come before a disk is full. Safe from any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace mc {

// Below the first a fault, below the second a warning; alerts (deploy/prometheus) name the same.
inline constexpr std::int64_t kFreeDiskFaultBytes = 1ll << 30;
inline constexpr std::int64_t kFreeDiskWarningBytes = 5ll << 30;
inline constexpr std::int64_t kFreeDiskFaultFiles = 100;
inline constexpr std::int64_t kFreeDiskWarningFiles = 1'000;

struct DiskRoom {
  std::int64_t free_bytes = 0;             // for us: what is kept for root alone is not counted
  std::optional<std::int64_t> free_files;  // inodes; none: the file system does not count them
};

// None: the folder cannot be looked at.
std::optional<DiskRoom> DiskRoomAt(const std::string& folder);

}  // namespace mc
