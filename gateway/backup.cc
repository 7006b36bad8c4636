#include "gateway/backup.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "core/durable_file.h"
#include "core/json.h"
#include "core/json_at.h"
#include "core/signature.h"
#include "storage/checkpoint.h"
#include "storage/head_signing.h"
#include "storage/proof.h"

namespace mc {
namespace {

namespace fs = std::filesystem;

constexpr const char* kBackupSchema = "minhchung/backup@1";
constexpr const char* kStoreCopy = "store.db";
constexpr const char* kBackupFile = "backup.json";
constexpr std::size_t kBackupTextLimitBytes = 64 * 1024;

Error CannotWrite(const fs::path& file) {
  return TransientError("cannot_write", "cannot write " + file.string() + ": " + std::strerror(errno) +
                                            "; make room or mend the rights of its folder, then run it again");
}

class OpenFile {
 public:
  explicit OpenFile(const fs::path& path) : fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  ~OpenFile() {
    if (fd_ >= 0) ::close(fd_);
  }
  int fd() const { return fd_; }

 private:
  const int fd_;
};

Status Sync(const fs::path& path) {
  const OpenFile file(path);
  if (file.fd() < 0 || ::fsync(file.fd()) != 0) return CannotWrite(path);
  return Ok();
}

struct FileDigest {
  Digest sha256{};
  std::int64_t bytes = 0;
};

// By mapping: a store may be larger than memory.
Result<FileDigest> DigestOf(const fs::path& path) {
  const OpenFile file(path);
  struct stat info{};
  if (file.fd() < 0 || ::fstat(file.fd(), &info) != 0 || info.st_size == 0) {
    return ConfigError("no_backup", path.string() + " cannot be read or is empty");
  }
  const auto size = static_cast<std::size_t>(info.st_size);
  void* const bytes = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.fd(), 0);
  if (bytes == MAP_FAILED) return TransientError("cannot_read", path.string() + ": " + std::strerror(errno));
  const Digest digest = Sha256(std::string_view(static_cast<const char*>(bytes), size));
  ::munmap(bytes, size);
  return FileDigest{digest, info.st_size};
}

// Takes away what was begun, unless it was finished.
class Unfinished {
 public:
  explicit Unfinished(std::vector<fs::path> paths) : paths_(std::move(paths)) {}
  Unfinished(const Unfinished&) = delete;
  Unfinished& operator=(const Unfinished&) = delete;
  ~Unfinished() {
    std::error_code ignored;
    for (const fs::path& path : paths_) fs::remove_all(path, ignored);
  }
  void Keep() { paths_.clear(); }

