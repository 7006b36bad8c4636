// AppendBatch: one page in one transaction.
#include "storage/sqlite_engine.h"

namespace mc {

// Writes one batch inside the caller's transaction. The rules of de-duplication are those
// of storage/README.md.
class BatchWriter {
 public:
  BatchWriter(SqliteStore& store, const IngestBatch& batch, SqliteStore::Ledger ledger)
      : store_(store), batch_(batch), ledger_(std::move(ledger)), now_(store.settings_.clock.Now()) {}

  Result<BatchCounts> Write();

 private:
  struct KnownRecord {
    std::int64_t leaf = 0;
    bool in_quarantine = false;
  };
  struct LatestRevision {
    std::int64_t leaf = 0;
    std::int64_t record_leaf = 0;
    std::int64_t revision = 0;
    std::string statement;
    Provenance from;
  };

  Status Take(const IngestItem& item);
  Status TakeKnown(const IngestItem& item, std::int64_t ik, const KnownRecord& known, const Evidence& evidence);
  Status TakeNew(const IngestItem& item, std::int64_t ik, const Evidence& evidence);
  Status TakeRejected(const IngestItem& item, std::int64_t ik, const RejectionReason& reason);

  std::optional<KnownRecord> Find(std::int64_t ik, const RecordKey& key);
  std::optional<LatestRevision> Latest(const RecordKey& key);
  bool IsRevert(const LatestRevision& latest, const KnownRecord& known, const SourceRecord& record) const;

  // Envelope and sealed bytes of a record; what is sealed tells the envelope's digest.
  Result<RecordEnvelope> EnvelopeOf(const SourceRecord& record, const std::string& sealed_text) const;
  std::string TextToSeal(const SourceRecord& record) const;
  void InsertRecord(std::int64_t leaf, std::int64_t ik, const RecordEnvelope& envelope, const std::string& outcome,
                    std::optional<std::int64_t> repeats);
  void InsertPayload(std::int64_t leaf, std::int64_t ik, const RecordKey& key, const std::string& text);
  Status AddRevision(std::int64_t leaf, std::int64_t record_leaf, std::int64_t ik, const SourceRecord& record,
                     const Evidence& evidence, const EvidenceText& text, const std::optional<LatestRevision>& latest);
  void SaveCounts();

