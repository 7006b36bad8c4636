// Inside of the engines; only storage/sql_*.cc include it.
//
// SqlStore's methods are grouped by concern over those files, in SQL that both databases speak. Everything below
// the public methods may throw SqlFailure (sql.h).
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/seal.h"
#include "storage/leaf.h"
#include "storage/merkle.h"
#include "storage/quality_sums.h"
#include "storage/sql.h"
#include "storage/store_settings.h"

namespace mc {

inline std::optional<std::int64_t> MicrosOf(const std::optional<Instant>& at) {
  return at ? std::optional(at->micros) : std::nullopt;
}
inline std::optional<Instant> InstantOf(const std::optional<std::int64_t>& micros) {
  return micros ? std::optional(Instant{*micros}) : std::nullopt;
}

// A row of `records`.
struct RecordRow {
  std::int64_t leaf = 0;
  std::int64_t ik = 0;
  RecordEnvelope envelope;
  std::int64_t run = 0;
  std::string outcome;
  std::optional<std::int64_t> repeats;
};

// A row of `evidence`.
struct EvidenceRow {
  std::int64_t leaf = 0;
  std::int64_t record_leaf = 0;
  std::int64_t ik = 0;
  std::string register_id;
  std::string native_id;
  std::int64_t revision = 0;
  std::int64_t latest = 0;
  std::string kind;
  std::string assurance;
  Provenance from;
  std::string statement;
  std::string canonical;
  std::int64_t chain = 0;
};

// A row of `runs`.
struct RunRow {
  RunReceipt receipt;  // ended_at, outcome: only when the state says so
  std::string state;
  std::optional<std::int64_t> leaf;
};

// A row of `pages`.
struct PageRow {
  std::int64_t first = 0, last = 0;
  std::string source, stream;
  std::string windows;
  Instant recorded_at;
};

// A row of `kept_sheets`; of its period.
struct SheetRow {
  std::int64_t edition = 0;
  StoredSheet sheet;
  std::string brief_code, check_code;
};

// The key under which a head of that size stands. REQUIRES: keys as LogKeys() gives them.
std::string KeyAt(const std::vector<LogKey>& keys, std::int64_t size);

class BatchWriter;

class SqlStore final : public Store, private HeadStore {
 public:
  SqlStore(StoreSettings settings, std::unique_ptr<SqlConnection> db)
      : settings_(std::move(settings)), db_(std::move(db)), sql_(*db_) {}
  Status Prepare();  // schema, version, keys

  Result<Lease> AcquireLease(const std::string& source, const std::string& holder, std::int64_t ttl_secs) override;
  Status RenewLease(const Lease& lease, std::int64_t ttl_secs) override;
  Status ReleaseLease(const Lease& lease) override;
  Result<std::int64_t> BeginRun(const std::string& source, const std::string& register_id) override;
  Result<BatchCounts> AppendBatch(const IngestBatch& batch) override;
  Status EndRun(const RunReceipt& receipt) override;
  Result<std::optional<Cursor>> CursorFor(const std::string& source, const std::string& stream) override;

  Status SaveSourceStatus(const SourceStatus& status) override;
  Result<std::vector<SourceStatus>> ListSourceStatus() override;

  Status ScanEvidence(const std::function<Status(const EvidenceRevision&)>& take) override;
  Result<StoredRecord> OpenRecord(std::int64_t ik, const std::string& why) override;
  Result<std::vector<QuarantineEntry>> ListQuarantine() override;
  Result<std::vector<std::int64_t>> UnreadSince(std::int64_t through) override;
  Result<std::vector<DroppedEntry>> ListDropped() override;
  Status DropQuarantined(std::int64_t ik, const std::string& by, const std::string& why) override;
  Result<std::vector<SourceTotals>> Totals() override;
  Result<EvidenceCounts> CountEvidence() override;
  Result<std::map<std::string, Instant>> CompleteThrough(const std::string& register_id) override;
  Result<std::vector<RunReceipt>> ReceiptsOf(Instant from, Instant to) override;

