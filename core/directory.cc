#include "core/directory.h"

namespace mc {

std::string_view Name(SubjectGroup group) {
  switch (group) {
    case SubjectGroup::kCadre: return "cadre";
    case SubjectGroup::kCivilServant: return "civil_servant";
    case SubjectGroup::kPublicEmployee: return "public_employee";
    case SubjectGroup::kContract: return "contract";
  }
  return "";
}

std::string_view Name(Axis axis) {
  switch (axis) {
    case Axis::kParty: return "party";
    case Axis::kCouncil: return "council";
    case Axis::kCommittee: return "committee";
    case Axis::kFront: return "front";
  }
  return "";
}

std::string_view Name(Duty duty) {
  switch (duty) {
    case Duty::kApprover: return "approver";
    case Duty::kCatalogueKeeper: return "catalogue_keeper";
    case Duty::kPolicyKeeper: return "policy_keeper";
    case Duty::kOperator: return "operator";
    case Duty::kAuditor: return "auditor";
  }
  return "";
}

std::string_view Name(Role role) {
  switch (role) {
    case Role::kMember: return "member";
    case Role::kDeputy: return "deputy";
    case Role::kHead: return "head";
  }
  return "";
}

std::string_view Name(CodeRelation relation) {
  switch (relation) {
    case CodeRelation::kSame: return "same";
    case CodeRelation::kSucceeded: return "succeeded";
  }
  return "";
}

std::optional<SubjectGroup> SubjectGroupFrom(std::string_view name) {
  for (const auto group :
       {SubjectGroup::kCadre, SubjectGroup::kCivilServant, SubjectGroup::kPublicEmployee, SubjectGroup::kContract}) {
    if (Name(group) == name) return group;
  }
  return std::nullopt;
}

}  // namespace mc
