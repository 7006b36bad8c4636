#include "tests/crash/fault_vfs.h"

#include <sqlite3.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace mc::test {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kSectorBytes = 512;
constexpr const char* kVfsName = "mc_fault";

sqlite3_vfs* Unix() { return sqlite3_vfs_find("unix"); }

std::string BytesOfFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// What SQLite holds for an open file: ours, with the file of the layer below behind it.
struct FaultFile {
  sqlite3_file base;
  const char* path;  // SQLite keeps it as long as the file is open; null: a file without a name, which nobody finds
  sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

FaultFile& Ours(sqlite3_file* file) { return *reinterpret_cast<FaultFile*>(file); }
sqlite3_file* Real(sqlite3_file* file) { return Ours(file).real(); }

int Close(sqlite3_file* file) { return Real(file)->pMethods->xClose(Real(file)); }

int Read(sqlite3_file* file, void* to, int count, sqlite3_int64 offset) {
  if (const int code = FaultVfs::Get().Meets(VfsCall::kRead)) return code;
  return Real(file)->pMethods->xRead(Real(file), to, count, offset);
}

int Write(sqlite3_file* file, const void* bytes, int count, sqlite3_int64 offset) {
  FaultVfs& vfs = FaultVfs::Get();
  const bool light = !vfs.dark();
  const int code = vfs.Meets(VfsCall::kWrite);
  // In the call in which the power goes, the write is under way.
  if (Ours(file).path && light && (code == SQLITE_OK || vfs.dark())) vfs.Wrote(Ours(file).path, offset, bytes, count);
  return code ? code : Real(file)->pMethods->xWrite(Real(file), bytes, count, offset);
}

int Truncate(sqlite3_file* file, sqlite3_int64 size) {
  FaultVfs& vfs = FaultVfs::Get();
  const bool light = !vfs.dark();
  const int code = vfs.Meets(VfsCall::kTruncate);
  if (Ours(file).path && light && (code == SQLITE_OK || vfs.dark())) vfs.Truncated(Ours(file).path, size);
  return code ? code : Real(file)->pMethods->xTruncate(Real(file), size);
}

int Sync(sqlite3_file* file, int) {
  FaultVfs& vfs = FaultVfs::Get();
  const bool light = !vfs.dark();
  const int code = vfs.Meets(VfsCall::kSync);
  if (Ours(file).path && code == SQLITE_OK) vfs.Synced(Ours(file).path);
  if (Ours(file).path && code != SQLITE_OK && light && !vfs.dark()) vfs.SyncFailed(Ours(file).path);
  return code;  // the machine under the test keeps its power
}

int FileSize(sqlite3_file* file, sqlite3_int64* size) { return Real(file)->pMethods->xFileSize(Real(file), size); }

int Lock(sqlite3_file* file, int kind) {
  if (const int code = FaultVfs::Get().Meets(VfsCall::kLock)) return code;
  return Real(file)->pMethods->xLock(Real(file), kind);
}

int Unlock(sqlite3_file* file, int kind) { return Real(file)->pMethods->xUnlock(Real(file), kind); }
int CheckReserved(sqlite3_file* file, int* out) { return Real(file)->pMethods->xCheckReservedLock(Real(file), out); }
int FileControl(sqlite3_file* file, int op, void* arg) { return Real(file)->pMethods->xFileControl(Real(file), op, arg); }
int SectorSize(sqlite3_file* file) { return Real(file)->pMethods->xSectorSize(Real(file)); }
int Traits(sqlite3_file* file) { return Real(file)->pMethods->xDeviceCharacteristics(Real(file)); }

int ShmMap(sqlite3_file* file, int page, int size, int extend, void volatile** at) {
  if (const int code = FaultVfs::Get().Meets(VfsCall::kMap)) return code;
  return Real(file)->pMethods->xShmMap(Real(file), page, size, extend, at);
}

int ShmLock(sqlite3_file* file, int offset, int count, int flags) {
  const bool takes = (flags & SQLITE_SHM_LOCK) != 0;
  if (const int code = takes ? FaultVfs::Get().Meets(VfsCall::kLock) : SQLITE_OK) return code;
  return Real(file)->pMethods->xShmLock(Real(file), offset, count, flags);
}

void ShmBarrier(sqlite3_file* file) { Real(file)->pMethods->xShmBarrier(Real(file)); }
int ShmUnmap(sqlite3_file* file, int remove) { return Real(file)->pMethods->xShmUnmap(Real(file), remove); }

// Version 2: with shared memory, without mapping the file itself, which would pass by Read and Write.
const sqlite3_io_methods kMethods = {2,        Close,        Read,       Write,     Truncate,   Sync,     FileSize,
                                     Lock,     Unlock,       CheckReserved, FileControl, SectorSize, Traits, ShmMap,
                                     ShmLock,  ShmBarrier,   ShmUnmap,   nullptr,   nullptr};

int Open(sqlite3_vfs*, const char* path, sqlite3_file* file, int flags, int* out_flags) {
  FaultVfs& vfs = FaultVfs::Get();
  FaultFile& ours = Ours(file);
  ours.base.pMethods = nullptr;
  ours.path = (flags & SQLITE_OPEN_DELETEONCLOSE) != 0 ? nullptr : path;
  if (const int code = vfs.Meets(VfsCall::kOpen)) return code;
  const bool was_there = path && fs::exists(path);
  const std::string bytes = was_there ? BytesOfFile(path) : "";
  const int opened = Unix()->xOpen(Unix(), path, ours.real(), flags, out_flags);
  if (opened != SQLITE_OK) return opened;
  ours.base.pMethods = &kMethods;
  if (ours.path) vfs.Opened(ours.path, was_there, bytes);
  return SQLITE_OK;
}

int Delete(sqlite3_vfs*, const char* path, int sync_folder) {
  FaultVfs& vfs = FaultVfs::Get();
  const bool light = !vfs.dark();
  const int code = vfs.Meets(VfsCall::kDelete);
  if (code == SQLITE_OK) vfs.Deleted(path, sync_folder != 0);
  if (code != SQLITE_OK && light && vfs.dark()) vfs.Deleted(path, false);
  return code ? code : Unix()->xDelete(Unix(), path, sync_folder);
}

int Access(sqlite3_vfs*, const char* path, int flags, int* out) { return Unix()->xAccess(Unix(), path, flags, out); }
int FullPath(sqlite3_vfs*, const char* path, int size, char* out) {
  return Unix()->xFullPathname(Unix(), path, size, out);
}

sqlite3_vfs* MakeVfs() {
  static sqlite3_vfs vfs = *Unix();
  vfs.iVersion = 2;
  vfs.szOsFile = static_cast<int>(sizeof(FaultFile)) + Unix()->szOsFile;
  vfs.pNext = nullptr;
  vfs.zName = kVfsName;
  vfs.xOpen = Open;
  vfs.xDelete = Delete;
  vfs.xAccess = Access;
  vfs.xFullPathname = FullPath;
  return &vfs;
}

int CodeInTheDark(VfsCall call) {
  switch (call) {
    case VfsCall::kOpen: return SQLITE_CANTOPEN;
    case VfsCall::kRead: return SQLITE_IOERR_READ;
    case VfsCall::kWrite: return SQLITE_IOERR_WRITE;
    case VfsCall::kSync: return SQLITE_IOERR_FSYNC;
    case VfsCall::kTruncate: return SQLITE_IOERR_TRUNCATE;
    case VfsCall::kDelete: return SQLITE_IOERR_DELETE;
    case VfsCall::kMap: return SQLITE_IOERR_SHMMAP;
    case VfsCall::kLock: return SQLITE_IOERR_LOCK;
  }
  return SQLITE_IOERR;
}

bool Changes(VfsCall call) {
  return call == VfsCall::kWrite || call == VfsCall::kSync || call == VfsCall::kTruncate || call == VfsCall::kDelete;
}

}  // namespace

