#include "gateway/quality_rows.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "core/source_record.h"
#include "gateway/clean_judge.h"
#include "storage/quality_numbers.h"

namespace mc {
namespace {

std::size_t PlaceOf(std::string_view number) {
  return static_cast<std::size_t>(std::find(kQualityNumbers.begin(), kQualityNumbers.end(), number) -
                                  kQualityNumbers.begin());
}

void AddRejected(const std::vector<QuarantineEntry>& quarantine, std::vector<QualityRow>& rows) {
  for (const QuarantineEntry& entry : quarantine) {
    rows.push_back({entry.source, "correct", entry.ik, entry.native_id, entry.reason.code, entry.reason.field});
  }
}

void AddContradicted(const std::vector<ContradictedRecord>& contradicted, std::vector<QualityRow>& rows) {
  for (const ContradictedRecord& one : contradicted) {
    rows.push_back({one.source, "correct", one.ik, one.native_id, "read_back_" + std::string(Name(one.verdict)), ""});
  }
}

std::string Lacking(const Share& share) { return std::to_string(share.den - share.num); }

// Why it was silent: what stopped its last run, where that failed.
std::string WhySilent(const std::string& source, const std::vector<SourceTotals>& totals) {
  const auto found =
      std::find_if(totals.begin(), totals.end(), [&](const SourceTotals& one) { return one.source == source; });
  const bool failed = found != totals.end() && found->last_run && found->last_run->outcome == RunOutcome::kFailed;
  return failed ? found->last_run->error_code : "silent_too_long";
}

void AddOfSource(const SourceQuality& shown, const std::vector<SourceTotals>& totals, std::vector<QualityRow>& rows) {
  if (shown.complete && shown.complete->num < shown.complete->den) {
    rows.push_back({shown.source, "complete", 0, "", "not_held", Lacking(*shown.complete)});
  }
  if (shown.live && shown.live->num < shown.live->den) {
    rows.push_back({shown.source, "live", 0, "", WhySilent(shown.source, totals), Lacking(*shown.live)});
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

std::vector<QualityRow> RowsBehind(const MeasuredRows& of) {
  std::vector<QualityRow> rows;
  AddRejected(of.quarantine, rows);
  AddContradicted(of.contradicted, rows);
  for (const SourceQuality& one : of.shown) AddOfSource(one, of.totals, rows);
  AddUnclean(of.evidence, CleanJudge(of.items, of.identity), rows);
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
