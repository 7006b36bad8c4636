// The four numbers out of their sums, and the object in which a day's are committed to the log
// (docs/formats/quality.md). Pure; any thread.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/time.h"
#include "storage/quality_store.h"

namespace mc {

struct Share {
  std::int64_t num = 0, den = 0;
  bool operator==(const Share&) const = default;
};

// Their names, in the order in which they are told.
inline constexpr std::array<std::string_view, 4> kQualityNumbers = {"correct", "complete", "clean", "live"};

// Never blended; absent: unknown, which is not whole.
struct QualityNumbers {
  std::optional<Share> correct, complete, clean, live;
  bool operator==(const QualityNumbers&) const = default;
};

// Cells that are taken together: of one unit, or of a whole source. Merging is adding.
struct QualitySum {
  Share correct, read_back, held, offered, clean, live;

  void Add(const QualityCell& cell);  // an unknown measure adds nothing
  void Add(const QualitySum& other);
  // correct: a record that read-back contradicts is not; complete: kHeld.
  QualityNumbers Numbers() const;
  // What the source handed over of what it says it has, readable or not.
  std::optional<Share> Offered() const;
};

// Canonical JSON over one row per source, unit and period of `cells`, which are sorted as ListQuality gives them.
Result<std::string> QualityObject(CivilDate day, Instant at, const std::vector<QualityCell>& cells);
// The cells of kClean that an object states. kData "bad_quality".
Result<std::vector<QualityCell>> CleanCells(std::string_view object);

}  // namespace mc
