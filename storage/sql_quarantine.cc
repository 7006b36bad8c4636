// Quarantine: records that could not be read, and decisions about them.
#include <algorithm>
#include <map>
#include <set>

#include "storage/sql_store.h"

namespace mc {
namespace {

constexpr const char* kDrop = "drop";

// Columns that EntryFrom expects, of records r, rejections j and rejection_places p.
#define MC_QUARANTINE_COLUMNS                                                                            \
  "r.ik, r.source, r.native_id, r.observed_at, j.code, j.field, j.rule, j.message, r.length, r.stream, " \
  "r.run, r.leaf_index, r.digest = r.payload_digest, p.unit_named, p.period"

#define MC_UNREAD_RECORDS                                                    \
  "FROM rejections j JOIN records r ON r.leaf_index = j.leaf_index "         \
  "LEFT JOIN decisions d ON d.action = 'drop' AND d.subject = r.leaf_index " \
  "LEFT JOIN rejection_places p ON p.leaf_index = r.leaf_index "             \
  "WHERE NOT EXISTS (" MC_READ_SINCE("r.ik", "r.leaf_index") ") "

QuarantineEntry EntryFrom(const Query& row) {
  QuarantineEntry entry;
  entry.ik = row.GetInt(0);
  entry.source = row.GetText(1);
  entry.native_id = row.GetText(2);
  entry.observed_at = Instant{row.GetInt(3)};
  entry.reason = {row.GetText(4), row.GetText(5), row.GetText(6), row.GetText(7)};
  entry.bytes = row.GetInt(8);
  entry.stream = row.GetText(9);
  entry.run = row.GetInt(10);
  entry.leaf_index = row.GetInt(11);
  entry.whole = row.GetInt(12) != 0;
  entry.unit_named = row.GetText(13);
  entry.period = row.GetText(14);
  return entry;
}

constexpr int kAfterEntry = 15;  // the first column behind MC_QUARANTINE_COLUMNS

Status CheckText(const std::string& text, const char* what) {
  if (!text.empty() && text.size() <= kDecisionTextLimitBytes) return Ok();
  return ConfigError("bad_reason", std::string(what) + " must be a text of 1 to " +
                                       std::to_string(kDecisionTextLimitBytes) + " bytes");
}

}  // namespace

Result<std::vector<QuarantineEntry>> SqlStore::ListQuarantine() {
  return Guarded([&]() -> Result<std::vector<QuarantineEntry>> {
    const SqlTransaction snapshot(*db_, SqlTransaction::kRead);
    std::vector<QuarantineEntry> entries;
    std::vector<RecordName> names;
    {
      Query row(sql_["SELECT " MC_QUARANTINE_COLUMNS ", r.register_id " MC_UNREAD_RECORDS
                     "AND d.leaf_index IS NULL ORDER BY r.leaf_index"]);
      while (row.Step()) {
        entries.push_back(EntryFrom(row));
        names.emplace_back(row.GetText(kAfterEntry), entries.back().native_id);
      }
    }
    const std::map<RecordName, NewestRead> newest = NewestReadOf(names, INT64_MAX);
    for (std::size_t i = 0; i < entries.size(); ++i) {
      const auto read = newest.find(names[i]);
      entries[i].newer_read = read != newest.end() && read->second.said_leaf > entries[i].leaf_index;
    }
    return entries;
  });
}

Result<std::vector<DroppedEntry>> SqlStore::ListDropped() {
  return Guarded([&]() -> Result<std::vector<DroppedEntry>> {
    Query row(sql_["SELECT " MC_QUARANTINE_COLUMNS ", d.decided_at, d.decided_by, d.why " MC_UNREAD_RECORDS
                   "AND d.leaf_index IS NOT NULL ORDER BY r.leaf_index"]);
    std::vector<DroppedEntry> entries;
    while (row.Step()) {
      entries.push_back({EntryFrom(row), Instant{row.GetInt(kAfterEntry)}, row.GetText(kAfterEntry + 1),
                         row.GetText(kAfterEntry + 2)});
    }
    return entries;
  });
}

std::map<SqlStore::RecordName, SqlStore::NewestRead> SqlStore::NewestReadOf(const std::vector<RecordName>& names,
                                                                            std::int64_t through) {
  std::map<RecordName, NewestRead> newest;
  std::vector<std::int64_t> chains;
  for (const auto& [register_id, native_id] : names) chains.push_back(ChainFor({register_id, native_id, Digest{}}));
  std::sort(chains.begin(), chains.end());
  chains.erase(std::unique(chains.begin(), chains.end()), chains.end());
  const std::set<RecordName> asked(names.begin(), names.end());
  const auto take = [&](Query& row) {
    while (row.Step()) {
      const RecordName name{row.GetText(0), row.GetText(1)};  // of another name, where two share a chain
      if (asked.contains(name)) newest[name] = {row.GetInt(2), row.GetInt(3)};
    }
  };
// A source said it where a pull that came to its end stored it; what was read anew, when it came into quarantine.
#define MC_NEWEST_READ                                                                                 \
  "SELECT e.register_id, e.native_id, max(e.leaf_index), max(CASE WHEN r.outcome <> 'rejection' OR "   \
  "(n.state IN ('complete', 'saved') AND n.leaf_index < ?) THEN e.leaf_index ELSE e.record_leaf END) " \
  "FROM evidence e LEFT JOIN records r ON r.ik = e.ik AND r.leaf_index = e.record_leaf "               \
  "LEFT JOIN runs n ON n.run = e.run WHERE e.chain "
  if (db_->takes_arrays()) {
    if (chains.empty()) return newest;
    Query row(sql_[MC_NEWEST_READ "= ANY (?) AND e.leaf_index < ? GROUP BY e.register_id, e.native_id"]);
    take(row.Int(through).Ints(chains).Int(through));
    return newest;
  }
  for (const std::int64_t chain : chains) {
    Query row(sql_[MC_NEWEST_READ "= ? AND e.leaf_index < ? GROUP BY e.register_id, e.native_id"]);
    take(row.Int(through).Int(chain).Int(through));
  }
  return newest;
}

Result<std::vector<std::int64_t>> SqlStore::UnreadSince(std::int64_t through) {
  return Guarded([&]() -> Result<std::vector<std::int64_t>> {
    const SqlTransaction snapshot(*db_, SqlTransaction::kRead);
    std::map<RecordName, std::int64_t> unread;  // the newest of each
    std::vector<RecordName> names;
    {
      Query row(
          sql_["SELECT r.register_id, r.native_id, max(r.leaf_index) FROM rejections j "
               "JOIN records r ON r.leaf_index = j.leaf_index LEFT JOIN decisions d ON d.action = 'drop' AND "
               "d.subject = r.leaf_index AND d.leaf_index < ? WHERE r.leaf_index < ? AND d.leaf_index IS NULL AND "
               "NOT EXISTS (" MC_READ_SINCE("r.ik", "r.leaf_index") " AND e.leaf_index < ?) "
                                                                    "GROUP BY r.register_id, r.native_id"]);
      row.Int(through).Int(through).Int(through);
      while (row.Step()) {
        names.emplace_back(row.GetText(0), row.GetText(1));
        unread.emplace(names.back(), row.GetInt(2));
      }
    }
    std::vector<std::int64_t> overtaken;
    for (const auto& [name, read] : NewestReadOf(names, through)) {
      if (read.said_leaf < unread.at(name)) overtaken.push_back(read.leaf);
    }
    std::sort(overtaken.begin(), overtaken.end());
    return overtaken;
  });
}

void SqlStore::SaveRejectionChain(std::int64_t leaf, std::int64_t chain) {
  Query(sql_["INSERT INTO rejection_chains (leaf_index, chain) VALUES (?, ?)"]).Int(leaf).Int(chain).Run();
}

void SqlStore::ChainRejections() {
  std::vector<std::pair<std::int64_t, std::int64_t>> chains;
  {
    Query row(
        sql_["SELECT r.leaf_index, r.register_id, r.native_id FROM rejections j JOIN records r "
             "ON r.leaf_index = j.leaf_index WHERE j.leaf_index NOT IN (SELECT leaf_index FROM rejection_chains)"]);
    while (row.Step()) chains.emplace_back(row.GetInt(0), ChainFor({row.GetText(1), row.GetText(2), Digest{}}));
  }
  for (const auto& [leaf, chain] : chains) SaveRejectionChain(leaf, chain);
}

Status SqlStore::DropQuarantined(std::int64_t ik, const std::string& by, const std::string& why) {
  MC_CHECK_OK(CheckText(by, "who decides"));
  MC_CHECK_OK(CheckText(why, "the reason"));
  return Guarded([&]() -> Status {
    SqlTransaction transaction(*db_, SqlTransaction::kWrite);
    std::vector<std::pair<std::int64_t, bool>> found;  // leaf, dropped already
    {
      Query row(sql_["SELECT r.leaf_index, d.leaf_index IS NOT NULL " MC_UNREAD_RECORDS "AND r.ik = ? LIMIT 2"]);
      row.Int(ik);
      while (row.Step()) found.emplace_back(row.GetInt(0), row.GetInt(1) != 0);
    }
    if (found.empty()) return DataError("not_in_quarantine", "no record " + IkHex(ik) + " is in quarantine");
    if (found.size() > 1) return DataError("ambiguous_record", "two records share the key " + IkHex(ik));
    if (found[0].second) return DataError("dropped_already", "record " + IkHex(ik) + " was dropped before");
    if (const auto record = ReadRecord(found[0].first)) ForgetQuality({*record});
    const Decision decision{kDrop, found[0].first, settings_.clock.Now(), by, why};
    MC_TRY(const std::string object, DecisionObject(decision));
    MC_TRY(Ledger ledger, OpenLedger());
    MC_TRY(const std::int64_t leaf, AddLeaf(ledger, LeafKind::kDecision, decision.at, object));
    MC_CHECK_OK(CloseLedger(ledger));
    Query(sql_["INSERT INTO decisions (leaf_index, action, subject, decided_at, decided_by, why) "
               "VALUES (?, ?, ?, ?, ?, ?)"])
        .Int(leaf)
        .Text(decision.action)
        .Int(decision.subject)
        .Int(decision.at.micros)
        .Text(decision.by)
        .Text(decision.why)
        .Run();
    transaction.Commit();
    return Ok();
  });
}

}  // namespace mc