  Result<InboxReceipt> PutInbox(const InboxPut& message) override;
  Result<std::vector<InboxMessage>> ReadInbox(const std::string& source, std::int64_t after,
                                              std::int64_t most) override;
  Status ForgetInbox(const std::string& source, std::int64_t through) override;

  Result<bool> ImportDirectory(const Json& sealed_document) override;
  Result<std::optional<Json>> LoadDirectory() override;
  Result<std::optional<std::int64_t>> DirectoryLeaf() override;
  Result<bool> ImportAssessments(const Json& document) override;
  Result<std::vector<Json>> LoadAssessments() override;
  Result<bool> ImportCatalogue(const Json& document) override;
  Result<std::int64_t> AppendLink(const Json& step, std::int64_t last_seen) override;
  Result<std::vector<Json>> LoadCatalogues() override;

  Result<LedgerHead> SignHead() override;
  Result<std::vector<WitnessStatus>> ListWitnessStatus() override;
  Result<std::vector<LogKey>> LogKeys() override;
  Result<std::int64_t> RotateLogKey(const NoteSigner& next) override;
  Result<LedgerHead> Head() override;
  Result<std::string> ReadTile(const TileId& id) override;
  Result<std::vector<std::string>> ReadLeaves(std::int64_t from, std::int64_t count) override;
  Result<OpenedLeaf> OpenLeaf(std::int64_t leaf) override;
  Result<std::vector<std::int64_t>> LeavesOfRecord(std::int64_t ik) override;
  Result<std::int64_t> LockPeriod(const PeriodLock& lock) override;
  Result<std::vector<std::string>> ListPeriods() override;
  Result<std::optional<LockedPeriod>> FindPeriod(const std::string& period) override;
  Result<std::vector<PeriodEntry>> PeriodEntries(std::int64_t leaf) override;
  Result<LockedEntry> OpenEntry(const LockedPeriod& period, const Digest& pseudonym) override;
  Result<std::vector<StoredImport>> ImportsBefore(const std::string& kind, std::int64_t through) override;
  Result<std::vector<HeldRecord>> HistoriesOf(const std::vector<std::int64_t>& records) override;
  Result<Erasure> Erase(const ErasureOrder& order) override;
  Result<std::vector<Erasure>> ListErasures() override;
  Status WipeErased() override;
  Status CopyInto(const std::string& file) override;
  Result<std::vector<SampledRecord>> SampleRecords(const std::string& source, Instant since,
                                                   std::int64_t most) override;
  Result<std::vector<SampledRecord>> GoneRecords(const std::string& source, std::int64_t most) override;
  Result<std::int64_t> AppendReadBack(const ReadBack& read_back) override;
  Result<std::vector<StoredReadBack>> ListReadBacks(const std::string& source) override;
  Result<std::int64_t> AppendAccess(const AccessCounts& counts) override;
  Result<std::vector<StoredAccess>> ListAccess(Instant from, Instant to) override;
  Result<std::int64_t> CountAccess(std::int64_t from, std::int64_t to) override;
  Result<std::vector<ReadBack>> LastReadBacks() override;
  Result<std::map<std::int64_t, RecordMark>> ReadBackMarks() override;
  Result<std::vector<ContradictedRecord>> ListContradicted() override;
  Result<std::optional<Instant>> ReadBackSince(const std::string& source) override;
  Result<std::vector<QualityCell>> ListQuality(const std::optional<Period>& period) override;
  Result<QualityDay> CloseQualityDay(CivilDate day, const std::vector<QualityCell>& clean) override;
  Result<std::optional<QualityDay>> LastQualityDay() override;
  Result<std::map<std::string, std::string>> RegistersOfSources() override;
  Result<FsckReport> FsckRollups() override;
  Result<bool> BeginSession(const NewSession& begun) override;
  Status EndSession(const Digest& id) override;
  Status EndSessionsOf(const std::string& person) override;
  Status EndSessionsFor(const std::string& issuer, const std::string& subject,
                        const std::string& provider_session) override;
  Status TouchSessions(const std::vector<std::pair<Digest, Instant>>& seen) override;
  Result<SessionChanges> SessionsSince(std::int64_t version) override;
  Result<std::string> SessionIdToken(const Digest& id) override;
  Status ForgetSessions() override;
  Status KeepSignIn(const KeptSignIn& begun, const SignInBounds& bounds) override;
  Result<std::optional<std::string>> TakeSignIn(const Digest& state) override;
  Result<SheetEdition> KeepSheets(const Lease& lease, const SheetEdition& made, const SheetFeed& next) override;
  Result<std::vector<SheetEdition>> SheetEditions() override;
  Result<std::optional<StoredSheet>> FindBrief(const std::string& period, const std::string& person) override;
  Result<std::optional<StoredSheet>> FindSheet(const std::string& period, const std::string& person) override;
  Result<std::vector<SheetBrief>> SheetsOfUnit(const std::string& period, const std::string& unit) override;
  Result<std::map<std::string, std::map<std::string, std::int64_t>>> CountSheets(const std::string& period) override;
  Status NoteLook(const FileLook& look) override;
  Result<LooksPage> LooksAt(const std::string& person, std::optional<std::int64_t> before) override;
  Result<RetainedRows> CountRows(const RetentionRules& rules) override;
  Result<RetainedRows> DeleteRows(const RetentionRules& rules) override;
  Result<std::int64_t> AppendClientStep(ClientStep step) override;
  Result<std::int64_t> LastClientStep() override;
  Result<StoredClients> LoadClients() override;
  Result<std::int64_t> UnsignedLeaves() override;
  Result<std::string> VerifyEvidence(const std::vector<EvidenceRef>& evidence) override;
  Result<FsckReport> Fsck(const std::function<void(std::int64_t done, std::int64_t total)>& progress) override;

