// Loaded in front of the C library (LD_PRELOAD) into the real program: counts its calls that change files below one
// folder, and at the chosen one makes the call fail, or kills the process before it, after it, or half way through.
// It also moves the clock. The tests of tests/crash/*.mjs choose by environment:
//   MC_FAULT_UNDER  the folder; without it nothing is counted
//   MC_FAULT_CALL   open | write | sync | rename | truncate | unlink | mkdir, several with commas, or any
//   MC_FAULT_AT     the call that it meets, from 1; 0: none, only counted
//   MC_FAULT_DO     EIO | ENOSPC | EACCES | EROFS | kill_before | kill_after | kill_torn (half of a write)
//   MC_FAULT_TOLD   a file that gets "met CALL PATH" when it does so, and "counted N" when the program ends
//   MC_CLOCK_FILE   8 bytes, shared: microseconds that the wall clock is moved by, read at each look at the clock
// Not for sanitized builds, which want to be first themselves.
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

template <typename Function>
Function Real(const char* name) {
  return reinterpret_cast<Function>(::dlsym(RTLD_NEXT, name));
}

enum class Deed { kNothing, kFail, kKillBefore, kKillAfter, kKillTorn };

struct Plan {
  const char* under = std::getenv("MC_FAULT_UNDER");
  const char* calls = std::getenv("MC_FAULT_CALL");
  const char* told = std::getenv("MC_FAULT_TOLD");
  long at = std::getenv("MC_FAULT_AT") ? std::atol(std::getenv("MC_FAULT_AT")) : 0;
  Deed deed = Deed::kNothing;
  int error = 0;
  std::atomic<long> counted{0};

  Plan() {
    const char* text = std::getenv("MC_FAULT_DO");
    if (!text) return;
    const struct {
      const char* name;
      Deed deed;
      int error;
    } known[] = {{"EIO", Deed::kFail, EIO},
                 {"ENOSPC", Deed::kFail, ENOSPC},
                 {"EACCES", Deed::kFail, EACCES},
                 {"EROFS", Deed::kFail, EROFS},
                 {"kill_before", Deed::kKillBefore, 0},
                 {"kill_after", Deed::kKillAfter, 0},
                 {"kill_torn", Deed::kKillTorn, 0}};
    for (const auto& one : known) {
      if (std::strcmp(one.name, text) != 0) continue;
      deed = one.deed;
      error = one.error;
      return;
    }
    std::abort();  // a word that nobody knows would be a test that tests nothing
  }
  ~Plan() { Tell("counted", "", counted.load()); }

