#include "gateway/quality.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

namespace mc {
namespace {

// What the items say about one record of evidence.
struct Seen {
  bool resolved = false;     // some item with it has a person or a unit
  bool in_conflict = false;  // some item with it is ambiguous, or held for a conflict
};

bool InConflict(const WorkItem& item) {
  const bool ambiguous = item.lead.state == LinkState::kAmbiguous || item.unit.state == LinkState::kAmbiguous;
  return ambiguous || std::find(item.held.begin(), item.held.end(), "several_results") != item.held.end();
}

std::map<std::int64_t, Seen> SeenInItems(const std::vector<WorkItem>& items) {
  std::map<std::int64_t, Seen> seen;
  for (const WorkItem& item : items) {
    const bool resolved = item.lead.state == LinkState::kResolved || item.unit.state == LinkState::kResolved;
    const bool conflict = InConflict(item);
    for (const EvidenceRef& ref : item.evidence) {
      Seen& one = seen[ref.ik];
      one.resolved = one.resolved || resolved;
      one.in_conflict = one.in_conflict || conflict;
    }
  }
  return seen;
}

// Evidence that is in no item (a result document, a message about one) stands by its unit.
bool UnitResolves(const Evidence& evidence, const IdentityIndex& identity) {
  const auto when = evidence.occurred_at ? evidence.occurred_at : evidence.assigned_at;
  return when && identity.ResolveUnit(evidence.unit, CityDate(*when)).state == LinkState::kResolved;
}

bool IsClean(const EvidenceRevision& revision, const std::map<std::int64_t, Seen>& seen,
             const IdentityIndex& identity) {
  const auto found = seen.find(revision.ik);
  if (found == seen.end()) return UnitResolves(revision.evidence, identity);
  return found->second.resolved && !found->second.in_conflict;
}

Json ShareToJson(const std::optional<Share>& share) {
  return share ? Json{{"num", share->num}, {"den", share->den}} : Json(nullptr);
}

std::map<std::string, Share> CleanBySource(const std::vector<EvidenceRevision>& evidence,
                                           const std::vector<WorkItem>& items, const IdentityIndex& identity) {
  const auto seen = SeenInItems(items);
  std::map<std::string, Share> shares;
  for (const EvidenceRevision& revision : evidence) {
    if (!revision.latest) continue;
    Share& share = shares[revision.source];
    ++share.den;
    share.num += IsClean(revision, seen, identity);
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
  return checked == 0 ? std::nullopt : std::optional(Share{totals.records, checked});
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
