// What the store knows of the keys of one batch; inside of the engines.
//
// Where the database takes many values at once, all keys are looked up before the first record is taken, and what the
// batch itself adds is kept beside; elsewhere each is looked up when its record is taken.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "storage/sql_store.h"

namespace mc {

struct KnownRecord {
  std::int64_t leaf = 0;
  bool rejected = false;
};

struct LatestRevision {
  std::int64_t leaf = 0;
  std::int64_t record_leaf = 0;
  std::int64_t ik = 0;  // of the record that it states
  std::int64_t revision = 0;
  std::string statement;
  Provenance from;
};

// Used inside one writing transaction. May throw SqlFailure.
class BatchKeys {
 public:
  explicit BatchKeys(SqlConnection& db, Statements& sql) : db_(db), sql_(sql) {}

  void LookAhead(const std::vector<std::int64_t>& iks, const std::vector<std::int64_t>& chains);

  std::optional<KnownRecord> Find(std::int64_t ik, const RecordKey& key);
  std::optional<LatestRevision> Latest(std::int64_t chain, const RecordKey& key);

  // Whether the same stream of the source sent, behind `leaf` and in an earlier run, a state of it that nobody could
  // read and nobody dropped.
  bool UnreadBehind(std::int64_t leaf, std::int64_t chain, const SourceRecord& record, std::int64_t run);

  // What the batch writes itself.
  void AddRecord(std::int64_t ik, const RecordKey& key, const KnownRecord& record);
  // `replaced`: the revision that was the latest one.
  void AddRevision(std::int64_t chain, const RecordKey& key, LatestRevision revision,
                   const std::optional<LatestRevision>& replaced);
  void Finish();  // once all are taken

 private:
  template <typename Known>
  using ByNumber = std::multimap<std::int64_t, std::pair<RecordKey, Known>>;  // several keys may meet in one number

  void FindAll(const std::vector<std::int64_t>& iks);
  void LatestOfAll(const std::vector<std::int64_t>& chains);
  void RejectedOfAll(const std::vector<std::int64_t>& chains);

  SqlConnection& db_;
  Statements& sql_;
  bool ahead_ = false;
  ByNumber<KnownRecord> records_;
  ByNumber<LatestRevision> revisions_;  // keys without a digest
  std::set<std::int64_t> rejected_;     // chains of which a state was rejected in an earlier batch
  std::vector<std::int64_t> replaced_, replaced_iks_;
};

}  // namespace mc
