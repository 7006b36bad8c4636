// How fsck looks at erasures: what an erasure names is gone, and nothing is gone that none names.
#include <nlohmann/json.hpp>

#include "core/json.h"
#include "storage/sql_check.h"

namespace mc {
namespace {

struct Remains {
  const char* sql;
  const char* what;
};
constexpr Remains kRemains[] = {
    {"SELECT 1 FROM payloads WHERE leaf_index = ?", "sealed payload"},
    {"SELECT 1 FROM evidence WHERE leaf_index = ?", "evidence"},
    {"SELECT 1 FROM rejections WHERE leaf_index = ?", "rejection"},
    {"SELECT 1 FROM records WHERE leaf_index = ?", "record"},
    {"SELECT 1 FROM salts WHERE leaf_index = ?", "salt"},
};

bool MayBeErased(LeafKind kind) { return kind == LeafKind::kEvidence || kind == LeafKind::kRejection; }

}  // namespace

std::optional<std::int64_t> LeafChecker::ErasedBy(std::int64_t leaf) {
  if (!erased_) {
    erased_.emplace();
    Query row(store_.sql_["SELECT leaf_index, erasure FROM erased"]);
    while (row.Step()) erased_->emplace(row.GetInt(0), row.GetInt(1));
  }
  const auto found = erased_->find(leaf);
  return found == erased_->end() ? std::nullopt : std::optional(found->second);
}

void LeafChecker::CheckErased(std::int64_t index, const Leaf& leaf, std::int64_t erasure) {
  ++seen_.erased;
  const std::string by = "leaf " + std::to_string(erasure);
  if (!MayBeErased(leaf.kind)) faults_.Add("erasure", WhereLeaf(index), "a leaf of this kind is never erased");
  if (erasure <= index || !store_.ErasureObjectAt(erasure)) {
    faults_.Add("erasure_missing", WhereLeaf(index), "it is marked as erased by " + by + ", which says no such thing");
  }
  for (const Remains& remains : kRemains) {
    Query row(store_.sql_[remains.sql]);
    if (!row.Int(index).Step()) continue;
    faults_.Add("erasure_undone", WhereLeaf(index),
                "it was erased by " + by + ", and its " + remains.what + " is still there");
  }
}

void LeafChecker::CheckErasure(const Opened& opened) {
  const std::string where = "erasure of leaf " + std::to_string(opened.index);
  const auto object = store_.ErasureObjectAt(opened.index);
  if (!object) return faults_.Add("orphan", where, "its row is missing");
  ++seen_.erasures;
  CheckCommitment(opened, Result<std::string>(*object), "erasure_commitment", where);
  const auto erasure = ParseErasure(*object);
  if (!erasure.ok()) return faults_.Add("erasure", where, erasure.error().message);
  if (erasure->at != opened.leaf.recorded_at || erasure->leaves.back() >= opened.index) {
    faults_.Add("erasure", where, "its time or its leaves are not older than its own leaf");
  }
  CheckErasureOrder(*erasure, opened.index, where);
  const std::vector<Tombstone> tombstones = store_.ReadTombstones(opened.index);
  for (const std::int64_t leaf : erasure->leaves) {
    if (ErasedBy(leaf) == opened.index) continue;
    faults_.Add("erasure_undone", WhereLeaf(leaf),
                "leaf " + std::to_string(opened.index) + " says that it was erased, and it is not marked as erased");
  }
  if (TombstonesDigest(tombstones) != erasure->tombstones) {
    faults_.Add("erasure", where, "what stays known of the erased leaves is not what it commits to");
  }
}

// The sealed order: the two people of the object, and nobody in both places.
void LeafChecker::CheckErasureOrder(const ErasureObject& erasure, std::int64_t leaf, const std::string& where) {
  Query row(store_.sql_["SELECT wrapped_key, box FROM erasures WHERE leaf_index = ?"]);
  row.Int(leaf).Step();
  const auto order =
      Open(store_.settings_.sealing_key, SqlStore::ErasureContext(leaf), {row.GetText(0), row.GetText(1)});
  if (!order.ok()) return faults_.Add("erasure_seal", where, "its sealed order does not open");
  const ErasureTags& tags = store_.erasure_tags_;
  const auto json = ParseJson(*order);
  const bool fits = json.ok() && tags.Order(*order) == erasure.order &&
                    tags.Person(json->value("requested_by", "")) == erasure.requested_by &&
                    tags.Person(json->value("approved_by", "")) == erasure.approved_by &&
                    erasure.requested_by != erasure.approved_by;
  if (!fits)
    faults_.Add("erasure", where, "its sealed order is not the one that it commits to, or of one person alone");
}

}  // namespace mc
