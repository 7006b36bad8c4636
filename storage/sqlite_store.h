// The embedded engine: SQLite through SQLiteCpp, WAL, synchronous=FULL, one writer.
//
// An opened Store is used by one thread at a time; several may be open on one file, also
// in several processes: a writer waits kBusyWaitMillis for another one, then kTransient
// "store_busy".
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "core/random.h"
#include "core/result.h"
#include "core/signature.h"
#include "core/time.h"
#include "storage/head_signing.h"
#include "storage/store.h"

namespace mc {

inline constexpr std::int64_t kPayloadLimitBytes = 1024 * 1024;
inline constexpr int kBusyWaitMillis = 10'000;
inline constexpr int kLogPages = 10'000;

// Stores that have one write their batches through one connection, those that wait together in one
// transaction: for several collectors in one process. Safe from any thread; so must be the random
// and the clock of its stores, which must outlive it.
class SharedWriter;
std::shared_ptr<SharedWriter> MakeSharedWriter();

// random and clock must outlive the store.
struct StoreSettings {
  std::string path;         // of the database file; made when absent, its folder must exist
  std::string sealing_key;  // kSealKeyBytes, secret
  NoteSigner signer;        // key and name of the log
  // The key before it, which signs beside it for readers who do not know the new one yet; none: it signs alone.
  std::optional<NoteSigner> former_signer = std::nullopt;
  RandomSource& random;
  const Clock& clock;
  std::int64_t payload_limit_bytes = kPayloadLimitBytes;  // a longer record keeps a stub
  std::string actor = "system";                           // who opens records, for the audit table
  // Of the write-ahead log, 8 KiB each: a log that has grown so far is emptied into the file.
  int log_pages = kLogPages;
  std::shared_ptr<SharedWriter> shared = nullptr;  // none: the store writes alone
  Witnesses witnesses = {};                        // who is shown each head before it is kept; at most kWitnessLimit
  // Tests replace it to make two keys meet in one ik; a store is opened with one function only.
  std::function<std::int64_t(const RecordKey&)> ik_of = IkOf;
};

// kConfig "store_version", "store_key" (another sealing key), "store_log" (another signer),
// "store_path"; kInternal "store_*" for a broken file or disk.
Result<std::unique_ptr<Store>> OpenSqliteStore(StoreSettings settings);

}  // namespace mc
