// fsck: everything recomputed from the bytes.
#include <map>

#include "storage/checkpoint.h"
#include "storage/sqlite_check.h"

namespace mc {

// One check of a whole store inside one read transaction. Rows are streamed; what is kept
// are the tree's right edge, the signed heads and the counts per run.
class StoreChecker {
 public:
  using Progress = std::function<void(std::int64_t done, std::int64_t total)>;

  StoreChecker(SqliteStore& store, const Progress& progress)
      : store_(store), progress_(progress), leaves_(store, faults_) {}

  FsckReport Run();

 private:
  // Corruption that SQLite itself reports ends one step, not the whole check.
  template <typename Step>
  void Try(Step&& step);

  void CheckDatabase();
  void CheckMeta();
  void ReadHeads();
  void CheckLeaves();
  void FlushLeaves();
  void CheckHeadAt(std::int64_t size);
  void CompareTile(const Tile& tile);
  void CheckTiles();
  void CheckLedgerRow();
  void CheckOrphans();
  void CheckOwners(const char* table, const char* rows_without_leaf, std::int64_t seen);
  void CheckKeys();
  void CheckChains();
  void CheckRuns();
  void CheckRunCounts(const RunRow& run, const BatchCounts& stored);
  void CheckCursors();

  std::int64_t Count(const std::string& sql);

