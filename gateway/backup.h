// A copy of a whole store in a folder of its own, and a store made of such a copy (docs/formats/backup.md).
// SQLite's files only: a server's database is copied by its own tools (docs/operating/backup.md).
//
// One thread; other processes may go on writing into the store that is copied.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/digest.h"
#include "core/result.h"
#include "core/time.h"
#include "gateway/installation.h"
#include "storage/store.h"

namespace mc {

struct BackupManifest {
  std::string origin;
  Instant made_at;
  LedgerHead head;  // the last one that was signed before the copy
  Digest sha256{};
  std::int64_t bytes = 0;
};

std::string BackupText(const BackupManifest& manifest);        // canonical JSON
Result<BackupManifest> BackupFromText(std::string_view text);  // strict inverse; kConfig "bad_backup"

// Into `folder`, which must not exist: kConfig "backup_exists". On the disk when it returns; after an error nothing is
// left of it. kConfig "no_store", "copied_by_server" for a store that is no file; kTransient "cannot_write".
Result<BackupManifest> MakeBackup(const Installation& installation, const std::string& folder, const Clock& clock);

// What a witness says of the head that is put back.
struct WitnessWord {
  std::string id;              // in the settings
  std::optional<Error> error;  // none: it knows no later head
  bool contradicts = false;    // it has cosigned a later or another head
};

struct Restored {
  BackupManifest manifest;
  FsckReport report;  // of the copy
  std::vector<WitnessWord> witnesses;
};

// Makes the store of the settings out of `folder`: the copy is read and recomputed whole, and shown to every witness of
// the settings, before it takes the store's place. kConfig "store_exists" (never overwritten), "no_backup",
// "bad_backup", "backup_changed" (its digest), "other_log". kData "backup_damaged" where fsck found faults; `report` is
// told by `on_faults`. kInternal "witness_rollback", "witness_fork" where a witness contradicts it and `older` is not
// asked for, "restore_unfinished" for what a killed one left. After any error nothing is left in the store's place, but
// that "cannot_write" of its folder, which comes last, may find it there whole.
struct RestoreOptions {
  bool older = false;  // take it although a witness has seen more: for reading; nothing can be signed
  std::function<void(std::int64_t done, std::int64_t total)> progress = {};
  std::function<void(const FsckReport&)> on_faults = {};
};
Result<Restored> RestoreBackup(const Installation& installation, const std::string& folder,
                               const RestoreOptions& options);

}  // namespace mc
