#include "gateway/quality_rows.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "core/source_record.h"
#include "gateway/clean_judge.h"

namespace mc {
namespace {

constexpr std::array<std::string_view, 4> kNumbers = {"correct", "complete", "clean", "live"};

std::size_t PlaceOf(std::string_view number) {
  return static_cast<std::size_t>(std::find(kNumbers.begin(), kNumbers.end(), number) - kNumbers.begin());
}

void AddRejected(const std::vector<QuarantineEntry>& quarantine, std::vector<QualityRow>& rows) {
  for (const QuarantineEntry& entry : quarantine) {
    rows.push_back({entry.source, "correct", entry.ik, entry.native_id, entry.reason.code, entry.reason.field});
  }
}

void AddRunFaults(const SourceTotals& totals, std::vector<QualityRow>& rows) {
  if (const auto complete = CompleteOf(totals); complete && complete->num < complete->den) {
    rows.push_back({totals.source, "complete", 0, "", "not_held", std::to_string(complete->den - complete->num)});
  }
  if (const auto live = LiveOf(totals); live && live->num < live->den) {
    rows.push_back(
        {totals.source, "live", 0, "", totals.last_run->error_code, FormatInstant(totals.last_run->ended_at)});
  }
}

void AddUnclean(const std::vector<EvidenceRevision>& evidence, const CleanJudge& judge, std::vector<QualityRow>& rows) {
  for (const EvidenceRevision& revision : evidence) {
    if (!revision.latest) continue;
    const auto why = judge.WhyNot(revision);
    if (!why) continue;
    const std::string& what = why->item.empty() ? revision.evidence.native_id : why->item;
    rows.push_back({revision.source, "clean", revision.ik, what, why->reason, ""});
  }
}

}  // namespace

std::vector<QualityRow> RowsBehind(const std::vector<SourceTotals>& totals,
                                   const std::vector<QuarantineEntry>& quarantine,
                                   const std::vector<EvidenceRevision>& evidence, const std::vector<WorkItem>& items,
                                   const IdentityIndex& identity) {
  std::vector<QualityRow> rows;
  AddRejected(quarantine, rows);
  for (const SourceTotals& one : totals) AddRunFaults(one, rows);
  AddUnclean(evidence, CleanJudge(items, identity), rows);
  std::stable_sort(rows.begin(), rows.end(), [](const QualityRow& a, const QualityRow& b) {
    return std::make_pair(a.source, PlaceOf(a.number)) < std::make_pair(b.source, PlaceOf(b.number));
  });
  return rows;
}

Json RowsToJson(const std::vector<QualityRow>& rows) {
  Json list = Json::array();
  for (const QualityRow& row : rows) {
    list.push_back({{"source", row.source},
                    {"number", row.number},
                    {"record", row.ik == 0 ? Json(nullptr) : Json(IkHex(row.ik))},
                    {"what", row.what},
                    {"reason", row.reason},
                    {"detail", row.detail}});
  }
  return list;
}

}  // namespace mc
