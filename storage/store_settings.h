// What a store is opened with, whatever its engine.
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
inline constexpr int kBusyWaitMillis = 10'000;  // for another writer; then kTransient "store_busy"
inline constexpr int kLogPages = 10'000;

// Stores that have one write their batches through one connection, those that wait together in one
// transaction: for several collectors in one process. Safe from any thread; so must be the random
// and the clock of its stores, which must outlive it.
class SharedWriter;
std::shared_ptr<SharedWriter> MakeSharedWriter();

// random and clock must outlive the store.
struct StoreSettings {
  // Of the database file, which is made when absent (its folder must exist); or a URI of PostgreSQL.
  std::string path;
  std::string password = {};  // for such a URI, which must hold none; empty: none, or libpq's passfile. Secret
  std::string sealing_key;    // kSealKeyBytes, secret
  NoteSigner signer;          // key and name of the log
  // The key before it, which signs beside it for readers who do not know the new one yet; none: it signs alone.
  std::optional<NoteSigner> former_signer = std::nullopt;
  RandomSource& random;
  const Clock& clock;
  std::int64_t payload_limit_bytes = kPayloadLimitBytes;  // a longer record keeps a stub
  std::string actor = "system";                           // who opens records, for the audit table
  // Of SQLite's write-ahead log, 8 KiB each: a log that has grown so far is emptied into the file.
  int log_pages = kLogPages;
  std::shared_ptr<SharedWriter> shared = nullptr;  // none: the store writes alone
  Witnesses witnesses = {};                        // who is shown each head before it is kept; at most kWitnessLimit
  // Tests replace it to make two keys meet in one ik; a store is opened with one function only.
  std::function<std::int64_t(const RecordKey&)> ik_of = IkOf;
  // For whoever only looks: where no store is, none is made (kConfig "no_store").
  bool must_exist = false;
};

}  // namespace mc