  SqliteStore& store_;
  const Progress& progress_;
  FaultList faults_;
  LeafChecker leaves_;
  std::map<std::int64_t, Checkpoint> heads_;  // by the size that their row says
  std::int64_t head_rows_ = 0;
  TreeEdge edge_;
  std::vector<Digest> pending_;
  std::int64_t leaf_rows_ = 0;
};

namespace {

// Leaves hashed between two comparisons with the tiles, and between two progress calls.
constexpr std::size_t kLeavesPerStep = 1'024;

}  // namespace

template <typename Step>
void StoreChecker::Try(Step&& step) {
  try {
    step();
  } catch (const SQLite::Exception& error) {
    faults_.Add("database", "store", std::string("the database file is damaged: ") + error.what());
  }
}

std::int64_t StoreChecker::Count(const std::string& sql) {
  SQLite::Statement statement(store_.db_, sql);
  Query row(statement);
  row.Step();
  return row.GetInt(0);
}

FsckReport StoreChecker::Run() {
  Try([&] { CheckDatabase(); });
  Try([&] { CheckMeta(); });
  Try([&] { ReadHeads(); });
  Try([&] { CheckLeaves(); });
  Try([&] { CheckTiles(); });
  Try([&] { CheckLedgerRow(); });
  Try([&] { CheckOrphans(); });
  Try([&] { CheckKeys(); });
  Try([&] { CheckChains(); });
  Try([&] { CheckRuns(); });
  Try([&] { CheckCursors(); });
  FsckReport report;
  const LeafChecker::Seen& seen = leaves_.seen();
  report.records = seen.records;
  report.evidence = seen.evidence;
  report.rejections = seen.rejections;
  report.receipts = seen.receipts;
  report.leaves = leaf_rows_;
  report.faults = faults_.Take();
  return report;
}

// Also finds an index that does not agree with its table.
void StoreChecker::CheckDatabase() {
  Query row(store_.sql_["PRAGMA integrity_check(20)"]);
  while (row.Step()) {
    if (const std::string line = row.GetText(0); line != "ok") faults_.Add("database", "store", line);
  }
}

void StoreChecker::CheckMeta() {
  auto expected = store_.ExpectedMeta();
  Query row(store_.sql_["SELECT name, value FROM meta"]);
  while (row.Step()) {
    const auto found = expected.find(row.GetText(0));
    if (found == expected.end() || found->second != row.GetText(1)) {
      faults_.Add("meta", "store", "a row of meta was changed");
    } else {
      expected.erase(found);
    }
  }
  if (!expected.empty()) faults_.Add("meta", "store", "a row of meta is missing");
}

void StoreChecker::ReadHeads() {
  const std::string key = VerifierKey(store_.settings_.signer);
  Query row(store_.sql_["SELECT size, note FROM heads ORDER BY size"]);
  while (row.Step()) {
    ++head_rows_;
    const std::string where = "checkpoint of size " + std::to_string(row.GetInt(0));
    const auto head = OpenCheckpoint(row.GetText(1), key);
    if (!head.ok()) {
      faults_.Add("checkpoint", where, head.error().message);
    } else if (head->size != row.GetInt(0)) {
      faults_.Add("checkpoint", where, "its note states another size");
    } else {
      heads_.emplace(head->size, *head);
    }
  }
}

void StoreChecker::CheckLeaves() {
  const std::int64_t total = Count("SELECT count(*) FROM leaves");
  CheckHeadAt(0);
  SQLite::Statement scan(store_.db_, "SELECT leaf_index, bytes FROM leaves ORDER BY leaf_index");
  Query row(scan);
  std::int64_t next = 0;
  while (row.Step()) {
    const std::int64_t index = row.GetInt(0);
    const std::string bytes = row.GetText(1);
    if (index != next) {
      faults_.Add("leaf_missing", leaves_.WhereLeaf(next), "leaf " + std::to_string(next) + " is missing");
    }
    next = index + 1;
    leaves_.Check(index, bytes);
    pending_.push_back(LeafHash(bytes));
    ++leaf_rows_;
    if (pending_.size() == kLeavesPerStep || heads_.contains(leaf_rows_)) {
      FlushLeaves();
      CheckHeadAt(leaf_rows_);
      if (progress_) progress_(leaf_rows_, total);
    }
  }
  FlushLeaves();
  for (const auto& [size, head] : heads_) {
    if (size > leaf_rows_) {
      faults_.Add("checkpoint", "checkpoint of size " + std::to_string(size),
                  "the ledger holds fewer leaves than it signed");
    }
  }
  if (progress_) progress_(leaf_rows_, total);
}

void StoreChecker::FlushLeaves() {
  const auto compare_full = [this](const Tile& tile) -> Status {
    if (tile.hashes.size() == static_cast<std::size_t>(kTileWidth) * kHashBytes) CompareTile(tile);
    return Ok();
  };
  const Status done = edge_.Append(pending_, compare_full);
  if (!done.ok()) faults_.Add("tile", "ledger", done.error().message);
  pending_.clear();
}

void StoreChecker::CheckHeadAt(std::int64_t size) {
  const auto head = heads_.find(size);
  if (head == heads_.end() || head->second.root == edge_.Root()) return;
  faults_.Add("root", "checkpoint of size " + std::to_string(size), "the leaves do not sum to the signed root");
}

void StoreChecker::CompareTile(const Tile& tile) {
  const std::string where = "tile " + std::to_string(tile.id.level) + "/" + std::to_string(tile.id.index);
  const auto stored = store_.ReadTile(tile.id);
  if (!stored.ok()) return faults_.Add("tile", where, "it is missing");
  if (*stored == tile.hashes) return;
  if (stored->size() != tile.hashes.size()) return faults_.Add("tile", where, "it has a wrong length");
  for (std::size_t at = 0; at < tile.hashes.size(); at += kHashBytes) {
    if (stored->compare(at, kHashBytes, tile.hashes, at, kHashBytes) == 0) continue;
    const std::int64_t entry = tile.id.index * kTileWidth + static_cast<std::int64_t>(at / kHashBytes);
    const bool names_leaf = tile.id.level == 0;
    return faults_.Add(
        "tile", names_leaf ? where + ", " + leaves_.WhereLeaf(entry) : where,
        names_leaf ? "its hash and the leaf's bytes differ from here on" : "it is not the tree over the leaves");
  }
}

void StoreChecker::CheckTiles() {
  for (const Tile& tile : edge_.PartialTiles()) CompareTile(tile);
  Query row(store_.sql_["SELECT level, tile_index, length(hashes) FROM tiles"]);
  std::int64_t rows = 0;
  while (row.Step()) {
    ++rows;
    const TileId id{static_cast<int>(row.GetInt(0)), row.GetInt(1)};
    const auto bytes = static_cast<std::int64_t>(kHashBytes) * TileEntries(leaf_rows_, id);
    if (bytes == 0 || bytes != row.GetInt(2)) {
      faults_.Add("tile", "tile " + std::to_string(id.level) + "/" + std::to_string(id.index),
                  "the ledger has no such tile, or not of this length");
    }
  }
  std::int64_t expected = 0;
  for (int level = 0; TileCount(leaf_rows_, level) > 0; ++level) expected += TileCount(leaf_rows_, level);
  if (rows != expected) faults_.Add("tile", "ledger", "there are tiles too few or too many");
}

void StoreChecker::CheckLedgerRow() {
  SQLite::Statement statement(store_.db_, "SELECT id, size, head_size, heads FROM ledger");
  Query row(statement);
  if (!row.Step() || row.GetInt(0) != 1) return faults_.Add("ledger", "ledger", "its row is missing");
  if (row.GetInt(1) != leaf_rows_) faults_.Add("ledger", "ledger", "it counts other leaves than there are");
  const std::int64_t newest = Count("SELECT coalesce(max(size), 0) FROM heads");
  if (row.GetInt(2) != newest || row.GetInt(3) != head_rows_) {
    faults_.Add("checkpoint", "ledger", "a signed head is missing or was added");
  }
  if (row.Step()) faults_.Add("ledger", "ledger", "it has more than one row");
}

void StoreChecker::CheckOwners(const char* table, const char* rows_without_leaf, std::int64_t seen) {
  SQLite::Statement statement(store_.db_, rows_without_leaf);
  Query row(statement);
  while (row.Step()) {
    const std::string leaf = "leaf " + std::to_string(row.GetInt(0));
    const bool names_record = !row.IsNull(1);
    faults_.Add("orphan", names_record ? WhereRecord(row.GetInt(1), row.GetText(2)) : leaf,
                "a row of " + std::string(table) + " stands at " + leaf + ", where there is nothing for it");
  }
  const std::int64_t rows = Count(std::string("SELECT count(*) FROM ") + table);
  if (rows == seen) return;
  faults_.Add("orphan", std::string("table ") + table,
              std::to_string(rows) + " rows, but leaves for " + std::to_string(seen));
}

void StoreChecker::CheckOrphans() {
  const LeafChecker::Seen& seen = leaves_.seen();
  CheckOwners("records",
              "SELECT leaf_index, ik, source FROM records WHERE leaf_index NOT IN "
              "(SELECT leaf_index FROM leaves)",
              seen.records);
  CheckOwners("payloads",
              "SELECT leaf_index, NULL, NULL FROM payloads WHERE leaf_index NOT IN "
              "(SELECT leaf_index FROM records)",
              Count("SELECT count(*) FROM records"));
  CheckOwners("evidence",
              "SELECT leaf_index, ik, source FROM evidence WHERE leaf_index NOT IN "
              "(SELECT leaf_index FROM leaves)",
              seen.evidence);
  CheckOwners("rejections",
              "SELECT leaf_index, NULL, NULL FROM rejections WHERE leaf_index NOT IN "
              "(SELECT leaf_index FROM leaves)",
              seen.rejections);
  CheckOwners("decisions",
              "SELECT leaf_index, NULL, NULL FROM decisions WHERE leaf_index NOT IN "
              "(SELECT leaf_index FROM leaves)",
              seen.decisions);
  CheckOwners("periods",
              "SELECT leaf_index, NULL, NULL FROM periods WHERE leaf_index NOT IN "
              "(SELECT leaf_index FROM leaves)",
              seen.periods);
  CheckOwners("period_entries",
              "SELECT leaf_index, NULL, NULL FROM period_entries WHERE leaf_index NOT IN "
              "(SELECT leaf_index FROM periods)",
              seen.entries);
  CheckOwners("imports",
              "SELECT leaf_index, NULL, NULL FROM imports WHERE leaf_index NOT IN "
              "(SELECT leaf_index FROM leaves)",
              seen.imports);
  CheckOwners("salts",
              "SELECT leaf_index, NULL, NULL FROM salts WHERE leaf_index NOT IN "
              "(SELECT leaf_index FROM leaves)",
              leaf_rows_);
}

void StoreChecker::CheckKeys() {
  SQLite::Statement scan(store_.db_,
                         "SELECT b.ik, b.source FROM records a JOIN records b ON b.ik = a.ik AND b.leaf_index > "
                         "a.leaf_index WHERE b.register_id = a.register_id AND b.native_id = a.native_id "
                         "AND b.digest = a.digest");
  Query row(scan);
  while (row.Step()) faults_.Add("record_key", WhereRecord(row.GetInt(0), row.GetText(1)), "the record stands twice");
}

void StoreChecker::CheckChains() {
  SQLite::Statement scan(store_.db_,
                         "SELECT register_id, native_id, revision, latest, leaf_index, ik, source "
                         "FROM evidence ORDER BY chain, register_id, native_id, revision");
  Query row(scan);
  struct Row {
    std::string register_id, native_id, where;
    std::int64_t revision = 0, latest = 0, leaf = -1;
  } before;
  const auto end_chain = [&] {
    if (before.revision > 0 && before.latest != 1)
      faults_.Add("revision", before.where, "the last revision is not marked as latest");
  };
  while (row.Step()) {
    Row link{row.GetText(0), row.GetText(1), WhereRecord(row.GetInt(5), row.GetText(6)),
             row.GetInt(2),  row.GetInt(3),  row.GetInt(4)};
    const bool same =
        before.revision > 0 && link.register_id == before.register_id && link.native_id == before.native_id;
    if (!same) end_chain();
    if (link.revision != (same ? before.revision + 1 : 1))
      faults_.Add("revision", link.where, "a revision is missing before it");
    if (same && before.latest != 0)
      faults_.Add("revision", before.where, "marked as latest, but a later revision stands");
    if (same && before.leaf >= link.leaf)
      faults_.Add("revision", link.where, "its leaf is older than that of the revision before");
    before = std::move(link);
  }
  end_chain();
}

void StoreChecker::CheckRuns() {
  std::map<std::int64_t, BatchCounts> stored;  // what the rows of a run add up to
  {
    Query row(store_.sql_["SELECT run, revision = 1, count(*) FROM evidence GROUP BY 1, 2"]);
    while (row.Step())
      (row.GetInt(1) != 0 ? stored[row.GetInt(0)].added : stored[row.GetInt(0)].revised) = row.GetInt(2);
  }
  {
    Query row(store_.sql_["SELECT run, outcome, count(*) FROM records WHERE outcome <> 'evidence' GROUP BY 1, 2"]);
    while (row.Step()) {
      BatchCounts& counts = stored[row.GetInt(0)];
      (row.GetText(1) == "rejection" ? counts.quarantined : counts.duplicate) = row.GetInt(2);
    }
  }
  Query row(store_.sql_["SELECT " MC_RUN_COLUMNS " FROM runs ORDER BY run"]);
  std::int64_t with_receipt = 0;
  while (row.Step()) {
    const RunRow run = RunFrom(row);
    if (run.leaf) ++with_receipt;
    CheckRunCounts(run, stored[run.receipt.run]);
    stored.erase(run.receipt.run);
  }
  for (const auto& [run, counts] : stored)
    faults_.Add("orphan", "run " + std::to_string(run), "rows of a run that is not there");
  if (with_receipt != leaves_.seen().receipts)
    faults_.Add("orphan", "table runs", "receipts and their leaves do not match");
}

void StoreChecker::CheckRunCounts(const RunRow& run, const BatchCounts& stored) {
  const BatchCounts& counts = run.receipt.counts;
  const std::string where = "run " + std::to_string(run.receipt.run) + " (source " + run.receipt.source + ")";
  // Of duplicates only those that repeat a statement in other bytes leave a row.
  const bool fits = counts.fetched == counts.added + counts.revised + counts.duplicate + counts.quarantined &&
                    counts.added == stored.added && counts.revised == stored.revised &&
                    counts.quarantined == stored.quarantined && counts.duplicate >= stored.duplicate;
  if (!fits) faults_.Add("run_counts", where, "its counts are not those of what it stored");
  const bool ended = RunOutcomeFrom(run.state).ok();
  if (ended != run.leaf.has_value() || (!ended && run.state != "open" && run.state != "abandoned")) {
    faults_.Add("run", where, "its state and its receipt do not fit");
  }
}

void StoreChecker::CheckCursors() {
  Query row(store_.sql_["SELECT source, stream, position, check_code FROM cursors"]);
  while (row.Step()) {
    if (row.GetText(3) == store_.CursorCheck(row.GetText(0), row.GetText(1), row.GetText(2))) continue;
    faults_.Add("cursor", "cursor " + row.GetText(0) + "/" + row.GetText(1), "it was changed");
  }
}

Result<FsckReport> SqliteStore::Fsck(const std::function<void(std::int64_t done, std::int64_t total)>& progress) {
  return Guarded([&]() -> Result<FsckReport> {
    SQLite::Transaction snapshot(db_);
    return StoreChecker(*this, progress).Run();
  });
}

}  // namespace mc
