#include "gateway/bundle_check.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/digest.h"
#include "core/json_at.h"
#include "gateway/bundle_score.h"
#include "storage/head_signing.h"
#include "storage/tlog_proof.h"

namespace mc {
namespace {

constexpr std::size_t kHexBytes = 64;

std::string Where(std::int64_t leaf) { return "leaf " + std::to_string(leaf); }

// The envelope's parts that bind the bytes. The object was canonical and committed to, so a
// missing part is the log's own fault, and still no proof.
struct Envelope {
  std::string key;  // register and native id
  std::string digest, payload_digest;
  std::int64_t length = 0;
};

Result<Envelope> EnvelopeFrom(const JsonAt& record) {
  Envelope envelope;
  MC_TRY(const JsonAt register_id, record.Member("register"));
  MC_TRY(const JsonAt native_id, record.Member("native_id"));
  MC_TRY(envelope.key, CanonicalJson(Json::array({register_id.value(), native_id.value()})));
  MC_TRY(const JsonAt digest, record.Member("digest"));
  MC_TRY(envelope.digest, digest.Text(kHexBytes));
  MC_TRY(const JsonAt payload_digest, record.Member("payload_digest"));
  MC_TRY(envelope.payload_digest, payload_digest.Text(kHexBytes));
  MC_TRY(const JsonAt length, record.Member("length"));
  MC_TRY(envelope.length, length.Count(0, INT64_MAX));
  return envelope;
}

Status CheckStub(const std::string& bytes, const Envelope& envelope, const std::string& where) {
  const auto raw = FromHex(envelope.digest);
  const auto digest = raw ? DigestFromBytes(*raw) : std::nullopt;
  if (digest && bytes == StubFor(envelope.length, *digest)) return Ok();
  return DataError("payload_stub", where + ": its payload is neither the record's bytes nor their stub");
}

Status CheckPlace(BundleReader& reader, std::int64_t index, const std::string& leaf, const std::string& note,
                  const std::string& key) {
  MC_TRY(const std::string text, reader.Take(LeafFile(index, "tlog-proof")));
  auto proof = ParseTlogProof(text);
  if (!proof.ok()) return DataError("bad_tlog_proof", Where(index) + ": " + proof.error().message);
  if (proof->extra) return DataError("proof_extra", Where(index) + ": its proof carries data that nothing covers");
  if (proof->index != index) return DataError("proof_index", Where(index) + ": its proof is of another leaf");
  if (proof->checkpoint != note) {
    return DataError("proof_checkpoint", Where(index) + ": its proof is under another checkpoint than the bundle's");
  }
  const auto head = CheckTlogProof(*proof, LeafHash(leaf), key);
  if (head.ok()) return Ok();
  return DataError(head.error().code, Where(index) + ": " + head.error().message);
}

bool IsOf(const CheckedLeaf& leaf, LeafKind kind) { return leaf.leaf.kind == kind; }

std::map<std::int64_t, std::int64_t> ErasedBy(const Erasures& erasures) {
  std::map<std::int64_t, std::int64_t> erased;
  for (const auto& [by, erasure] : erasures) {
    for (const std::int64_t leaf : erasure.leaves) erased.emplace(leaf, by);
  }
  return erased;
}

// Of an erased leaf its bytes and its place are left. A salt or an object that lies beside it belongs to nothing.
Result<CheckedLeaf> CheckErasedLeaf(BundleReader& reader, std::int64_t index, std::int64_t by, const std::string& note,
                                    const std::string& key) {
  MC_TRY(const std::string bytes, reader.Take(LeafFile(index, "leaf")));
  const auto leaf = ParseLeaf(bytes);
  if (!leaf.ok()) return DataError("bad_leaf", Where(index) + ": its bytes are not a leaf of this log");
  if (leaf->kind != LeafKind::kEvidence && leaf->kind != LeafKind::kRejection) {
    return DataError("wrong_kind", Where(index) + ": a leaf of this kind is never erased");
  }
  MC_CHECK_OK(CheckPlace(reader, index, bytes, note, key));
  return CheckedLeaf{*leaf, "", "", by};
}

Status CheckErasuresNeeded(const BundleReport& report) {
  for (const auto& [by, erasure] : report.erasures) {
    const bool needed = std::any_of(report.leaves.begin(), report.leaves.end(),
                                    [&, index = by](const auto& leaf) { return leaf.second.erased_by == index; });
    if (!needed) return DataError("unneeded_erasure", Where(by) + ": it names no leaf of this bundle");
  }
  return Ok();
}

// The leaves of one evidence bundle are about one record of one source system.
Status CheckOneRecord(const std::map<std::int64_t, CheckedLeaf>& leaves) {
  std::string first;
  // A record goes with all that states it: where one leaf was erased, all of them were.
  const bool erased = leaves.begin()->second.erased_by >= 0;
  for (const auto& [index, checked] : leaves) {
    if ((checked.erased_by >= 0) != erased)
      return DataError("other_record", Where(index) + ": it is of another record");
    if (!IsOf(checked, LeafKind::kEvidence) && !IsOf(checked, LeafKind::kRejection)) {
      return DataError("wrong_kind", Where(index) + ": it is neither evidence nor a rejected record");
    }
    if (erased) continue;
    if (checked.record_key.empty()) return DataError("bad_object", Where(index) + ": it states no record");
    if (first.empty()) first = checked.record_key;
    if (first != checked.record_key) return DataError("other_record", Where(index) + ": it is of another record");
  }
  return Ok();
}

}  // namespace

Result<std::string> BundleReader::Take(const std::string& name) {
  const auto found = files_.find(name);
  if (found == files_.end()) return DataError("missing_file", name + " is missing");
  taken_.insert(name);
  return found->second;
}

Status BundleReader::NothingLeft() const {
  for (const auto& [name, content] : files_) {
    if (name == kManifestFile || name == kReadmeFile || taken_.contains(name)) continue;
    return DataError("unexpected_file", name + " belongs to nothing in this bundle");
  }
  return Ok();
}

Result<Checkpoint> CheckHead(BundleReader& reader, const std::string& key) {
  MC_TRY(const std::string note, reader.Take(kCheckpointFile));
  auto head = OpenCheckpoint(note, key);
  if (head.ok()) return head;
  return DataError(head.error().code, "checkpoint: " + head.error().message);
}

Result<CheckedLeaf> CheckLeaf(BundleReader& reader, std::int64_t index, const std::string& note,
                              const std::string& key) {
  MC_TRY(const std::string bytes, reader.Take(LeafFile(index, "leaf")));
  MC_TRY(const std::string salt, reader.Take(LeafFile(index, "salt")));
  MC_TRY(const std::string object, reader.Take(LeafFile(index, "object")));
  const auto leaf = ParseLeaf(bytes);
  if (!leaf.ok()) return DataError("bad_leaf", Where(index) + ": its bytes are not a leaf of this log");
  if (salt.size() != kSaltBytes) return DataError("bad_salt", Where(index) + ": its salt is not 32 bytes");
  if (Commit(salt, object) != leaf->commitment) {
    return DataError("commitment", Where(index) + ": salt and object are not what the leaf commits to");
  }
  MC_TRY([[maybe_unused]] const Json json, ReadCanonical(object, "bad_object", LeafFile(index, "object")));
  MC_CHECK_OK(CheckPlace(reader, index, bytes, note, key));
  return CheckedLeaf{*leaf, object, ""};
}

Result<Erasures> CheckErasures(BundleReader& reader, const std::vector<std::int64_t>& indexes, const std::string& key) {
  Erasures erasures;
  if (indexes.empty()) return erasures;
  MC_TRY(const std::string note, reader.Take(kCheckpointFile));
  for (const std::int64_t index : indexes) {
    MC_TRY(const CheckedLeaf checked, CheckLeaf(reader, index, note, key));
    if (!IsOf(checked, LeafKind::kErasure)) return DataError("wrong_kind", Where(index) + ": it is no erasure");
    auto erasure = ParseErasure(checked.object);
    if (!erasure.ok()) return DataError("bad_object", Where(index) + ": " + erasure.error().message);
    erasures.emplace(index, std::move(*erasure));
  }
  return erasures;
}

Status CheckPayload(BundleReader& reader, std::int64_t index, CheckedLeaf& leaf) {
  MC_TRY(const Json object, ParseJson(leaf.object));
  const auto record = JsonAt(object).Find("record");
  if (!record) return Ok();
  const auto envelope = record->value().is_object() ? EnvelopeFrom(*record) : record->Fail("not_object", "");
  if (!envelope.ok()) return DataError("bad_object", Where(index) + ": " + envelope.error().message);
  leaf.record_key = envelope->key;
  MC_TRY(const std::string bytes, reader.Take(PayloadFile(envelope->payload_digest)));
  if (ToHex(Sha256(bytes)) != envelope->payload_digest) {
    return DataError("payload_digest", Where(index) + ": its payload is not the bytes that were received");
  }
  if (envelope->payload_digest != envelope->digest) return CheckStub(bytes, *envelope, Where(index));
  if (static_cast<std::int64_t>(bytes.size()) == envelope->length) return Ok();
  return DataError("payload_length", Where(index) + ": its payload has not the length that its record states");
}

Result<std::map<std::int64_t, CheckedLeaf>> CheckLeaves(BundleReader& reader, const std::vector<std::int64_t>& indexes,
                                                        const Erasures& erasures, const std::string& key) {
  MC_TRY(const std::string note, reader.Take(kCheckpointFile));
  const std::map<std::int64_t, std::int64_t> erased = ErasedBy(erasures);
  std::map<std::int64_t, CheckedLeaf> leaves;
  for (const std::int64_t index : indexes) {
    if (const auto by = erased.find(index); by != erased.end()) {
      MC_TRY(CheckedLeaf checked, CheckErasedLeaf(reader, index, by->second, note, key));
      leaves.emplace(index, std::move(checked));
      continue;
    }
    MC_TRY(CheckedLeaf checked, CheckLeaf(reader, index, note, key));
    MC_CHECK_OK(CheckPayload(reader, index, checked));
    leaves.emplace(index, std::move(checked));
  }
  return leaves;
}

namespace {

// Lines in the log's own name: of its key, and of the one before or after it.
std::int64_t LogLines(std::string_view signatures, const std::string& origin) {
  const std::string begin = "\xE2\x80\x94 " + origin + " ";
  std::int64_t lines = 0;
  for (auto at = signatures.find(begin); at != std::string_view::npos; at = signatures.find(begin, at + 1)) ++lines;
  return lines;
}

Status CheckCosigners(BundleReader& reader, const std::vector<std::string>& witnesses, BundleReport& report) {
  MC_TRY(const std::string note, reader.Take(kCheckpointFile));
  const auto parts = SplitNote(note);
  if (!parts) return DataError("bad_note", "checkpoint: it is no signed note");
  for (const std::string& key : witnesses) {
    const auto cosignature = FindCosignature(parts->signatures, parts->text, key);
    if (!cosignature.ok()) return DataError(cosignature.error().code, "checkpoint: " + cosignature.error().message);
    report.cosigners.push_back({KeyName(key), Instant{cosignature->time * kMicrosPerSecond}});
  }
  const auto lines = std::count(parts->signatures.begin(), parts->signatures.end(), '\n');
  report.other_signatures =
      lines - LogLines(parts->signatures, report.head.origin) - static_cast<std::int64_t>(witnesses.size());
  return Ok();
}

}  // namespace

Result<std::string> KeyFor(const OpenedBundle& bundle, const std::vector<std::string>& trusted) {
  if (trusted.empty() || std::find(trusted.begin(), trusted.end(), bundle.log_key) != trusted.end())
    return bundle.log_key;
  const auto note = bundle.files.find(kCheckpointFile);
  const auto signed_by = [&](const std::string& key) {
    return note != bundle.files.end() && OpenCheckpoint(note->second, key).ok();
  };
  for (const std::string& key : trusted) {
    if (signed_by(key) && signed_by(bundle.log_key)) return key;
  }
  return DataError("other_key",
                   "manifest.json names another key of the log than those given, and none of them signed it");
}

Result<BundleReport> CheckBundle(const OpenedBundle& bundle, const std::string& key,
                                 const std::vector<std::string>& witnesses) {
  BundleReader reader(bundle.files);
  BundleReport report;
  report.subject = bundle.subject;
  MC_TRY(report.head, CheckHead(reader, key));
  MC_CHECK_OK(CheckCosigners(reader, witnesses, report));
  MC_TRY(report.erasures, CheckErasures(reader, bundle.subject.erasures, key));
  if (bundle.subject.kind == BundleKind::kScore) {
    MC_CHECK_OK(CheckScore(reader, key, report));
  } else {
    MC_TRY(report.leaves, CheckLeaves(reader, bundle.subject.leaves, report.erasures, key));
    MC_CHECK_OK(CheckOneRecord(report.leaves));
  }
  MC_CHECK_OK(CheckErasuresNeeded(report));
  MC_CHECK_OK(reader.NothingLeft());
  return report;
}

}  // namespace mc
