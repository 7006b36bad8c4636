#include "gateway/people.h"

#include <map>
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
  std::map<std::string, const OrgUnit*> units;
  for (const OrgUnit& unit : directory.units) units[unit.id] = &unit;
  for (const Person& person : directory.people) {
    people_[person.id] = {person.id, person.name, {}};
    if (person.national_id_hmac.empty()) continue;
    const auto [at, added] = by_number_.emplace(person.national_id_hmac, person.id);
    if (!added) at->second.clear();
  }
  for (const Membership& membership : directory.memberships) {
    const auto person = people_.find(membership.person);
    if (person == people_.end()) continue;
    const auto unit = units.find(membership.unit);
    const std::string name = unit == units.end() ? membership.unit : unit->second->name;
    person->second.posts.push_back({membership.unit, name, membership.role, membership.span});
  }
}

const KnownPerson* PeopleIndex::ByNumber(std::string_view national_id_hmac) const {
  const auto found = by_number_.find(std::string(national_id_hmac));
  return found == by_number_.end() ? nullptr : ById(found->second);
}

const KnownPerson* PeopleIndex::ById(std::string_view id) const {
  const auto found = people_.find(std::string(id));
  return found == people_.end() ? nullptr : &found->second;
}

People::People(Edition edition, Read read)
    : edition_(std::move(edition)),
      read_(std::move(read)),
      now_(std::make_shared<const PeopleIndex>(DirectoryData{})) {}

Status People::Refresh() {
  MC_TRY(const std::optional<std::int64_t> newest, edition_());
  if (newest == held_) return Ok();
  MC_TRY(const DirectoryData directory, read_());
  auto index = std::make_shared<const PeopleIndex>(directory);
  const std::lock_guard lock(lock_);
  now_ = std::move(index);
  held_ = newest;
  return Ok();
}

std::shared_ptr<const PeopleIndex> People::Now() const {
  const std::lock_guard lock(lock_);
  return now_;
}

}  // namespace mc
