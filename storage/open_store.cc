#include "storage/open_store.h"

#include "storage/postgres_store.h"
#include "storage/sqlite_store.h"

namespace mc {

Result<std::unique_ptr<Store>> OpenStore(StoreSettings settings) {
  return IsPostgresUri(settings.path) ? OpenPostgresStore(std::move(settings)) : OpenSqliteStore(std::move(settings));
}

}  // namespace mc
