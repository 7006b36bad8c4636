// Quarantine: records that could not be read, and decisions about them.
#include <algorithm>
#include <map>

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

// The newest unread record of each name (register, native id).
using RecordName = std::pair<std::string, std::string>;
using UnreadRecords = std::map<RecordName, std::int64_t>;

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
    Query row(
        sql_["SELECT " MC_QUARANTINE_COLUMNS " " MC_UNREAD_RECORDS "AND d.leaf_index IS NULL ORDER BY r.leaf_index"]);
    std::vector<QuarantineEntry> entries;
    while (row.Step()) entries.push_back(EntryFrom(row));
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

Result<std::vector<std::int64_t>> SqlStore::UnreadSince(std::int64_t through) {
  return Guarded([&]() -> Result<std::vector<std::int64_t>> {
    const SqlTransaction snapshot(*db_, SqlTransaction::kRead);
    UnreadRecords unread;
    {
      Query row(
          sql_["SELECT r.register_id, r.native_id, max(r.leaf_index) FROM rejections j "
               "JOIN records r ON r.leaf_index = j.leaf_index LEFT JOIN decisions d ON d.action = 'drop' AND "
               "d.subject = r.leaf_index AND d.leaf_index < ? WHERE r.leaf_index < ? AND d.leaf_index IS NULL AND "
               "NOT EXISTS (" MC_READ_SINCE("r.ik", "r.leaf_index") " AND e.leaf_index < ?) "
               "GROUP BY r.register_id, r.native_id"]);
      row.Int(through).Int(through).Int(through);
      while (row.Step()) unread.emplace(RecordName{row.GetText(0), row.GetText(1)}, row.GetInt(2));
    }
    std::vector<std::int64_t> chains;
    for (const auto& [name, leaf] : unread) chains.push_back(ChainFor({name.first, name.second, Digest{}}));
    std::vector<std::int64_t> overtaken;
    const auto take = [&](Query& row) {
      while (row.Step()) {
        const auto newer = unread.find({row.GetText(0), row.GetText(1)});
        if (newer != unread.end() && row.GetInt(2) < newer->second) overtaken.push_back(row.GetInt(2));
      }
    };
    if (chains.empty()) return overtaken;
    if (db_->takes_arrays()) {
      Query row(
          sql_["SELECT register_id, native_id, max(leaf_index) FROM evidence WHERE chain = ANY (?) AND leaf_index < ? "
               "GROUP BY register_id, native_id"]);
      take(row.Ints(chains).Int(through));
    } else {
      for (const std::int64_t chain : chains) {
        Query row(
            sql_["SELECT register_id, native_id, max(leaf_index) FROM evidence WHERE chain = ? AND leaf_index < ? "
                 "GROUP BY register_id, native_id"]);
        take(row.Int(chain).Int(through));
      }
    }
    std::sort(overtaken.begin(), overtaken.end());
    overtaken.erase(std::unique(overtaken.begin(), overtaken.end()), overtaken.end());  // two names may share a chain
    return overtaken;
  });
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
