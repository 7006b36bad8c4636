// Erasure: what the store holds of some records goes, their leaves stay, and one leaf says so.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "core/json.h"
#include "core/text.h"
#include "storage/sql_store.h"

namespace mc {
namespace {

using Chain = std::pair<std::string, std::string>;  // register and native id

Chain ChainOf(const RecordRow& record) { return {record.envelope.key.register_id, record.envelope.key.native_id}; }

// As people write one name in two ways.
std::string SameName(const std::string& name) { return ToLowerAscii(Trim(ToNfc(name).value_or(name))); }

Status CheckOrderTexts(const ErasureOrder& order) {
  for (const std::string* text : {&order.text, &order.requested_by, &order.approved_by}) {
    if (Trim(*text).empty() || text->size() > kErasureTextLimitBytes || !IsValidUtf8(*text)) {
      return ConfigError("bad_reason", "the reason, who requests and who approves must each be a text of 1 to " +
                                           std::to_string(kErasureTextLimitBytes) + " bytes");
    }
  }
  if (SameName(order.requested_by) == SameName(order.approved_by)) {
    return ConfigError("two_persons", "an erasure takes two people: whoever requests it may not approve it");
  }
  return Ok();
}

Result<std::string> OrderText(const ErasureOrder& order) {
  return CanonicalJson(
      Json{{"approved_by", order.approved_by}, {"requested_by", order.requested_by}, {"text", order.text}});
}

Tombstone TombstoneFrom(const Query& row) {
  Tombstone tombstone;
  tombstone.leaf = row.GetInt(0);
  tombstone.run = row.GetInt(1);
  tombstone.counted = row.GetText(2);
  tombstone.record = DigestFromBytes(row.GetText(3)).value_or(Digest{});
  tombstone.key = DigestFromBytes(row.GetText(4)).value_or(Digest{});
  if (!row.IsNull(5)) tombstone.statement = DigestFromBytes(row.GetText(5)).value_or(Digest{});
  return tombstone;
}

std::optional<std::int64_t> IkNamed(const std::string& hex) {
  const auto bytes = FromHex(hex);
  if (!bytes || bytes->size() != sizeof(std::int64_t)) return std::nullopt;
  std::uint64_t ik = 0;
  for (const char byte : *bytes) ik = ik << 8 | static_cast<unsigned char>(byte);
  return static_cast<std::int64_t>(ik);
}

std::vector<std::int64_t> LeavesOf(const std::vector<Tombstone>& tombstones) {
  std::vector<std::int64_t> leaves;
  for (const Tombstone& tombstone : tombstones) leaves.push_back(tombstone.leaf);
  return leaves;
}

}  // namespace

// --- what would go

Result<RecordRow> SqlStore::HeldRow(std::int64_t ik) {
  std::vector<RecordRow> rows;
  Query row(sql_["SELECT " MC_RECORD_COLUMNS " FROM records WHERE ik = ? ORDER BY leaf_index LIMIT 2"]);
  row.Int(ik);
  while (row.Step()) rows.push_back(RecordFrom(row));
  if (rows.size() > 1) return DataError("ambiguous_record", "two records share the key " + IkHex(ik));
  if (!rows.empty()) return std::move(rows.front());
  if (const auto erased = ErasedLeavesOf(ik); !erased.empty()) {
    return DataError("record_erased", "record " + IkHex(ik) + ": " + LeafErased(erased.front())->message);
  }
  return DataError("no_such_record", "no record " + IkHex(ik) + " is stored");
}

// One pass over all records: no index leads from a native id to its rejected and repeated ones.
Result<std::vector<RecordRow>> SqlStore::HistoryRows(const std::vector<std::int64_t>& records) {
  std::set<Chain> chains;
  for (const std::int64_t ik : records) {
    MC_TRY(const RecordRow row, HeldRow(ik));
    chains.insert(ChainOf(row));
  }
  std::vector<RecordRow> rows;
  const auto scan = db_->Scan("SELECT " MC_RECORD_COLUMNS " FROM records ORDER BY leaf_index");
  Query row(*scan);
  while (row.Step()) {
    if (chains.contains({row.GetText(2), row.GetText(3)})) rows.push_back(RecordFrom(row));
  }
  return rows;
}

std::vector<std::int64_t> SqlStore::LeavesStating(const RecordRow& record) {
  std::vector<std::int64_t> leaves = {record.leaf};
  Query row(
      sql_["SELECT leaf_index FROM evidence WHERE ik = ? AND record_leaf = ? AND record_leaf <> leaf_index "
           "ORDER BY leaf_index"]);
  row.Int(record.ik).Int(record.leaf);
  while (row.Step()) leaves.push_back(row.GetInt(0));
  return leaves;
}

Result<std::vector<HeldRecord>> SqlStore::HistoriesOf(const std::vector<std::int64_t>& records) {
  return Guarded([&]() -> Result<std::vector<HeldRecord>> {
    const SqlTransaction one_moment(*db_, SqlTransaction::kRead);
    MC_TRY(const std::vector<RecordRow> rows, HistoryRows(records));
    std::vector<HeldRecord> held;
    for (const RecordRow& row : rows) {
      const RecordKey& key = row.envelope.key;
      held.push_back({row.ik, row.envelope.source, key.register_id, key.native_id, LeavesStating(row)});
    }
    return held;
  });
}

// --- erasing

Tombstone SqlStore::TombstoneOf(std::int64_t leaf, const RecordRow& record) {
  Tombstone tombstone;
  tombstone.leaf = leaf;
  tombstone.run = record.run;
  tombstone.counted = record.outcome == "repeat" ? "duplicate" : "quarantined";
  tombstone.record = erasure_tags_.Record(record.ik);
  tombstone.key = erasure_tags_.Key(record.envelope.key);
  if (const auto row = ReadEvidence(leaf)) {
    tombstone.run = row->from.run;
    tombstone.counted = row->revision == 1 ? "new" : "revised";
    tombstone.statement = erasure_tags_.Statement(record.envelope.key, row->statement);
  }
  return tombstone;
}

std::vector<Tombstone> SqlStore::TombstonesOf(const std::vector<RecordRow>& records) {
  std::vector<Tombstone> tombstones;
  for (const RecordRow& record : records) {
    for (const std::int64_t leaf : LeavesStating(record)) tombstones.push_back(TombstoneOf(leaf, record));
  }
  std::sort(tombstones.begin(), tombstones.end(), [](const auto& a, const auto& b) { return a.leaf < b.leaf; });
  return tombstones;
}

void SqlStore::DropLeaf(std::int64_t leaf) {
  for (const char* sql :
       {"DELETE FROM payloads WHERE leaf_index = ?", "DELETE FROM evidence WHERE leaf_index = ?",
        "DELETE FROM rejections WHERE leaf_index = ?", "DELETE FROM records WHERE leaf_index = ?",
        "DELETE FROM rejection_places WHERE leaf_index = ?", "DELETE FROM rejection_chains WHERE leaf_index = ?",
        "DELETE FROM salts WHERE leaf_index = ?"}) {
    Query(sql_[sql]).Int(leaf).Run();
  }
}

// Who opened what, and when, stays; which record it was, only as its leaf. A reason in words may name it.
void SqlStore::ForgetOpenings(const std::vector<RecordRow>& records) {
  std::map<std::int64_t, std::int64_t> leaf_of;
  for (const RecordRow& record : records) leaf_of.emplace(record.ik, record.leaf);
  std::vector<std::pair<std::int64_t, std::int64_t>> opened;  // id of the row, leaf
  {
    const auto scan = db_->Scan("SELECT id, ik FROM audit");
    Query row(*scan);
    while (row.Step()) {
      if (const auto found = leaf_of.find(row.GetInt(1)); found != leaf_of.end()) {
        opened.emplace_back(row.GetInt(0), found->second);
      }
    }
  }
  for (const auto& [id, leaf] : opened) {
    const std::string why = "erased: leaf " + std::to_string(leaf);
    Query(sql_["UPDATE audit SET ik = 0, why = ? WHERE id = ?"]).Text(why).Int(id).Run();
  }
}

// Who looked, and when, stays; not at which record. Nor at which work: by what an item is named is a hash that whoever
// knows its key can make again, and which items named these records is no longer known of sheets from before.
void SqlStore::ForgetLooks(const std::vector<RecordRow>& records) {
  std::set<std::string> names;
  for (const RecordRow& record : records) names.insert(IkHex(record.ik));
  std::vector<std::int64_t> named;
  {
    const auto scan = db_->Scan("SELECT number, detail FROM looks WHERE what = 'record' AND detail <> ''");
    Query row(*scan);
    while (row.Step()) {
      if (names.contains(row.GetText(1))) named.push_back(row.GetInt(0));
    }
  }
  for (const std::int64_t number : named) {
    Query(sql_["UPDATE looks SET detail = '' WHERE number = ?"]).Int(number).Run();
  }
  Query(sql_["UPDATE looks SET detail = '' WHERE what = 'item' AND detail <> ''"]).Run();
}

Result<std::int64_t> SqlStore::SaveErasure(const ErasureObject& erasure, const std::string& order,
                                           const std::vector<Tombstone>& tombstones) {
  MC_TRY(const std::string object, ErasureText(erasure));
  MC_TRY(Ledger ledger, OpenLedger());
  MC_TRY(const std::int64_t leaf, AddLeaf(ledger, LeafKind::kErasure, erasure.at, object));
  MC_CHECK_OK(CloseLedger(ledger));
  const SealedPayload sealed = Seal(settings_.sealing_key, ErasureContext(leaf), order, settings_.random);
  Query(sql_["INSERT INTO erasures (leaf_index, object, wrapped_key, box) VALUES (?, ?, ?, ?)"])
      .Int(leaf)
      .Text(object)
      .Blob(sealed.wrapped_key)
      .Blob(sealed.box)
      .Run();
  for (const Tombstone& tombstone : tombstones) {
    Query row(
        sql_["INSERT INTO erased (leaf_index, erasure, run, counted, record_tag, key_tag, statement_tag) "
             "VALUES (?, ?, ?, ?, ?, ?, ?)"]);
    row.Int(tombstone.leaf).Int(leaf).Int(tombstone.run).Text(tombstone.counted);
    row.Blob(AsBytes(tombstone.record)).Blob(AsBytes(tombstone.key));
    tombstone.statement ? row.Blob(AsBytes(*tombstone.statement)) : row.OptionalInt(std::nullopt);
    row.Run();
  }
  return leaf;
}

Result<Erasure> SqlStore::Erase(const ErasureOrder& order) {
  MC_CHECK_OK(CheckOrderTexts(order));
  return Guarded([&]() -> Result<Erasure> {
    MC_TRY(const std::string order_text, OrderText(order));
    SqlTransaction transaction(*db_, SqlTransaction::kWrite);
    MC_TRY(const std::vector<RecordRow> records, HistoryRows(order.records));
    if (records.empty()) return DataError("no_such_record", "the order names no record");
    const std::vector<Tombstone> tombstones = TombstonesOf(records);
    Erasure done{0, settings_.clock.Now(), order.reason, LeavesOf(tombstones)};
    const ErasureObject erasure{done.at,
                                order.reason,
                                done.leaves,
                                erasure_tags_.Person(order.requested_by),
                                erasure_tags_.Person(order.approved_by),
                                erasure_tags_.Order(order_text),
                                TombstonesDigest(tombstones)};
    ForgetQuality(records);
    for (const std::int64_t leaf : done.leaves) DropLeaf(leaf);
    ForgetOpenings(records);
    ForgetLooks(records);
    ForgetSheets();
    MC_CHECK_OK(CountReadBacks());
    MC_TRY(done.leaf, SaveErasure(erasure, order_text, tombstones));
    transaction.Commit();
    return done;
  });
}

Status SqlStore::CopyInto(const std::string& file) {
  return Guarded([&] { return db_->CopyInto(file); });
}

Status SqlStore::WipeErased() {
  return Guarded([&] { return db_->Wipe(); });
}

// Whatever they quote may be of what was erased; they are made anew from what is left.
void SqlStore::ForgetSheets() {
  Query(sql_["DELETE FROM kept_sheets"]).Run();
  std::set<std::string> changed;
  for (SheetEdition edition : ReadSheetEditions(changed)) {
    if (edition.edition > 0) ++edition.edition;
    edition.ledger_size = edition.sheets = 0;
    WriteSheetEdition(edition);
  }
}

// --- what is known of erased leaves

std::string SqlStore::ErasureContext(std::int64_t leaf) { return "erasure|" + std::to_string(leaf); }

std::optional<std::string> SqlStore::ErasureObjectAt(std::int64_t leaf) {
  Query row(sql_["SELECT object FROM erasures WHERE leaf_index = ?"]);
  if (!row.Int(leaf).Step()) return std::nullopt;
  return row.GetText(0);
}

std::vector<Tombstone> SqlStore::ReadTombstones(std::int64_t erasure) {
  std::vector<Tombstone> tombstones;
  Query row(
      sql_["SELECT leaf_index, run, counted, record_tag, key_tag, statement_tag FROM erased WHERE erasure = ? "
           "ORDER BY leaf_index"]);
  row.Int(erasure);
  while (row.Step()) tombstones.push_back(TombstoneFrom(row));
  return tombstones;
}

std::vector<std::int64_t> SqlStore::ErasedLeavesOf(std::int64_t ik) {
  const Digest tag = erasure_tags_.Record(ik);
  std::vector<std::int64_t> leaves;
  Query row(sql_["SELECT leaf_index FROM erased WHERE record_tag = ? ORDER BY leaf_index"]);
  row.Blob(AsBytes(tag));
  while (row.Step()) leaves.push_back(row.GetInt(0));
  return leaves;
}

bool SqlStore::NamesErased(const std::string& record) {
  const auto ik = IkNamed(record);
  return ik && !ErasedLeavesOf(*ik).empty();
}

std::vector<std::int64_t> SqlStore::ErasedInLooks() {
  if (!AnyErased()) return {};
  std::vector<std::string> named;
  {
    Query row(sql_["SELECT DISTINCT detail FROM looks WHERE what = 'record' AND detail <> ''"]);
    while (row.Step()) named.push_back(row.GetText(0));
  }
  std::vector<std::int64_t> leaves;
  for (const std::string& hex : named) {
    const auto ik = IkNamed(hex);
    const std::vector<std::int64_t> erased = ik ? ErasedLeavesOf(*ik) : std::vector<std::int64_t>();
    leaves.insert(leaves.end(), erased.begin(), erased.end());
  }
  return leaves;
}

bool SqlStore::AnyErased() { return Query(sql_["SELECT 1 FROM erased LIMIT 1"]).Step(); }

bool SqlStore::WasErased(const Digest& key_tag, const std::optional<Digest>& statement_tag) {
  Query by_key(sql_["SELECT 1 FROM erased WHERE key_tag = ? LIMIT 1"]);
  if (by_key.Blob(AsBytes(key_tag)).Step()) return true;
  if (!statement_tag) return false;
  Query by_statement(sql_["SELECT 1 FROM erased WHERE statement_tag = ? LIMIT 1"]);
  return by_statement.Blob(AsBytes(*statement_tag)).Step();
}

std::optional<Error> SqlStore::LeafErased(std::int64_t leaf) {
  Query row(sql_["SELECT erasure FROM erased WHERE leaf_index = ?"]);
  if (!row.Int(leaf).Step()) return std::nullopt;
  const std::int64_t by = row.GetInt(0);
  const auto object = ErasureObjectAt(by);
  const auto erasure = object ? ParseErasure(*object) : Result<ErasureObject>(DataError("", ""));
  const std::string when = erasure.ok() ? FormatInstant(erasure->at) : "an unknown day";
  return DataError("leaf_erased", "leaf " + std::to_string(leaf) + " was erased on " + when + ", as leaf " +
                                      std::to_string(by) + " says");
}

Result<std::vector<Erasure>> SqlStore::ListErasures() {
  return Guarded([&]() -> Result<std::vector<Erasure>> {
    Query row(sql_["SELECT leaf_index, object FROM erasures ORDER BY leaf_index"]);
    std::vector<Erasure> erasures;
    while (row.Step()) {
      auto object = ParseErasure(row.GetText(1));
      if (!object.ok()) {
        return InternalError("store_erasure",
                             "the erasure of leaf " + std::to_string(row.GetInt(0)) + " cannot be read; run fsck");
      }
      erasures.push_back({row.GetInt(0), object->at, object->reason, std::move(object->leaves)});
    }
    return erasures;
  });
}

}  // namespace mc