 private:
  friend class BatchWriter;
  friend class SharedWriter;
  friend class LeafChecker;
  friend class StoreChecker;
  friend class QualityChecker;
  friend class RowCodeChecker;
  friend class SheetWriter;

  // --- sql_append.cc. Each in one transaction; an error keeps nothing of it.
  Result<BatchCounts> WriteOne(BatchWriter& writer);
  Result<BatchCounts> WriteAlone(BatchWriter& writer);
  Result<std::vector<BatchCounts>> WriteTogether(const std::vector<BatchWriter*>& writers);

  // --- sql_ledger.cc. Leaves of one transaction: rows are written as they come, the
  // tree once at the end.
  struct Ledger {
    TreeEdge edge;
    std::vector<Digest> pending;
    std::int64_t next = 0;  // index of the next leaf
  };
  // A leaf with all but its place: can be made before the store is locked.
  struct NewLeaf {
    std::string salt;
    std::string bytes;
    Digest hash{};
  };
  Result<Ledger> OpenLedger();
  NewLeaf MakeLeaf(LeafKind kind, Instant recorded_at, std::string_view object);
  std::int64_t AddLeaf(Ledger& ledger, const NewLeaf& leaf);
  Result<std::int64_t> AddLeaf(Ledger& ledger, LeafKind kind, Instant recorded_at, std::string_view object);
  Status CloseLedger(Ledger& ledger);
  Result<TreeEdge> EdgeAt(std::int64_t size);
  Result<std::int64_t> LedgerSize();
  Result<std::optional<LedgerHead>> LastHead();
  // The last head, when it is signed by our key and the tree of `size` leaves extends it.
  Result<std::optional<LedgerHead>> SoundHead(std::int64_t size);
  // --- sql_keys.cc
  std::vector<LogKey> ReadLogKeys();
  std::string KeyAt(std::int64_t size) { return mc::KeyAt(ReadLogKeys(), size); }
  Status CheckSigner();  // ours are the newest key and a former one
  std::string SignedHead(std::int64_t size, const Digest& root) const;
  Result<std::string> LogKeyObjectOf(std::int64_t leaf);
  // HeadStore
  Result<Next> NextHead() override;
  Result<LedgerHead> KeepHead(const LedgerHead& head, const CosignatureLines& lines,
                              const std::vector<WitnessStatus>& statuses) override;
  Status SaveWitnessStatus(const std::vector<WitnessStatus>& statuses) override;
  void InsertHead(const LedgerHead& head);
  void SetWitnessStatus(const WitnessStatus& status);

