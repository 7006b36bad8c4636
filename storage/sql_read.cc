// Reading: scans, one opened record, totals.
#include "storage/sql_store.h"

namespace mc {
namespace {

Digest DigestFrom(const std::string& bytes) { return DigestFromBytes(bytes).value_or(Digest{}); }

Result<EvidenceRevision> RevisionFrom(const EvidenceRow& row, const Digest& record_digest) {
  EvidenceRevision revision;
  MC_TRY(revision.evidence, EvidenceFromText(row.canonical));
  revision.ik = row.ik;
  revision.record_digest = record_digest;
  revision.leaf_index = row.leaf;
  revision.revision = row.revision;
  revision.latest = row.latest != 0;
  revision.source = row.from.source;
  return revision;
}

}  // namespace

RecordRow RecordFrom(const Query& row) {
  RecordRow record;
  record.leaf = row.GetInt(0);
  record.ik = row.GetInt(1);
  RecordEnvelope& envelope = record.envelope;
  envelope.key = {row.GetText(2), row.GetText(3), DigestFrom(row.GetText(4))};
  envelope.source = row.GetText(5);
  envelope.stream = row.GetText(6);
  envelope.media_type = row.GetText(7);
  envelope.length = row.GetInt(8);
  envelope.payload_digest = DigestFrom(row.GetText(9));
  if (const auto micros = row.GetOptionalInt(10)) envelope.occurred_at = Instant{*micros};
  envelope.observed_at = Instant{row.GetInt(11)};
  envelope.recorded_at = Instant{row.GetInt(12)};
  envelope.facts = row.GetText(13);
  record.run = row.GetInt(14);
  record.outcome = row.GetText(15);
  record.repeats = row.GetOptionalInt(16);
  return record;
}

EvidenceRow EvidenceFrom(const Query& row) {
  EvidenceRow evidence;
  evidence.leaf = row.GetInt(0);
  evidence.record_leaf = row.GetInt(1);
  evidence.ik = row.GetInt(2);
  evidence.register_id = row.GetText(3);
  evidence.native_id = row.GetText(4);
  evidence.revision = row.GetInt(5);
  evidence.latest = row.GetInt(6);
  evidence.kind = row.GetText(7);
  evidence.assurance = row.GetText(8);
  evidence.from = {row.GetInt(11), row.GetText(9), row.GetText(10)};
  evidence.statement = row.GetText(12);
  evidence.canonical = row.GetText(13);
  evidence.chain = row.GetInt(14);
  return evidence;
}

std::optional<RecordRow> SqlStore::ReadRecord(std::int64_t leaf) {
  Query row(sql_["SELECT " MC_RECORD_COLUMNS " FROM records WHERE leaf_index = ?"]);
  if (!row.Int(leaf).Step()) return std::nullopt;
  return RecordFrom(row);
}

std::optional<EvidenceRow> SqlStore::ReadEvidence(std::int64_t leaf) {
  Query row(sql_["SELECT " MC_EVIDENCE_COLUMNS " FROM evidence WHERE leaf_index = ?"]);
  if (!row.Int(leaf).Step()) return std::nullopt;
  return EvidenceFrom(row);
}

std::optional<SealedPayload> SqlStore::ReadPayload(std::int64_t leaf) {
  Query row(sql_["SELECT wrapped_key, box FROM payloads WHERE leaf_index = ?"]);
  if (!row.Int(leaf).Step()) return std::nullopt;
  return SealedPayload{row.GetText(0), row.GetText(1)};
}

Status SqlStore::ScanEvidence(const std::function<Status(const EvidenceRevision&)>& take) {
  return Guarded([&]() -> Status {
    // A statement of its own: the callback may use the store.
    const auto scan = db_->Scan(
        "SELECT e.leaf_index, e.record_leaf, e.ik, e.register_id, e.native_id, e.revision, "
        "e.latest, e.kind, e.assurance, e.source, e.stream, e.run, e.statement, e.canonical, "
        "e.chain, r.digest FROM evidence e LEFT JOIN records r ON r.ik = e.ik AND r.leaf_index = e.record_leaf "
        "ORDER BY e.leaf_index");
    Query row(*scan);
    while (row.Step()) {
      auto revision = RevisionFrom(EvidenceFrom(row), DigestFrom(row.GetText(15)));
      if (!revision.ok() || row.IsNull(15)) {
        return InternalError("store_evidence",
                             "the evidence of leaf " + std::to_string(row.GetInt(0)) + " cannot be read; run fsck");
      }
      MC_CHECK_OK(take(*revision));
    }
    return Ok();
  });
}

Result<StoredRecord> SqlStore::OpenRecord(std::int64_t ik, const std::string& why) {
  return Guarded([&]() -> Result<StoredRecord> {
    SqlTransaction transaction(*db_, SqlTransaction::kWrite);
    std::vector<RecordRow> rows;
    {
      Query row(sql_["SELECT " MC_RECORD_COLUMNS " FROM records WHERE ik = ? ORDER BY leaf_index LIMIT 2"]);
      row.Int(ik);
      while (row.Step()) rows.push_back(RecordFrom(row));
    }
    // Written before anything is opened, and kept also when opening fails.
    Query(sql_["INSERT INTO audit (id, at, who, action, ik, why) "
               "SELECT coalesce(max(id), 0) + 1, ?, ?, 'open_record', ?, ? FROM audit"])
        .Int(settings_.clock.Now().micros)
        .Text(settings_.actor)
        .Int(ik)
        .Text(why)
        .Run();
    transaction.Commit();
    if (rows.empty()) {
      if (const auto erased = ErasedLeavesOf(ik); !erased.empty()) {
        return DataError("record_erased", "record " + IkHex(ik) + ": " + LeafErased(erased.front())->message);
      }
      return DataError("no_such_record", "no record " + IkHex(ik) + " is stored");
    }
    if (rows.size() > 1) return DataError("ambiguous_record", "two records share the key " + IkHex(ik));
    const RecordEnvelope& envelope = rows[0].envelope;
    const std::optional<SealedPayload> sealed = ReadPayload(rows[0].leaf);
    if (!sealed) return InternalError("store_payload", "the bytes of record " + IkHex(ik) + " are gone; run fsck");
    StoredRecord stored;
    MC_TRY(stored.record.bytes, Open(settings_.sealing_key, SealContext(ik, envelope.key), *sealed));
    MC_TRY(stored.record.facts, FactsFromText(envelope.facts));
    stored.record.key = envelope.key;
    stored.record.source = envelope.source;
    stored.record.stream = envelope.stream;
    stored.record.media_type = envelope.media_type;
    stored.record.occurred_at = envelope.occurred_at;
    stored.record.observed_at = envelope.observed_at;
    stored.whole = envelope.payload_digest == envelope.key.digest;
    stored.ik = ik;
    stored.leaf_index = rows[0].leaf;
    return stored;
  });
}

// A source is known by its runs: one that was asked and gave nothing still has a row.
Result<std::vector<SourceTotals>> SqlStore::Totals() {
  return Guarded([&]() -> Result<std::vector<SourceTotals>> {
    std::map<std::string, SourceTotals> by_source;
    {
      Query row(sql_["SELECT source, register_id FROM runs ORDER BY run"]);
      while (row.Step()) by_source[row.GetText(0)].register_id = row.GetText(1);
    }
    {
      Query row(sql_["SELECT source, count(*) FROM records GROUP BY source"]);
      while (row.Step()) by_source[row.GetText(0)].records = row.GetInt(1);
    }
    {
      Query row(
          sql_["SELECT r.source, count(*) FROM rejections j JOIN records r ON r.leaf_index = j.leaf_index "
               "LEFT JOIN decisions d ON d.action = 'drop' AND d.subject = r.leaf_index "
               "WHERE d.leaf_index IS NULL AND NOT EXISTS (" MC_READ_SINCE("r.ik",
                                                                           "r.leaf_index") ") "
                                                                                           "GROUP BY r.source"]);
      while (row.Step()) by_source[row.GetText(0)].quarantined = row.GetInt(1);
    }
    {
      Query row(sql_["SELECT source, count(*) FROM evidence WHERE latest = 1 GROUP BY source"]);
      while (row.Step()) by_source[row.GetText(0)].evidence = row.GetInt(1);
    }
    for (const ContradictedRecord& one : Contradicted()) ++by_source[one.source].contradicted;
    std::vector<SourceTotals> totals;
    for (auto& [source, total] : by_source) {
      total.source = source;
      total.records -= total.quarantined;
      MC_TRY(total.last_run, LastRun(source, false));
      MC_TRY(total.last_complete_run, LastRun(source, true));
      totals.push_back(std::move(total));
    }
    return totals;
  });
}

Result<EvidenceCounts> SqlStore::CountEvidence() {
  return Guarded([&]() -> Result<EvidenceCounts> {
    Query row(sql_["SELECT assurance, count(*) FROM evidence WHERE latest = 1 GROUP BY assurance"]);
    EvidenceCounts counts;
    while (row.Step()) {
      counts.by_assurance[row.GetText(0)] = row.GetInt(1);
      counts.total += row.GetInt(1);
    }
    return counts;
  });
}

}  // namespace mc
