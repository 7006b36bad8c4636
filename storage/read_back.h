// A read-back: records of one source asked for again, and what came of it (docs/formats/read-back.md).
// Pure functions; safe from any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/time.h"

namespace mc {

inline constexpr std::int64_t kReadBackLimitRecords = 10'000;  // of one sample, and of each list

// kMatch: the source says what we hold. kRevised: it says something else, and a pull tells so. kDiffers: it says
// something else that no pull tells. kGone: it offers the record no more. kUnknown: it could not be asked.
enum class ReadBackVerdict { kMatch, kRevised, kDiffers, kGone, kUnknown };
std::string_view Name(ReadBackVerdict verdict);  // "differs"

// Of the sample; they add up to the records that were chosen.
struct ReadBackCounts {
  std::int64_t match = 0, revised = 0, differs = 0, gone = 0, unknown = 0;
  // Records of which the source said something.
  std::int64_t Checked() const { return match + revised + differs + gone; }
  bool operator==(const ReadBackCounts&) const = default;
};

// A record that the source contradicts: kDiffers or kGone.
struct Contradiction {
  std::int64_t leaf = 0;  // of the record
  ReadBackVerdict verdict = ReadBackVerdict::kDiffers;
  bool operator==(const Contradiction&) const = default;
};

struct ReadBack {
  std::string source;
  Instant started_at, ended_at;
  ReadBackCounts counts;
  std::vector<Contradiction> contradicted;  // by leaf, rising
  std::vector<std::int64_t> returned;       // leaves of records that were gone and are offered again; rising
  std::string error_code;                   // of what stopped it; empty: it was asked to its end
  bool operator==(const ReadBack&) const = default;
};

// The committed object: canonical JSON. kInternal "bad_read_back": counts and lists do not fit, or are not in order.
Result<std::string> ReadBackObject(const ReadBack& read_back);
Result<ReadBack> ReadBackFromObject(std::string_view object);  // strict inverse

}  // namespace mc
