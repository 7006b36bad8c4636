// The index of a locked period (docs/formats/period-index.md): one entry per person, sorted by
// HMAC(period key, person), as an RFC 6962 tree. Its root stands in the object of one leaf.
//
// An entry commits to the person's list: which leaves are attributed to the person in the period,
// and the digests of what the score was made from and of the score itself.
// Pure functions; safe from any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/digest.h"
#include "core/result.h"
#include "core/time.h"
#include "storage/proof.h"

namespace mc {

inline constexpr std::size_t kPeriodKeyBytes = 32;

// What is committed to for one person.
struct PersonList {
  std::string person;
  std::string period;                // "2026-06"
  std::vector<std::int64_t> leaves;  // strictly rising
  Digest case_digest{};              // of case.json: everything that the score was computed from
  Digest score_digest{};             // of score.json
};
Result<std::string> PersonListText(const PersonList& list);  // canonical JSON
Result<PersonList> ParsePersonList(std::string_view text);   // strict inverse; kData "bad_list"

struct PeriodEntry {
  Digest pseudonym{};   // HMAC-SHA-256(period key, person)
  Digest commitment{};  // SHA-256(salt || list)
  auto operator<=>(const PeriodEntry&) const = default;
};
Digest PersonPseudonym(std::string_view period_key, std::string_view person);
Digest EntryHash(const PeriodEntry& entry);  // leaf hash of its 64 bytes

// Strictly rising by pseudonym: so nobody has two entries. kData "index_order" names the position.
Status CheckOrder(const std::vector<PeriodEntry>& entries);
Digest PeriodRoot(const std::vector<PeriodEntry>& entries);
// kData "no_such_leaf" for a position that is not there.
Result<ProofHashes> ProveEntry(const std::vector<PeriodEntry>& entries, std::int64_t position);

// The object of a leaf of kind period_index.
struct PeriodIndex {
  std::string period;
  Instant as_of;  // up to when events count
  Instant locked_at;
  std::int64_t through = 0;  // leaves of the log that were read: later ones are of a later lock
  std::int64_t entries = 0;
  Digest root{};
  Digest key_digest{};  // SHA-256 of the period key
  std::string policy_id;
  Digest policy{}, catalogue{}, calendar{};  // of the canonical documents
  bool operator==(const PeriodIndex&) const = default;
};
Result<std::string> PeriodIndexObject(const PeriodIndex& index);
Result<PeriodIndex> ParsePeriodIndex(std::string_view object);  // strict inverse; kData "bad_index"

}  // namespace mc
