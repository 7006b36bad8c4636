#include "gateway/quality_now.h"

#include "gateway/clean_judge.h"
#include "gateway/quality.h"

namespace mc {

Result<std::vector<SourceNumbers>> NumbersNow(Store& store, const std::vector<EvidenceRevision>& evidence,
                                              const std::vector<WorkItem>& items, const IdentityIndex& identity,
                                              const std::optional<Period>& period, CivilDate day) {
  MC_TRY(std::vector<QualityCell> cells, store.ListQuality(period));
  std::erase_if(cells, [](const QualityCell& cell) { return cell.measure == measure::kClean; });
  const auto clean = CleanCellsOf(evidence, CleanJudge(items, identity), period);
  cells.insert(cells.end(), clean.begin(), clean.end());
  MC_TRY(const RegisterOf registers, store.RegistersOfSources());
  return NumbersByUnit(cells, registers, identity, day);
}

}  // namespace mc
