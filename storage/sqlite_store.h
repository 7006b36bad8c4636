// The embedded engine: SQLite through SQLiteCpp, WAL, synchronous=FULL, one writer.
//
// An opened Store is used by one thread at a time; several may be open on one file, also
// in several processes: a writer waits kBusyWaitMillis for another one, then kTransient
// "store_busy".
#pragma once

#include <memory>

#include "core/result.h"
#include "storage/store.h"
#include "storage/store_settings.h"

namespace mc {

// kConfig "store_version", "store_key" (another sealing key), "store_log" (another signer),
// "store_path", "no_store"; kInternal "store_*" for a broken file or disk.
Result<std::unique_ptr<Store>> OpenSqliteStore(StoreSettings settings);

}  // namespace mc
