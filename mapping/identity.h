// Identity: from what a source names to a person or unit of the directory, by dated keys.
//
// Deterministic; a name or birth date never links. Keys in the order of blueprint 4a
// "Who": verified national number, staff code within its issuing body, official e-mail
// with owner dates, account id within one register, account label. The first key that the
// source states and the directory knows on that day decides; two owners of it make the
// link ambiguous. Immutable after construction; any thread.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/directory.h"
#include "core/evidence.h"
#include "core/time.h"
#include "core/work_item.h"
#include "mapping/organisation_codes.h"

namespace mc {

class IdentityIndex {
 public:
  explicit IdentityIndex(DirectoryData data);

  const DirectoryData& data() const { return data_; }

  const OrganisationCodes& codes() const { return codes_; }

  // By code valid that day in any of its notations, else (link key "unit_successor") by the code of
  // the organisation that took over by then, else by exact name: of units with one name by those that have
  // a code valid that day; of one that ended, who took over (decision 0012). Reasons: "no_unit_named",
  // "unknown_unit", "two_owners", "several_successors" (candidates: those that the directory knows).
  Link ResolveUnit(const UnitKeys& keys, CivilDate day) const;

  // `unit` is the unit that speaks that day (decision 0012); a label resolves only within it.
  // Reasons: "nobody_named", "unknown_key", "unknown_label", "unit_unknown".
  Link ResolvePerson(const PersonKeys& keys, const std::string& register_id, const Link& unit, CivilDate day) const;

  // Whether one of these keys was the person's on any day; `day` and `unit` as above.
  bool EverOf(const std::string& person, const PersonKeys& keys, const std::string& register_id, const Link& unit,
              CivilDate day) const;

  // Units in which the person holds a post that day (usually one), sorted.
  std::vector<std::string> UnitsOf(const std::string& person, CivilDate day) const;

  // Posts held that day, in directory order. Pointers live as long as the index.
  std::vector<const Membership*> PostsOn(CivilDate day) const;

  const Person* FindPerson(const std::string& id) const;
  const OrgUnit* FindUnit(const std::string& id) const;

 private:
  struct Owner {
    std::string id;
    DateSpan span;
  };
  using Owners = std::map<std::string, std::vector<Owner>, std::less<>>;

  static void AddOwners(const Owners& owners, const std::string& key, CivilDate day, Link& link);
  static Link Decide(const Owners& owners, const std::string& key, CivilDate day, std::string_view kind);
  Link ResolveCode(const std::string& code, CivilDate day) const;
  Link ResolveSuccessor(const std::string& code, CivilDate day) const;
  bool Stands(const std::string& unit, CivilDate day) const;
  Link ResolveName(const std::string& name, CivilDate day) const;
  Link LookUp(const PersonKeys& keys, const std::string& register_id, const Link& unit, CivilDate day) const;
  Link ResolveStaffCode(const PersonKeys& keys, CivilDate day) const;
  Link ResolveLabel(const PersonKeys& keys, const std::string& register_id, const Link& unit, CivilDate day) const;

  DirectoryData data_;
  OrganisationCodes codes_;
  Owners unit_codes_, unit_names_, staff_codes_, emails_, accounts_, labels_;
  std::map<std::string, std::vector<const Membership*>, std::less<>> posts_;
  std::map<std::string, const Person*, std::less<>> people_;
  std::map<std::string, const OrgUnit*, std::less<>> units_;
};

}  // namespace mc
