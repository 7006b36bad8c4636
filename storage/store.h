// The store's port, in words of the domain. No SQL handle, row or transaction crosses it.
//
// Engines: SQLite (sqlite_store.h); PostgreSQL later, under the same conformance suite.
// One Store object is used by one thread at a time; several objects may share one database.
// Errors: kInternal "store_*" for a broken or full disk (nothing of the call was kept),
// kConfig for a store of another version or a wrong key.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/directory.h"
#include "core/evidence.h"
#include "core/inbox.h"
#include "core/result.h"
#include "core/session_store.h"
#include "core/sign_in_store.h"
#include "core/source_record.h"
#include "core/work_item.h"
#include "storage/access.h"
#include "storage/clients.h"
#include "storage/erasure_store.h"
#include "storage/leaf_opener.h"
#include "storage/ledger_reader.h"
#include "storage/period_store.h"
#include "storage/quality_store.h"
#include "storage/read_back_store.h"
#include "storage/retention_store.h"
#include "storage/sheet_store.h"

namespace mc {

// A record with what mapping made of it.
struct IngestItem {
  SourceRecord record;
  std::variant<Evidence, RejectionReason> outcome;
  RecordPlace place = {};  // of a rejected record: what can still be read of it (mapping/mapper.h)
};

// Permission to write for one source: leases carry a fence, and a write under an older
// fence than the lease's is refused (kTransient "fenced_off").
struct Lease {
  std::string source;
  std::string holder;
  std::int64_t fence = 0;
  Instant until;
};

struct IngestBatch {
  std::string source;
  std::string stream;
  std::int64_t run = 0;
  std::int64_t fence = 0;
  std::vector<IngestItem> items;
  Cursor next;                            // an empty text keeps the stored cursor (saved files have none)
  std::vector<std::string> windows = {};  // Page::windows
};

// fetched = new + revised + duplicate + quarantined, always.
struct BatchCounts {
  std::int64_t fetched = 0;
  std::int64_t added = 0;        // "new": first record of a native id
  std::int64_t revised = 0;      // another canonical evidence for a known native id
  std::int64_t duplicate = 0;    // key known, canonical evidence equal to the last revision's, or erased
  std::int64_t quarantined = 0;  // rejected, first time seen
  BatchCounts& operator+=(const BatchCounts& o);
  bool operator==(const BatchCounts&) const = default;
};

// kSaved (from a folder), kReplay (from quarantine) and kReadBack (what read-back found to differ) say nothing about
// completeness.
enum class RunOutcome { kComplete, kFailed, kSaved, kReplay, kReadBack };

// One receipt per source and run, empty and failed ones too; itself a leaf.
struct RunReceipt {
  std::int64_t run = 0;
  std::string source;
  std::string register_id;
  Instant started_at;
  Instant ended_at;
  RunOutcome outcome = RunOutcome::kComplete;
  BatchCounts counts;
  // What the source itself says that it has in the windows read, beside the rows that it offered
  // there, each once, and how many of all offered could not be read (known ones included).
  std::optional<std::int64_t> control_total;
  std::optional<std::int64_t> offered;
  std::int64_t unread = 0;
  std::optional<Instant> complete_through;  // for kComplete: every event up to here was offered
  std::string error_code;                   // for kFailed
  // Of the manifest, for a run that was asked of the source; 0: it was not (saved files, replay), and says nothing
  // of how live the source is. No part of the receipt's leaf.
  std::int64_t lag_limit_minutes = 0;
};

struct QuarantineEntry {
  std::int64_t ik = 0;
  std::string source;
  std::string native_id;
  Instant observed_at;
  RejectionReason reason;
  std::int64_t bytes = 0;
  std::string stream;
  std::int64_t run = 0;
  std::int64_t leaf_index = 0;
  bool whole = true;               // false: over the payload limit; its stub cannot be read anew
  bool newer_read = false;         // a state of the same native id that came later was read
  std::string unit_named, period;  // where it counts in the four numbers (quality_store.h)
};

inline constexpr std::size_t kDecisionTextLimitBytes = 1'000;  // of a reason, and of who decided

// Somebody's decision about a quarantined record; itself a leaf.
struct DroppedEntry {
  QuarantineEntry entry;
  Instant dropped_at;
  std::string by;
  std::string why;
};

struct StoredRecord {
  SourceRecord record;  // with bytes, opened
  bool whole = true;    // false: over the payload limit, record.bytes is the stub of leaf.md
  std::int64_t ik = 0;
  std::int64_t leaf_index = 0;
};

// One fault that fsck found, named so that an operator can go to it.
struct Fault {
  std::string what;   // "payload_digest", "evidence_commitment", "leaf", "root", "checkpoint", "orphan", ...
  std::string where;  // "record 9f3a… (source documents)", "leaf 1234"
  std::string detail;
};

struct FsckReport {
  std::int64_t records = 0, evidence = 0, rejections = 0, leaves = 0, receipts = 0;
  std::int64_t erased = 0;  // leaves whose payload was erased
  std::vector<Fault> faults;
};

// Counts for `quality`; see the contract for their meaning.
struct SourceTotals {
  std::string source;
  std::string register_id;
  std::int64_t records = 0;  // held, quarantined ones apart
  std::int64_t quarantined = 0;
  std::int64_t contradicted = 0;  // of the records held, those that read-back contradicts
  std::int64_t evidence = 0;      // latest revisions
  std::optional<RunReceipt> last_run;
  std::optional<RunReceipt> last_complete_run;
};

struct EvidenceCounts {
  std::int64_t total = 0;  // latest revisions
  std::map<std::string, std::int64_t> by_assurance;
};

// closed: pulled by its interval. open: left alone until next_try. half_open: one trial runs.
enum class BreakerState { kClosed, kOpen, kHalfOpen };

// Where a source stands in its schedule (gateway/schedule.h decides; the store only keeps
// it). For operation, no evidence: no leaf covers it, and losing it costs one early pull.
struct SourceStatus {
  std::string source;
  BreakerState breaker = BreakerState::kClosed;
  std::int64_t failures = 0;        // runs failed one after another
  std::optional<Instant> next_try;  // none: stopped until an operator acts
  std::optional<Instant> last_try;  // end of the last run
  std::optional<Instant> last_success;
  ErrorClass error_class = ErrorClass::kTransient;  // with error_code
  std::string error_code;                           // of the last run; empty after a success
  std::string error_text;                           // Error::message: no payload, no secret
  bool operator==(const SourceStatus&) const = default;
};

// Where a witness stands (witness.h). For operation, no evidence: lost, it costs one question more.
struct WitnessStatus {
  std::string witness;                      // its verifier key
  std::int64_t size = 0;                    // of the head that it cosigned last; 0: none yet
  std::optional<std::int64_t> cosigned_at;  // POSIX seconds, as it states
  std::string error_code;                   // of the last time that it was asked; empty when it cosigned
  std::string error_text;                   // Error::message
  bool operator==(const WitnessStatus&) const = default;
};

// A key that signs this log, or did.
struct LogKey {
  std::string key;                   // verifier key
  std::optional<std::int64_t> leaf;  // that states it; none: the first one
};

// Also the inbox (core/inbox.h), what happened at the gate (access.h), machines (clients.h), what proofs are made from
// (ledger_reader.h, leaf_opener.h), the locked periods (period_store.h), erasure (erasure_store.h), read-back
// (read_back_store.h), the four numbers (quality_store.h), the sessions of people (core/session_store.h) and their
// sign-ins under way (core/sign_in_store.h), sheets as they are read (sheet_store.h), and what may go
// (retention_store.h).
class Store : public InboxReader,
              public InboxWriter,
              public LedgerReader,
              public LeafOpener,
              public PeriodStore,
              public ErasureStore,
              public AccessStore,
              public ClientStore,
              public ReadBackStore,
              public QualityStore,
              public SessionStore,
              public SignInStore,
              public SheetStore,
              public RetentionStore {
 public:
  // --- collecting
  virtual Result<Lease> AcquireLease(const std::string& source, const std::string& holder,
                                     std::int64_t ttl_secs) = 0;  // kTransient "lease_held"
  virtual Status RenewLease(const Lease& lease, std::int64_t ttl_secs) = 0;
  virtual Status ReleaseLease(const Lease& lease) = 0;
  virtual Result<std::int64_t> BeginRun(const std::string& source, const std::string& register_id) = 0;
  // Records, revisions, rejections, leaves, tree, cursor and the run's counts in ONE
  // durable transaction.
  virtual Result<BatchCounts> AppendBatch(const IngestBatch& batch) = 0;
  virtual Status EndRun(const RunReceipt& receipt) = 0;  // receipt.run from BeginRun; its leaf
  virtual Result<std::optional<Cursor>> CursorFor(const std::string& source, const std::string& stream) = 0;

  virtual Status SaveSourceStatus(const SourceStatus& status) = 0;
  virtual Result<std::vector<SourceStatus>> ListSourceStatus() = 0;  // by source

  // --- reading
  // Every revision, in leaf order. The callback's error ends the scan and is returned.
  virtual Status ScanEvidence(const std::function<Status(const EvidenceRevision&)>& take) = 0;
  // Audited. kData "no_such_record", "ambiguous_record", "record_erased".
  virtual Result<StoredRecord> OpenRecord(std::int64_t ik, const std::string& why) = 0;
  // Rejected records that no rule could read since, oldest first; dropped ones apart.
  virtual Result<std::vector<QuarantineEntry>> ListQuarantine() = 0;
  virtual Result<std::vector<DroppedEntry>> ListDropped() = 0;
  // Leaves of the latest revisions whose record came again later, in a form that no rule could read: the store as it
  // was below leaf `through`. Rising. Costs what lies in quarantine, not what the store holds.
  virtual Result<std::vector<std::int64_t>> UnreadSince(std::int64_t through) = 0;
  // Takes a record off the open list, with a reason and a leaf; the record stays, and may still
  // be read by a later pull or replay. kData "not_in_quarantine", "dropped_already",
  // "ambiguous_record"; kConfig "bad_reason" for a text that is empty or over the limit.
  virtual Status DropQuarantined(std::int64_t ik, const std::string& by, const std::string& why) = 0;
  virtual Result<std::vector<SourceTotals>> Totals() = 0;
  virtual Result<EvidenceCounts> CountEvidence() = 0;
  // Up to when each source of this register was pulled completely; one that never was is not there.
  virtual Result<std::map<std::string, Instant>> CompleteThrough(const std::string& register_id) = 0;
  // Receipts of runs that ended in [from, to), in the order of the runs.
  virtual Result<std::vector<RunReceipt>> ReceiptsOf(Instant from, Instant to) = 0;

  // --- imports: each a new edition and a leaf; an identical document adds nothing (false)
  virtual Result<bool> ImportDirectory(const Json& sealed_document) = 0;
  virtual Result<std::optional<Json>> LoadDirectory() = 0;          // newest edition
  virtual Result<std::optional<std::int64_t>> DirectoryLeaf() = 0;  // of that edition; cheap
  virtual Result<bool> ImportAssessments(const Json& document) = 0;
  virtual Result<std::vector<Json>> LoadAssessments() = 0;  // in order of import; later ones win
  virtual Result<bool> ImportCatalogue(const Json& document) = 0;
  virtual Result<std::vector<Json>> LoadCatalogues() = 0;
  // A step of a manual link, decided in view of those up to leaf `last_seen` (-1: none). kTransient
  // "links_changed" when another one came since, and nothing is kept. Returns its leaf.
  virtual Result<std::int64_t> AppendLink(const Json& step, std::int64_t last_seen) = 0;

  // --- ledger
  // Signs when the tree grew since the last head, and shows the head to the witnesses that have not
  // cosigned it (head_signing.h, with its errors).
  virtual Result<LedgerHead> SignHead() = 0;
  virtual Result<std::vector<WitnessStatus>> ListWitnessStatus() = 0;  // of all that were ever asked, by key
  virtual Result<std::vector<LogKey>> LogKeys() = 0;                   // oldest first; the last one signs
  // From here on `next` signs, stated by a leaf, which is returned (docs/formats/checkpoint.md). This object signs
  // with both keys until it is closed; others with the old key are refused a signature. kConfig "key_known" for a
  // key that signed before, "store_log" for another log's name.
  virtual Result<std::int64_t> RotateLogKey(const NoteSigner& next) = 0;
  // How many leaves the last head does not cover yet. Compares it with our key and the tree as SignHead
  // does, with the same errors, and writes nothing.
  virtual Result<std::int64_t> UnsignedLeaves() = 0;
  // Re-hashes each named revision from the sealed bytes up, opens its commitment against
  // its leaf and the leaf's place against the last signed head, whose note is returned.
  // kInternal "unverified_evidence" names the first that fails. Call it through
  // FactVerifier (verify_facts.h).
  virtual Result<std::string> VerifyEvidence(const std::vector<EvidenceRef>& evidence) = 0;
  // A copy of the whole store as of one moment in a new file, which opens as a store and holds nothing that was erased;
  // others go on writing. Not synced. kConfig "backup_exists", "copied_by_server" (a server's own tools do it).
  virtual Status CopyInto(const std::string& file) = 0;
  // Only that the sums of the four numbers are what the rows say ("quality_state"); Fsck does it too.
  virtual Result<FsckReport> FsckRollups() = 0;
  virtual Result<FsckReport> Fsck(const std::function<void(std::int64_t done, std::int64_t total)>& progress) = 0;
};

}  // namespace mc
