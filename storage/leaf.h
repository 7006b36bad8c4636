// Leaves of the ledger and the objects that they commit to (docs/formats/leaf.md).
//
// A leaf holds no person, unit or source id: its commitment is SHA-256(salt || canonical
// bytes of the committed object), and the salt is kept beside, erasable.
// Pure functions; safe from any thread. Errors: kInternal "not_canonical" for text that
// has no canonical form; kData "bad_leaf".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/digest.h"
#include "core/evidence.h"
#include "core/result.h"
#include "core/source_record.h"
#include "core/time.h"
#include "storage/store.h"

namespace mc {

inline constexpr std::size_t kSaltBytes = 32;
inline constexpr std::size_t kLeafLimitBytes = 65'535;  // tlog-tiles entry bundles: 16-bit length

enum class LeafKind {
  kEvidence,
  kRejection,
  kReceipt,
  kDirectory,
  kAssessments,
  kCatalogue,
  kLink,
  kDecision,
  kPeriodIndex,
  kErasure,
  kLogKey,
  kReadBack,
  kQuality,
  kAccess,
  kClient,
};
std::string_view Name(LeafKind kind);
Result<LeafKind> LeafKindFrom(std::string_view name);

struct Leaf {
  LeafKind kind = LeafKind::kEvidence;
  Instant recorded_at;
  Digest commitment{};
  bool operator==(const Leaf&) const = default;
};

std::string LeafBytes(const Leaf& leaf);
Result<Leaf> ParseLeaf(std::string_view bytes);  // strict inverse

// REQUIRES: salt.size() == kSaltBytes.
Digest Commit(std::string_view salt, std::string_view object);

// A record without its bytes: what the ledger keeps of it for ever.
struct RecordEnvelope {
  RecordKey key;
  std::string source;
  std::string stream;
  std::string media_type;
  std::int64_t length = 0;  // of the whole, as received
  Digest payload_digest{};  // of what is sealed: the record's bytes, or their stub
  std::optional<Instant> occurred_at;
  Instant observed_at;
  Instant recorded_at;
  std::string facts = "{}";  // canonical JSON object
};

Result<std::string> FactsText(const std::map<std::string, std::string>& facts);
Result<std::map<std::string, std::string>> FactsFromText(std::string_view text);  // strict inverse
Result<std::string> EnvelopeText(const RecordEnvelope& envelope);

// Sealed in place of bytes over the payload limit: states their length and SHA-256.
std::string StubFor(std::int64_t length, const Digest& digest);

// What binds a sealed payload to its record: a box moved to another row does not open.
std::string SealContext(std::int64_t ik, const RecordKey& key);

// Canonical evidence, and the digest of what it states: without its provenance, which is
// the rule file that read it and the marks of what that reading repaired.
struct EvidenceText {
  std::string canonical;
  Digest statement{};
};
Result<EvidenceText> TextOf(const Evidence& evidence);

// The run that stored a revision, and where it came from then.
struct Provenance {
  std::int64_t run = 0;
  std::string source;
  std::string stream;
};

// Committed objects. `envelope` and `evidence` are canonical texts and are taken verbatim.
Result<std::string> EvidenceObject(std::string_view envelope, std::string_view evidence, std::int64_t revision,
                                   const Provenance& from);
std::string RepeatObject(std::string_view envelope, std::int64_t repeats, std::int64_t run);
Result<std::string> RejectionObject(std::string_view envelope, const RejectionReason& reason, std::int64_t run);
Result<std::string> ReceiptObject(const RunReceipt& receipt);
// A decision about the record of leaf `subject`.
struct Decision {
  std::string action;  // "drop"
  std::int64_t subject = 0;
  Instant at;
  std::string by;
  std::string why;
};
Result<std::string> DecisionObject(const Decision& decision);
// That the log's next key, as verifier keys, is `key` after `before`.
Result<std::string> LogKeyObject(const std::string& before, const std::string& key);
std::string ImportObject(LeafKind kind, const Digest& digest, std::int64_t length, Instant imported_at);

std::string_view Name(RunOutcome outcome);
Result<RunOutcome> RunOutcomeFrom(std::string_view name);

}  // namespace mc
