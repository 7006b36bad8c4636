// fsck: everything recomputed from the bytes.
#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "storage/checkpoint.h"
#include "storage/head_signing.h"
#include "storage/sql_check.h"
#include "storage/sql_quality_check.h"
#include "storage/sql_row_codes_check.h"

namespace mc {

// One check of a whole store inside one read transaction. Tables that grow with the log are read
// once, side by side (sql_scan.h); what is kept are the tree's right edge, the signed heads, the
// counts per run and one bit for each leaf.
class StoreChecker {
 public:
  using Progress = std::function<void(std::int64_t done, std::int64_t total)>;

  StoreChecker(SqlStore& store, const Progress& progress)
      : store_(store), progress_(progress), leaves_(store, faults_), quality_(store, faults_), codes_(store, faults_) {}

  FsckReport Run();

 private:
  // Corruption that the database itself reports ends one step, not the whole check.
  template <typename Step>
  void Try(Step&& step);

  void CheckDatabase();
  void CheckMeta();
  std::set<std::string> WitnessKeys();
  void CheckSignatureLines(const std::string& where, const std::string& checkpoint, const std::string& signed_by);
  void ReadHeads();
  void CheckLeaves();
  void CheckLeaf(std::int64_t index, const std::string& bytes);
  void FlushLeaves();
  void CheckHeadAt(std::int64_t size);
  void CompareTile(const Tile& tile);
  void CheckTiles();
  void CheckLedgerRow();
  void CheckOrphans();
  void CheckOwners(const char* table, const char* rows_without_leaf, std::int64_t seen);
  void CompareCounts(const char* table, std::int64_t rows, std::int64_t seen);
  void AddOrphan(const char* table, std::int64_t leaf, const std::string& where);
  void CheckKeys();
  void CheckSameKeys(const std::vector<std::int64_t>& leaves);
  void CheckChains();
  struct Link {
    std::int64_t revision = 0, leaf = 0;
  };
  bool IsWhole(const std::vector<Link>& chain) const;
  void CheckChain(const std::vector<Link>& chain);
  void CheckRuns();
  void AddErased();
  void CheckLooks();
  void CheckRunCounts(const RunRow& run, const BatchCounts& stored);

  std::int64_t Count(const std::string& sql);

  struct Scans {
    explicit Scans(StoreChecker& checker);
    TableScan<std::string> salts;
    TableScan<RecordRow> records;
    TableScan<EvidenceRow> evidence;
    TableScan<SealedPayload> payloads;
    void PassRest();
  };
  void CountRecord(const RecordRow& row);
  void CountEvidence(const EvidenceRow& row);

