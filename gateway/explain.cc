#include "gateway/explain.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "core/text.h"

namespace mc {
namespace {

bool IsCandidate(const WorkItem& item, const std::string& person) {
  return item.lead.state == LinkState::kAmbiguous &&
         std::find(item.lead.candidates.begin(), item.lead.candidates.end(), person) != item.lead.candidates.end();
}

bool IsLead(const WorkItem& item, const std::string& person) {
  return item.lead.state == LinkState::kResolved && item.lead.id == person;
}

// Whether the item would stand in the period if nothing took it off the sheet.
bool WouldStand(WorkItem item, Period period, const PeriodRules& rules) {
  item.left.reset();
  item.self_set = false;
  return StandIn(item, period, rules).has_value();
}

std::optional<OffSheet> WhyOff(const WorkItem& item, const std::string& person) {
  if (IsCandidate(item, person)) return OffSheet::kAmbiguous;
  if (!IsLead(item, person)) {
    const bool contributed =
        std::find(item.contributors.begin(), item.contributors.end(), person) != item.contributors.end();
    return contributed ? std::optional(OffSheet::kContributed) : std::nullopt;
  }
  if (item.left) return OffSheet::kLeft;
  if (item.self_set) return OffSheet::kSelfSet;
  if (!item.held.empty()) return OffSheet::kHeld;
  if (Classify(item) == ItemClass::kClaimedOnly) return OffSheet::kClaimNotBacked;
  return std::nullopt;
}

std::vector<OffSheetItem> OffSheetOf(const ScoreRun& run, const std::string& person) {
  const PeriodRules rules = PeriodRulesOf(run.policy);
  std::vector<OffSheetItem> off;
  for (const WorkItem& item : run.items) {
    const auto why = WhyOff(item, person);
    if (why && WouldStand(item, run.period, rules)) off.push_back({*why, &item});
  }
  std::stable_sort(off.begin(), off.end(), [](const auto& a, const auto& b) { return a.why < b.why; });
  return off;
}

}  // namespace

std::vector<OffSheetItem> StandingOffSheet(const ScoreRun& run) {
  const PeriodRules rules = PeriodRulesOf(run.policy);
  std::vector<OffSheetItem> off;
  for (const WorkItem& item : run.items) {
    const bool ambiguous = item.lead.state == LinkState::kAmbiguous;
    if (!ambiguous && item.lead.state != LinkState::kResolved) continue;
    const auto why = WhyOff(item, ambiguous ? item.lead.candidates.front() : item.lead.id);
    if (why && WouldStand(item, run.period, rules)) off.push_back({*why, &item});
  }
  return off;
}

std::map<std::string, std::vector<OffSheetItem>> OffSheetByPerson(const ScoreRun& run) {
  const PeriodRules rules = PeriodRulesOf(run.policy);
  std::map<std::string, std::vector<OffSheetItem>> off;
  for (const WorkItem& item : run.items) {
    std::set<std::string> concerned(item.contributors.begin(), item.contributors.end());
    concerned.insert(item.lead.candidates.begin(), item.lead.candidates.end());
    if (!item.lead.id.empty()) concerned.insert(item.lead.id);
    for (const std::string& person : concerned) {
      const auto why = WhyOff(item, person);
      if (why && WouldStand(item, run.period, rules)) off[person].push_back({*why, &item});
    }
  }
  for (auto& [ignored, list] : off) {
    std::stable_sort(list.begin(), list.end(), [](const auto& a, const auto& b) { return a.why < b.why; });
  }
  return off;
}

std::string_view Name(OffSheet why) {
  switch (why) {
    case OffSheet::kClaimNotBacked: return "claim_not_backed";
    case OffSheet::kSelfSet: return "self_set";
    case OffSheet::kHeld: return "held";
    case OffSheet::kAmbiguous: return "ambiguous";
    case OffSheet::kLeft: return "left";
    case OffSheet::kContributed: return "contributed";
  }
  return "";
}

Result<SheetView> ViewSheet(const ScoreRun& run, const std::string& person) {
  const auto context =
      std::find_if(run.people.begin(), run.people.end(), [&](const PersonContext& p) { return p.person == person; });
  const auto subject = std::find_if(run.sheets.subjects.begin(), run.sheets.subjects.end(),
                                    [&](const Subject& s) { return s.id == person; });
  if (context == run.people.end() || subject == run.sheets.subjects.end()) {
    return ConfigError("unknown_person",
                       "no person of this id has a sheet in " + FormatPeriod(run.period) + "; see the directory");
  }
  const auto at = static_cast<std::size_t>(subject - run.sheets.subjects.begin());
  return SheetView{run, *context, *subject, run.sheets.cards[at], OffSheetOf(run, person)};
}

std::vector<const WorkItem*> ItemsOf(const SheetView& view) {
  std::vector<const WorkItem*> items;
  for (const ScoreLine& line : view.card.lines) {
    const WorkItem* item = view.run.FindItem(line.input.label);
    if (item) items.push_back(item);
  }
  for (const OffSheetItem& off : view.off_sheet) items.push_back(off.item);
  return items;
}

Result<const WorkItem*> FindOnSheet(const SheetView& view, const std::string& item_key) {
  const WorkItem* item = view.run.FindItem(item_key);
  const std::string& person = view.person.person;
  const bool theirs = item && (IsLead(*item, person) || WhyOff(*item, person));
  if (theirs) return item;
  return ConfigError("unknown_item", "the sheet of this person knows no item of this key");
}

Result<std::vector<OpenedRecord>> OpenItem(Store& store, const WorkItem& item, const std::string& why) {
  std::vector<OpenedRecord> opened;
  for (const EvidenceRef& ref : item.evidence) {
    MC_TRY(StoredRecord stored, store.OpenRecord(ref.ik, why));
    const Digest recomputed = Sha256(stored.record.bytes);
    const bool matches = recomputed == stored.record.key.digest;
    opened.push_back({ref, std::move(stored), recomputed, matches});
  }
  return opened;
}

}  // namespace mc