  // Short form of a record's whole key, and of its first two parts.
  std::int64_t IkFor(const RecordKey& key) const { return settings_.ik_of(key); }
  std::int64_t ChainFor(const RecordKey& key) const { return IkFor({key.register_id, key.native_id, Digest{}}); }

  // --- sql_runs.cc
  Status CheckFence(const std::string& source, std::int64_t fence);
  Result<std::optional<RunRow>> ReadRun(std::int64_t run);
  Result<std::optional<RunReceipt>> LastRun(const std::string& source, bool complete_only);
  // HMAC of a row that no leaf commits to.
  std::string RowCode(const std::string& table, const std::vector<std::string>& parts) const;
  std::string CursorCheck(const std::string& source, const std::string& stream, const std::string& position) const;
  void SaveCursor(const std::string& source, const std::string& stream, const Cursor& cursor);

  // --- sql_read.cc
  std::optional<RecordRow> ReadRecord(std::int64_t leaf);
  std::optional<EvidenceRow> ReadEvidence(std::int64_t leaf);
  std::optional<SealedPayload> ReadPayload(std::int64_t leaf);

  // --- sql_periods.cc
  Status SaveEntry(std::int64_t leaf, const std::string& period, const LockedEntry& entry);
  Result<std::optional<LockedPeriod>> PeriodAt(const char* sql, const std::function<void(Query&)>& bind);

  // --- sql_erase.cc
  Result<RecordRow> HeldRow(std::int64_t ik);
  using RecordName = std::pair<std::string, std::string>;  // register, native id
  struct NewestRead {
    std::int64_t leaf = 0;       // of the latest revision
    std::int64_t said_leaf = 0;  // when a source last said what was read
  };
  // Of those of `names` of which anything before leaf `through` was read. REQUIRES: inside a transaction.
  std::map<RecordName, NewestRead> NewestReadOf(const std::vector<RecordName>& names, std::int64_t through);
  Result<std::vector<RecordRow>> HistoryRows(const std::vector<std::int64_t>& records);
  std::vector<std::int64_t> LeavesStating(const RecordRow& record);
  Tombstone TombstoneOf(std::int64_t leaf, const RecordRow& record);
  std::vector<Tombstone> TombstonesOf(const std::vector<RecordRow>& records);
  void DropLeaf(std::int64_t leaf);
  void ForgetOpenings(const std::vector<RecordRow>& records);
  void ForgetLooks(const std::vector<RecordRow>& records);
  Result<std::int64_t> SaveErasure(const ErasureObject& erasure, const std::string& order,
                                   const std::vector<Tombstone>& tombstones);
  std::vector<Tombstone> ReadTombstones(std::int64_t erasure);
  std::vector<std::int64_t> ErasedLeavesOf(std::int64_t ik);  // rising; empty: no such record was erased
  static std::string ErasureContext(std::int64_t leaf);
  bool NamesErased(const std::string& record);  // as a look names it
  std::vector<std::int64_t> ErasedInLooks();    // of erased records that a look still names, their leaves
  bool AnyErased();
  bool WasErased(const Digest& key_tag, const std::optional<Digest>& statement_tag);
  // The error of whoever asks for an erased leaf; nothing where it was not erased.
  std::optional<Error> LeafErased(std::int64_t leaf);
  std::optional<std::string> ErasureObjectAt(std::int64_t leaf);

