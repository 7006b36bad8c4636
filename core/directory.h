// The city's directory as imported: people, units, memberships, and the dated keys by
// which platforms name them. Format: docs/formats/directory.md.
//
// Dates are city dates; `from` is the first day, `to` the last day (both included);
// an absent `to` is open. Plain values.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/json.h"
#include "core/result.h"
#include "core/time.h"

namespace mc {

struct DateSpan {
  std::optional<CivilDate> from;
  std::optional<CivilDate> to;
  bool Contains(CivilDate day) const { return (!from || *from <= day) && (!to || day <= *to); }
};

enum class SubjectGroup { kCadre, kCivilServant, kPublicEmployee, kContract };
enum class Axis { kParty, kCouncil, kCommittee, kFront };  // the four axes of the plan, line 113

struct UnitCode {
  std::string code;  // "H26.5" or "000.05.00.H26": a string of any length
  DateSpan span;
};

struct OrgUnit {
  std::string id;
  std::string name;
  Axis axis = Axis::kCommittee;
  std::string parent;     // unit id or empty
  std::string ward_code;  // five digits, or empty
  std::vector<UnitCode> codes;
};

struct Person {
  std::string id;
  std::string name;
  SubjectGroup group = SubjectGroup::kCivilServant;
  std::string national_id_hmac;  // hex of the keyed HMAC; the number itself is never kept
};

enum class Role { kMember, kDeputy, kHead };

// One post of one person for a time.
struct Membership {
  std::string person;
  std::string unit;
  Role role = Role::kMember;
  std::string manager;              // person id or empty
  std::string peer_group;           // group with similar duties, for the quota
  std::vector<std::string> fed_by;  // registers that feed this post
  DateSpan span;
  bool leading() const { return role != Role::kMember; }
};

// What somebody may do here beside their post: see sheets of others, keep rules, run the system. Given by name and for
// a time; a sign-in at whatever provider gives none.
enum class Duty { kApprover, kCatalogueKeeper, kPolicyKeeper, kOperator, kAuditor };

struct DutyGrant {
  std::string person;
  Duty duty = Duty::kApprover;
  std::string unit;  // with all units below it; empty: the whole city. Approver and auditor alone have one
  int level = 0;     // of an approver, 1 (nearest to the unit) to 9; else 0
  DateSpan span;
};

struct StaffCode {
  std::string person, issuer /* organisation code of the issuing body */, code;
  DateSpan span;
};
struct Email {
  std::string person, address;
  DateSpan span;
};
struct Account {
  std::string person, register_id, account;
  DateSpan span;
};
// A label is an account, not a name; it needs two approvals to exist.
struct AccountLabel {
  std::string person, register_id, unit, label;
  DateSpan span;
};

enum class CodeRelation {
  kSame,       // two notations of one organisation
  kSucceeded,  // the organisation ended; the other took over what it did
};

// What a former organisation code means. Any organisation, ours or not: issuers of documents
// too. Codes of the first generation (Circular 10/2016/TT-BTTTT: "000.00.00.H49") and of the second
// (Decision 20/2020/QĐ-TTg: "H49.14") are compared as texts; nothing is derived from their parts.
struct OrganisationCode {
  std::string old_code, code;
  CodeRelation relation = CodeRelation::kSame;
  DateSpan span;       // kSucceeded: from is the first day of the successor, never ends
  std::string source;  // who says so: a decision, a register
};

struct DirectoryData {
  std::vector<OrgUnit> units;
  std::vector<Person> people;
  std::vector<Membership> memberships;
  std::vector<DutyGrant> duties;
  std::vector<StaffCode> staff_codes;
  std::vector<Email> emails;
  std::vector<Account> accounts;
  std::vector<AccountLabel> labels;
  std::vector<OrganisationCode> organisation_codes;
};

// Strict reading of a directory document. National numbers are replaced by their HMAC
// under `person_key` while reading and are never kept. kConfig with JSON Pointer and rule;
// among the rules: ids unique and known, spans ordered, a label approved by two different
// persons other than its holder, no cycle in the manager links or organisation codes of any day.
Result<DirectoryData> ParseDirectory(const Json& document, std::string_view person_key);

// The document with national numbers replaced by "national_id_hmac", and a check of the key: what the store keeps.
Result<Json> SealDirectory(const Json& document, std::string_view person_key);

// kConfig `person_key` when `sealed` was sealed under another key: numbers of today would match nobody. A document from
// before there was a check passes.
Status CheckPersonKey(const Json& sealed, std::string_view person_key);

// General points and leadership terms, given by an assessor other than the subject.
struct Assessment {
  std::string person;
  Period period;
  std::string assessor;
  CivilDate date;
  std::optional<std::string> general;     // decimal text, 0..30, sum of the three groups
  std::optional<std::string> organising;  // đ, 0..1
  std::optional<std::string> unity;       // e, 0..1
  struct Bar {
    std::string rule, document;
    CivilDate date;
  };
  std::vector<Bar> bars;
};
// Format: docs/formats/assessments.md. kConfig with JSON Pointer and rule.
Result<std::vector<Assessment>> ParseAssessments(const Json& document);

std::string_view Name(SubjectGroup group);  // "civil_servant"
std::string_view Name(Axis axis);
std::string_view Name(Role role);
std::string_view Name(Duty duty);              // "catalogue_keeper"
std::string_view Name(CodeRelation relation);  // "same", "succeeded"
std::optional<SubjectGroup> SubjectGroupFrom(std::string_view name);

}  // namespace mc
