// What happened at the gate: the rows behind leaves of kind `access`, and their check.
#include "storage/access.h"
#include "storage/sql_check.h"

namespace mc {

Result<std::int64_t> SqlStore::AppendAccess(const AccessCounts& counts) {
  MC_TRY(const std::string object, AccessObject(counts));
  return Guarded([&]() -> Result<std::int64_t> {
    SqlTransaction transaction(*db_, SqlTransaction::kWrite);
    MC_TRY(Ledger ledger, OpenLedger());
    MC_TRY(const std::int64_t leaf, AddLeaf(ledger, LeafKind::kAccess, settings_.clock.Now(), object));
    MC_CHECK_OK(CloseLedger(ledger));
    Query(sql_["INSERT INTO access_counts (leaf_index, began_at, object) VALUES (?, ?, ?)"])
        .Int(leaf)
        .Int(counts.from.micros)
        .Text(object)
        .Run();
    transaction.Commit();
    return leaf;
  });
}

Result<std::vector<StoredAccess>> SqlStore::ListAccess(Instant from, Instant to) {
  return Guarded([&]() -> Result<std::vector<StoredAccess>> {
    std::vector<StoredAccess> all;
    Query row(
        sql_["SELECT leaf_index, object FROM access_counts WHERE began_at >= ? AND began_at < ? "
             "ORDER BY leaf_index"]);
    row.Int(from.micros).Int(to.micros);
    while (row.Step()) {
      MC_TRY(AccessCounts counts, AccessFromObject(row.GetText(1)));
      all.push_back({row.GetInt(0), std::move(counts)});
    }
    return all;
  });
}

Result<std::int64_t> SqlStore::CountAccess(std::int64_t from, std::int64_t to) {
  return Guarded([&]() -> Result<std::int64_t> {
    Query row(sql_["SELECT count(*) FROM access_counts WHERE leaf_index >= ? AND leaf_index < ?"]);
    row.Int(from).Int(to).Step();
    return row.GetInt(0);
  });
}

std::optional<std::string> SqlStore::AccessObjectAt(std::int64_t leaf) {
  Query row(sql_["SELECT object FROM access_counts WHERE leaf_index = ?"]);
  if (!row.Int(leaf).Step()) return std::nullopt;
  return row.GetText(0);
}

void LeafChecker::CheckAccess(const Opened& opened) {
  const std::string where = "access of leaf " + std::to_string(opened.index);
  Query row(store_.sql_["SELECT began_at, object FROM access_counts WHERE leaf_index = ?"]);
  if (!row.Int(opened.index).Step()) return faults_.Add("orphan", where, "its row is missing");
  ++seen_.access_counts;
  const std::string object = row.GetText(1);
  CheckCommitment(opened, Result<std::string>(object), "access_commitment", where);
  const auto counts = AccessFromObject(object);
  if (!counts.ok()) return faults_.Add("access", where, "its object does not state what happened at the gate");
  if (counts->from.micros != row.GetInt(0)) faults_.Add("access", where, "its column is not that of its object");
}

}  // namespace mc
