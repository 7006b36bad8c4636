#include "core/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <filesystem>

#include "core/digest.h"
#include "core/text.h"

namespace mc {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kIdentityDigits = 16;
constexpr std::int64_t kNanosPerSecond = 1'000'000'000;
constexpr std::int64_t kMostSeconds = INT64_MAX / kNanosPerSecond - 1;
constexpr const char* kTaken = "taken";

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const { return fd_; }

 private:
  int fd_;
};

bool StillWritten(const std::string& name) {
  static constexpr std::array<std::string_view, 4> kEndings = {".tmp", ".part", ".filepart", "~"};
  const std::string lower = ToLowerAscii(name);
  return name.starts_with('.') ||
         std::any_of(kEndings.begin(), kEndings.end(), [&](std::string_view end) { return lower.ends_with(end); });
}

// No file is put there before 1970 or after 2261: a time beyond is the nearest of these.
std::int64_t Nanos(const timespec& at) {
  return std::clamp<std::int64_t>(at.tv_sec, 0, kMostSeconds) * kNanosPerSecond + at.tv_nsec;
}

// A change of any of these is another file, or another content.
DroppedFile Described(const std::string& name, const struct stat& seen) {
  DroppedFile file{name, seen.st_size, Nanos(seen.st_mtim), ""};
  std::string text = name;
  for (const std::int64_t part :
       {static_cast<std::int64_t>(seen.st_ino), file.bytes, file.modified_ns, Nanos(seen.st_ctim)}) {
    text += "|" + std::to_string(part);
  }
  file.identity = ToHex(Sha256(text)).substr(0, kIdentityDigits);
  return file;
}

bool IsSame(int fd, const DroppedFile& file) {
  struct stat seen {};
  return ::fstat(fd, &seen) == 0 && S_ISREG(seen.st_mode) && Described(file.name, seen).identity == file.identity;
}

Error Missing(const std::string& folder) {
  return TransientError("folder_missing",
                        "the folder " + folder + " cannot be read: check that it is there and mounted");
}

}  // namespace

Result<std::vector<DroppedFile>> ListDropped(const std::string& folder) {
  std::error_code ec;
  fs::directory_iterator at(folder, ec), end;
  if (ec) return Missing(folder);
  std::vector<DroppedFile> files;
  for (; at != end; at.increment(ec)) {
    const std::string name = at->path().filename().string();
    struct stat seen {};
    if (StillWritten(name) || ::lstat(at->path().c_str(), &seen) != 0 || !S_ISREG(seen.st_mode)) continue;
    files.push_back(Described(name, seen));
  }
  if (ec) return Missing(folder);
  std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return files;
}

Result<std::string> ReadDropped(const std::string& folder, const DroppedFile& file) {
  const Error changing = TransientError("file_changing", "a file is still being written; put it in place by renaming");
  const Descriptor open(::open((fs::path(folder) / file.name).c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
  if (open.get() < 0 || !IsSame(open.get(), file)) return changing;
  std::string bytes(static_cast<std::size_t>(file.bytes), '\0');
  for (std::size_t at = 0; at < bytes.size();) {
    const ssize_t count = ::read(open.get(), bytes.data() + at, bytes.size() - at);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return changing;
    at += static_cast<std::size_t>(count);
  }
  if (!IsSame(open.get(), file)) return changing;
  return bytes;
}

Status MoveToTaken(const std::string& folder, const DroppedFile& file) {
  std::error_code ec;
  const fs::path from = fs::path(folder) / file.name, taken = fs::path(folder) / kTaken;
  struct stat seen {};
  if (::lstat(from.c_str(), &seen) != 0) return Ok();
  // Another file may have come under this name since: it was not taken.
  if (!S_ISREG(seen.st_mode) || Described(file.name, seen).identity != file.identity) return Ok();
  fs::create_directory(taken, ec);
  const fs::path to = fs::exists(taken / file.name, ec) ? taken / (file.identity + "-" + file.name) : taken / file.name;
  fs::rename(from, to, ec);
  if (!ec) return Ok();
  return InternalError("cannot_move", "a taken file cannot be moved into " + taken.string() + ": check the rights");
}

}  // namespace mc
