#include "mapping/identity.h"

#include <algorithm>
#include <utility>

namespace mc {
namespace {

// Joins key parts with a byte that occurs in none of them (trimmed NFC text has no NUL).
std::string Compose(std::string_view a, std::string_view b, std::string_view c = {}) {
  std::string key;
  key.append(a).push_back('\0');
  key.append(b).push_back('\0');
  return key.append(c);
}

Link Unresolved(std::string_view kind, std::string_view reason) {
  Link link;
  link.key = kind;
  link.reason = reason;
  return link;
}

// Owners gathered in `candidates`: one resolves, several are ambiguous.
Link Settled(Link link) {
  std::sort(link.candidates.begin(), link.candidates.end());
  link.candidates.erase(std::unique(link.candidates.begin(), link.candidates.end()), link.candidates.end());
  if (link.candidates.size() == 1) {
    link.state = LinkState::kResolved;
    link.id = link.candidates.front();
    link.candidates.clear();
  } else if (link.candidates.size() > 1) {
    link.state = LinkState::kAmbiguous;
    link.reason = "two_owners";
  }
  return link;
}

std::string SaidFor(const PersonKeys& keys, std::string_view kind) {
  if (kind == "label") return keys.label;
  if (kind == "account") return keys.account;
  if (kind == "email") return keys.email;
  return keys.staff_code;
}

}  // namespace

IdentityIndex::IdentityIndex(DirectoryData data) : data_(std::move(data)), codes_(data_.organisation_codes) {
  for (const OrgUnit& unit : data_.units) {
    units_[unit.id] = &unit;
    unit_names_[unit.name].push_back({unit.id, {}});
    for (const UnitCode& code : unit.codes) unit_codes_[code.code].push_back({unit.id, code.span});
  }
  for (const Person& person : data_.people) people_[person.id] = &person;
  for (const Membership& post : data_.memberships) posts_[post.person].push_back(&post);
  // Its issuer is whom the row's notation meant on its first day: it may have been given to another since.
  for (const StaffCode& s : data_.staff_codes) {
    const std::string issuer = codes_.Canonical(s.issuer, s.span.from.value_or(CivilDate{}));
    staff_codes_[Compose(issuer, s.code)].push_back({s.person, s.span});
  }
  for (const Email& e : data_.emails) emails_[e.address].push_back({e.person, e.span});
  for (const Account& a : data_.accounts) accounts_[Compose(a.register_id, a.account)].push_back({a.person, a.span});
  for (const AccountLabel& l : data_.labels) {
    labels_[Compose(l.register_id, l.unit, l.label)].push_back({l.person, l.span});
  }
}

void IdentityIndex::AddOwners(const Owners& owners, const std::string& key, CivilDate day, Link& link) {
  const auto found = owners.find(key);
  if (found == owners.end()) return;
  for (const Owner& owner : found->second) {
    if (owner.span.Contains(day)) link.candidates.push_back(owner.id);
  }
}

Link IdentityIndex::Decide(const Owners& owners, const std::string& key, CivilDate day, std::string_view kind) {
  Link link;
  link.key = kind;
  AddOwners(owners, key, day, link);
  return Settled(std::move(link));
}

Link IdentityIndex::ResolveCode(const std::string& code, CivilDate day) const {
  Link link;
  link.key = "unit_code";
  for (const std::string& notation : codes_.Notations(code, day)) AddOwners(unit_codes_, notation, day, link);
  return Settled(std::move(link));
}

// One successor, or nobody: which of several goes on with a matter, no table can say.
Link IdentityIndex::ResolveSuccessor(const std::string& code, CivilDate day) const {
  const std::vector<std::string> successors = codes_.Successors(code, day);
  Link link;
  if (successors.size() == 1) {
    link = ResolveCode(successors.front(), day);
  } else {
    for (const std::string& successor : successors) {
      for (const std::string& notation : codes_.Notations(successor, day)) AddOwners(unit_codes_, notation, day, link);
    }
    link = Settled(std::move(link));
    if (link.state == LinkState::kResolved) link.candidates = {std::exchange(link.id, "")};
    if (!link.candidates.empty()) {
      link.state = LinkState::kAmbiguous;
      link.reason = "several_successors";
    }
  }
  link.key = "unit_successor";
  return link;
}

bool IdentityIndex::Stands(const std::string& unit, CivilDate day) const {
  const std::vector<UnitCode>& codes = FindUnit(unit)->codes;
  const auto valid = [&](const UnitCode& code) { return code.span.Contains(day); };
  return codes.empty() || std::any_of(codes.begin(), codes.end(), valid);
}

// Names have no dates, and a new ward often bears a former one's: those that stand that day come first, then
// who took over from the only one that there ever was.
Link IdentityIndex::ResolveName(const std::string& name, CivilDate day) const {
  const Link ever = Decide(unit_names_, name, day, "unit_name");
  if (ever.state == LinkState::kAmbiguous) {
    Link standing;
    standing.key = ever.key;
    for (const std::string& unit : ever.candidates) {
      if (Stands(unit, day)) standing.candidates.push_back(unit);
    }
    return standing.candidates.empty() ? ever : Settled(std::move(standing));
  }
  if (ever.state != LinkState::kResolved || Stands(ever.id, day)) return ever;
  for (const UnitCode& code : FindUnit(ever.id)->codes) {  // as of its last day: it may have been given to another
    Link link = ResolveSuccessor(codes_.Canonical(code.code, code.span.to.value_or(day)), day);
    if (link.state != LinkState::kUnresolved) return link;
  }
  return ever;
}

Link IdentityIndex::ResolveUnit(const UnitKeys& keys, CivilDate day) const {
  if (keys.empty()) return Unresolved("unit", "no_unit_named");
  if (!keys.code.empty()) {
    Link link = ResolveCode(keys.code, day);
    if (link.state == LinkState::kUnresolved) link = ResolveSuccessor(keys.code, day);
    if (link.state != LinkState::kUnresolved) return link;
  }
  if (!keys.name.empty()) {
    Link link = ResolveName(keys.name, day);
    if (link.state != LinkState::kUnresolved) return link;
  }
  return Unresolved("unit", "unknown_unit");
}

// A staff code is of its body, in whichever notation the source writes that body; a successor
// issues its own.
Link IdentityIndex::ResolveStaffCode(const PersonKeys& keys, CivilDate day) const {
  return Decide(staff_codes_, Compose(codes_.Canonical(keys.staff_issuer, day), keys.staff_code), day, "staff_code");
}

Link IdentityIndex::ResolveLabel(const PersonKeys& keys, const std::string& register_id, const Link& unit,
                                 CivilDate day) const {
  if (unit.state != LinkState::kResolved) return Unresolved("label", "unit_unknown");
  Link link = Decide(labels_, Compose(register_id, unit.id, keys.label), day, "label");
  if (link.state == LinkState::kUnresolved) link.reason = "unknown_label";
  return link;
}

Link IdentityIndex::ResolvePerson(const PersonKeys& keys, const std::string& register_id, const Link& unit,
                                  CivilDate day) const {
  Link link = LookUp(keys, register_id, unit, day);
  if (link.state == LinkState::kResolved) return link;
  link.said = SaidFor(keys, link.key);
  if (!link.said.empty()) link.register_id = register_id;
  return link;
}

Link IdentityIndex::LookUp(const PersonKeys& keys, const std::string& register_id, const Link& unit,
                           CivilDate day) const {
  if (keys.empty()) return Unresolved("", "nobody_named");
  if (!keys.staff_code.empty()) {
    Link link = ResolveStaffCode(keys, day);
    if (link.state != LinkState::kUnresolved) return link;
  }
  if (!keys.email.empty()) {
    Link link = Decide(emails_, keys.email, day, "email");
    if (link.state != LinkState::kUnresolved) return link;
  }
  if (!keys.account.empty()) {
    Link link = Decide(accounts_, Compose(register_id, keys.account), day, "account");
    if (link.state != LinkState::kUnresolved) return link;
  }
  if (!keys.label.empty()) return ResolveLabel(keys, register_id, unit, day);
  const char* last = !keys.account.empty() ? "account" : !keys.email.empty() ? "email" : "staff_code";
  return Unresolved(last, "unknown_key");
}

bool IdentityIndex::EverOf(const std::string& person, const PersonKeys& keys, const std::string& register_id,
                           const Link& unit, CivilDate day) const {
  const auto owned = [&](const Owners& owners, std::string_view stated, const std::string& key) {
    const auto found = stated.empty() ? owners.end() : owners.find(key);
    return found != owners.end() && std::any_of(found->second.begin(), found->second.end(),
                                                [&](const Owner& owner) { return owner.id == person; });
  };
  return owned(staff_codes_, keys.staff_code, Compose(codes_.Canonical(keys.staff_issuer, day), keys.staff_code)) ||
         owned(emails_, keys.email, keys.email) || owned(accounts_, keys.account, Compose(register_id, keys.account)) ||
         (unit.state == LinkState::kResolved && owned(labels_, keys.label, Compose(register_id, unit.id, keys.label)));
}

std::vector<std::string> IdentityIndex::UnitsOf(const std::string& person, CivilDate day) const {
  std::vector<std::string> units;
  const auto found = posts_.find(person);
  if (found == posts_.end()) return units;
  for (const Membership* post : found->second) {
    if (post->span.Contains(day)) units.push_back(post->unit);
  }
  std::sort(units.begin(), units.end());
  units.erase(std::unique(units.begin(), units.end()), units.end());
  return units;
}

std::vector<const Membership*> IdentityIndex::PostsOn(CivilDate day) const {
  std::vector<const Membership*> posts;
  for (const Membership& post : data_.memberships) {
    if (post.span.Contains(day)) posts.push_back(&post);
  }
  return posts;
}

const Person* IdentityIndex::FindPerson(const std::string& id) const {
  const auto found = people_.find(id);
  return found == people_.end() ? nullptr : found->second;
}

const OrgUnit* IdentityIndex::FindUnit(const std::string& id) const {
  const auto found = units_.find(id);
  return found == units_.end() ? nullptr : found->second;
}

}  // namespace mc