  // --- sql_read_back.cc
  void KeepPage(const IngestBatch& batch, std::int64_t first, std::int64_t last);
  std::string PageCheck(const PageRow& row) const;
  std::vector<PageRow> PagesOf(const std::string& source, Instant since);
  std::optional<SampledRecord> SampledAt(std::int64_t leaf, const std::vector<std::string>& windows);
  std::optional<std::string> ReadBackObjectAt(std::int64_t leaf);
  Result<std::vector<ReadBack>> LastOfEachSource();
  std::vector<ContradictedRecord> Contradicted();
  Result<std::vector<QualityCell>> ReadBackCells();
  Status CountReadBacks();

  // --- sql_quality.cc. All but the readers: inside a transaction of the caller's, with its rows.
  // Adds to what stands there; numerator and denominator may be negative for what goes.
  void AddQuality(const std::vector<QualityCell>& cells);
  void SetQuality(const QualityCell& cell);
  void SavePlace(std::int64_t leaf, const std::string& unit, const std::string& period);
  // `own`: the evidence at the record's own leaf, where it was read already; `stated`: what it says.
  std::optional<QualityCell> CorrectCell(const RecordRow& record, const EvidenceRow* own = nullptr,
                                         const Evidence* stated = nullptr);
  std::optional<QualityCell> RejectedCell(const RecordRow& record);
  std::optional<EvidenceRow> ReadSince(const RecordRow& record);
  void ForgetQuality(const std::vector<RecordRow>& records);  // before their rows go
  std::string PlaceCode(std::int64_t leaf, const std::string& unit, const std::string& period) const;
  std::string RunQualityCode(const RunQuality& run) const;
  void SaveRunQuality(const RunQuality& run);
  std::optional<RunQuality> ReadRunQuality(std::int64_t run);
  void NoteOffered(std::int64_t run, const std::string& first, const std::string& last);
  void EndRunQuality(const RunReceipt& receipt);
  std::optional<RunMinutes> MinutesBefore(const std::string& source, std::int64_t run);
  void CountQuality();
  std::vector<std::int64_t> LeavesWithoutPlace();
  void SaveRejectionChain(std::int64_t leaf, std::int64_t chain);
  void ChainRejections();  // those that a program of before wrote; when the store is opened
  std::vector<QualityCell> ReadQuality();
  static std::optional<QualityDay> QualityDayOf(Query& row);
  std::optional<std::string> QualityObjectAt(std::int64_t leaf);

  std::optional<std::string> AccessObjectAt(std::int64_t leaf);  // sql_access.cc

  // --- sql_clients.cc
  std::string ClientStepCode(std::int64_t leaf, std::int64_t before, const std::string& object) const;
  Result<StoredClients> FoldClientSteps();
  std::optional<std::string> ClientStepObjectAt(std::int64_t leaf);

  // --- sql_open.cc
  Result<std::string> PeriodObjectOf(std::int64_t leaf);
  Result<std::string> ObjectOf(std::int64_t leaf, LeafKind kind);
  Result<std::string> RevisionObject(const EvidenceRow& row);
  Result<std::string> RecordObject(const RecordRow& record);
  Result<std::string> DecisionObjectOf(std::int64_t leaf);
  Result<std::string> ReceiptObjectOf(std::int64_t leaf);
  Result<std::string> ImportObjectOf(std::int64_t leaf, LeafKind kind);

  // --- sql_sessions.cc
  std::string SessionCode(const StoredSession& session) const;
  std::string LogoutTag(const std::string& issuer, const std::string& about) const;
  std::int64_t NextSessionVersion();
  bool LogoutCame(const SessionOrigin& origin);
  void EndSessionRow(const Digest& id);
  void RememberLogout(const std::string& tag);
  void EndSessionRows(const char* select, const std::string& key, bool blob);
  void EndOldestSessions(const NewSession& begun);
  void InsertSession(const NewSession& begun);
  void CountOverSessions(Instant now, RetainedRows& rows);
  void DeleteOverSessions(Instant now);  // with the logouts past their time