 private:
  std::vector<fs::path> paths_;
};

std::vector<fs::path> StoreFiles(const fs::path& store) {
  return {store, fs::path(store.string() + "-wal"), fs::path(store.string() + "-shm")};
}

Status CheckStoreIsFile(const Installation& installation) {
  if (installation.settings().StoresInFile()) return Ok();
  return ConfigError("copied_by_server",
                     "this store is a database of a server: copy it with pg_dump or "
                     "pg_basebackup (docs/operating/backup.md)");
}

// The copy is opened once, so that it is known to open with the keys at hand.
Result<LedgerHead> HeadOfCopy(const Installation& installation, const fs::path& copy) {
  MC_TRY(const auto store, installation.OpenStoreAt(copy.string()));
  return store->Head();
}

Result<BackupManifest> ReadBackup(const Installation& installation, const fs::path& folder) {
  std::ifstream in(folder / kBackupFile, std::ios::binary);
  if (!in) {
    return ConfigError("no_backup", folder.string() + " holds no finished backup: there is no " + kBackupFile);
  }
  std::string text(kBackupTextLimitBytes + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  MC_TRY(BackupManifest manifest, BackupFromText(text));
  if (manifest.origin != installation.settings().log_origin) {
    return ConfigError("other_log", "this backup is of the log " + manifest.origin + ", and the settings name " +
                                        installation.settings().log_origin + ": take its own settings and keys");
  }
  return manifest;
}

// Faults are told before the error is returned.
Status Recompute(Store& copy, const BackupManifest& manifest, const RestoreOptions& options, FsckReport& report) {
  MC_TRY(const LedgerHead head, copy.Head());
  if (head.size != manifest.head.size || head.checkpoint != manifest.head.checkpoint) {
    return ConfigError("backup_changed", "the copy does not hold the head that backup.json names");
  }
  MC_TRY(report, copy.Fsck(options.progress ? options.progress : [](std::int64_t, std::int64_t) {}));
  if (report.faults.empty()) return Ok();
  if (options.on_faults) options.on_faults(report);
  return DataError("backup_damaged", "this backup is damaged; nothing was put back. Take another one");
}

WitnessWord WordOf(const std::string& id, Witness& witness, const LedgerHead& head, const TileReader& tiles) {
  const WitnessAnswer answer = witness.Show(head, head.size, tiles);
  const bool contradicts = answer.kind == WitnessAnswer::Kind::kOtherSize || answer.kind == WitnessAnswer::Kind::kFork;
  if (answer.kind == WitnessAnswer::Kind::kCosigned) return {id, std::nullopt, false};
  return {id, WitnessError(witness, answer, head.size), contradicts};
}

Status AskWitnesses(const Installation& installation, Store& copy, bool older, std::vector<WitnessWord>& words) {
  MC_TRY(const LedgerHead head, copy.Head());
  for (const auto& [id, witness] : installation.MakeWitnesses()) {
    if (head.checkpoint.empty()) {
      words.push_back({id,
                       ConfigError("no_head",
                                   "the copy was made before the first signed head: nothing can be "
                                   "shown to a witness"),
                       false});
      continue;
    }
    words.push_back(WordOf(id, *witness, head, [&](const TileId& tile) { return copy.ReadTile(tile); }));
    if (words.back().contradicts && !older) return *words.back().error;
  }
  return Ok();
}

Status CopyFile(const fs::path& from, const fs::path& to) {
  std::error_code failed;
  fs::copy_file(from, to, failed);
  if (failed) {
    errno = failed.value();
    return CannotWrite(to);
  }
  ::chmod(to.c_str(), kOwnerReads);
  return Sync(to);
}

Status PutInPlace(const fs::path& copy, const fs::path& store) {
  if (::link(copy.c_str(), store.c_str()) != 0) {  // not a rename: it never replaces what came meanwhile
    if (errno == EEXIST) return ConfigError("store_exists", store.string() + " came into being meanwhile");
    return CannotWrite(store);
  }
  return Sync(store.parent_path().empty() ? fs::path(".") : store.parent_path());
}

Status CheckPlaceIsFree(const fs::path& store) {
  for (const fs::path& file : StoreFiles(store)) {
    std::error_code ignored;
    if (!fs::exists(fs::symlink_status(file, ignored))) continue;
    return ConfigError("store_exists", file.string() +
                                           " is there: a store is never overwritten. Put it elsewhere "
                                           "first, with its -wal file, and keep it");
  }
  return Ok();
}

// Of a restore that was killed, or of one that runs.
Status CheckNothingIsLeft(const fs::path& copy) {
  std::error_code ignored;
  if (!fs::exists(fs::symlink_status(copy, ignored))) return Ok();
  return ConfigError("restore_unfinished", copy.string() +
                                               " is left of a restore that was stopped, or another one runs: "
                                               "when none runs, remove it and run this again");
}

}  // namespace

std::string BackupText(const BackupManifest& manifest) {
  const Json json = {{"bytes", manifest.bytes},
                     {"checkpoint", manifest.head.checkpoint},
                     {"made_at", FormatInstant(manifest.made_at)},
                     {"origin", manifest.origin},
                     {"schema", kBackupSchema},
                     {"sha256", ToHex(manifest.sha256)},
                     {"size", manifest.head.size}};
  return CanonicalJson(json).value();
}

Result<BackupManifest> BackupFromText(std::string_view text) {
  const auto bad = [] {
    return ConfigError("bad_backup", "backup.json is not one of ours, or was changed: take another backup");
  };
  if (text.size() > kBackupTextLimitBytes) return bad();
  const auto json = ParseJson(text);
  if (!json.ok() || !json->is_object()) return bad();
  const JsonAt at(*json);
  const auto read = [&]() -> Result<BackupManifest> {
    BackupManifest manifest;
    MC_CHECK_OK(at.Keys({"bytes", "checkpoint", "made_at", "origin", "schema", "sha256", "size"}));
    MC_TRY(const JsonAt schema, at.Member("schema"));
    MC_CHECK_OK(schema.OneOf({kBackupSchema}));
    MC_TRY(manifest.origin, at.MemberText("origin", kBackupTextLimitBytes));
    MC_TRY(const std::string made_at, at.MemberText("made_at", kBackupTextLimitBytes));
    MC_TRY(manifest.made_at, ParseInstant(made_at));
    MC_TRY(manifest.sha256, at.MemberDigest("sha256"));
    MC_TRY(const JsonAt bytes, at.Member("bytes"));
    MC_TRY(manifest.bytes, bytes.Count(1, INT64_MAX));
    MC_TRY(const JsonAt size, at.Member("size"));
    MC_TRY(manifest.head.size, size.Count(0, INT64_MAX));
    MC_TRY(const JsonAt checkpoint, at.Member("checkpoint"));
    if (checkpoint.value() != "") {
      MC_TRY(manifest.head.checkpoint, checkpoint.Text(kBackupTextLimitBytes));
    }
    return manifest;
  };
  auto manifest = read();
  if (!manifest.ok() || BackupText(*manifest) != text) return bad();
  return manifest;
}

Result<BackupManifest> MakeBackup(const Installation& installation, const std::string& folder, const Clock& clock) {
  MC_CHECK_OK(CheckStoreIsFile(installation));
  MC_TRY(const auto store, installation.OpenExistingStore());
  if (::mkdir(folder.c_str(), 0700) != 0) {
    if (errno != EEXIST) return CannotWrite(folder);
    return ConfigError("backup_exists", folder + " is there: a backup is never overwritten; name a new folder");
  }
  Unfinished unfinished({fs::path(folder)});
  const fs::path copy = fs::path(folder) / kStoreCopy;
  BackupManifest manifest{installation.settings().log_origin, clock.Now(), {}, {}, 0};
  MC_CHECK_OK(store->CopyInto(copy.string()));
  MC_TRY(manifest.head, HeadOfCopy(installation, copy));
  MC_CHECK_OK(Sync(copy));
  MC_TRY(const FileDigest digest, DigestOf(copy));
  manifest.sha256 = digest.sha256;
  manifest.bytes = digest.bytes;
  MC_CHECK_OK(WriteDurably(fs::path(folder) / kBackupFile, BackupText(manifest), kOwnerReads));
  const fs::path parent = fs::absolute(folder).lexically_normal().parent_path();
  MC_CHECK_OK(Sync(parent));
  unfinished.Keep();
  return manifest;
}

Result<Restored> RestoreBackup(const Installation& installation, const std::string& folder,
                               const RestoreOptions& options) {
  MC_CHECK_OK(CheckStoreIsFile(installation));
  const fs::path place(installation.settings().store_path);
  MC_CHECK_OK(CheckPlaceIsFree(place));
  Restored restored;
  MC_TRY(restored.manifest, ReadBackup(installation, folder));
  const fs::path copy(place.string() + ".restoring");
  MC_CHECK_OK(CheckNothingIsLeft(copy));
  const Unfinished unfinished(StoreFiles(copy));
  MC_CHECK_OK(CopyFile(fs::path(folder) / kStoreCopy, copy));
  MC_TRY(const FileDigest digest, DigestOf(copy));
  if (digest.sha256 != restored.manifest.sha256 || digest.bytes != restored.manifest.bytes) {
    return ConfigError("backup_changed", "store.db is not the file that backup.json names: take another backup");
  }
  {
    MC_TRY(const auto store, installation.OpenStoreAt(copy.string()));
    MC_CHECK_OK(Recompute(*store, restored.manifest, options, restored.report));
    MC_CHECK_OK(AskWitnesses(installation, *store, options.older, restored.witnesses));
  }
  MC_CHECK_OK(Sync(copy));
  MC_CHECK_OK(PutInPlace(copy, place));
  return restored;
}

}  // namespace mc
