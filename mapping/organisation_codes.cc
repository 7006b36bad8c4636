#include "mapping/organisation_codes.h"

#include <algorithm>
#include <set>

namespace mc {

OrganisationCodes::OrganisationCodes(const std::vector<OrganisationCode>& rows) {
  for (const OrganisationCode& row : rows) {
    if (row.relation != CodeRelation::kSame) continue;
    canonical_of_[row.old_code].push_back({row.code, row.span});
    former_of_[row.code].push_back({row.old_code, row.span});
  }
  // Kept by the organisation that the code meant on the day it ended: its code may be given away later.
  for (const OrganisationCode& row : rows) {
    if (row.relation != CodeRelation::kSucceeded) continue;
    successors_of_[Canonical(row.old_code, *row.span.from)].push_back({row.code, row.span});
  }
}

const std::vector<OrganisationCodes::Row>& OrganisationCodes::Of(const Rows& rows, const std::string& code) {
  static const std::vector<Row> kNone;
  const auto found = rows.find(code);
  return found == rows.end() ? kNone : found->second;
}

std::string OrganisationCodes::Canonical(std::string_view code, CivilDate day) const {
  std::string at(code);
  for (bool moved = true; moved;) {  // ends: the rows hold no circle on any day
    moved = false;
    for (const Row& row : Of(canonical_of_, at)) {
      if (!row.span.Contains(day)) continue;
      at = row.code;
      moved = true;
      break;
    }
  }
  return at;
}

std::vector<std::string> OrganisationCodes::Notations(std::string_view code, CivilDate day) const {
  std::vector<std::string> notations = {Canonical(code, day)};
  for (std::size_t i = 0; i < notations.size(); ++i) {
    const std::string at = notations[i];
    for (const Row& row : Of(former_of_, at)) {
      if (row.span.Contains(day)) notations.push_back(row.code);
    }
  }
  std::sort(notations.begin() + 1, notations.end());
  return notations;
}

std::vector<std::string> OrganisationCodes::Successors(std::string_view code, CivilDate day) const {
  if (successors_of_.empty()) return {};
  const std::string former = Canonical(code, day);
  std::set<std::string> last, passed;
  std::vector<std::string> open = {former};
  while (!open.empty()) {
    const std::string at = std::move(open.back());
    open.pop_back();
    if (!passed.insert(at).second) continue;
    bool ended = false;
    for (const Row& row : Of(successors_of_, at)) {
      if (!row.span.Contains(day)) continue;
      ended = true;
      open.push_back(Canonical(row.code, day));
    }
    if (!ended) last.insert(at);
  }
  last.erase(former);  // not succeeded: it is its own end
  return {last.begin(), last.end()};
}

}  // namespace mc
