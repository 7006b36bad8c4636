#include "core/durable_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <string>
#include <system_error>

namespace mc {
namespace {

bool WriteAll(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(fd, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

bool WriteSynced(const std::string& file, std::string_view bytes, unsigned mode) {
  const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
  if (fd < 0) return false;
  const bool written = WriteAll(fd, bytes) && ::fsync(fd) == 0;
  const int error = errno;
  const bool closed = ::close(fd) == 0;  // where a network file system says that it kept nothing
  if (!written) errno = error;
  return written && closed;
}

// Without it the new name may be gone after a power cut.
bool SyncFolder(const std::filesystem::path& file) {
  const std::string folder = file.has_parent_path() ? file.parent_path().string() : ".";
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return false;
  const bool synced = ::fsync(fd) == 0 || errno == EINVAL;  // a file system that cannot, has nothing to sync
  const int error = errno;
  ::close(fd);
  errno = error;
  return synced;
}

}  // namespace

Status WriteDurably(const std::filesystem::path& file, std::string_view bytes, unsigned mode) {
  const std::string part = file.string() + ".part";
  ::unlink(part.c_str());  // of somebody who was killed
  if (WriteSynced(part, bytes, mode) && std::rename(part.c_str(), file.c_str()) == 0 && SyncFolder(file)) return Ok();
  const std::string why = std::generic_category().message(errno);
  ::unlink(part.c_str());
  return TransientError("cannot_write", "cannot write " + file.string() + " (" + why +
                                            "): check the folder, its rights and the space left, then run it again");
}

}  // namespace mc
