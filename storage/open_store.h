// A store of either engine, by its path.
#pragma once

#include <memory>

#include "core/result.h"
#include "storage/store.h"
#include "storage/store_settings.h"

namespace mc {

// A URI of PostgreSQL (postgres_store.h) or the path of a file (sqlite_store.h), with their errors.
Result<std::unique_ptr<Store>> OpenStore(StoreSettings settings);

}  // namespace mc
