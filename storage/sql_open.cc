// OpenLeaf: the objects behind leaves, made anew from the rows.
#include <algorithm>

#include "storage/sql_store.h"

namespace mc {
namespace {

Error NotAsCommitted(std::int64_t leaf) {
  return InternalError("store_leaf", "what is stored is not what leaf " + std::to_string(leaf) +
                                         " commits to, or it is missing; run fsck");
}

}  // namespace

Result<std::string> SqlStore::RevisionObject(const EvidenceRow& row) {
  const std::optional<RecordRow> record = ReadRecord(row.record_leaf);
  if (!record) return NotAsCommitted(row.leaf);
  MC_TRY(const std::string envelope, EnvelopeText(record->envelope));
  return EvidenceObject(envelope, row.canonical, row.revision, row.from);
}

Result<std::string> SqlStore::RecordObject(const RecordRow& record) {
  MC_TRY(const std::string envelope, EnvelopeText(record.envelope));
  if (record.outcome == "repeat") return RepeatObject(envelope, record.repeats.value_or(-1), record.run);
  Query row(sql_["SELECT code, field, rule, message FROM rejections WHERE leaf_index = ?"]);
  if (!row.Int(record.leaf).Step()) return NotAsCommitted(record.leaf);
  return RejectionObject(envelope, {row.GetText(0), row.GetText(1), row.GetText(2), row.GetText(3)}, record.run);
}

Result<std::string> SqlStore::DecisionObjectOf(std::int64_t leaf) {
  Query row(sql_["SELECT action, subject, decided_at, decided_by, why FROM decisions WHERE leaf_index = ?"]);
  if (!row.Int(leaf).Step()) return NotAsCommitted(leaf);
  return DecisionObject({row.GetText(0), row.GetInt(1), Instant{row.GetInt(2)}, row.GetText(3), row.GetText(4)});
}

Result<std::string> SqlStore::PeriodObjectOf(std::int64_t leaf) {
  Query row(sql_["SELECT object FROM periods WHERE leaf_index = ?"]);
  if (!row.Int(leaf).Step()) return NotAsCommitted(leaf);
  return row.GetText(0);
}

Result<std::string> SqlStore::ReceiptObjectOf(std::int64_t leaf) {
  Query row(sql_["SELECT " MC_RUN_COLUMNS " FROM runs WHERE leaf_index = ?"]);
  if (!row.Int(leaf).Step()) return NotAsCommitted(leaf);
  return ReceiptObject(RunFrom(row).receipt);
}

Result<std::string> SqlStore::ImportObjectOf(std::int64_t leaf, LeafKind kind) {
  Query row(sql_["SELECT digest, length, imported_at FROM imports WHERE leaf_index = ?"]);
  if (!row.Int(leaf).Step()) return NotAsCommitted(leaf);
  const Digest digest = DigestFromBytes(row.GetText(0)).value_or(Digest{});
  return ImportObject(kind, digest, row.GetInt(1), Instant{row.GetInt(2)});
}

Result<std::string> SqlStore::ObjectOf(std::int64_t leaf, LeafKind kind) {
  switch (kind) {
    case LeafKind::kEvidence:
    case LeafKind::kRejection: {
      if (const auto row = ReadEvidence(leaf)) return RevisionObject(*row);
      const auto record = ReadRecord(leaf);
      return record ? RecordObject(*record) : NotAsCommitted(leaf);
    }
    case LeafKind::kReceipt: return ReceiptObjectOf(leaf);
    case LeafKind::kDecision: return DecisionObjectOf(leaf);
    case LeafKind::kPeriodIndex: return PeriodObjectOf(leaf);
    case LeafKind::kLogKey: return LogKeyObjectOf(leaf);
    case LeafKind::kReadBack: {
      auto object = ReadBackObjectAt(leaf);
      return object ? Result<std::string>(std::move(*object)) : NotAsCommitted(leaf);
    }
    case LeafKind::kQuality: {
      auto object = QualityObjectAt(leaf);
      return object ? Result<std::string>(std::move(*object)) : NotAsCommitted(leaf);
    }
    case LeafKind::kAccess: {
      auto object = AccessObjectAt(leaf);
      return object ? Result<std::string>(std::move(*object)) : NotAsCommitted(leaf);
    }
    case LeafKind::kClient: {
      auto object = ClientStepObjectAt(leaf);
      return object ? Result<std::string>(std::move(*object)) : NotAsCommitted(leaf);
    }
    case LeafKind::kErasure: {
      auto object = ErasureObjectAt(leaf);
      return object ? Result<std::string>(std::move(*object)) : NotAsCommitted(leaf);
    }
    case LeafKind::kDirectory:
    case LeafKind::kAssessments:
    case LeafKind::kCatalogue:
    case LeafKind::kLink: return ImportObjectOf(leaf, kind);
  }
  return NotAsCommitted(leaf);
}

Result<OpenedLeaf> SqlStore::OpenLeaf(std::int64_t leaf) {
  return Guarded([&]() -> Result<OpenedLeaf> {
    const SqlTransaction one_moment(*db_, SqlTransaction::kRead);
    OpenedLeaf opened{leaf, "", "", ""};
    {
      Query row(
          sql_["SELECT l.bytes, s.salt FROM leaves l LEFT JOIN salts s ON s.leaf_index = l.leaf_index "
               "WHERE l.leaf_index = ?"]);
      if (!row.Int(leaf).Step()) return DataError("no_such_leaf", "the log has no leaf " + std::to_string(leaf));
      opened.bytes = row.GetText(0);
      opened.salt = row.GetText(1);
    }
    MC_TRY(const Leaf parsed, ParseLeaf(opened.bytes));
    if (auto erased = LeafErased(leaf)) return *erased;
    MC_TRY(opened.object, ObjectOf(leaf, parsed.kind));
    if (opened.salt.size() != kSaltBytes || Commit(opened.salt, opened.object) != parsed.commitment) {
      return NotAsCommitted(leaf);
    }
    return opened;
  });
}

Result<std::vector<std::int64_t>> SqlStore::LeavesOfRecord(std::int64_t ik) {
  return Guarded([&]() -> Result<std::vector<std::int64_t>> {
    const SqlTransaction one_moment(*db_, SqlTransaction::kRead);
    std::vector<RecordRow> rows;
    {
      Query row(sql_["SELECT " MC_RECORD_COLUMNS " FROM records WHERE ik = ? ORDER BY leaf_index LIMIT 2"]);
      row.Int(ik);
      while (row.Step()) rows.push_back(RecordFrom(row));
    }
    if (rows.empty()) {
      std::vector<std::int64_t> erased = ErasedLeavesOf(ik);
      if (!erased.empty()) return erased;
      return DataError("no_such_record", "no record " + IkHex(ik) + " is stored");
    }
    if (rows.size() > 1) return DataError("ambiguous_record", "two records share the key " + IkHex(ik));
    std::vector<std::int64_t> leaves = {rows[0].leaf};
    if (rows[0].repeats) leaves.push_back(*rows[0].repeats);
    Query row(sql_["SELECT leaf_index FROM evidence WHERE ik = ? AND record_leaf = ? AND record_leaf <> leaf_index"]);
    row.Int(ik).Int(rows[0].leaf);
    while (row.Step()) leaves.push_back(row.GetInt(0));
    std::sort(leaves.begin(), leaves.end());
    return leaves;
  });
}

}  // namespace mc