FaultVfs& FaultVfs::Get() {
  static FaultVfs* const vfs = [] {
    auto* made = new FaultVfs;  // lives as long as SQLite, which is for ever
    static sqlite3_vfs* const layer = MakeVfs();
    if (sqlite3_vfs_register(layer, 1) != SQLITE_OK) std::abort();
    return made;
  }();
  return *vfs;
}

void FaultVfs::Reset() {
  Disarm();
  dark_ = false;
  files_.clear();
}

void FaultVfs::Arm(const DiskFault& fault) {
  Disarm();
  fault_ = fault;
}

void FaultVfs::CutAt(long at) {
  Disarm();
  cut_at_ = at;
}

void FaultVfs::Disarm() {
  fault_ = {};
  cut_at_ = 0;
  changes_ = 0;
  met_ = false;
  std::fill(std::begin(counts_), std::end(counts_), 0);
}

int FaultVfs::Meets(VfsCall call) {
  if (dark_) return CodeInTheDark(call);
  const long count = ++counts_[static_cast<int>(call)];
  if (Changes(call) && ++changes_ == cut_at_) {
    met_ = dark_ = true;
    return CodeInTheDark(call);
  }
  if (fault_.at == 0 || fault_.call != call) return SQLITE_OK;
  if (fault_.stays ? count < fault_.at : count != fault_.at) return SQLITE_OK;
  met_ = true;
  return fault_.code;
}

