#include "gateway/people.h"

#include <algorithm>
#include <utility>

namespace mc {

std::vector<KnownPerson::Post> KnownPerson::PostsOn(CivilDate day) const {
  std::vector<Post> found;
  for (const Post& post : posts) {
    if (post.span.Contains(day)) found.push_back(post);
  }
  return found;
}

PeopleIndex::PeopleIndex(const DirectoryData& directory) {
  for (const OrgUnit& unit : directory.units) {
    Unit& held = units_[unit.id];
    held.name = unit.name;
    held.parent = unit.parent;
    if (!unit.parent.empty()) units_[unit.parent].under.push_back(unit.id);
  }
  for (auto& [ignored, unit] : units_) std::sort(unit.under.begin(), unit.under.end());
  for (const Person& person : directory.people) {
    people_[person.id] = {person.id, person.name, {}, {}};
    if (person.national_id_hmac.empty()) continue;
    const auto [at, added] = by_number_.emplace(person.national_id_hmac, person.id);
    if (!added) at->second.clear();
  }
  for (const Membership& membership : directory.memberships) {
    const auto person = people_.find(membership.person);
    if (person == people_.end()) continue;
    person->second.posts.push_back({membership.unit, UnitName(membership.unit), membership.role, membership.span});
  }
  for (const DutyGrant& grant : directory.duties) {
    const auto person = people_.find(grant.person);
    if (person != people_.end()) person->second.duties.push_back(grant);
  }
}

std::vector<std::string> PeopleIndex::WithAncestors(std::string_view unit) const {
  std::vector<std::string> chain;
  auto at = units_.find(std::string(unit));
  // The directory has no circle of units; the bound holds whatever it has.
  while (at != units_.end() && chain.size() < units_.size()) {
    chain.push_back(at->first);
    at = units_.find(at->second.parent);
  }
  return chain;
}

std::string PeopleIndex::UnitName(std::string_view unit) const {
  const auto found = units_.find(std::string(unit));
  return found == units_.end() ? std::string(unit) : found->second.name;
}

std::vector<std::string> PeopleIndex::UnitsUnder(std::string_view unit) const {
  const auto found = units_.find(std::string(unit));
  return found == units_.end() ? std::vector<std::string>() : found->second.under;
}

const KnownPerson* PeopleIndex::ByNumber(std::string_view national_id_hmac) const {
  const auto found = by_number_.find(std::string(national_id_hmac));
  return found == by_number_.end() ? nullptr : ById(found->second);
}

const KnownPerson* PeopleIndex::ById(std::string_view id) const {
  const auto found = people_.find(std::string(id));
  return found == people_.end() ? nullptr : &found->second;
}

std::vector<std::string> PeopleIndex::TopUnits() const {
  std::vector<std::string> top;
  for (const auto& [id, unit] : units_) {
    if (unit.parent.empty()) top.push_back(id);
  }
  std::sort(top.begin(), top.end());
  return top;
}

People::People(Edition edition, Read read, const Clock& clock)
    : edition_(std::move(edition)),
      read_(std::move(read)),
      clock_(clock),
      now_(std::make_shared<const PeopleIndex>(DirectoryData{})) {}

Status People::Refresh() {
  const Instant asked_at = clock_.Now();
  MC_TRY(const std::optional<std::int64_t> newest, edition_());
  std::shared_ptr<const PeopleIndex> fresh;
  if (newest != held_) {
    MC_TRY(const DirectoryData directory, read_());
    fresh = std::make_shared<const PeopleIndex>(directory);
    held_ = newest;
  }
  const std::lock_guard lock(lock_);
  if (fresh) now_ = std::move(fresh);
  fresh_at_ = asked_at;
  return Ok();
}

Result<std::shared_ptr<const PeopleIndex>> People::Now() const {
  const Instant now = clock_.Now();
  const std::lock_guard lock(lock_);
  if (!fresh_at_ || now.micros - fresh_at_->micros > kPeopleStaleMicros) {
    return TransientError("directory_stale", "the directory could not be read for a while: try again");
  }
  return now_;
}

}  // namespace mc
