// Locked periods: their index at its leaf, their entries sealed; and how fsck looks at them.
#include <nlohmann/json.hpp>

#include "core/json.h"
#include "storage/sql_check.h"

namespace mc {
namespace {

std::string KeyContext(const std::string& period) { return "period|" + period; }

std::string EntryContext(const std::string& period, const Digest& pseudonym) {
  return "period_entry|" + period + "|" + ToHex(pseudonym);
}

Error BrokenPeriod(const std::string& period) {
  return InternalError("store_period", "the locked period " + period + " cannot be opened; run fsck");
}

// Box texts: hex for bytes, everything else as it is.
Result<std::string> EntryBox(const LockedEntry& entry) {
  return CanonicalJson(
      Json{{"case", entry.case_text}, {"list", entry.list}, {"salt", ToHex(entry.salt)}, {"score", entry.score_text}});
}

std::optional<LockedEntry> EntryFromBox(const std::string& box) {
  const auto json = ParseJson(box);
  if (!json.ok()) return std::nullopt;
  LockedEntry entry;
  entry.case_text = json->value("case", "");
  entry.list = json->value("list", "");
  entry.score_text = json->value("score", "");
  entry.salt = FromHex(json->value("salt", "")).value_or("");
  return entry;
}

bool OpensCommitment(const LockedEntry& entry) {
  if (entry.salt.size() != kSaltBytes || Commit(entry.salt, entry.list) != entry.entry.commitment) return false;
  const auto list = ParsePersonList(entry.list);
  return list.ok() && list->case_digest == Sha256(entry.case_text) && list->score_digest == Sha256(entry.score_text);
}

Digest DigestOf(const std::string& bytes) { return DigestFromBytes(bytes).value_or(Digest{}); }

}  // namespace

Status SqlStore::SaveEntry(std::int64_t leaf, const std::string& period, const LockedEntry& entry) {
  MC_TRY(const std::string box, EntryBox(entry));
  const SealedPayload sealed =
      Seal(settings_.sealing_key, EntryContext(period, entry.entry.pseudonym), box, settings_.random);
  Query(sql_["INSERT INTO period_entries (leaf_index, pseudonym, commitment, wrapped_key, box) "
             "VALUES (?, ?, ?, ?, ?)"])
      .Int(leaf)
      .Blob(AsBytes(entry.entry.pseudonym))
      .Blob(AsBytes(entry.entry.commitment))
      .Blob(sealed.wrapped_key)
      .Blob(sealed.box)
      .Run();
  return Ok();
}

Result<std::int64_t> SqlStore::LockPeriod(const PeriodLock& lock) {
  return Guarded([&]() -> Result<std::int64_t> {
    const std::string& period = lock.index.period;
    MC_TRY(const std::string object, PeriodIndexObject(lock.index));
    MC_TRY(const std::string box, CanonicalJson(Json{{"key", ToHex(lock.key)}, {"rules", lock.rules}}));
    SqlTransaction transaction(*db_, SqlTransaction::kWrite);
    {
      Query row(sql_["SELECT 1 FROM periods WHERE period = ?"]);
      if (row.Text(period).Step()) return DataError("period_locked", "the period " + period + " is locked already");
    }
    {
      Query row(sql_["SELECT 1 FROM imports WHERE leaf_index >= ?"]);
      if (row.Int(lock.index.through).Step()) {
        return TransientError("rules_moved", "a document was imported while the period was locked: try again");
      }
    }
    MC_TRY(Ledger ledger, OpenLedger());
    MC_TRY(const std::int64_t leaf, AddLeaf(ledger, LeafKind::kPeriodIndex, lock.index.locked_at, object));
    MC_CHECK_OK(CloseLedger(ledger));
    const SealedPayload sealed = Seal(settings_.sealing_key, KeyContext(period), box, settings_.random);
    Query(sql_["INSERT INTO periods (leaf_index, period, object, wrapped_key, box) VALUES (?, ?, ?, ?, ?)"])
        .Int(leaf)
        .Text(period)
        .Text(object)
        .Blob(sealed.wrapped_key)
        .Blob(sealed.box)
        .Run();
    for (const LockedEntry& entry : lock.entries) MC_CHECK_OK(SaveEntry(leaf, period, entry));
    transaction.Commit();
    return leaf;
  });
}

Result<std::vector<std::string>> SqlStore::ListPeriods() {
  return Guarded([&]() -> Result<std::vector<std::string>> {
    Query row(sql_["SELECT period FROM periods ORDER BY period"]);
    std::vector<std::string> periods;
    while (row.Step()) periods.push_back(row.GetText(0));
    return periods;
  });
}

Result<std::optional<LockedPeriod>> SqlStore::PeriodAt(const char* sql, const std::function<void(Query&)>& bind) {
  Query row(sql_[sql]);
  bind(row);
  if (!row.Step()) return std::optional<LockedPeriod>();
  const std::string name = row.GetText(1);
  LockedPeriod period;
  period.leaf = row.GetInt(0);
  const auto index = ParsePeriodIndex(row.GetText(2));
  const auto box = Open(settings_.sealing_key, KeyContext(name), {row.GetText(3), row.GetText(4)});
  const auto json = box.ok() ? ParseJson(*box) : Result<Json>(box.error());
  if (!index.ok() || !json.ok() || index->period != name) return BrokenPeriod(name);
  period.index = *index;
  period.key = FromHex(json->value("key", "")).value_or("");
  period.rules = json->value("rules", "");
  if (Sha256(period.key) != index->key_digest) return BrokenPeriod(name);
  return std::optional(std::move(period));
}

Result<std::optional<LockedPeriod>> SqlStore::FindPeriod(const std::string& period) {
  return Guarded([&] {
    return PeriodAt("SELECT leaf_index, period, object, wrapped_key, box FROM periods WHERE period = ?",
                    [&](Query& row) { row.Text(period); });
  });
}

Result<std::vector<PeriodEntry>> SqlStore::PeriodEntries(std::int64_t leaf) {
  return Guarded([&]() -> Result<std::vector<PeriodEntry>> {
    Query row(sql_["SELECT pseudonym, commitment FROM period_entries WHERE leaf_index = ? ORDER BY pseudonym"]);
    row.Int(leaf);
    std::vector<PeriodEntry> entries;
    while (row.Step()) entries.push_back({DigestOf(row.GetText(0)), DigestOf(row.GetText(1))});
    return entries;
  });
}

Result<LockedEntry> SqlStore::OpenEntry(const LockedPeriod& period, const Digest& pseudonym) {
  return Guarded([&]() -> Result<LockedEntry> {
    const std::string& name = period.index.period;
    Query row(sql_["SELECT commitment, wrapped_key, box FROM period_entries WHERE leaf_index = ? AND pseudonym = ?"]);
    if (!row.Int(period.leaf).Blob(AsBytes(pseudonym)).Step()) {
      return DataError("no_such_entry", "nobody of this id has an entry in the index of " + name);
    }
    const auto box = Open(settings_.sealing_key, EntryContext(name, pseudonym), {row.GetText(1), row.GetText(2)});
    auto entry = box.ok() ? EntryFromBox(*box) : std::nullopt;
    if (!entry) return BrokenPeriod(name);
    entry->entry = {pseudonym, DigestOf(row.GetText(0))};
    if (!OpensCommitment(*entry)) return BrokenPeriod(name);
    return *entry;
  });
}

Result<std::vector<StoredImport>> SqlStore::ImportsBefore(const std::string& kind, std::int64_t through) {
  return Guarded([&]() -> Result<std::vector<StoredImport>> {
    MC_TRY(const LeafKind leaf_kind, LeafKindFrom(kind));
    Query row(
        sql_["SELECT leaf_index, digest, wrapped_key, box FROM imports WHERE kind = ? AND leaf_index < ? "
             "ORDER BY leaf_index"]);
    row.Text(kind).Int(through);
    std::vector<StoredImport> imports;
    while (row.Step()) {
      MC_TRY(const Json document,
             OpenImport(leaf_kind, row.GetInt(0), DigestOf(row.GetText(1)), {row.GetText(2), row.GetText(3)}));
      MC_TRY(std::string text, CanonicalJson(document));
      imports.push_back({row.GetInt(0), std::move(text)});
    }
    return imports;
  });
}

// --- fsck

void LeafChecker::CheckPeriod(const Opened& opened) {
  const std::string where = "period index of leaf " + std::to_string(opened.index);
  CheckCommitment(opened, store_.PeriodObjectOf(opened.index), "period_commitment", where);
  const auto period = store_.PeriodAt(
      "SELECT leaf_index, period, object, wrapped_key, box FROM periods "
      "WHERE leaf_index = ?",
      [&](Query& row) { row.Int(opened.index); });
  if (!period.ok()) return faults_.Add("period", where, period.error().message);
  if (!*period) return faults_.Add("orphan", where, "its row is missing");
  ++seen_.periods;
  if ((*period)->index.locked_at != opened.leaf.recorded_at || (*period)->index.through > opened.index) {
    faults_.Add("period", where, "its times are not those of its leaf");
  }
  CheckPeriodEntries(**period, where);
}

void LeafChecker::CheckPeriodEntries(const LockedPeriod& period, const std::string& where) {
  const auto entries = store_.PeriodEntries(period.leaf);
  if (!entries.ok()) return faults_.Add("period", where, entries.error().message);
  seen_.entries += static_cast<std::int64_t>(entries->size());
  if (const Status order = CheckOrder(*entries); !order.ok()) faults_.Add("period_order", where, order.error().message);
  if (static_cast<std::int64_t>(entries->size()) != period.index.entries || PeriodRoot(*entries) != period.index.root) {
    faults_.Add("period_root", where, "its entries are not those of the root that was committed to");
  }
  for (const PeriodEntry& entry : *entries) {
    const std::string which = where + ", entry " + ToHex(entry.pseudonym).substr(0, 16);
    const auto opened = store_.OpenEntry(period, entry.pseudonym);
    if (!opened.ok()) {
      faults_.Add("period_entry", which, opened.error().message);
      continue;
    }
    const auto list = ParsePersonList(opened->list);
    if (list.ok() && PersonPseudonym(period.key, list->person) == entry.pseudonym &&
        list->period == period.index.period) {
      continue;
    }
    faults_.Add("period_entry", which, "its list is of another person or period");
  }
}

}  // namespace mc