  // --- sql_sign_ins.cc
  void DeleteOldSignIns(const SignInBounds& bounds);

  // --- sql_sheets.cc
  std::string EditionCode(const SheetEdition& edition) const;
  std::string BriefCode(const std::string& period, std::int64_t edition, const std::string& unit,
                        const SheetBrief& brief) const;
  std::string SheetCode(const std::string& period, std::int64_t edition, const StoredSheet& sheet) const;
  bool IsOurs(const std::string& period, const SheetRow& row) const;  // both codes fit
  std::vector<SheetEdition> ReadSheetEditions(std::set<std::string>& changed);  // those that another hand changed
  void WriteSheetEdition(const SheetEdition& edition);
  void ForgetSheets();

  // --- sql_inbox.cc
  Result<std::optional<InboxReceipt>> KnownInbox(const InboxPut& message, const Digest& digest);
  std::int64_t LastInboxPosition();
  std::int64_t CountReadKeys(Instant before, std::int64_t most);  // of the oldest
  void DeleteReadKeys(Instant before, std::int64_t most);

  // --- sql_imports.cc
  Result<std::int64_t> KeepImport(LeafKind kind, const std::string& text);
  Result<bool> Import(LeafKind kind, const Json& document);
  Result<std::vector<Json>> LoadImports(LeafKind kind);
  Result<Json> OpenImport(LeafKind kind, std::int64_t leaf, const Digest& digest, const SealedPayload& sealed);
  static std::string ImportContext(LeafKind kind, const Digest& digest);

  // --- sql_prepare.cc
  // Name and value of each row of `meta` as they have to be.
  std::map<std::string, std::string> ExpectedMeta() const;
  void Make();
  Status CheckMeta();

  StoreSettings settings_;
  const ErasureTags erasure_tags_{settings_.sealing_key};
  std::unique_ptr<SqlConnection> db_;
  Statements sql_;
  PeriodNamer period_names_;
  bool mostly_new_ = true;  // of the last batch's records; decides only how much is made ahead of the lock
};

// A store that is ready. The errors are those of sqlite_store.h, and kTransient "store_busy" at once.
Result<std::unique_ptr<SqlStore>> OpenSqlStore(StoreSettings settings);

RecordRow RecordFrom(const Query& row);
EvidenceRow EvidenceFrom(const Query& row);
RunRow RunFrom(const Query& row);
RunQuality RunQualityFrom(const Query& row, int first_column);
SheetRow SheetRowFrom(const Query& row, int first_column);

// Column lists that the readers above expect, as SQL text.
#define MC_RECORD_COLUMNS                                                                                \
  "leaf_index, ik, register_id, native_id, digest, source, stream, media_type, length, payload_digest, " \
  "occurred_at, observed_at, recorded_at, facts, run, outcome, repeats"
#define MC_EVIDENCE_COLUMNS                                                                                  \
  "leaf_index, record_leaf, ik, register_id, native_id, revision, latest, kind, assurance, source, stream, " \
  "run, statement, canonical, chain"
// Evidence of a rejected record that the rules could read later; always at a leaf of its own.
#define MC_READ_SINCE(ik, leaf) \
  "SELECT 1 FROM evidence e WHERE e.ik = " ik " AND e.record_leaf = " leaf " AND e.record_leaf <> e.leaf_index"
#define MC_RUN_COLUMNS                                                                                       \
  "run, source, register_id, state, started_at, ended_at, fetched, added, revised, duplicate, quarantined, " \
  "control_total, offered, unread, complete_through, error_code, leaf_index"
#define MC_SHEET_COLUMNS "person, edition, unit, status, brief, card, explanation, brief_code, check_code"
#define MC_RUN_QUALITY_COLUMNS \
  "run, source, first_period, last_period, lag_limit_minutes, ended_minute, good_minute, check_code"

}  // namespace mc
