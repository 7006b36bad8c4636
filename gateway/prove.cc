#include "gateway/prove.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <set>

#include "core/json_at.h"
#include "gateway/bundle_score.h"
#include "gateway/erasure.h"
#include "storage/leaf.h"
#include "storage/period_index.h"

namespace mc {
namespace {

constexpr std::size_t kRecordIdDigits = 16;

Error BadId(const std::string& id) {
  return ConfigError("bad_id", "\"" + id + "\" is neither a record (16 hex digits) nor a leaf's number");
}

std::optional<std::int64_t> LeafNumber(const std::string& id) {
  std::int64_t leaf = 0;
  const auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), leaf);
  const bool plain = error == std::errc{} && end == id.data() + id.size() && std::to_string(leaf) == id && leaf >= 0;
  return plain ? std::optional(leaf) : std::nullopt;
}

std::optional<std::int64_t> RecordNumber(const std::string& id) {
  if (id.size() != kRecordIdDigits) return std::nullopt;
  std::uint64_t bits = 0;
  const auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), bits, 16);
  if (error != std::errc{} || end != id.data() + id.size()) return std::nullopt;
  return static_cast<std::int64_t>(bits);
}

// The key of the record that an object of ours states.
Result<std::optional<RecordKey>> RecordOf(const std::string& object) {
  MC_TRY(const Json json, ParseJson(object));
  const auto record = JsonAt(json).Find("record");
  if (!record) return std::optional<RecordKey>();
  const Json& r = record->value();
  const auto digest = FromHex(r.at("digest").get<std::string>());
  return std::optional(RecordKey{r.at("register").get<std::string>(), r.at("native_id").get<std::string>(),
                                 DigestFromBytes(digest.value_or("")).value_or(Digest{})});
}

Status AddPayload(Store& store, const OpenedLeaf& leaf, const std::string& why, BundleFiles& files) {
  MC_TRY(const std::optional<RecordKey> key, RecordOf(leaf.object));
  if (!key) return Ok();
  MC_TRY(const StoredRecord stored, store.OpenRecord(IkOf(*key), why));
  files[PayloadFile(ToHex(Sha256(stored.record.bytes)))] = stored.record.bytes;
  return Ok();
}

Status AddProof(Store& store, std::int64_t leaf, BundleFiles& files) {
  MC_TRY(const TlogProof proof, ProveLeaf(store, leaf));
  files[LeafFile(leaf, "tlog-proof")] = TlogProofText(proof);
  const std::string& note = files.try_emplace(kCheckpointFile, proof.checkpoint).first->second;
  if (note == proof.checkpoint) return Ok();
  return TransientError("head_moved", "the log was signed anew while the bundle was made: try again");
}

Status AddOpened(Store& store, std::int64_t index, const std::string& why, BundleFiles& files) {
  MC_TRY(const OpenedLeaf leaf, store.OpenLeaf(index));
  files[LeafFile(index, "leaf")] = leaf.bytes;
  files[LeafFile(index, "salt")] = leaf.salt;
  files[LeafFile(index, "object")] = leaf.object;
  MC_CHECK_OK(AddPayload(store, leaf, why, files));
  return AddProof(store, index, files);
}

// What is left of an erased leaf.
Status AddBare(Store& store, std::int64_t index, BundleFiles& files) {
  MC_TRY(const std::vector<std::string> leaves, store.ReadLeaves(index, 1));
  files[LeafFile(index, "leaf")] = leaves.front();
  return AddProof(store, index, files);
}

Status AddIndexProof(Store& store, const LockedPeriod& period, const LockedEntry& entry, BundleFiles& files) {
  MC_TRY(const std::vector<PeriodEntry> entries, store.PeriodEntries(period.leaf));
  const auto at = std::lower_bound(entries.begin(), entries.end(), entry.entry);
  IndexProof proof{entry.entry.pseudonym, at - entries.begin(), {}};
  MC_TRY(proof.hashes, ProveEntry(entries, proof.position));
  MC_TRY(files[kIndexProofFile], IndexProofText(proof));
  return Ok();
}

Status AddRules(const LockedPeriod& period, BundleFiles& files) {
  MC_TRY(const Json rules, ParseJson(period.rules));
  MC_TRY(files[kPolicyFile], CanonicalJson(rules.at("policy")));
  MC_TRY(files[kCatalogueFile], CanonicalJson(rules.at("catalogue")));
  return Ok();
}

}  // namespace

Result<std::vector<std::int64_t>> LeavesToProve(Store& store, const std::string& id) {
  if (const auto record = RecordNumber(id)) return store.LeavesOfRecord(*record);
  if (const auto leaf = LeafNumber(id)) return std::vector<std::int64_t>{*leaf};
  return BadId(id);
}

Result<std::vector<std::int64_t>> AddLeaves(Store& store, const std::vector<std::int64_t>& leaves,
                                            const std::string& why, BundleFiles& files) {
  MC_TRY(const ErasedLeaves erased, ErasedLeaves::Load(store));
  std::set<std::int64_t> erasures;
  for (const std::int64_t index : leaves) {
    const Erasure* by = erased.Find(index);
    MC_CHECK_OK(by ? AddBare(store, index, files) : AddOpened(store, index, why, files));
    if (by) erasures.insert(by->leaf);
  }
  for (const std::int64_t index : erasures) MC_CHECK_OK(AddOpened(store, index, why, files));
  return std::vector<std::int64_t>(erasures.begin(), erasures.end());
}

Result<std::string> ProveEvidence(Store& store, const std::string& id, const std::string& log_key) {
  MC_TRY([[maybe_unused]] const LedgerHead head, store.SignHead());
  BundleSubject subject;
  MC_TRY(subject.leaves, LeavesToProve(store, id));
  BundleFiles files;
  MC_TRY(subject.erasures, AddLeaves(store, subject.leaves, "prove evidence " + id, files));
  return PackBundle(std::move(files), subject, log_key);
}

Result<std::string> ProveScore(Store& store, const std::string& period, const std::string& person,
                               const std::string& log_key) {
  MC_TRY([[maybe_unused]] const LedgerHead head, store.SignHead());
  MC_TRY(const std::optional<LockedPeriod> locked, store.FindPeriod(period));
  if (!locked) {
    return ConfigError("not_locked", "the period " + period + " is not locked: run `minhchung lock --period " + period +
                                         "` when no event counts for it any more");
  }
  MC_TRY(const LockedEntry entry, store.OpenEntry(*locked, PersonPseudonym(locked->key, person)));
  MC_TRY(const PersonList list, ParsePersonList(entry.list));
  BundleFiles files = {{kListFile, entry.list},
                       {kListSaltFile, entry.salt},
                       {kCaseFile, entry.case_text},
                       {kScoreFile, entry.score_text}};
  MC_CHECK_OK(AddIndexProof(store, *locked, entry, files));
  MC_CHECK_OK(AddRules(*locked, files));
  std::vector<std::int64_t> leaves = list.leaves;
  leaves.push_back(locked->leaf);
  BundleSubject subject{BundleKind::kScore, {}, locked->leaf, period, person, {}};
  MC_TRY(subject.erasures, AddLeaves(store, leaves, "prove score " + period + " " + person, files));
  return PackBundle(std::move(files), subject, log_key);
}

}  // namespace mc
