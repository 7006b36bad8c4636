// Writing one batch: what is stored of each record, and how it is counted.
#include "storage/sql_batch.h"

namespace mc {

Status BatchWriter::Prepare(bool ahead) {
  ready_.resize(batch_.items.size());
  for (std::size_t i = 0; i < batch_.items.size(); ++i) {
    const SourceRecord& record = batch_.items[i].record;
    if (record.source != batch_.source) return InternalError("bad_batch", "a record of another source is in the batch");
    if (Sha256(record.bytes) != record.key.digest)
      return InternalError("bad_batch", "a record's digest is not that of its bytes");
    ready_[i].ik = store_->IkFor(record.key);
    ready_[i].chain = store_->ChainFor(record.key);
    // What cannot be made is no error of a record that is known: it is tried again where it is needed.
    if (ahead) (void)Make(batch_.items[i], ready_[i]);
  }
  return Ok();
}

Status BatchWriter::Make(const IngestItem& item, Ready& ready) {
  if (ready.made) return Ok();
  const SourceRecord& record = item.record;
  const std::string stub = StubOf(record);
  const std::string& to_seal = stub.empty() ? record.bytes : stub;
  MC_TRY(ready.envelope, EnvelopeOf(record, to_seal));
  MC_TRY(ready.envelope_text, EnvelopeText(ready.envelope));
  if (const auto* evidence = std::get_if<Evidence>(&item.outcome)) {
    MC_TRY(ready.text, TextOf(*evidence));
    MC_TRY(const std::string object, ObjectOf(record, ready.envelope_text, ready.text, 1));
    ready.leaf = store_->MakeLeaf(LeafKind::kEvidence, now_, object);
  } else {
    const auto& reason = std::get<RejectionReason>(item.outcome);
    MC_TRY(const std::string object, RejectionObject(ready.envelope_text, reason, batch_.run));
    ready.leaf = store_->MakeLeaf(LeafKind::kRejection, now_, object);
  }
  ready.sealed =
      Seal(store_->settings_.sealing_key, SealContext(ready.ik, record.key), to_seal, store_->settings_.random);
  ready.made = true;
  return Ok();
}

Status BatchWriter::CheckRun() {
  MC_CHECK_OK(store_->CheckFence(batch_.source, batch_.fence));
  MC_TRY(const std::optional<RunRow> run, store_->ReadRun(batch_.run));
  if (!run || run->receipt.source != batch_.source) {
    return InternalError("bad_batch", "the batch's run was not begun for this source");
  }
  if (run->state != "open") return InternalError("bad_batch", "the batch's run has ended");
  return Ok();
}

Result<BatchCounts> BatchWriter::Write(SqlStore& through) {
  store_ = &through;
  counts_ = {};
  sums_.Clear();
  first_.clear();
  last_.clear();
  MC_CHECK_OK(CheckRun());
  MC_TRY(ledger_, store_->OpenLedger());
  any_erased_ = store_->AnyErased();
  LookAhead();
  for (std::size_t i = 0; i < batch_.items.size(); ++i) MC_CHECK_OK(Take(batch_.items[i], ready_[i]));
  keys_->Finish();
  MC_CHECK_OK(store_->CloseLedger(ledger_));
  if (!batch_.next.text.empty()) store_->SaveCursor(batch_.source, batch_.stream, batch_.next);
  if (counts_.fetched != counts_.added + counts_.revised + counts_.duplicate + counts_.quarantined) {
    return InternalError("bad_batch", "a record of the batch was counted in no class, or in two");
  }
  SaveCounts();
  SaveQuality();
  return counts_;
}

void BatchWriter::Place(const IngestItem& item) {
  const auto* evidence = std::get_if<Evidence>(&item.outcome);
  unit_ = &UnitNamed(evidence ? evidence->unit : item.place.unit);
  event_ = evidence ? EventOf(*evidence) : item.place.at;
  period_ = store_->period_names_.Of(EventTime(event_, item.record.occurred_at, item.record.observed_at));
  if (first_.empty() || period_ < first_) first_ = period_;
  if (period_ > last_) last_ = period_;
}

Status BatchWriter::Take(const IngestItem& item, Ready& ready) {
  ++counts_.fetched;
  Place(item);
  const std::optional<KnownRecord> known = keys_->Find(ready.ik, item.record.key);
  const auto* evidence = std::get_if<Evidence>(&item.outcome);
  if (evidence && known) return TakeKnown(item, ready, *known, *evidence);
  MC_TRY(const bool erased, WasErased(item));
  if (known || erased) {
    ++counts_.duplicate;
    return Ok();
  }
  if (evidence) return TakeNew(item, ready, *evidence);
  return TakeRejected(item, ready, std::get<RejectionReason>(item.outcome));
}

Result<bool> BatchWriter::WasErased(const IngestItem& item) {
  if (!any_erased_) return false;
  const RecordKey& key = item.record.key;
  std::optional<Digest> statement;
  if (const auto* evidence = std::get_if<Evidence>(&item.outcome)) {
    MC_TRY(const EvidenceText text, TextOf(*evidence));
    statement = store_->erasure_tags_.Statement(key, AsBytes(text.statement));
  }
  return store_->WasErased(store_->erasure_tags_.Key(key), statement);
}

// Known bytes say something new in two cases: the source went back to them, or they lay in
// quarantine and the rules can read them now.
Status BatchWriter::TakeKnown(const IngestItem& item, Ready& ready, const KnownRecord& known,
                              const Evidence& evidence) {
  const std::optional<LatestRevision> latest = keys_->Latest(ready.chain, item.record.key);
  // Out of quarantine it is a revision whatever it states: else it would stay unread, and hold its item, for ever.
  const bool in_quarantine = InQuarantine(ready.ik, known);
  const bool anew = in_quarantine || IsSaidSince(latest, ready, item.record);
  if (!anew && (!latest || !IsRevert(*latest, known, item.record))) {
    ++counts_.duplicate;
    return Ok();
  }
  MC_TRY(ready.text, TextOf(evidence));
  if (!anew && latest->statement == AsBytes(ready.text.statement)) {
    ++counts_.duplicate;
    return Ok();
  }
  const std::optional<RecordRow> row = store_->ReadRecord(known.leaf);
  if (in_quarantine) {
    if (const auto cell = store_->RejectedCell(*row)) {
      sums_.Add({cell->source, cell->unit, cell->period, cell->measure, -cell->num, -cell->den});
    }
    // As fsck reads it: by the times that were stored with the record.
    const Instant at = EventTime(event_, row->envelope.occurred_at, row->envelope.observed_at);
    sums_.AddRecord(row->envelope.source, *unit_, store_->period_names_.Of(at), true);
  }
  MC_TRY(const std::string envelope, EnvelopeText(row->envelope));
  MC_TRY(const std::string object, ObjectOf(item.record, envelope, ready.text, latest ? latest->revision + 1 : 1));
  MC_TRY(const std::int64_t leaf, store_->AddLeaf(ledger_, LeafKind::kEvidence, now_, object));
  return AddRevision(leaf, known.leaf, ready, item.record, evidence, latest);
}

Status BatchWriter::TakeNew(const IngestItem& item, Ready& ready, const Evidence& evidence) {
  MC_CHECK_OK(Make(item, ready));
  const std::optional<LatestRevision> latest = keys_->Latest(ready.chain, item.record.key);
  const bool repeats =
      latest && latest->statement == AsBytes(ready.text.statement) && !IsSaidSince(latest, ready, item.record);
  std::int64_t leaf = 0;
  if (repeats) {
    const std::string object = RepeatObject(ready.envelope_text, latest->leaf, batch_.run);
    MC_TRY(leaf, store_->AddLeaf(ledger_, LeafKind::kEvidence, now_, object));
  } else if (latest) {
    MC_TRY(const std::string object, ObjectOf(item.record, ready.envelope_text, ready.text, latest->revision + 1));
    MC_TRY(leaf, store_->AddLeaf(ledger_, LeafKind::kEvidence, now_, object));
  } else {
    leaf = store_->AddLeaf(ledger_, ready.leaf);
  }
  InsertRecord(leaf, ready, repeats ? "repeat" : "evidence",
               repeats ? std::optional<std::int64_t>(latest->leaf) : std::nullopt);
  sums_.AddRecord(batch_.source, *unit_, period_, true);
  if (!repeats) return AddRevision(leaf, leaf, ready, item.record, evidence, latest);
  ++counts_.duplicate;
  return Ok();
}

Status BatchWriter::TakeRejected(const IngestItem& item, Ready& ready, const RejectionReason& reason) {
  MC_CHECK_OK(Make(item, ready));
  const std::int64_t leaf = store_->AddLeaf(ledger_, ready.leaf);
  InsertRecord(leaf, ready, "rejection", std::nullopt);
  Query(store_->sql_["INSERT INTO rejections (leaf_index, code, field, rule, message) VALUES (?, ?, ?, ?, ?)"])
      .Int(leaf)
      .Text(reason.code)
      .Text(reason.field)
      .Text(reason.rule)
      .Text(reason.message)
      .Run();
  sums_.AddRecord(batch_.source, *unit_, period_, false);
  store_->SavePlace(leaf, *unit_, period_);
  store_->SaveRejectionChain(leaf, ready.chain);
  ++counts_.quarantined;
  return Ok();
}

bool BatchWriter::InQuarantine(std::int64_t ik, const KnownRecord& known) {
  if (!known.rejected) return false;
  Query read_since(store_->sql_[MC_READ_SINCE("?", "?") " LIMIT 1"]);
  return !read_since.Int(ik).Int(known.leaf).Step();
}

// The source says what it had said before it sent what nobody could read: that is its last word now.
bool BatchWriter::IsSaidSince(const std::optional<LatestRevision>& latest, const Ready& ready,
                              const SourceRecord& record) {
  return latest && keys_->UnreadBehind(latest->leaf, ready.chain, record, batch_.run);
}

void BatchWriter::LookAhead() {
  keys_.emplace(*store_->db_, store_->sql_);
  std::vector<std::int64_t> iks, chains;
  for (const Ready& each : ready_) {
    iks.push_back(each.ik);
    chains.push_back(each.chain);
  }
  keys_->LookAhead(iks, chains);
}

// A page that repeats, or two streams that show one record differently, are no reverts.
bool BatchWriter::IsRevert(const LatestRevision& latest, const KnownRecord& known, const SourceRecord& record) const {
  return latest.record_leaf != known.leaf && latest.from.source == record.source &&
         latest.from.stream == record.stream && latest.from.run < batch_.run;
}

// What is sealed in place of bytes over the limit; empty for others, which are sealed whole.
std::string BatchWriter::StubOf(const SourceRecord& record) const {
  const auto length = static_cast<std::int64_t>(record.bytes.size());
  return length <= store_->settings_.payload_limit_bytes ? "" : StubFor(length, record.key.digest);
}

Result<std::string> BatchWriter::ObjectOf(const SourceRecord& record, const std::string& envelope,
                                          const EvidenceText& text, std::int64_t revision) const {
  return EvidenceObject(envelope, text.canonical, revision, {batch_.run, record.source, record.stream});
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

void BatchWriter::InsertRecord(std::int64_t leaf, const Ready& ready, const std::string& outcome,
                               std::optional<std::int64_t> repeats) {
  const RecordEnvelope& envelope = ready.envelope;
  Query(store_->sql_["INSERT INTO records (" MC_RECORD_COLUMNS
                     ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"])
      .Int(leaf)
      .Int(ready.ik)
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
  Query(store_->sql_["INSERT INTO payloads (leaf_index, wrapped_key, box) VALUES (?, ?, ?)"])
      .Int(leaf)
      .Blob(ready.sealed.wrapped_key)
      .Blob(ready.sealed.box)
      .Run();
  keys_->AddRecord(ready.ik, envelope.key, {leaf, outcome == "rejection"});
}

Status BatchWriter::AddRevision(std::int64_t leaf, std::int64_t record_leaf, const Ready& ready,
                                const SourceRecord& record, const Evidence& evidence,
                                const std::optional<LatestRevision>& latest) {
  const std::int64_t revision = latest ? latest->revision + 1 : 1;
  const std::string statement(AsBytes(ready.text.statement));
  keys_->AddRevision(ready.chain, record.key,
                     {leaf, record_leaf, ready.ik, revision, statement, {batch_.run, record.source, record.stream}},
                     latest);
  const std::string kind(Name(evidence.kind));
  const std::string assurance(Name(evidence.assurance));
  Query(store_->sql_["INSERT INTO evidence (" MC_EVIDENCE_COLUMNS
                     ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"])
      .Int(leaf)
      .Int(record_leaf)
      .Int(ready.ik)
      .Text(record.key.register_id)
      .Text(record.key.native_id)
      .Int(revision)
      .Int(1)
      .Text(kind)
      .Text(assurance)
      .Text(record.source)
      .Text(record.stream)
      .Int(batch_.run)
      .Blob(statement)
      .Text(ready.text.canonical)
      .Int(ready.chain)
      .Run();
  ++(latest ? counts_.revised : counts_.added);
  return Ok();
}

void BatchWriter::SaveCounts() {
  Query(store_->sql_["UPDATE runs SET fetched = fetched + ?, added = added + ?, revised = revised + ?, "
                     "duplicate = duplicate + ?, quarantined = quarantined + ? WHERE run = ?"])
      .Int(counts_.fetched)
      .Int(counts_.added)
      .Int(counts_.revised)
      .Int(counts_.duplicate)
      .Int(counts_.quarantined)
      .Int(batch_.run)
      .Run();
}

void BatchWriter::SaveQuality() {
  store_->AddQuality(sums_.Cells());
  store_->NoteOffered(batch_.run, first_, last_);
}

}  // namespace mc
