// The keys that signed this log, one after the other, and the change from one to the next.
#include <algorithm>

#include "storage/checkpoint.h"
#include "storage/leaf.h"
#include "storage/sql_check.h"

namespace mc {

std::string KeyAt(const std::vector<LogKey>& keys, std::int64_t size) {
  auto key = keys.rbegin();
  while (key->leaf && *key->leaf >= size) ++key;
  return key->key;
}

std::vector<LogKey> SqlStore::ReadLogKeys() {
  std::vector<LogKey> keys;
  {
    Query row(sql_["SELECT value FROM meta WHERE name = 'log'"]);
    keys.push_back({row.Step() ? row.GetText(0) : "", std::nullopt});
  }
  Query row(sql_["SELECT leaf_index, key FROM log_keys ORDER BY leaf_index"]);
  while (row.Step()) keys.push_back({row.GetText(1), row.GetInt(0)});
  return keys;
}

Status SqlStore::CheckSigner() {
  const std::vector<LogKey> keys = ReadLogKeys();
  const auto known = [&](const std::string& key) {
    return std::any_of(keys.begin(), keys.end(), [&](const LogKey& each) { return each.key == key; });
  };
  const std::string ours = VerifierKey(settings_.signer);
  if (ours != keys.back().key) {
    return ConfigError(
        "store_log",
        settings_.path + " belongs to the log " + keys.back().key + "; the configured signer " +
            (known(ours) ? "was followed by another key: set keys.log_signing to the newest" : "is another one"));
  }
  if (!settings_.former_signer) return Ok();
  const std::string former = VerifierKey(*settings_.former_signer);
  if (former != ours && known(former)) return Ok();
  return ConfigError("store_log", "keys.log_signing_former is no former key of the log " + ours + ": take it out");
}

// The line of the newest key stands last.
std::string SqlStore::SignedHead(std::int64_t size, const Digest& root) const {
  const std::string note = SignCheckpoint(settings_.signer, size, root);
  if (!settings_.former_signer) return note;
  return SignCheckpoint(*settings_.former_signer, size, root) + std::string(SplitNote(note)->signatures);
}

Result<std::vector<LogKey>> SqlStore::LogKeys() {
  return Guarded([&]() -> Result<std::vector<LogKey>> {
    const SqlTransaction one_moment(*db_, SqlTransaction::kRead);
    return ReadLogKeys();
  });
}

Result<std::int64_t> SqlStore::RotateLogKey(const NoteSigner& next) {
  const std::string key = VerifierKey(next);
  auto leaf = Guarded([&]() -> Result<std::int64_t> {
    SqlTransaction transaction(*db_, SqlTransaction::kWrite);
    MC_CHECK_OK(CheckSigner());
    const std::vector<LogKey> keys = ReadLogKeys();
    for (const LogKey& known : keys) {
      if (known.key == key) return ConfigError("key_known", "this key signed the log before: make a new one");
    }
    if (next.name != settings_.signer.name) return ConfigError("store_log", "a new key keeps the log's name");
    MC_TRY(const std::string object, LogKeyObject(keys.back().key, key));
    MC_TRY(Ledger ledger, OpenLedger());
    MC_TRY(const std::int64_t index, AddLeaf(ledger, LeafKind::kLogKey, settings_.clock.Now(), object));
    MC_CHECK_OK(CloseLedger(ledger));
    Query(sql_["INSERT INTO log_keys (leaf_index, key) VALUES (?, ?)"]).Int(index).Text(key).Run();
    transaction.Commit();
    return index;
  });
  if (!leaf.ok()) return leaf;
  settings_.former_signer = settings_.signer;
  settings_.signer = next;
  return leaf;
}

Result<std::string> SqlStore::LogKeyObjectOf(std::int64_t leaf) {
  Query row(sql_["SELECT key FROM log_keys WHERE leaf_index = ?"]);
  if (!row.Int(leaf).Step())
    return InternalError("store_leaf", "the key of leaf " + std::to_string(leaf) + " is missing");
  return LogKeyObject(KeyAt(leaf), row.GetText(0));
}

void LeafChecker::CheckLogKey(const Opened& opened) {
  const std::string where = "log key of leaf " + std::to_string(opened.index);
  const auto object = store_.LogKeyObjectOf(opened.index);
  if (!object.ok()) return faults_.Add("orphan", where, "its row is missing");
  ++seen_.log_keys;
  CheckCommitment(opened, object, "log_key_commitment", where);
}

}  // namespace mc
