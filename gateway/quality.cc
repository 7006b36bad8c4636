#include "gateway/quality.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <tuple>

namespace mc {
namespace {

std::map<std::string, Share> CleanBySource(const std::vector<EvidenceRevision>& evidence,
                                           const std::vector<WorkItem>& items, const IdentityIndex& identity) {
  const CleanJudge judge(items, identity);
  std::map<std::string, Share> shares;
  for (const EvidenceRevision& revision : evidence) {
    if (!revision.latest) continue;
    Share& share = shares[revision.source];
    ++share.den;
    share.num += judge.WhyNot(revision) ? 0 : 1;
  }
  return shares;
}

std::optional<Share> Find(const std::map<std::string, Share>& shares, const std::string& source) {
  const auto found = shares.find(source);
  return found == shares.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace

std::optional<Share> CorrectOf(const SourceTotals& totals) {
  const std::int64_t checked = totals.records + totals.quarantined;
  return checked == 0 ? std::nullopt : std::optional(Share{totals.records - totals.contradicted, checked});
}

std::optional<Share> CompleteOf(const SourceTotals& totals) {
  if (!totals.last_run || totals.last_run->outcome != RunOutcome::kComplete) return std::nullopt;
  const auto& run = *totals.last_run;
  if (!run.control_total || *run.control_total == 0) return std::nullopt;
  if (!run.offered) return std::nullopt;
  const std::int64_t held = std::clamp<std::int64_t>(*run.offered - run.unread, 0, *run.control_total);
  return Share{held, *run.control_total};
}

std::optional<Share> LiveOf(const SourceTotals& totals) {
  if (!totals.last_run || totals.last_run->outcome == RunOutcome::kSaved) return std::nullopt;
  return Share{totals.last_run->outcome == RunOutcome::kComplete ? 1 : 0, 1};
}

std::vector<SourceQuality> MeasureQuality(const std::vector<SourceTotals>& totals,
                                          const std::vector<EvidenceRevision>& evidence,
                                          const std::vector<WorkItem>& items, const IdentityIndex& identity) {
  const auto clean = CleanBySource(evidence, items, identity);
  std::vector<SourceQuality> quality;
  for (const SourceTotals& t : totals) {
    quality.push_back({t.source, CorrectOf(t), CompleteOf(t), Find(clean, t.source), LiveOf(t)});
  }
  std::sort(quality.begin(), quality.end(), [](const auto& a, const auto& b) { return a.source < b.source; });
  return quality;
}

std::vector<QualityCell> CleanCellsOf(const std::vector<EvidenceRevision>& evidence, const CleanJudge& judge,
                                      const std::optional<Period>& period) {
  std::map<std::tuple<std::string, std::string, std::string>, Share> shares;  // source, unit, period
  for (const EvidenceRevision& revision : evidence) {
    if (!revision.latest) continue;
    const auto& at = EventOf(revision.evidence);
    const auto month = at ? std::optional(PeriodOf(CityDate(*at))) : std::nullopt;
    if (period && month != period) continue;
    Share& share =
        shares[{revision.source, UnitNamed(revision.evidence.unit), month ? FormatPeriod(*month) : ""}];
    ++share.den;
    share.num += judge.WhyNot(revision) ? 0 : 1;
  }
  std::vector<QualityCell> cells;
  for (const auto& [key, share] : shares) {
    const auto& [source, unit, month] = key;
    cells.push_back({source, unit, month, std::string(measure::kClean), share.num, share.den});
  }
  return cells;
}

Json ShareToJson(const std::optional<Share>& share) {
  return share ? Json{{"num", share->num}, {"den", share->den}} : Json(nullptr);
}

Json QualityToJson(const std::vector<SourceQuality>& quality) {
  Json list = Json::array();
  for (const SourceQuality& q : quality) {
    list.push_back({{"source", q.source},
                    {"correct", ShareToJson(q.correct)},
                    {"complete", ShareToJson(q.complete)},
                    {"clean", ShareToJson(q.clean)},
                    {"live", ShareToJson(q.live)}});
  }
  return list;
}

}  // namespace mc
