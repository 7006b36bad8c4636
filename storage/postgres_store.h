// The engine for several machines: PostgreSQL 15 or later through libpq, one database (or schema) for one store.
//
// An opened Store is used by one thread at a time and holds one connection; any number may be open on one database,
// from any number of machines. Writers take turns; one that waits kBusyWaitMillis for another gets kTransient
// "store_busy". A connection that is lost costs the call under way (kTransient "store_connection", and nothing of it is
// kept unless it was the commit itself that went unanswered); the next call makes a new one.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "core/result.h"
#include "storage/store.h"
#include "storage/store_settings.h"

namespace mc {

// "postgresql://" or "postgres://", as libpq reads them.
bool IsPostgresUri(std::string_view path);

// REQUIRES: IsPostgresUri(settings.path). The tables are made in the first schema of the search path when that is
// empty.
// kConfig "store_version", "store_key", "store_log", "store_path" (the URI; a password in it is refused),
// "store_login", "no_store";
// kTransient "store_connection", "store_busy"; kInternal "store_*".
Result<std::unique_ptr<Store>> OpenPostgresStore(StoreSettings settings);

}  // namespace mc
