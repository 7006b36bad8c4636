#include "mapping/conflicts.h"

#include <algorithm>
#include <array>

namespace mc {
namespace {

constexpr std::array kAll = {
    conflict::kTwoOfficials,   conflict::kCompletedFirst,    conflict::kReopened,         conflict::kIdsOverlap,
    conflict::kIdsDisagree,    conflict::kAssignedRewritten, conflict::kDueRewritten,     conflict::kCompletedRewritten,
    conflict::kSeveralResults, conflict::kSharedResult,      conflict::kResultInConflict,
};

bool SamePerson(const Link& a, const Link& b) {
  return a.state == b.state && a.id == b.id && a.candidates == b.candidates && a.said == b.said;
}

}  // namespace

bool IsConflict(std::string_view held) {
  return std::find(kAll.begin(), kAll.end(), held.substr(0, held.find(':'))) != kAll.end();
}

bool SameMoment(const Moment& a, const Moment& b) {
  return a.bare_date || b.bare_date ? CityDate(a) == CityDate(b) : a.at == b.at;
}

bool IsBefore(const Moment& a, const Moment& b) {
  return a.bare_date || b.bare_date ? CityDate(a) < CityDate(b) : a.at < b.at;
}

std::optional<Moment> DateStatements::Standing() const {
  if (!first || !last) return first ? first : last;
  return IsBefore(*last, *first) ? last : first;
}

std::string Rewriting(std::string_view reason, const DateStatements& said) {
  const auto text = [](const std::optional<Moment>& at) { return at ? FormatMoment(*at) : std::string("-"); };
  return std::string(reason) + ":" + text(said.first) + " > " + text(said.last);
}

DateStatements StatedIn(const Chain& chain, std::optional<Moment> Evidence::*field) {
  DateStatements said;
  for (const EvidenceRevision* revision : chain) {
    said.last = revision->evidence.*field;
    if (!said.first) said.first = said.last;
  }
  return said;
}

DueStated DueStatedIn(const Chain& chain, const std::vector<Moment>& newly_set) {
  const DateStatements said = StatedIn(chain, &Evidence::due_at);
  if (!said.Rewritten()) return {said.first, ""};
  const bool listed = said.last && std::any_of(newly_set.begin(), newly_set.end(),
                                               [&](const Moment& due) { return SameMoment(due, *said.last); });
  if (listed) return {said.first, ""};
  return {said.Standing(), Rewriting(conflict::kDueRewritten, said)};
}

Link OneOf(const std::vector<Link>& links) {
  const bool one = std::all_of(links.begin(), links.end(), [&](const Link& l) { return SamePerson(l, links.front()); });
  if (one) return links.front();
  Link link = links.front();
  link.id.clear();
  link.candidates.clear();
  link.reason = conflict::kTwoOfficials;
  for (const Link& each : links) {
    if (each.state == LinkState::kResolved) link.candidates.push_back(each.id);
    link.candidates.insert(link.candidates.end(), each.candidates.begin(), each.candidates.end());
  }
  std::sort(link.candidates.begin(), link.candidates.end());
  link.candidates.erase(std::unique(link.candidates.begin(), link.candidates.end()), link.candidates.end());
  link.state = link.candidates.empty() ? LinkState::kUnresolved : LinkState::kAmbiguous;
  return link;
}

}  // namespace mc
