#include "gateway/link_queue.h"

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>

#include "core/text.h"

namespace mc {
namespace {

constexpr std::size_t kShortestCutBytes = 12;  // of a folded label: a shorter one begins too many names

bool Waits(const WorkItem& item) {
  const LinkState state = item.lead.state;
  const bool open = state == LinkState::kUnresolved || state == LinkState::kAmbiguous;
  return open && !item.left && item.kind != ItemKind::kReport;
}

// The person's folded name stands in the label as whole words: "Nguyễn Văn An (VP)".
bool StandsWithin(const std::string& name, const std::string& label) {
  const std::size_t at = label.find(name);
  if (at == std::string::npos || name.empty()) return false;
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c & 0x80) != 0; };
  const std::size_t end = at + name.size();
  return (at == 0 || !is_letter(label[at - 1])) && (end == label.size() || !is_letter(label[end]));
}

std::optional<std::string> WhyMeant(const std::string& name, const std::string& label) {
  if (name == label) return "same_name";
  if (label.size() >= kShortestCutBytes && name.starts_with(label)) return "cut_name";
  if (StandsWithin(name, label)) return "name_within";
  return std::nullopt;
}

std::vector<Suggestion> SuggestionsFor(const WaitingKey& waiting, const IdentityIndex& identity) {
  std::vector<Suggestion> suggestions;
  const std::string label = FoldedForSearch(Trim(waiting.said));
  if (label.empty() || waiting.unit.empty() || !waiting.candidates.empty()) return suggestions;
  for (const Membership* post : identity.PostsOn(waiting.oldest)) {
    const Person* person = post->unit == waiting.unit ? identity.FindPerson(post->person) : nullptr;
    if (!person || suggestions.size() == kSuggestionLimit) continue;
    if (auto why = WhyMeant(FoldedForSearch(person->name), label)) {
      suggestions.push_back({person->id, person->name, std::move(*why)});
    }
  }
  return suggestions;
}

void TakeItem(const WorkItem& item, WaitingKey& waiting) {
  const CivilDate day = CityDate(item.assigned_at);
  waiting.oldest = waiting.items == 0 ? day : std::min(waiting.oldest, day);
  ++waiting.items;
  for (const std::string& candidate : item.lead.candidates) {
    const auto at = std::lower_bound(waiting.candidates.begin(), waiting.candidates.end(), candidate);
    if (at == waiting.candidates.end() || *at != candidate) waiting.candidates.insert(at, candidate);
  }
}

}  // namespace

std::vector<WaitingKey> WaitingKeys(const std::vector<WorkItem>& items, const IdentityIndex& identity) {
  std::map<std::tuple<std::string, std::string, std::string, std::string, std::string>, WaitingKey> keys;
  for (const WorkItem& item : items) {
    if (!Waits(item)) continue;
    const Link& lead = item.lead;
    const std::string unit = item.unit.state == LinkState::kResolved ? item.unit.id : "";
    WaitingKey& waiting = keys[{lead.register_id, unit, lead.key, lead.said, lead.reason}];
    waiting.register_id = lead.register_id;
    waiting.unit = unit;
    waiting.key = lead.key;
    waiting.said = lead.said;
    waiting.reason = lead.reason;
    TakeItem(item, waiting);
  }
  std::vector<WaitingKey> queue;
  for (auto& [key, waiting] : keys) {
    waiting.suggestions = SuggestionsFor(waiting, identity);
    queue.push_back(std::move(waiting));
  }
  std::stable_sort(queue.begin(), queue.end(), [](const WaitingKey& a, const WaitingKey& b) {
    return std::make_tuple(a.oldest, -a.items) < std::make_tuple(b.oldest, -b.items);
  });
  return queue;
}

}  // namespace mc
