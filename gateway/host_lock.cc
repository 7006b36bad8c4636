#include "gateway/host_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>

namespace mc {

Result<HostLock> HostLock::Take(const std::string& file) {
  const int fd = open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return InternalError("store_lock", "cannot create the lock file " + file);
  if (flock(fd, LOCK_EX | LOCK_NB) == 0) return HostLock(fd);
  const bool held = errno == EWOULDBLOCK;
  close(fd);
  if (held) {
    return TransientError("lease_held", "another sync of this source is running on this machine; try again later");
  }
  return InternalError("store_lock", "cannot lock " + file);
}

HostLock::~HostLock() {
  if (fd_ >= 0) close(fd_);  // the file stays: removing it would let two runs lock two files
}

}  // namespace mc