  void Tell(const char* what, const char* path, long number) const {
    if (!told) return;
    char line[4200];
    const int length = std::snprintf(line, sizeof line, "%s %s%s%ld\n", what, path, *path ? " " : "", number);
    const int fd = Real<int (*)(const char*, int, ...)>("open")(told, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (fd < 0) return;
    (void)!Real<ssize_t (*)(int, const void*, size_t)>("write")(fd, line, static_cast<size_t>(length));
    ::close(fd);
  }

  bool Names(const char* call) const {
    if (!calls || std::strcmp(calls, "any") == 0) return true;
    const std::size_t length = std::strlen(call);
    for (const char* at_text = calls; *at_text;) {
      const char* end = std::strchr(at_text, ',');
      const std::size_t size = end ? static_cast<std::size_t>(end - at_text) : std::strlen(at_text);
      if (size == length && std::strncmp(at_text, call, size) == 0) return true;
      at_text += size + (end ? 1 : 0);
    }
    return false;
  }
  bool Covers(const char* path) const {
    if (!under || !path) return false;
    const std::size_t length = std::strlen(under);
    return std::strncmp(path, under, length) == 0 && (path[length] == '/' || path[length] == '\0');
  }

  // What the call that is about to happen has to suffer.
  Deed Meets(const char* call, const char* path) {
    if (!Covers(path) || !Names(call)) return Deed::kNothing;
    if (++counted != at) return Deed::kNothing;
    char what[64];
    std::snprintf(what, sizeof what, "met %s", call);
    Tell(what, path, at);
    return deed;
  }
};

Plan& ThePlan() {
  static Plan plan;
  return plan;
}

[[noreturn]] void Die() {
  ::kill(::getpid(), SIGKILL);
  for (;;) ::pause();
}

struct PathOf {
  char text[4096] = {};
  explicit PathOf(int fd) {
    char link[64];
    std::snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    const ssize_t length = ::readlink(link, text, sizeof text - 1);
    text[length > 0 ? length : 0] = '\0';
  }
  explicit PathOf(const char* path) {
    if (path && *path == '/') {
      std::snprintf(text, sizeof text, "%s", path);
    } else if (path && ::getcwd(text, sizeof text / 2)) {
      const std::size_t length = std::strlen(text);
      std::snprintf(text + length, sizeof text - length, "/%s", path);
    }
  }
};

// Runs `call` under the plan; -1 and errno when it has to fail.
template <typename Call>
auto Under(const char* name, const char* path, Call&& call) -> decltype(call()) {
  const Deed deed = ThePlan().Meets(name, path);
  if (deed == Deed::kFail) {
    errno = ThePlan().error;
    return static_cast<decltype(call())>(-1);
  }
  if (deed == Deed::kKillBefore || deed == Deed::kKillTorn) Die();
  const auto result = call();
  if (deed == Deed::kKillAfter) Die();
  return result;
}

// The same of a write, of which half may be done.
template <typename Whole, typename Half>
ssize_t Write(int fd, Whole&& whole, Half&& half) {
  if (!ThePlan().under) return whole();
  const PathOf path(fd);
  const Deed deed = ThePlan().Meets("write", path.text);
  if (deed == Deed::kFail) {
    errno = ThePlan().error;
    return -1;
  }
  if (deed == Deed::kKillTorn) (void)half();
  if (deed == Deed::kKillBefore || deed == Deed::kKillTorn) Die();
  const ssize_t result = whole();
  if (deed == Deed::kKillAfter) Die();
  return result;
}

int OpenWith(const char* real, const char* path, int flags, mode_t mode) {
  const auto open_it = Real<int (*)(const char*, int, ...)>(real);
  const bool changes = (flags & (O_WRONLY | O_RDWR | O_CREAT)) != 0;
  if (!changes || !ThePlan().under) return open_it(path, flags, mode);
  return Under("open", PathOf(path).text, [&] { return open_it(path, flags, mode); });
}

FILE* FopenWith(const char* real, const char* path, const char* mode) {
  const auto open_it = Real<FILE* (*)(const char*, const char*)>(real);
  if (!ThePlan().under || std::strpbrk(mode, "wa+") == nullptr) return open_it(path, mode);
  FILE* file = nullptr;
  const int opened = Under("open", PathOf(path).text, [&] {
    file = open_it(path, mode);
    return file ? 0 : -1;
  });
  return opened == 0 ? file : nullptr;
}

std::int64_t ClockOffsetMicros() {
  static const volatile std::int64_t* const offset = []() -> const volatile std::int64_t* {
    const char* path = std::getenv("MC_CLOCK_FILE");
    const int fd = path ? Real<int (*)(const char*, int, ...)>("open")(path, O_RDONLY | O_CLOEXEC) : -1;
    if (fd < 0) return nullptr;
    void* at = ::mmap(nullptr, sizeof(std::int64_t), PROT_READ, MAP_SHARED, fd, 0);
    ::close(fd);
    return at == MAP_FAILED ? nullptr : static_cast<const volatile std::int64_t*>(at);
  }();
  return offset ? *offset : 0;
}

mode_t ModeFrom(int flags, va_list rest) {
  return (flags & O_CREAT) != 0 ? static_cast<mode_t>(va_arg(rest, unsigned int)) : 0;
}

}  // namespace

