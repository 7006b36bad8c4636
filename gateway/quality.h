// The four numbers on the data of each source, never blended (blueprint section 5):
// correct (đúng), complete (đủ), clean (sạch), live (sống), as far as a single run of each
// source knows them: what summary.json holds. By unit and period: quality_units.h. Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/evidence.h"
#include "core/json.h"
#include "core/work_item.h"
#include "gateway/clean_judge.h"
#include "mapping/identity.h"
#include "storage/quality_numbers.h"
#include "storage/store.h"

namespace mc {

struct SourceQuality {
  std::string source;
  std::optional<Share> correct, complete, clean, live;  // absent: unknown
};

// Records that mapping could read and no read-back contradicts / records read.
std::optional<Share> CorrectOf(const SourceTotals& totals);
// Of the last run: records held / the source's own count. A record that was offered before
// is held as well; a quarantined one is not.
std::optional<Share> CompleteOf(const SourceTotals& totals);
// Whether the last scheduled run ended well: 1/1 or 0/1. Unknown for folders.
std::optional<Share> LiveOf(const SourceTotals& totals);

// One row per source of `totals`, by name. Clean is the share of the source's latest
// evidence that leads to one person or unit and is in no conflict.
std::vector<SourceQuality> MeasureQuality(const std::vector<SourceTotals>& totals,
                                          const std::vector<EvidenceRevision>& evidence,
                                          const std::vector<WorkItem>& items, const IdentityIndex& identity);

// Latest evidence as cells of measure::kClean, of one city month or of all.
std::vector<QualityCell> CleanCellsOf(const std::vector<EvidenceRevision>& evidence, const CleanJudge& judge,
                                      const std::optional<Period>& period);

Json ShareToJson(const std::optional<Share>& share);  // {"num","den"} or null
Json QualityToJson(const std::vector<SourceQuality>& quality);  // an array

}  // namespace mc
