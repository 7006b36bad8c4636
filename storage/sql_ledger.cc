// Leaves, tiles and signed heads.
#include "storage/checkpoint.h"
#include "storage/sql_store.h"

namespace mc {
namespace {

Error NoLedger() { return InternalError("store_ledger", "the store has no ledger row; run fsck"); }

}  // namespace

Result<std::int64_t> SqlStore::LedgerSize() {
  Query row(sql_["SELECT size FROM ledger WHERE id = 1"]);
  if (!row.Step()) return NoLedger();
  return row.GetInt(0);
}

Result<TreeEdge> SqlStore::EdgeAt(std::int64_t size) {
  return TreeEdge::Load(size, [this](const TileId& id) { return ReadTile(id); });
}

Result<SqlStore::Ledger> SqlStore::OpenLedger() {
  MC_TRY(const std::int64_t size, LedgerSize());
  MC_TRY(TreeEdge edge, EdgeAt(size));
  return Ledger{std::move(edge), {}, size};
}

SqlStore::NewLeaf SqlStore::MakeLeaf(LeafKind kind, Instant recorded_at, std::string_view object) {
  NewLeaf leaf;
  leaf.salt = settings_.random.Bytes(kSaltBytes);
  leaf.bytes = LeafBytes({kind, recorded_at, Commit(leaf.salt, object)});
  leaf.hash = LeafHash(leaf.bytes);
  return leaf;
}

std::int64_t SqlStore::AddLeaf(Ledger& ledger, const NewLeaf& leaf) {
  const std::int64_t index = ledger.next++;
  Query(sql_["INSERT INTO leaves (leaf_index, bytes) VALUES (?, ?)"]).Int(index).Blob(leaf.bytes).Run();
  Query(sql_["INSERT INTO salts (leaf_index, salt) VALUES (?, ?)"]).Int(index).Blob(leaf.salt).Run();
  ledger.pending.push_back(leaf.hash);
  return index;
}

Result<std::int64_t> SqlStore::AddLeaf(Ledger& ledger, LeafKind kind, Instant recorded_at, std::string_view object) {
  return AddLeaf(ledger, MakeLeaf(kind, recorded_at, object));
}

Status SqlStore::CloseLedger(Ledger& ledger) {
  if (ledger.pending.empty()) return Ok();
  const auto write = [this](const Tile& tile) -> Status {
    Query(sql_["INSERT INTO tiles (level, tile_index, hashes) VALUES (?, ?, ?) "
               "ON CONFLICT (level, tile_index) DO UPDATE SET hashes = excluded.hashes"])
        .Int(tile.id.level)
        .Int(tile.id.index)
        .Blob(tile.hashes)
        .Run();
    return Ok();
  };
  MC_CHECK_OK(ledger.edge.Append(ledger.pending, write));
  Query(sql_["UPDATE ledger SET size = ? WHERE id = 1"]).Int(ledger.next).Run();
  ledger.pending.clear();
  return Ok();
}

Result<std::optional<LedgerHead>> SqlStore::LastHead() {
  Query row(sql_["SELECT size, note FROM heads ORDER BY size DESC LIMIT 1"]);
  if (!row.Step()) return std::optional<LedgerHead>();
  return std::optional<LedgerHead>(LedgerHead{row.GetInt(0), row.GetText(1)});
}

Result<std::optional<LedgerHead>> SqlStore::SoundHead(std::int64_t size) {
  MC_TRY(std::optional<LedgerHead> last, LastHead());
  std::int64_t head_size = 0;
  {
    Query row(sql_["SELECT head_size FROM ledger WHERE id = 1"]);
    row.Step();
    head_size = row.GetInt(0);
  }
  // A log that signs a smaller or another tree than before has two histories.
  if (size < head_size || (last ? last->size : 0) != head_size) {
    return InternalError("ledger_rollback", "the ledger is smaller than a head that was signed; nothing is signed");
  }
  if (!last) return last;
  MC_TRY(const Checkpoint seen, OpenCheckpoint(last->checkpoint, KeyAt(last->size)));
  MC_TRY(const TreeEdge then, EdgeAt(last->size));
  if (seen.size != last->size || seen.root != then.Root()) {
    return InternalError("ledger_fork", "the ledger does not extend the head that was signed; nothing is signed");
  }
  return last;
}

Result<LedgerHead> SqlStore::SignHead() { return SignWitnessed(*this, settings_.witnesses); }

Result<HeadStore::Next> SqlStore::NextHead() {
  return Guarded([&]() -> Result<Next> {
    const SqlTransaction one_moment(*db_, SqlTransaction::kRead);
    MC_CHECK_OK(CheckSigner());  // another process may have changed the key
    MC_TRY(const std::int64_t size, LedgerSize());
    MC_TRY(const std::optional<LedgerHead> last, SoundHead(size));
    if (last && size == last->size) return Next{*last, true};
    MC_TRY(const TreeEdge edge, EdgeAt(size));
    return Next{{size, SignedHead(size, edge.Root())}, false};
  });
}

void SqlStore::InsertHead(const LedgerHead& head) {
  Query(sql_["INSERT INTO heads (size, note) VALUES (?, ?)"]).Int(head.size).Text(head.checkpoint).Run();
  Query(sql_["UPDATE ledger SET head_size = ?, heads = heads + 1 WHERE id = 1"]).Int(head.size).Run();
}

Result<LedgerHead> SqlStore::KeepHead(const LedgerHead& head, const CosignatureLines& lines,
                                         const std::vector<WitnessStatus>& statuses) {
  return Guarded([&]() -> Result<LedgerHead> {
    SqlTransaction transaction(*db_, SqlTransaction::kWrite);
    MC_TRY(const std::int64_t size, LedgerSize());
    MC_TRY(std::optional<LedgerHead> last, SoundHead(size));
    if (last && last->size > head.size) return *last;
    if (!last || last->size < head.size) {
      InsertHead(head);
      last = head;
    }
    AddCosignatures(*last, lines);
    Query(sql_["UPDATE heads SET note = ? WHERE size = ?"]).Text(last->checkpoint).Int(last->size).Run();
    for (const WitnessStatus& status : statuses) SetWitnessStatus(status);
    transaction.Commit();
    return *last;
  });
}

void SqlStore::SetWitnessStatus(const WitnessStatus& status) {
  Query(sql_["INSERT INTO witnesses (witness, size, cosigned_at, error_code, error_text) VALUES (?, ?, ?, ?, ?) "
             "ON CONFLICT (witness) DO UPDATE SET size = excluded.size, cosigned_at = excluded.cosigned_at, "
             "error_code = excluded.error_code, error_text = excluded.error_text"])
      .Text(status.witness)
      .Int(status.size)
      .OptionalInt(status.cosigned_at)
      .Text(status.error_code)
      .Text(status.error_text)
      .Run();
}

Status SqlStore::SaveWitnessStatus(const std::vector<WitnessStatus>& statuses) {
  return Guarded([&]() -> Status {
    SqlTransaction transaction(*db_, SqlTransaction::kWrite);
    for (const WitnessStatus& status : statuses) SetWitnessStatus(status);
    transaction.Commit();
    return Ok();
  });
}

Result<std::vector<WitnessStatus>> SqlStore::ListWitnessStatus() {
  return Guarded([&]() -> Result<std::vector<WitnessStatus>> {
    Query row(sql_["SELECT witness, size, cosigned_at, error_code, error_text FROM witnesses ORDER BY witness"]);
    std::vector<WitnessStatus> all;
    while (row.Step()) {
      all.push_back({row.GetText(0), row.GetInt(1), row.GetOptionalInt(2), row.GetText(3), row.GetText(4)});
    }
    return all;
  });
}

Result<std::int64_t> SqlStore::UnsignedLeaves() {
  return Guarded([&]() -> Result<std::int64_t> {
    const SqlTransaction one_moment(*db_, SqlTransaction::kRead);
    MC_TRY(const std::int64_t size, LedgerSize());
    MC_TRY(const std::optional<LedgerHead> last, SoundHead(size));
    return size - (last ? last->size : 0);
  });
}

Result<LedgerHead> SqlStore::Head() {
  return Guarded([&]() -> Result<LedgerHead> {
    MC_TRY(std::optional<LedgerHead> last, LastHead());
    return last.value_or(LedgerHead{});
  });
}

}  // namespace mc
