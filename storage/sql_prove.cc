// What proofs and the public log are made from.
#include "storage/sql_store.h"

namespace mc {

Result<std::string> SqlStore::ReadTile(const TileId& id) {
  return Guarded([&]() -> Result<std::string> {
    Query row(sql_["SELECT hashes FROM tiles WHERE level = ? AND tile_index = ?"]);
    row.Int(id.level).Int(id.index);
    if (!row.Step()) return InternalError("bad_tile", "a tile of the ledger is missing; run fsck");
    return row.GetText(0);
  });
}

Result<std::vector<std::string>> SqlStore::ReadLeaves(std::int64_t from, std::int64_t count) {
  return Guarded([&]() -> Result<std::vector<std::string>> {
    Query rows(sql_["SELECT bytes FROM leaves WHERE leaf_index >= ? AND leaf_index < ? ORDER BY leaf_index"]);
    rows.Int(from).Int(from + count);
    std::vector<std::string> leaves;
    while (rows.Step()) leaves.push_back(rows.GetText(0));
    if (static_cast<std::int64_t>(leaves.size()) != count) {
      return InternalError("store_leaf", "a leaf of the ledger is missing; run fsck");
    }
    return leaves;
  });
}

}  // namespace mc
