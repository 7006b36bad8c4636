// The cap on "excellent" (article 20, point 5a): declared in scoring/scorer.h.
#include <algorithm>
#include <map>
#include <utility>

#include "scoring/scorer.h"
#include "scoring/text_vi.h"

namespace mc {
namespace {

constexpr const char* kExcellent = "excellent";
constexpr const char* kGood = "good";

struct QuotaGroup {
  std::vector<ScoreCard*> scored;
  std::vector<ScoreCard*> excellent;  // best total first
  std::int64_t good = 0;
};

std::int64_t Base(const Policy& policy, const QuotaGroup& group, std::int64_t kept) {
  const auto candidates = static_cast<std::int64_t>(group.excellent.size());
  if (policy.quota_base == QuotaBase::kGoodOrBetter) return group.good + candidates;
  return group.good + (candidates - kept);  // who is not kept is rated "good"
}

bool SplitsATie(const QuotaGroup& group, std::size_t kept) {
  return kept > 0 && kept < group.excellent.size() &&
         *group.excellent[kept - 1]->total == *group.excellent[kept]->total;
}

// The largest number of the best that the cap allows, ties undivided. The base depends on
// the answer, so candidates are tried from the largest down; 0 always fits.
std::size_t CountKept(const Policy& policy, const QuotaGroup& group) {
  for (std::size_t kept = group.excellent.size(); kept > 0; --kept) {
    if (SplitsATie(group, kept)) continue;
    const auto count = static_cast<std::int64_t>(kept);
    if (count <= (policy.quota_rate * Ratio(Base(policy, group, count))).Floor()) return kept;
  }
  return 0;
}

std::string Note(const Policy& policy, const QuotaGroup& group, std::size_t kept) {
  const std::int64_t base = Base(policy, group, static_cast<std::int64_t>(kept));
  const Ratio cap = policy.quota_rate * Ratio(base);
  return "Nhóm " + std::to_string(group.scored.size()) + " người đã chấm, " + std::to_string(group.excellent.size()) +
         " người đạt mức xuất sắc theo điểm; trần " + ViPercent(policy.quota_rate) + " × " + std::to_string(base) +
         " = " + ViNumber(cap) + ", làm tròn xuống " + std::to_string(cap.Floor()) + "; giữ " + std::to_string(kept);
}

void Decide(const Policy& policy, QuotaGroup& group) {
  std::stable_sort(group.excellent.begin(), group.excellent.end(),
                   [](const ScoreCard* a, const ScoreCard* b) { return *a->total > *b->total; });
  const std::size_t kept = CountKept(policy, group);
  const std::string note = Note(policy, group, kept);
  for (ScoreCard* card : group.scored) {
    card->class_after_quota = card->class_after_gates;
    card->quota_note = note;
  }
  for (std::size_t i = kept; i < group.excellent.size(); ++i) group.excellent[i]->class_after_quota = kGood;
}

}  // namespace

void ApplyQuota(const Policy& policy, const std::vector<Subject>& subjects, std::vector<ScoreCard>& cards) {
  std::map<std::pair<std::string, std::string>, QuotaGroup> groups;
  for (std::size_t i = 0; i < cards.size(); ++i) {
    // Without a stated unit and peer group nobody is known to be comparable.
    if (subjects[i].unit.empty() || subjects[i].peer_group.empty()) continue;
    if (cards[i].status != ScoreStatus::kScored) continue;
    QuotaGroup& group = groups[{subjects[i].unit, subjects[i].peer_group}];
    group.scored.push_back(&cards[i]);
    if (cards[i].class_after_gates == kExcellent) group.excellent.push_back(&cards[i]);
    if (cards[i].class_after_gates == kGood) ++group.good;
  }
  for (auto& [key, group] : groups) {
    if (group.scored.size() >= 2) Decide(policy, group);
  }
}

}  // namespace mc
