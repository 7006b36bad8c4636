// The four numbers on the data (đúng, đủ, sạch, sống; blueprint section 5) as sums that merge, kept where the rows
// are: a batch or a receipt brings its own along in its transaction, and nothing is ever counted again to read them
// (docs/decisions/0016-four-numbers.md). fsck recomputes them ("quality_state").
// kReadBack is of each source's last read-back, under no unit or month, and of every record that one contradicted and
// none found again since, under its own.
//
// A cell is (source, unit as the source names it, city month, measure). Sums of two cells of one measure add up,
// across units, months and sources, save kHeld and kOffered, which are of a source's last count and merge across
// sources only. Implemented by the engines; one thread at a time.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/evidence.h"
#include "core/record_place.h"
#include "core/result.h"
#include "core/time.h"

namespace mc {

namespace measure {
inline constexpr std::string_view kCorrect = "correct";     // records that could be read / records checked
inline constexpr std::string_view kReadBack = "read_back";  // read again and the same / records read again
inline constexpr std::string_view kHeld = "held";           // held (quarantined: not) / what the source says it has
inline constexpr std::string_view kOffered = "offered";     // handed over by it, readable or not / the same
inline constexpr std::string_view kClean = "clean";         // to one person or unit, in no conflict / evidence
inline constexpr std::string_view kLive = "live";           // minutes within the lag limit / minutes scheduled
}  // namespace measure

struct QualityCell {
  std::string source;
  std::string unit;     // code, else name, exactly as the source writes it; empty: none is stated
  std::string period;   // "2026-06"; empty: of no single month
  std::string measure;  // one of those above
  std::int64_t num = 0, den = 0;
  bool operator==(const QualityCell&) const = default;
};

// The event of evidence: when it occurred, else was assigned.
const std::optional<Moment>& EventOf(const Evidence& evidence);

// The unit of a cell: code, else name.
const std::string& UnitNamed(const UnitKeys& unit);

// The numbers of one day as they were committed to the log (docs/formats/quality.md).
struct QualityDay {
  std::int64_t leaf = 0;
  CivilDate day;
  std::string object;  // canonical JSON
  bool added = false;  // by this call
};

class QualityStore {
 public:
  virtual ~QualityStore() = default;
  // Every cell, or those of one month and of no single one; by source, unit, period, measure.
  virtual Result<std::vector<QualityCell>> ListQuality(const std::optional<Period>& period) = 0;
  // Takes `clean` in place of all cells of kClean, and commits to all cells as those of `day`, in one durable
  // transaction. A day that is closed already stays as it is. kConfig "day_passed" before the last closed one.
  virtual Result<QualityDay> CloseQualityDay(CivilDate day, const std::vector<QualityCell>& clean) = 0;
  virtual Result<std::optional<QualityDay>> LastQualityDay() = 0;  // the latest day
  // The register behind each source that ever ran.
  virtual Result<std::map<std::string, std::string>> RegistersOfSources() = 0;
};

}  // namespace mc