extern "C" {

#define MC_SHIM_OPEN(name)                            \
  int name(const char* path, int flags, ...) {        \
    va_list rest;                                     \
    va_start(rest, flags);                            \
    const mode_t mode = ModeFrom(flags, rest);        \
    va_end(rest);                                     \
    return OpenWith(#name, path, flags, mode);        \
  }
MC_SHIM_OPEN(open)
MC_SHIM_OPEN(open64)

FILE* fopen(const char* path, const char* mode) { return FopenWith("fopen", path, mode); }
FILE* fopen64(const char* path, const char* mode) { return FopenWith("fopen64", path, mode); }

ssize_t write(int fd, const void* bytes, size_t count) {
  const auto real = Real<ssize_t (*)(int, const void*, size_t)>("write");
  return Write(fd, [&] { return real(fd, bytes, count); }, [&] { return real(fd, bytes, count / 2); });
}

ssize_t writev(int fd, const struct iovec* parts, int count) {
  const auto real = Real<ssize_t (*)(int, const struct iovec*, int)>("writev");
  return Write(fd, [&] { return real(fd, parts, count); }, [&] { return real(fd, parts, count / 2); });
}

#define MC_SHIM_PWRITE(name, offset_type)                                                    \
  ssize_t name(int fd, const void* bytes, size_t count, offset_type offset) {                \
    const auto real = Real<ssize_t (*)(int, const void*, size_t, offset_type)>(#name);       \
    return Write(fd, [&] { return real(fd, bytes, count, offset); },                         \
                 [&] { return real(fd, bytes, count / 2, offset); });                        \
  }
MC_SHIM_PWRITE(pwrite, off_t)
MC_SHIM_PWRITE(pwrite64, off64_t)

#define MC_SHIM_FD(name, call)                                                                 \
  int name(int fd) {                                                                           \
    const auto real = Real<int (*)(int)>(#name);                                               \
    return ThePlan().under ? Under(call, PathOf(fd).text, [&] { return real(fd); }) : real(fd); \
  }
MC_SHIM_FD(fsync, "sync")
MC_SHIM_FD(fdatasync, "sync")

#define MC_SHIM_TRUNCATE(name, offset_type)                                                \
  int name(int fd, offset_type size) noexcept {                                            \
    const auto real = Real<int (*)(int, offset_type)>(#name);                              \
    if (!ThePlan().under) return real(fd, size);                                           \
    return Under("truncate", PathOf(fd).text, [&] { return real(fd, size); });             \
  }
MC_SHIM_TRUNCATE(ftruncate, off_t)
MC_SHIM_TRUNCATE(ftruncate64, off64_t)

int rename(const char* from, const char* to) noexcept {
  const auto real = Real<int (*)(const char*, const char*)>("rename");
  return Under("rename", PathOf(to).text, [&] { return real(from, to); });
}
int unlink(const char* path) noexcept {
  const auto real = Real<int (*)(const char*)>("unlink");
  return Under("unlink", PathOf(path).text, [&] { return real(path); });
}
int mkdir(const char* path, mode_t mode) noexcept {
  const auto real = Real<int (*)(const char*, mode_t)>("mkdir");
  return Under("mkdir", PathOf(path).text, [&] { return real(path, mode); });
}
int mknod(const char* path, mode_t mode, dev_t device) noexcept {
  const auto real = Real<int (*)(const char*, mode_t, dev_t)>("mknod");
  return Under("open", PathOf(path).text, [&] { return real(path, mode, device); });
}

int clock_gettime(clockid_t clock, struct timespec* now) noexcept {
  const int result = Real<int (*)(clockid_t, struct timespec*)>("clock_gettime")(clock, now);
  const std::int64_t offset = clock == CLOCK_REALTIME && result == 0 ? ClockOffsetMicros() : 0;
  if (offset == 0) return result;
  const std::int64_t micros = static_cast<std::int64_t>(now->tv_sec) * 1'000'000 + now->tv_nsec / 1000 + offset;
  now->tv_sec = static_cast<time_t>(micros / 1'000'000);
  now->tv_nsec = static_cast<long>(micros % 1'000'000 * 1000);
  return result;
}
int gettimeofday(struct timeval* __restrict now, void* __restrict) noexcept {
  struct timespec at {};
  const int result = clock_gettime(CLOCK_REALTIME, &at);
  now->tv_sec = at.tv_sec;
  now->tv_usec = at.tv_nsec / 1000;
  return result;
}
time_t time(time_t* out) noexcept {
  struct timespec at {};
  clock_gettime(CLOCK_REALTIME, &at);
  if (out) *out = at.tv_sec;
  return at.tv_sec;
}

}  // extern "C"
