#include "storage/sql_batch_keys.h"

#include <algorithm>

namespace mc {
namespace {

LatestRevision LatestFrom(const Query& row, int at) {
  return {row.GetInt(at),     row.GetInt(at + 1),  row.GetInt(at + 2),
          row.GetInt(at + 3), row.GetText(at + 4), {row.GetInt(at + 5), row.GetText(at + 6), row.GetText(at + 7)}};
}
#define MC_REVISION_COLUMNS "leaf_index, record_leaf, ik, revision, statement, run, source, stream"

RecordKey ChainKey(const RecordKey& key) { return {key.register_id, key.native_id, Digest{}}; }

bool SameRecordKey(const RecordKey& a, const RecordKey& b) {
  return a.native_id == b.native_id && a.register_id == b.register_id && a.digest == b.digest;
}

auto FoundIn(auto& known, std::int64_t number, const RecordKey& key) {
  const auto [begin, end] = known.equal_range(number);
  const auto found = std::find_if(begin, end, [&](const auto& each) { return SameRecordKey(each.second.first, key); });
  return found == end ? known.end() : found;
}

}  // namespace

void BatchKeys::LookAhead(const std::vector<std::int64_t>& iks, const std::vector<std::int64_t>& chains) {
  ahead_ = db_.takes_arrays();
  if (!ahead_) return;
  FindAll(iks);
  LatestOfAll(chains);
  RejectedOfAll(chains);
}

void BatchKeys::FindAll(const std::vector<std::int64_t>& iks) {
  Query row(
      sql_["SELECT ik, register_id, native_id, digest, leaf_index, outcome FROM records WHERE ik = ANY (?) "
           "ORDER BY leaf_index"]);
  row.Ints(iks);
  while (row.Step()) {
    const RecordKey key{row.GetText(1), row.GetText(2), DigestFromBytes(row.GetText(3)).value_or(Digest{})};
    AddRecord(row.GetInt(0), key, {row.GetInt(4), row.GetText(5) == "rejection"});
  }
}

void BatchKeys::LatestOfAll(const std::vector<std::int64_t>& chains) {
  Query row(
      sql_["SELECT DISTINCT ON (chain, register_id, native_id) chain, register_id, native_id, " MC_REVISION_COLUMNS
           " FROM evidence WHERE chain = ANY (?) ORDER BY chain, register_id, native_id, revision DESC"]);
  row.Ints(chains);
  while (row.Step()) {
    const RecordKey key{row.GetText(1), row.GetText(2), Digest{}};
    revisions_.emplace(row.GetInt(0), std::pair(key, LatestFrom(row, 3)));
  }
}

void BatchKeys::RejectedOfAll(const std::vector<std::int64_t>& chains) {
  Query row(sql_["SELECT DISTINCT chain FROM rejection_chains WHERE chain = ANY (?)"]);
  row.Ints(chains);
  while (row.Step()) rejected_.insert(row.GetInt(0));
}

bool BatchKeys::UnreadBehind(std::int64_t leaf, std::int64_t chain, const SourceRecord& record, std::int64_t run) {
  if (ahead_ && !rejected_.contains(chain)) return false;
  Query row(
      sql_["SELECT 1 FROM rejection_chains c JOIN records r ON r.leaf_index = c.leaf_index "
           "LEFT JOIN decisions d ON d.action = 'drop' AND d.subject = c.leaf_index "
           "WHERE c.chain = ? AND c.leaf_index > ? AND r.register_id = ? AND r.native_id = ? AND r.source = ? "
           "AND r.stream = ? AND r.run < ? AND d.leaf_index IS NULL "
           "AND NOT EXISTS (" MC_READ_SINCE("r.ik", "r.leaf_index") ") LIMIT 1"]);
  row.Int(chain).Int(leaf).Text(record.key.register_id).Text(record.key.native_id);
  return row.Text(record.source).Text(record.stream).Int(run).Step();
}

std::optional<KnownRecord> BatchKeys::Find(std::int64_t ik, const RecordKey& key) {
  if (ahead_) {
    const auto found = FoundIn(records_, ik, key);
    return found == records_.end() ? std::nullopt : std::optional(found->second.second);
  }
  Query row(
      sql_["SELECT leaf_index, outcome FROM records "
           "WHERE ik = ? AND register_id = ? AND native_id = ? AND digest = ?"]);
  row.Int(ik).Text(key.register_id).Text(key.native_id).Blob(AsBytes(key.digest));
  if (!row.Step()) return std::nullopt;
  return KnownRecord{row.GetInt(0), row.GetText(1) == "rejection"};
}

std::optional<LatestRevision> BatchKeys::Latest(std::int64_t chain, const RecordKey& key) {
  if (ahead_) {
    const auto found = FoundIn(revisions_, chain, ChainKey(key));
    return found == revisions_.end() ? std::nullopt : std::optional(found->second.second);
  }
  Query row(sql_["SELECT " MC_REVISION_COLUMNS " FROM evidence "
                 "WHERE chain = ? AND register_id = ? AND native_id = ? ORDER BY revision DESC LIMIT 1"]);
  row.Int(chain).Text(key.register_id).Text(key.native_id);
  if (!row.Step()) return std::nullopt;
  return LatestFrom(row, 0);
}

void BatchKeys::AddRecord(std::int64_t ik, const RecordKey& key, const KnownRecord& record) {
  if (ahead_) records_.emplace(ik, std::pair(key, record));
}

void BatchKeys::AddRevision(std::int64_t chain, const RecordKey& key, LatestRevision revision,
                            const std::optional<LatestRevision>& replaced) {
  if (!ahead_) {
    if (!replaced) return;
    Query(sql_["UPDATE evidence SET latest = 0 WHERE ik = ? AND leaf_index = ?"])
        .Int(replaced->ik)
        .Int(replaced->leaf)
        .Run();
    return;
  }
  if (replaced) {
    replaced_.push_back(replaced->leaf);
    replaced_iks_.push_back(replaced->ik);
  }
  const auto found = FoundIn(revisions_, chain, ChainKey(key));
  if (found != revisions_.end()) revisions_.erase(found);
  revisions_.emplace(chain, std::pair(ChainKey(key), std::move(revision)));
}

void BatchKeys::Finish() {
  if (!replaced_.empty()) {
    Query(sql_["UPDATE evidence SET latest = 0 WHERE ik = ANY (?) AND leaf_index = ANY (?)"])
        .Ints(replaced_iks_)
        .Ints(replaced_)
        .Run();
  }
  replaced_.clear();
  replaced_iks_.clear();
}

}  // namespace mc
