// What the log says of an erasure, and what stays known of an erased leaf (docs/formats/erasure.md).
//
// Nothing here names anybody in clear: people and records stand as HMAC-SHA-256 under a key that is
// derived from the installation's sealing key.
// Pure functions; safe from any thread.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/digest.h"
#include "core/result.h"
#include "core/source_record.h"
#include "core/time.h"

namespace mc {

inline constexpr std::size_t kErasureLeavesLimit = 1'000'000;  // of one erasure

// Why, in the one word that the log keeps.
enum class ErasureReason {
  kRequest,    // the person asked for it
  kRetention,  // it was kept as long as it may be
  kError,      // it should never have come here
  kOrder,      // a court or an authority ordered it
};
std::string_view Name(ErasureReason reason);
std::optional<ErasureReason> ErasureReasonFrom(std::string_view name);

// Makes the keyed names. REQUIRES: a sealing key (core/seal.h).
class ErasureTags {
 public:
  explicit ErasureTags(std::string_view sealing_key);
  Digest Record(std::int64_t ik) const;                                      // by the short form people see
  Digest Key(const RecordKey& key) const;                                    // by the whole key
  Digest Statement(const RecordKey& key, std::string_view statement) const;  // what it stated, whatever its bytes
  Digest Person(std::string_view person) const;
  Digest Order(std::string_view order) const;

 private:
  Digest Tag(std::string_view what, std::initializer_list<std::string_view> parts) const;
  Digest key_;
};

// Of one erased leaf.
struct Tombstone {
  std::int64_t leaf = 0;
  std::int64_t run = 0;             // that stored it
  std::string counted;              // as that run counts it: new, revised, duplicate, quarantined
  Digest record{}, key{};           // of the record that it stated
  std::optional<Digest> statement;  // where it was a revision of evidence
  bool operator==(const Tombstone&) const = default;
};
Digest TombstonesDigest(const std::vector<Tombstone>& tombstones);  // in leaf order

// The object of a leaf of kind erasure.
struct ErasureObject {
  Instant at;
  ErasureReason reason = ErasureReason::kRequest;
  std::vector<std::int64_t> leaves;  // erased; strictly rising, at least one
  Digest requested_by{}, approved_by{};
  Digest order{};  // of the sealed order
  Digest tombstones{};
  bool operator==(const ErasureObject&) const = default;
};
// Canonical JSON; kConfig "too_many_leaves" over the limit.
Result<std::string> ErasureText(const ErasureObject& erasure);
Result<ErasureObject> ParseErasure(std::string_view object);  // strict inverse; kData "bad_erasure"

}  // namespace mc