void FaultVfs::Opened(const std::string& path, bool was_there, const std::string& bytes) {
  const auto [found, fresh] = files_.try_emplace(path);
  File& file = found->second;
  if (fresh) {
    file.named = was_there;
    file.durable = bytes;
  } else if (file.deleted) {  // another file under the name of one that may come back
    file = {false, false, "", {}, file.ghost};
  }
}

void FaultVfs::Wrote(const std::string& path, std::int64_t offset, const void* bytes, int count) {
  files_[path].since.push_back({offset, {static_cast<const char*>(bytes), static_cast<std::size_t>(count)}, false});
}

void FaultVfs::Truncated(const std::string& path, std::int64_t size) { files_[path].since.push_back({size, "", true}); }

void FaultVfs::Synced(const std::string& path) {
  File& file = files_[path];
  file.durable = Whole(file);
  file.since.clear();
  if (file.named) return;
  // The first sync of a new file syncs its folder too (SQLite's unix layer, of journals and logs), and with it every
  // name that came or went there.
  for (auto& [ignored, other] : files_) {
    other.ghost.reset();
    other.named = !other.deleted;
  }
}

void FaultVfs::SyncFailed(const std::string& path) { files_[path].since.clear(); }

void FaultVfs::Deleted(const std::string& path, bool folder_synced) {
  const auto found = files_.find(path);
  if (found == files_.end()) return;
  File& file = found->second;
  std::optional<std::string> ghost = file.ghost;
  if (file.named) ghost = file.durable;
  file = {false, true, "", {}, folder_synced ? std::nullopt : ghost};
}

std::string FaultVfs::Whole(const File& file) {
  std::string bytes = file.durable;
  for (const Change& change : file.since) Apply(bytes, change);
  return bytes;
}

void FaultVfs::Apply(std::string& to, const Change& change) {
  const auto at = static_cast<std::size_t>(change.at);
  if (change.truncates) {
    to.resize(at, '\0');
    return;
  }
  if (to.size() < at + change.bytes.size()) to.resize(at + change.bytes.size(), '\0');
  to.replace(at, change.bytes.size(), change.bytes);
}

void FaultVfs::ApplySome(std::string& to, const Change& change, std::mt19937_64& random, double kept) {
  std::bernoulli_distribution keep(kept);
  if (change.truncates) {
    if (keep(random)) Apply(to, change);
    return;
  }
  const auto from = static_cast<std::size_t>(change.at);
  for (std::size_t at = 0; at < change.bytes.size();) {
    const std::size_t size = std::min(kSectorBytes - (from + at) % kSectorBytes, change.bytes.size() - at);
    if (keep(random)) Apply(to, {static_cast<std::int64_t>(from + at), change.bytes.substr(at, size), false});
    at += size;
  }
}

void FaultVfs::Cut(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  constexpr double kShares[] = {0.0, 0.3, 0.7, 0.97, 1.0};
  for (auto& [path, file] : files_) {
    const double kept = kShares[random() % std::size(kShares)];
    std::optional<std::string> found;
    if (file.named || (!file.deleted && random() % 2 == 0)) {
      found = file.durable;
      for (const Change& change : file.since) ApplySome(*found, change, random, kept);
    } else if (file.ghost && random() % 2 == 0) {
      found = file.ghost;
    }
    std::error_code ignored;
    fs::remove(path, ignored);
    if (found) std::ofstream(path, std::ios::binary) << *found;
    // What shared memory held is worth nothing now, and may be found.
    const std::string shared = path + "-shm";
    if (fs::exists(shared, ignored)) {
      std::string noise(32 * 1024, '\0');
      for (char& byte : noise) byte = static_cast<char>(random());
      std::ofstream(shared, std::ios::binary) << noise;
    }
  }
  files_.clear();
  dark_ = false;
  Disarm();
}

}  // namespace mc::test