  SqlStore& store_;
  const Progress& progress_;
  FaultList faults_;
  LeafChecker leaves_;
  QualityChecker quality_;
  RowCodeChecker codes_;
  std::optional<Scans> scans_;
  std::map<std::int64_t, BatchCounts> stored_;  // by run: what its rows add up to
  // Of each leaf, in order: an evidence row that a later revision replaced. Without a gap before it,
  // a leaf's place in the order is its index.
  std::vector<bool> replaced_;
  bool gap_ = false;
  std::map<std::int64_t, Checkpoint> heads_;  // by the size that their row says
  std::int64_t head_rows_ = 0;
  std::vector<LogKey> keys_;
  std::set<std::string> witnesses_;
  TreeEdge edge_;
  std::vector<Digest> pending_;
  std::int64_t leaf_rows_ = 0;
};

namespace {

// Leaves hashed between two comparisons with the tiles, and between two progress calls.
constexpr std::size_t kLeavesPerStep = 1'024;

#define MC_ROWS_WITHOUT_LEAF(table, owners) \
  "SELECT leaf_index FROM " table " t WHERE NOT EXISTS (SELECT 1 FROM " owners " o WHERE o.leaf_index = t.leaf_index)"

}  // namespace

template <typename Step>
void StoreChecker::Try(Step&& step) {
  try {
    step();
  } catch (const SqlFailure& error) {
    faults_.Add("database", "store", std::string("the database is damaged: ") + error.what());
  }
}

std::int64_t StoreChecker::Count(const std::string& sql) {
  const auto statement = store_.db_->Scan(sql);
  Query row(*statement);
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
  Try([&] { codes_.CheckCursors(); });
  Try([&] { codes_.CheckPages(); });
  Try([&] { codes_.CheckSessions(); });
  Try([&] { codes_.CheckSheets(leaf_rows_); });
  Try([&] { quality_.Check(); });
  FsckReport report;
  const LeafChecker::Seen& seen = leaves_.seen();
  report.records = seen.records;
  report.evidence = seen.evidence;
  report.rejections = seen.rejections;
  report.receipts = seen.receipts;
  report.erased = seen.erased;
  report.leaves = leaf_rows_;
  report.faults = faults_.Take();
  return report;
}

void StoreChecker::CheckDatabase() {
  for (const std::string& damage : store_.db_->FindDamage()) faults_.Add("database", "store", damage);
}

void StoreChecker::CheckMeta() {
  auto expected = store_.ExpectedMeta();
  // The first key of a log whose key was changed: the leaf of the change commits to it.
  if (const std::vector<LogKey> keys = store_.ReadLogKeys(); keys.size() > 1) expected["log"] = keys.front().key;
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

// Of all that were ever asked: a cosignature by anybody else was put there by hand.
std::set<std::string> StoreChecker::WitnessKeys() {
  std::set<std::string> keys;
  for (const auto& witness : store_.settings_.witnesses) keys.insert(witness->key());
  Query row(store_.sql_["SELECT witness FROM witnesses"]);
  while (row.Step()) keys.insert(row.GetText(0));
  return keys;
}

// Each line below a head is the log's own, by the key that is known to have signed it or another one
// of the log, or a good cosignature.
void StoreChecker::CheckSignatureLines(const std::string& where, const std::string& checkpoint,
                                       const std::string& signed_by) {
  const auto note = SplitNote(checkpoint);
  if (!note) return;
  auto unknown = std::count(note->signatures.begin(), note->signatures.end(), '\n') - 1;
  for (const LogKey& key : keys_) {
    if (unknown > 0 && key.key != signed_by && OpenNote(checkpoint, key.key).ok()) --unknown;
  }
  for (const std::string& key : witnesses_) {
    if (FindCosignature(note->signatures, note->text, key).ok()) --unknown;
  }
  if (unknown == 0) return;
  faults_.Add("cosignature", where, "a signature line was changed, or is by nobody that this log knows");
}

void StoreChecker::ReadHeads() {
  keys_ = store_.ReadLogKeys();
  witnesses_ = WitnessKeys();
  Query row(store_.sql_["SELECT size, note FROM heads ORDER BY size"]);
  while (row.Step()) {
    ++head_rows_;
    const std::string where = "checkpoint of size " + std::to_string(row.GetInt(0));
    const std::string key = KeyAt(keys_, row.GetInt(0));
    const auto head = OpenCheckpoint(row.GetText(1), key);
    if (!head.ok()) {
      faults_.Add("checkpoint", where, head.error().message);
    } else if (head->size != row.GetInt(0)) {
      faults_.Add("checkpoint", where, "its note states another size");
    } else {
      heads_.emplace(head->size, *head);
      CheckSignatureLines(where, row.GetText(1), key);
    }
  }
}

StoreChecker::Scans::Scans(StoreChecker& checker)
    : salts(
          *checker.store_.db_, "SELECT leaf_index, salt FROM salts ORDER BY leaf_index",
          [](const Query& row) { return row.GetText(1); },
          [&checker](std::int64_t leaf, const std::string&) {
            checker.AddOrphan("salts", leaf, "leaf " + std::to_string(leaf));
          }),
      records(
          *checker.store_.db_, "SELECT " MC_RECORD_COLUMNS " FROM records ORDER BY leaf_index", &RecordFrom,
          [&checker](std::int64_t leaf, const RecordRow& row) {
            checker.AddOrphan("records", leaf, WhereRecord(row.ik, row.envelope.source));
          },
          [&checker](std::int64_t, const RecordRow& row) { checker.CountRecord(row); }),
      evidence(
          *checker.store_.db_, "SELECT " MC_EVIDENCE_COLUMNS " FROM evidence ORDER BY leaf_index", &EvidenceFrom,
          [&checker](std::int64_t leaf, const EvidenceRow& row) {
            checker.AddOrphan("evidence", leaf, WhereRecord(row.ik, row.from.source));
          },
          [&checker](std::int64_t, const EvidenceRow& row) { checker.CountEvidence(row); }),
      payloads(
          *checker.store_.db_, "SELECT leaf_index, wrapped_key, box FROM payloads ORDER BY leaf_index",
          [](const Query& row) { return SealedPayload{row.GetText(1), row.GetText(2)}; },
          [&checker](std::int64_t leaf, const SealedPayload&) {
            checker.AddOrphan("payloads", leaf, "leaf " + std::to_string(leaf));
          }) {}

void StoreChecker::Scans::PassRest() {
  salts.PassRest();
  records.PassRest();
  evidence.PassRest();
  payloads.PassRest();
}

void StoreChecker::CountRecord(const RecordRow& row) {
  if (row.outcome == "evidence") return;
  BatchCounts& counts = stored_[row.run];
  ++(row.outcome == "rejection" ? counts.quarantined : counts.duplicate);
}

void StoreChecker::CountEvidence(const EvidenceRow& row) {
  BatchCounts& counts = stored_[row.from.run];
  ++(row.revision == 1 ? counts.added : counts.revised);
}

void StoreChecker::CheckLeaves() {
  const std::int64_t total = Count("SELECT coalesce(max(leaf_index), -1) + 1 FROM leaves");
  CheckHeadAt(0);
  const auto scan = store_.db_->Scan("SELECT leaf_index, bytes FROM leaves ORDER BY leaf_index");
  Query row(*scan);
  scans_.emplace(*this);
  std::int64_t next = 0;
  while (row.Step()) {
    const std::int64_t index = row.GetInt(0);
    if (index != next) {
      faults_.Add("leaf_missing", leaves_.WhereLeaf(next), "leaf " + std::to_string(next) + " is missing");
      gap_ = true;
    }
    next = index + 1;
    CheckLeaf(index, row.GetText(1));
    if (pending_.size() == kLeavesPerStep || heads_.contains(leaf_rows_)) {
      FlushLeaves();
      CheckHeadAt(leaf_rows_);
      if (progress_) progress_(leaf_rows_, total);
    }
  }
  FlushLeaves();
  scans_->PassRest();
  for (const auto& [size, head] : heads_) {
    if (size > leaf_rows_) {
      faults_.Add("checkpoint", "checkpoint of size " + std::to_string(size),
                  "the ledger holds fewer leaves than it signed");
    }
  }
  if (progress_) progress_(leaf_rows_, total);
}

void StoreChecker::CheckLeaf(std::int64_t index, const std::string& bytes) {
  const LeafRows rows{scans_->salts.At(index), scans_->records.At(index), scans_->evidence.At(index),
                      scans_->payloads.At(index)};
  leaves_.Check(index, bytes, rows);
  if (rows.record) quality_.Take(*rows.record, rows.evidence, leaves_.stated());
  if (rows.payload && !rows.record) AddOrphan("payloads", index, "leaf " + std::to_string(index));
  replaced_.push_back(rows.evidence && rows.evidence->latest == 0);
  pending_.push_back(LeafHash(bytes));
  ++leaf_rows_;
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
  const auto statement = store_.db_->Scan("SELECT id, size, head_size, heads FROM ledger");
  Query row(*statement);
  if (!row.Step() || row.GetInt(0) != 1) return faults_.Add("ledger", "ledger", "its row is missing");
  if (row.GetInt(1) != leaf_rows_) faults_.Add("ledger", "ledger", "it counts other leaves than there are");
  const std::int64_t newest = Count("SELECT coalesce(max(size), 0) FROM heads");
  if (row.GetInt(2) != newest || row.GetInt(3) != head_rows_) {
    faults_.Add("checkpoint", "ledger", "a signed head is missing or was added");
  }
  if (row.Step()) faults_.Add("ledger", "ledger", "it has more than one row");
}

void StoreChecker::AddOrphan(const char* table, std::int64_t leaf, const std::string& where) {
  faults_.Add(
      "orphan", where,
      "a row of " + std::string(table) + " stands at leaf " + std::to_string(leaf) + ", where there is nothing for it");
}

void StoreChecker::CompareCounts(const char* table, std::int64_t rows, std::int64_t seen) {
  if (rows == seen) return;
  faults_.Add("orphan", std::string("table ") + table,
              std::to_string(rows) + " rows, but leaves for " + std::to_string(seen));
}

void StoreChecker::CheckOwners(const char* table, const char* rows_without_leaf, std::int64_t seen) {
  const auto statement = store_.db_->Scan(rows_without_leaf);
  Query row(*statement);
  while (row.Step()) AddOrphan(table, row.GetInt(0), "leaf " + std::to_string(row.GetInt(0)));
  CompareCounts(table, Count(std::string("SELECT count(*) FROM ") + table), seen);
}

// Rows that stand at no leaf were found on the way through the leaves, in the tables read there.
void StoreChecker::CheckOrphans() {
  const LeafChecker::Seen& seen = leaves_.seen();
  if (scans_) {
    CompareCounts("records", scans_->records.rows(), seen.records);
    CompareCounts("payloads", scans_->payloads.rows(), scans_->records.rows());
    CompareCounts("evidence", scans_->evidence.rows(), seen.evidence);
    CompareCounts("salts", scans_->salts.rows(), leaf_rows_ - seen.erased);
  }
  CheckOwners("rejections", MC_ROWS_WITHOUT_LEAF("rejections", "leaves"), seen.rejections);
  CheckOwners("decisions", MC_ROWS_WITHOUT_LEAF("decisions", "leaves"), seen.decisions);
  CheckOwners("periods", MC_ROWS_WITHOUT_LEAF("periods", "leaves"), seen.periods);
  CheckOwners("period_entries", MC_ROWS_WITHOUT_LEAF("period_entries", "periods"), seen.entries);
  CheckOwners("imports", MC_ROWS_WITHOUT_LEAF("imports", "leaves"), seen.imports);
  CheckOwners("erased", MC_ROWS_WITHOUT_LEAF("erased", "leaves"), seen.erased);
  CheckOwners("rejection_places", MC_ROWS_WITHOUT_LEAF("rejection_places", "rejections"), seen.rejections);
  CheckOwners("rejection_chains", MC_ROWS_WITHOUT_LEAF("rejection_chains", "rejections"), seen.rejections);
  CheckOwners("quality_days", MC_ROWS_WITHOUT_LEAF("quality_days", "leaves"), seen.quality_days);
  CheckOwners("access_counts", MC_ROWS_WITHOUT_LEAF("access_counts", "leaves"), seen.access_counts);
  CheckOwners("client_steps", MC_ROWS_WITHOUT_LEAF("client_steps", "leaves"), seen.client_steps);
  CheckOwners("log_keys", MC_ROWS_WITHOUT_LEAF("log_keys", "leaves"), seen.log_keys);
  CheckOwners("read_backs", MC_ROWS_WITHOUT_LEAF("read_backs", "leaves"), seen.read_backs);
  CheckOwners("read_back_marks", MC_ROWS_WITHOUT_LEAF("read_back_marks", "read_backs"), seen.read_back_marks);
  CheckOwners("erasures", MC_ROWS_WITHOUT_LEAF("erasures", "leaves"), seen.erasures);
}

// Two records meet in one ik when their keys do, or by chance: keys are read for those alone.
void StoreChecker::CheckKeys() {
  const auto scan = store_.db_->Scan("SELECT ik, leaf_index FROM records ORDER BY ik, leaf_index");
  Query row(*scan);
  std::vector<std::int64_t> leaves;  // of one ik
  std::int64_t ik = 0;
  while (row.Step()) {
    if (row.GetInt(0) != ik) {
      CheckSameKeys(leaves);
      leaves.clear();
    }
    ik = row.GetInt(0);
    leaves.push_back(row.GetInt(1));
  }
  CheckSameKeys(leaves);
}

void StoreChecker::CheckSameKeys(const std::vector<std::int64_t>& leaves) {
  if (leaves.size() < 2) return;
  std::set<std::tuple<std::string, std::string, Digest>> keys;
  for (const std::int64_t leaf : leaves) {
    const auto record = store_.ReadRecord(leaf);
    if (!record) continue;
    const RecordKey& key = record->envelope.key;
    if (keys.emplace(key.register_id, key.native_id, key.digest).second) continue;
    faults_.Add("record_key", WhereRecord(record->ik, record->envelope.source), "the record stands twice");
  }
}

// The index alone is read where it shows one chain without a fault; the leaf commits to a revision's
// number, and chain is compared with the key at each leaf.
void StoreChecker::CheckChains() {
  const auto scan =
      store_.db_->Scan("SELECT chain, revision, leaf_index FROM evidence ORDER BY chain, revision, leaf_index");
  Query row(*scan);
  std::vector<Link> links;  // of one chain
  std::int64_t chain = 0;
  while (row.Step()) {
    if (row.GetInt(0) != chain) {
      CheckChain(links);
      links.clear();
    }
    chain = row.GetInt(0);
    links.push_back({row.GetInt(1), row.GetInt(2)});
  }
  CheckChain(links);
}

// Revisions 1, 2, ... at rising leaves, each but the last one replaced.
bool StoreChecker::IsWhole(const std::vector<Link>& chain) const {
  if (gap_) return false;
  const auto leaves = static_cast<std::int64_t>(replaced_.size());
  for (std::size_t i = 0; i < chain.size(); ++i) {
    const Link& link = chain[i];
    if (link.revision != static_cast<std::int64_t>(i) + 1 || link.leaf < 0 || link.leaf >= leaves) return false;
    if (i > 0 && link.leaf <= chain[i - 1].leaf) return false;
    if (replaced_[static_cast<std::size_t>(link.leaf)] != (i + 1 < chain.size())) return false;
  }
  return true;
}

void StoreChecker::CheckChain(const std::vector<Link>& chain) {
  if (IsWhole(chain)) return;
  std::vector<EvidenceRow> rows;
  for (const Link& link : chain) {
    if (auto row = store_.ReadEvidence(link.leaf)) rows.push_back(std::move(*row));
  }
  const auto key = [](const EvidenceRow& row) { return std::tie(row.register_id, row.native_id, row.revision); };
  std::stable_sort(rows.begin(), rows.end(), [&](const auto& a, const auto& b) { return key(a) < key(b); });
  const EvidenceRow* before = nullptr;
  const auto fault = [&](const EvidenceRow& row, const char* detail) {
    faults_.Add("revision", WhereRecord(row.ik, row.from.source), detail);
  };
  const auto end_chain = [&] {
    if (before && before->latest != 1) fault(*before, "the last revision is not marked as latest");
  };
  for (const EvidenceRow& row : rows) {
    const bool same = before && before->register_id == row.register_id && before->native_id == row.native_id;
    if (!same) end_chain();
    if (row.revision != (same ? before->revision + 1 : 1)) fault(row, "a revision is missing before it");
    if (same && before->latest != 0) fault(*before, "marked as latest, but a later revision stands");
    if (same && before->leaf >= row.leaf) fault(row, "its leaf is older than that of the revision before");
    before = &row;
  }
  end_chain();
}

void StoreChecker::CheckRuns() {
  AddErased();
  CheckLooks();
  Query row(store_.sql_["SELECT " MC_RUN_COLUMNS " FROM runs ORDER BY run"]);
  std::int64_t with_receipt = 0;
  while (row.Step()) {
    const RunRow run = RunFrom(row);
    if (run.leaf) ++with_receipt;
    CheckRunCounts(run, stored_[run.receipt.run]);
    stored_.erase(run.receipt.run);
  }
  for (const auto& [run, counts] : stored_)
    faults_.Add("orphan", "run " + std::to_string(run), "rows of a run that is not there");
  if (with_receipt != leaves_.seen().receipts)
    faults_.Add("orphan", "table runs", "receipts and their leaves do not match");
}

void StoreChecker::AddErased() {
  Query row(store_.sql_["SELECT run, counted, count(*) FROM erased GROUP BY 1, 2"]);
  while (row.Step()) {
    BatchCounts& counts = stored_[row.GetInt(0)];
    const std::string counted = row.GetText(1);
    std::int64_t& part = counted == "new"           ? counts.added
                         : counted == "revised"     ? counts.revised
                         : counted == "quarantined" ? counts.quarantined
                                                    : counts.duplicate;
    part += row.GetInt(2);
  }
}

// That somebody looked stays of an erased record, not which one it was. What an item rested on is not known here.
void StoreChecker::CheckLooks() {
  for (const std::int64_t leaf : store_.ErasedInLooks()) {
    faults_.Add("erasure_undone", leaves_.WhereLeaf(leaf),
                "it was erased, and the notes of who looked still name its record");
  }
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

Result<FsckReport> SqlStore::Fsck(const std::function<void(std::int64_t done, std::int64_t total)>& progress) {
  return Guarded([&]() -> Result<FsckReport> {
    const SqlTransaction snapshot(*db_, SqlTransaction::kRead);
    return StoreChecker(*this, progress).Run();
  });
}

}  // namespace mc
