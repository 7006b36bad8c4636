// A layer over SQLite's own files, the default of the test program: it counts the engine's calls, makes the k-th of a
// kind fail, and knows what a power cut would leave. Every file has a durable image, what its last sync left, and the
// changes since. Cut() puts the files into one of the states that a disk may be found in: of each change since the last
// sync, each 512-byte sector is there or not; a file that was made and never synced is there or not; one that was
// deleted without a sync of its folder may have come back.
// One thread; one for the program.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace mc::test {

enum class VfsCall { kOpen, kRead, kWrite, kSync, kTruncate, kDelete, kMap, kLock };
inline constexpr int kVfsCalls = 8;

struct DiskFault {
  VfsCall call = VfsCall::kWrite;
  long at = 0;         // the at-th such call from Arm on, from 1; 0: none
  int code = 0;        // SQLITE_*
  bool stays = false;  // all later ones too, as on a full disk, until Disarm
};

class FaultVfs {
 public:
  static FaultVfs& Get();  // registered at the first call

  // No fault, no cut, no file known. REQUIRES: no file open.
  void Reset();
  void Arm(const DiskFault& fault);
  // The power goes in the at-th call that changes or syncs a file: from then on nothing works.
  void CutAt(long at);
  void Disarm();
  bool met() const { return met_; }  // since the last Arm or CutAt
  bool dark() const { return dark_; }

  // What the disk may hold after a cut now. A failed sync counts as one that wrote nothing, and its changes as lost for
  // ever, as some kernels have it. REQUIRES: no file open.
  void Cut(std::uint64_t seed);

  // --- for the layer's own functions
  // SQLITE_OK, or what the call has to return instead.
  int Meets(VfsCall call);
  void Opened(const std::string& path, bool was_there, const std::string& bytes);
  void Wrote(const std::string& path, std::int64_t offset, const void* bytes, int count);
  void Truncated(const std::string& path, std::int64_t size);
  void Synced(const std::string& path);
  void SyncFailed(const std::string& path);
  void Deleted(const std::string& path, bool folder_synced);

 private:
  struct Change {
    std::int64_t at = 0;  // offset, or the size to cut to
    std::string bytes;
    bool truncates = false;
  };
  struct File {
    bool named = false;  // its name is on the disk
    bool deleted = false;
    std::string durable;
    std::vector<Change> since;
    std::optional<std::string> ghost;  // what stood under this name before, if it may come back
  };

  static std::string Whole(const File& file);
  static void Apply(std::string& to, const Change& change);
  static void ApplySome(std::string& to, const Change& change, std::mt19937_64& random, double kept);

  std::map<std::string, File> files_;
  DiskFault fault_;
  long cut_at_ = 0;
  long counts_[kVfsCalls] = {};
  long changes_ = 0;
  bool met_ = false;
  bool dark_ = false;
};

}  // namespace mc::test
