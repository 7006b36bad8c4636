#include "gateway/summary.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "gateway/quality.h"
#include "mapping/standing.h"
#include "storage/verify_facts.h"

namespace mc {
namespace {

Json SourcesJson(const std::vector<SourceTotals>& totals) {
  Json list = Json::array();
  for (const SourceTotals& t : totals) {
    if (!t.last_run) continue;
    const BatchCounts& counts = t.last_run->counts;
    list.push_back({{"source", t.source},
                    {"register", t.register_id},
                    {"fetched", counts.fetched},
                    {"new", counts.added},
                    {"revised", counts.revised},
                    {"duplicate", counts.duplicate},
                    {"quarantined", counts.quarantined}});
  }
  return list;
}

Json ItemsJson(const std::vector<WorkItem>& items) {
  std::map<ItemClass, std::int64_t> counts;
  std::int64_t total = 0;
  for (const WorkItem& item : items) {
    const auto item_class = Classify(item);
    if (!item_class) continue;
    ++total;
    ++counts[*item_class];
  }
  return {{"total", total},
          {"assigned", counts[ItemClass::kAssigned]},
          {"completed", counts[ItemClass::kCompleted]},
          {"claimed_only", counts[ItemClass::kClaimedOnly]},
          {"unresolved", counts[ItemClass::kUnresolved]},
          {"held", counts[ItemClass::kHeld]}};
}

Json ScorecardsJson(const std::vector<ScoreCard>& cards) {
  Json out = {{"total", cards.size()}};
  for (const ScoreStatus status : {ScoreStatus::kScored, ScoreStatus::kInsufficientData, ScoreStatus::kAwaitingData,
                                   ScoreStatus::kAwaitingAssessment, ScoreStatus::kNotApplicable}) {
    out[std::string(Name(status))] =
        std::count_if(cards.begin(), cards.end(), [&](const ScoreCard& card) { return card.status == status; });
  }
  return out;
}

// "Verified" = origin and integrity checked, attributed by a dated link, of at least the
// assurance that the policy asks for (blueprint section 1). Returns how many.
Result<std::int64_t> CountVerified(Store& store, const ScoreRun& run) {
  std::vector<Fact> attributed;
  std::set<std::int64_t> named;
  for (const WorkItem& item : run.items) {
    if (item.lead.state != LinkState::kResolved) continue;
    Fact fact;
    fact.person = item.lead.id;
    fact.item_key = item.key;
    fact.kind = item.kind;
    fact.evidence = item.evidence;
    for (const EvidenceRef& ref : item.evidence) named.insert(ref.ik);
    attributed.push_back(std::move(fact));
  }
  MC_TRY(const VerifiedFacts checked, FactVerifier::Verify(store, std::move(attributed)));
  return std::count_if(run.evidence.begin(), run.evidence.end(), [&](const EvidenceRevision& revision) {
    return revision.latest && named.contains(revision.ik) && revision.evidence.assurance >= run.policy.min_assurance;
  });
}

Result<Json> EvidenceJson(Store& store, const ScoreRun& run) {
  MC_TRY(const EvidenceCounts counts, store.CountEvidence());
  MC_TRY(const std::int64_t verified, CountVerified(store, run));
  return Json{{"total", counts.total}, {"verified", verified}, {"by_assurance", counts.by_assurance}};
}

}  // namespace

Result<Json> MakeSummary(Store& store, const ScoreRun& run) {
  MC_TRY(std::vector<SourceTotals> totals, store.Totals());
  std::sort(totals.begin(), totals.end(), [](const auto& a, const auto& b) { return a.source < b.source; });
  MC_TRY(Json evidence, EvidenceJson(store, run));
  MC_TRY(const LedgerHead head, store.Head());
  return Json{{"period", FormatPeriod(run.period)},
              {"as_of", FormatInstant(run.as_of)},
              {"sources", SourcesJson(totals)},
              {"evidence", std::move(evidence)},
              {"items", ItemsJson(run.items)},
              {"scorecards", ScorecardsJson(run.sheets.cards)},
              {"ledger", {{"size", head.size}, {"checkpoint", head.checkpoint}}},
              {"quality", QualityToJson(MeasureQuality(totals, run.evidence, run.items, *run.identity))}};
}

}  // namespace mc
