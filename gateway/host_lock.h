// One run per source and machine: an advisory lock (flock) beside the store, which the
// kernel gives up when its process dies in whatever way.
//
// The lease in the store protects writes between machines. On one machine the lock stands
// in front of it, so that after a crash the next run takes its own lease again at once.
#pragma once

#include <string>
#include <utility>

#include "core/result.h"

namespace mc {

class HostLock {
 public:
  // kTransient "lease_held" while another process of this machine holds it; kInternal
  // "store_lock" when the file cannot be made.
  static Result<HostLock> Take(const std::string& file);

  HostLock(HostLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  HostLock& operator=(HostLock&&) = delete;
  ~HostLock();

 private:
  explicit HostLock(int fd) : fd_(fd) {}
  int fd_;
};

}  // namespace mc
