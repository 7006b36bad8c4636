#include "storage/sql_check.h"

namespace mc {
namespace {

bool IsStub(const RecordRow& record) { return record.envelope.payload_digest != record.envelope.key.digest; }

bool SameKey(const EvidenceRow& row, const RecordRow& record) {
  const RecordKey& key = record.envelope.key;
  return row.ik == record.ik && row.register_id == key.register_id && row.native_id == key.native_id;
}

}  // namespace

void FaultList::Add(std::string what, std::string where, std::string detail) {
  if (faults_.size() > kFaultLimit) return;
  if (faults_.size() == kFaultLimit) {
    faults_.push_back({"more", "store", "there are more faults than this report holds"});
    return;
  }
  faults_.push_back({std::move(what), std::move(where), std::move(detail)});
}

std::string WhereRecord(std::int64_t ik, const std::string& source) {
  return "record " + IkHex(ik) + " (source " + source + ")";
}

std::string LeafChecker::WhereLeaf(std::int64_t index) {
  const std::string leaf = "leaf " + std::to_string(index);
  if (const auto row = store_.ReadEvidence(index)) return leaf + ", " + WhereRecord(row->ik, row->from.source);
  if (const auto row = store_.ReadRecord(index)) return leaf + ", " + WhereRecord(row->ik, row->envelope.source);
  return leaf;
}

void LeafChecker::Check(std::int64_t index, const std::string& bytes, const LeafRows& rows) {
  stated_.reset();
  const auto leaf = ParseLeaf(bytes);
  if (!leaf.ok()) return faults_.Add("leaf", WhereLeaf(index), "its bytes are not a leaf");
  if (const auto erasure = ErasedBy(index)) return CheckErased(index, *leaf, *erasure);
  const Opened opened{index, *leaf, rows};
  if (!rows.salt || rows.salt->size() != kSaltBytes) {
    return faults_.Add("salt", WhereLeaf(index), "its salt is missing or not 32 bytes, and no erasure names the leaf");
  }
  switch (leaf->kind) {
    case LeafKind::kEvidence: return CheckEvidenceLeaf(opened);
    case LeafKind::kRejection: return CheckRejection(opened);
    case LeafKind::kReceipt: return CheckReceipt(opened);
    case LeafKind::kDecision: return CheckDecision(opened);
    case LeafKind::kPeriodIndex: return CheckPeriod(opened);
    case LeafKind::kErasure: return CheckErasure(opened);
    case LeafKind::kLogKey: return CheckLogKey(opened);
    case LeafKind::kReadBack: return CheckReadBack(opened);
    case LeafKind::kQuality: return CheckQuality(opened);
    case LeafKind::kAccess: return CheckAccess(opened);
    case LeafKind::kClient: return CheckClientStep(opened);
    case LeafKind::kDirectory:
    case LeafKind::kAssessments:
    case LeafKind::kCatalogue:
    case LeafKind::kLink: return CheckImport(opened);
  }
}

void LeafChecker::CheckCommitment(const Opened& opened, const Result<std::string>& object, const char* what,
                                  const std::string& where) {
  if (object.ok() && Commit(*opened.rows.salt, *object) == opened.leaf.commitment) return;
  faults_.Add(what, where, "what is stored is not what leaf " + std::to_string(opened.index) + " commits to");
}

void LeafChecker::CheckEvidenceLeaf(const Opened& opened) {
  const RecordRow* const own = opened.rows.record;
  const EvidenceRow* const row = opened.rows.evidence;
  if (!row) {
    if (own && own->outcome == "repeat") return CheckRepeat(opened, *own);
    return faults_.Add("orphan", WhereLeaf(opened.index), "no evidence row stands behind this leaf");
  }
  ++seen_.evidence;
  if (own && row->record_leaf != opened.index) {
    faults_.Add("orphan", WhereRecord(own->ik, own->envelope.source), "the record stands at the leaf of another one");
  }
  const auto older = row->record_leaf == opened.index ? std::nullopt : store_.ReadRecord(row->record_leaf);
  const RecordRow* const record = older ? &*older : row->record_leaf == opened.index ? own : nullptr;
  if (!record) {
    return faults_.Add("orphan", WhereRecord(row->ik, row->from.source), "the evidence's record is missing");
  }
  if (!older) CheckRecord(*record, opened.rows.payload);
  CheckRevision(opened, *row, *record);
  CheckColumns(*row, *record);
}

void LeafChecker::CheckRevision(const Opened& opened, const EvidenceRow& row, const RecordRow& record) {
  const std::string where = WhereRecord(row.ik, row.from.source);
  const auto envelope = EnvelopeText(record.envelope);
  const auto object = envelope.ok() ? EvidenceObject(*envelope, row.canonical, row.revision, row.from) : envelope;
  CheckCommitment(opened, object, "evidence_commitment", where);
  if (row.record_leaf > opened.index) faults_.Add("evidence", where, "the revision is older than its record");
  if (row.latest != 0 && row.latest != 1) faults_.Add("revision", where, "its mark `latest` is neither 0 nor 1");
  if (row.record_leaf != opened.index) return;
  const bool fits = record.outcome == "evidence" && record.run == row.from.run &&
                    record.envelope.source == row.from.source && record.envelope.stream == row.from.stream &&
                    record.envelope.recorded_at == opened.leaf.recorded_at;
  if (!fits) faults_.Add("record", where, "the record's columns differ from those of its evidence");
}

void LeafChecker::CheckColumns(const EvidenceRow& row, const RecordRow& record) {
  const std::string where = WhereRecord(row.ik, row.from.source);
  if (!SameKey(row, record) || row.chain != store_.ChainFor(record.envelope.key)) {
    faults_.Add("evidence", where, "its key is not that of its record");
  }
  auto evidence = EvidenceFromText(row.canonical);
  if (!evidence.ok()) return faults_.Add("evidence", where, "its canonical text is not evidence");
  const auto text = TextOf(*evidence);
  const bool fits = text.ok() && text->canonical == row.canonical && AsBytes(text->statement) == row.statement &&
                    Name(evidence->kind) == row.kind && Name(evidence->assurance) == row.assurance;
  if (!fits) faults_.Add("evidence", where, "its columns are not those of its canonical text");
  stated_ = std::move(*evidence);
}

void LeafChecker::CheckRecord(const RecordRow& record, const SealedPayload* sealed) {
  ++seen_.records;
  const RecordEnvelope& envelope = record.envelope;
  const std::string where = WhereRecord(record.ik, envelope.source);
  if (store_.IkFor(envelope.key) != record.ik) faults_.Add("record_key", where, "its key is not that of its columns");
  if ((record.outcome == "repeat") != record.repeats.has_value()) {
    faults_.Add("record", where, "its columns outcome and repeats do not fit");
  }
  if (!sealed) {
    return faults_.Add("payload_missing", where, "its sealed bytes are missing, and no erasure names them");
  }
  const auto plain = Open(store_.settings_.sealing_key, SealContext(record.ik, envelope.key), *sealed);
  if (!plain.ok()) return faults_.Add("payload_seal", where, "its sealed bytes do not open");
  const bool fits = Sha256(*plain) == envelope.payload_digest &&
                    (IsStub(record) ? *plain == StubFor(envelope.length, envelope.key.digest)
                                    : static_cast<std::int64_t>(plain->size()) == envelope.length);
  if (!fits) faults_.Add("payload_digest", where, "its bytes are not those that were received");
}

void LeafChecker::CheckRepeat(const Opened& opened, const RecordRow& record) {
  CheckRecord(record, opened.rows.payload);
  const std::string where = WhereRecord(record.ik, record.envelope.source);
  const auto envelope = EnvelopeText(record.envelope);
  const auto repeated = store_.ReadEvidence(record.repeats.value_or(-1));
  const auto object =
      envelope.ok() ? Result<std::string>(RepeatObject(*envelope, record.repeats.value_or(-1), record.run)) : envelope;
  CheckCommitment(opened, object, "record_commitment", where);
  const RecordKey& key = record.envelope.key;
  if (!repeated || repeated->register_id != key.register_id || repeated->native_id != key.native_id) {
    faults_.Add("record", where, "the revision that it repeats is missing or of another record");
  }
}

void LeafChecker::CheckRejection(const Opened& opened) {
  const RecordRow* const record = opened.rows.record;
  Query row(store_.sql_["SELECT code, field, rule, message FROM rejections WHERE leaf_index = ?"]);
  const bool found = row.Int(opened.index).Step();
  if (found) ++seen_.rejections;
  if (!record || !found || record->outcome != "rejection") {
    if (record) CheckRecord(*record, opened.rows.payload);
    return faults_.Add("orphan", WhereLeaf(opened.index), "the rejected record or its reason is missing");
  }
  CheckRecord(*record, opened.rows.payload);
  const auto envelope = EnvelopeText(record->envelope);
  const RejectionReason reason{row.GetText(0), row.GetText(1), row.GetText(2), row.GetText(3)};
  CheckCommitment(opened, envelope.ok() ? RejectionObject(*envelope, reason, record->run) : envelope,
                  "rejection_commitment", WhereRecord(record->ik, record->envelope.source));
}

void LeafChecker::CheckReceipt(const Opened& opened) {
  Query row(store_.sql_["SELECT " MC_RUN_COLUMNS " FROM runs WHERE leaf_index = ?"]);
  if (!row.Int(opened.index).Step()) return faults_.Add("orphan", WhereLeaf(opened.index), "its receipt is missing");
  ++seen_.receipts;
  const RunRow run = RunFrom(row);
  const std::string where = "receipt of run " + std::to_string(run.receipt.run) + " (source " + run.receipt.source +
                            "), leaf " + std::to_string(opened.index);
  if (!RunOutcomeFrom(run.state).ok()) faults_.Add("receipt", where, "its run is not marked as ended");
  CheckCommitment(opened, ReceiptObject(run.receipt), "receipt_commitment", where);
}

void LeafChecker::CheckDecision(const Opened& opened) {
  Query row(store_.sql_["SELECT action, subject, decided_at, decided_by, why FROM decisions WHERE leaf_index = ?"]);
  const std::string where = "decision of leaf " + std::to_string(opened.index);
  if (!row.Int(opened.index).Step()) return faults_.Add("orphan", where, "its row is missing");
  ++seen_.decisions;
  const Decision decision{row.GetText(0), row.GetInt(1), Instant{row.GetInt(2)}, row.GetText(3), row.GetText(4)};
  CheckCommitment(opened, DecisionObject(decision), "decision_commitment", where);
  const auto subject = store_.ReadRecord(decision.subject);
  if (!subject && ErasedBy(decision.subject)) return;
  if (!subject || subject->outcome != "rejection") {
    faults_.Add("decision", where, "it is about a record that was never rejected");
  }
}

void LeafChecker::CheckImport(const Opened& opened) {
  Query row(
      store_.sql_["SELECT kind, digest, length, imported_at, wrapped_key, box FROM imports WHERE leaf_index = ?"]);
  const std::string where =
      "import of leaf " + std::to_string(opened.index) + " (" + std::string(Name(opened.leaf.kind)) + ")";
  if (!row.Int(opened.index).Step()) return faults_.Add("orphan", where, "its document is missing");
  ++seen_.imports;
  const Digest digest = DigestFromBytes(row.GetText(1)).value_or(Digest{});
  const Instant imported_at{row.GetInt(3)};
  if (row.GetText(0) != Name(opened.leaf.kind)) faults_.Add("import", where, "its kind is not that of its leaf");
  CheckCommitment(opened, ImportObject(opened.leaf.kind, digest, row.GetInt(2), imported_at), "import_commitment",
                  where);
  const auto plain = Open(store_.settings_.sealing_key, SqlStore::ImportContext(opened.leaf.kind, digest),
                          {row.GetText(4), row.GetText(5)});
  if (!plain.ok()) return faults_.Add("import_seal", where, "its sealed document does not open");
  if (Sha256(*plain) != digest || static_cast<std::int64_t>(plain->size()) != row.GetInt(2)) {
    faults_.Add("import_digest", where, "its document is not the one that was imported");
  }
}

}  // namespace mc