  SqliteStore& store_;
  const IngestBatch& batch_;
  SqliteStore::Ledger ledger_;
  const Instant now_;
  BatchCounts counts_;
};

Result<BatchCounts> BatchWriter::Write() {
  for (const IngestItem& item : batch_.items) MC_CHECK_OK(Take(item));
  MC_CHECK_OK(store_.CloseLedger(ledger_));
  if (!batch_.next.text.empty()) store_.SaveCursor(batch_.source, batch_.stream, batch_.next);
  if (counts_.fetched != counts_.added + counts_.revised + counts_.duplicate + counts_.quarantined) {
    return InternalError("bad_batch", "a record of the batch was counted in no class, or in two");
  }
  SaveCounts();
  return counts_;
}

Status BatchWriter::Take(const IngestItem& item) {
  const RecordKey& key = item.record.key;
  if (item.record.source != batch_.source)
    return InternalError("bad_batch", "a record of another source is in the batch");
  if (Sha256(item.record.bytes) != key.digest)
    return InternalError("bad_batch", "a record's digest is not that of its bytes");
  ++counts_.fetched;
  const std::int64_t ik = store_.settings_.ik_of(key);
  const std::optional<KnownRecord> known = Find(ik, key);
  const auto* evidence = std::get_if<Evidence>(&item.outcome);
  if (evidence && known) return TakeKnown(item, ik, *known, *evidence);
  if (evidence) return TakeNew(item, ik, *evidence);
  if (!known) return TakeRejected(item, ik, std::get<RejectionReason>(item.outcome));
  ++counts_.duplicate;
  return Ok();
}

// Known bytes say something new in two cases: the source went back to them, or they lay in
// quarantine and the rules can read them now.
Status BatchWriter::TakeKnown(const IngestItem& item, std::int64_t ik, const KnownRecord& known,
                              const Evidence& evidence) {
  const std::optional<LatestRevision> latest = Latest(item.record.key);
  if (!known.in_quarantine && (!latest || !IsRevert(*latest, known, item.record))) {
    ++counts_.duplicate;
    return Ok();
  }
  MC_TRY(const EvidenceText text, TextOf(evidence));
  if (latest && latest->statement == AsBytes(text.statement)) {
    ++counts_.duplicate;
    return Ok();
  }
  const std::optional<RecordRow> row = store_.ReadRecord(known.leaf);
  MC_TRY(const std::string envelope, EnvelopeText(row->envelope));
  const std::int64_t revision = latest ? latest->revision + 1 : 1;
  MC_TRY(const std::string object,
         EvidenceObject(envelope, text.canonical, revision, {batch_.run, item.record.source, item.record.stream}));
  MC_TRY(const std::int64_t leaf, store_.AddLeaf(ledger_, LeafKind::kEvidence, now_, object));
  return AddRevision(leaf, known.leaf, ik, item.record, evidence, text, latest);
}

Status BatchWriter::TakeNew(const IngestItem& item, std::int64_t ik, const Evidence& evidence) {
  const SourceRecord& record = item.record;
  const std::string to_seal = TextToSeal(record);
  MC_TRY(const RecordEnvelope envelope, EnvelopeOf(record, to_seal));
  MC_TRY(const std::string envelope_text, EnvelopeText(envelope));
  MC_TRY(const EvidenceText text, TextOf(evidence));
  const std::optional<LatestRevision> latest = Latest(record.key);
  const bool repeats = latest && latest->statement == AsBytes(text.statement);
  std::string object;
  if (repeats) {
    object = RepeatObject(envelope_text, latest->leaf, batch_.run);
  } else {
    MC_TRY(object, EvidenceObject(envelope_text, text.canonical, latest ? latest->revision + 1 : 1,
                                  {batch_.run, record.source, record.stream}));
  }
  MC_TRY(const std::int64_t leaf, store_.AddLeaf(ledger_, LeafKind::kEvidence, now_, object));
  InsertRecord(leaf, ik, envelope, repeats ? "repeat" : "evidence",
               repeats ? std::optional<std::int64_t>(latest->leaf) : std::nullopt);
  InsertPayload(leaf, ik, record.key, to_seal);
  if (!repeats) return AddRevision(leaf, leaf, ik, record, evidence, text, latest);
  ++counts_.duplicate;
  return Ok();
}

Status BatchWriter::TakeRejected(const IngestItem& item, std::int64_t ik, const RejectionReason& reason) {
  const std::string to_seal = TextToSeal(item.record);
  MC_TRY(const RecordEnvelope envelope, EnvelopeOf(item.record, to_seal));
  MC_TRY(const std::string envelope_text, EnvelopeText(envelope));
  MC_TRY(const std::string object, RejectionObject(envelope_text, reason, batch_.run));
  MC_TRY(const std::int64_t leaf, store_.AddLeaf(ledger_, LeafKind::kRejection, now_, object));
  InsertRecord(leaf, ik, envelope, "rejection", std::nullopt);
  InsertPayload(leaf, ik, item.record.key, to_seal);
  Query(store_.sql_["INSERT INTO rejections (leaf_index, code, field, rule, message) VALUES (?, ?, ?, ?, ?)"])
      .Int(leaf)
      .Text(reason.code)
      .Text(reason.field)
      .Text(reason.rule)
      .Text(reason.message)
      .Run();
  ++counts_.quarantined;
  return Ok();
}

std::optional<BatchWriter::KnownRecord> BatchWriter::Find(std::int64_t ik, const RecordKey& key) {
  KnownRecord known;
  {
    Query row(
        store_.sql_["SELECT leaf_index, outcome FROM records "
                    "WHERE ik = ? AND register_id = ? AND native_id = ? AND digest = ?"]);
    row.Int(ik).Text(key.register_id).Text(key.native_id).Blob(AsBytes(key.digest));
    if (!row.Step()) return std::nullopt;
    known.leaf = row.GetInt(0);
    if (row.GetText(1) != "rejection") return known;
  }
  Query read_since(store_.sql_["SELECT 1 FROM evidence WHERE record_leaf = ? LIMIT 1"]);
  known.in_quarantine = !read_since.Int(known.leaf).Step();
  return known;
}

std::optional<BatchWriter::LatestRevision> BatchWriter::Latest(const RecordKey& key) {
  Query row(
      store_.sql_["SELECT leaf_index, record_leaf, revision, statement, run, source, stream FROM evidence "
                  "WHERE register_id = ? AND native_id = ? ORDER BY revision DESC LIMIT 1"]);
  row.Text(key.register_id).Text(key.native_id);
  if (!row.Step()) return std::nullopt;
  return LatestRevision{
      row.GetInt(0), row.GetInt(1), row.GetInt(2), row.GetText(3), {row.GetInt(4), row.GetText(5), row.GetText(6)}};
}

// A page that repeats, or two streams that show one record differently, are no reverts.
bool BatchWriter::IsRevert(const LatestRevision& latest, const KnownRecord& known, const SourceRecord& record) const {
  return latest.record_leaf != known.leaf && latest.from.source == record.source &&
         latest.from.stream == record.stream && latest.from.run < batch_.run;
}

std::string BatchWriter::TextToSeal(const SourceRecord& record) const {
  const auto length = static_cast<std::int64_t>(record.bytes.size());
  if (length <= store_.settings_.payload_limit_bytes) return record.bytes;
  return StubFor(length, record.key.digest);
}

Result<RecordEnvelope> BatchWriter::EnvelopeOf(const SourceRecord& record, const std::string& sealed_text) const {
  RecordEnvelope envelope;
  envelope.key = record.key;
  envelope.source = record.source;
  envelope.stream = record.stream;
  envelope.media_type = record.media_type;
  envelope.length = static_cast<std::int64_t>(record.bytes.size());
  envelope.payload_digest = sealed_text == record.bytes ? record.key.digest : Sha256(sealed_text);
  envelope.occurred_at = record.occurred_at;
  envelope.observed_at = record.observed_at;
  envelope.recorded_at = now_;
  MC_TRY(envelope.facts, FactsText(record.facts));
  return envelope;
}

void BatchWriter::InsertRecord(std::int64_t leaf, std::int64_t ik, const RecordEnvelope& envelope,
                               const std::string& outcome, std::optional<std::int64_t> repeats) {
  Query(store_.sql_["INSERT INTO records (" MC_RECORD_COLUMNS
                    ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"])
      .Int(leaf)
      .Int(ik)
      .Text(envelope.key.register_id)
      .Text(envelope.key.native_id)
      .Blob(AsBytes(envelope.key.digest))
      .Text(envelope.source)
      .Text(envelope.stream)
      .Text(envelope.media_type)
      .Int(envelope.length)
      .Blob(AsBytes(envelope.payload_digest))
      .OptionalInt(envelope.occurred_at ? std::optional(envelope.occurred_at->micros) : std::nullopt)
      .Int(envelope.observed_at.micros)
      .Int(envelope.recorded_at.micros)
      .Text(envelope.facts)
      .Int(batch_.run)
      .Text(outcome)
      .OptionalInt(repeats)
      .Run();
}

void BatchWriter::InsertPayload(std::int64_t leaf, std::int64_t ik, const RecordKey& key, const std::string& text) {
  const SealedPayload sealed = Seal(store_.settings_.sealing_key, SealContext(ik, key), text, store_.settings_.random);
  Query(store_.sql_["INSERT INTO payloads (leaf_index, wrapped_key, box) VALUES (?, ?, ?)"])
      .Int(leaf)
      .Blob(sealed.wrapped_key)
      .Blob(sealed.box)
      .Run();
}

Status BatchWriter::AddRevision(std::int64_t leaf, std::int64_t record_leaf, std::int64_t ik,
                                const SourceRecord& record, const Evidence& evidence, const EvidenceText& text,
                                const std::optional<LatestRevision>& latest) {
  if (latest) Query(store_.sql_["UPDATE evidence SET latest = 0 WHERE leaf_index = ?"]).Int(latest->leaf).Run();
  const std::string kind(Name(evidence.kind));
  const std::string assurance(Name(evidence.assurance));
  Query(store_.sql_["INSERT INTO evidence (" MC_EVIDENCE_COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?)"])
      .Int(leaf)
      .Int(record_leaf)
      .Int(ik)
      .Text(record.key.register_id)
      .Text(record.key.native_id)
      .Int(latest ? latest->revision + 1 : 1)
      .Text(kind)
      .Text(assurance)
      .Text(record.source)
      .Text(record.stream)
      .Int(batch_.run)
      .Blob(AsBytes(text.statement))
      .Text(text.canonical)
      .Run();
  ++(latest ? counts_.revised : counts_.added);
  return Ok();
}

void BatchWriter::SaveCounts() {
  Query(store_.sql_["UPDATE runs SET fetched = fetched + ?, added = added + ?, revised = revised + ?, "
                    "duplicate = duplicate + ?, quarantined = quarantined + ? WHERE run = ?"])
      .Int(counts_.fetched)
      .Int(counts_.added)
      .Int(counts_.revised)
      .Int(counts_.duplicate)
      .Int(counts_.quarantined)
      .Int(batch_.run)
      .Run();
}

Result<BatchCounts> SqliteStore::AppendBatch(const IngestBatch& batch) {
  return Guarded([&]() -> Result<BatchCounts> {
    SQLite::Transaction transaction(db_, SQLite::TransactionBehavior::IMMEDIATE);
    MC_CHECK_OK(CheckFence(batch.source, batch.fence));
    MC_TRY(const std::optional<RunRow> run, ReadRun(batch.run));
    if (!run || run->receipt.source != batch.source) {
      return InternalError("bad_batch", "the batch's run was not begun for this source");
    }
    if (run->state == "abandoned") return TransientError("fenced_off", "a later run of this source has begun");
    if (run->state != "open") return InternalError("bad_batch", "the batch's run has ended");
    MC_TRY(Ledger ledger, OpenLedger());
    MC_TRY(const BatchCounts counts, BatchWriter(*this, batch, std::move(ledger)).Write());
    transaction.commit();
    return counts;
  });
}

}  // namespace mc
