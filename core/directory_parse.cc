// Reading of minhchung/directory@1 (docs/formats/directory.md). Each list has one row
// function; what concerns several rows (overlapping posts, cycles) is in directory_check.cc.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "core/digest.h"
#include "core/directory.h"
#include "core/directory_check.h"
#include "core/json_at.h"
#include "core/text.h"

namespace mc {
namespace {

constexpr std::size_t kDirectoryRowLimit = 2'000'000;  // of each list
constexpr std::size_t kShortListLimit = 100;           // codes of a unit, registers of a post, approvers
constexpr std::size_t kDirectoryIdLimitBytes = 200;
constexpr std::size_t kPersonNameLimitBytes = 1'000;
// Organisation codes have no length in law, and platforms that store 13 characters cut real ones:
// whatever code a record may state (kEvidenceTextLimitBytes of mapping) can stand here.
constexpr std::size_t kOrganisationCodeLimitBytes = 2'000;
constexpr int kApprovalLevels = 9;
constexpr std::string_view kDirectorySchema = "minhchung/directory@1";
constexpr const char* kKeyCheck = "person_key_check";

bool AllDigits(std::string_view text) { return text.find_first_not_of("0123456789") == std::string_view::npos; }

Result<std::string> IdOf(const JsonAt& row, std::string_view key) {
  return row.MemberText(key, kDirectoryIdLimitBytes);
}

// "" when absent, null or empty.
Result<std::string> OptionalId(const JsonAt& row, std::string_view key) {
  const auto member = row.Given(key);
  if (!member || member->value() == "") return std::string();  // NOLINT: a Json value, not a text
  return member->Text(kDirectoryIdLimitBytes);
}

// A name or label as people read it: NFC and trimmed, so that it compares with records.
Result<std::string> ReadableOf(const JsonAt& row, std::string_view key) {
  MC_TRY(const JsonAt member, row.Member(key));
  MC_TRY(const std::string text, member.Text(kPersonNameLimitBytes));
  const auto nfc = ToNfc(text);
  std::string readable(Trim(nfc ? *nfc : std::string()));
  if (readable.empty()) return member.Fail("empty_text", "must hold more than white space");
  return readable;
}

// Without the blanks that registers leave behind codes, as records are read.
Result<std::string> OrganisationCodeOf(const JsonAt& row, std::string_view key) {
  MC_TRY(const JsonAt member, row.Member(key));
  MC_TRY(const std::string text, member.Text(kOrganisationCodeLimitBytes));
  std::string code(Trim(text));
  if (code.empty()) return member.Fail("empty_text", "must hold more than white space");
  return code;
}

Result<std::optional<CivilDate>> OptionalDate(const JsonAt& row, std::string_view key) {
  const auto member = row.Given(key);
  if (!member) return std::optional<CivilDate>();
  MC_TRY(const CivilDate date, member->Date());
  return std::optional<CivilDate>(date);
}

Result<DateSpan> SpanOf(const JsonAt& row) {
  DateSpan span;
  MC_TRY(span.from, OptionalDate(row, "from"));
  MC_TRY(span.to, OptionalDate(row, "to"));
  if (span.from && span.to && *span.to < *span.from) return row.Fail("bad_span", "\"to\" is before \"from\"");
  return span;
}

template <typename T>
std::vector<std::string> NamesOf(std::initializer_list<T> values) {
  std::vector<std::string> names;
  for (const T value : values) names.emplace_back(Name(value));
  return names;
}

class DirectoryReader {
 public:
  explicit DirectoryReader(std::string_view person_key) : person_key_(person_key) {}

  Result<DirectoryData> Read(const Json& document) {
    const JsonAt root(document);
    MC_CHECK_OK(root.Keys({"schema", "units", "people", "memberships", "duties", "staff_codes", "emails", "accounts",
                           "labels", "organisation_codes", kKeyCheck}));
    MC_TRY(const JsonAt schema, root.Member("schema"));
    if (schema.value() != std::string(kDirectorySchema))
      return schema.Fail("bad_schema", "must be \"minhchung/directory@1\"");
    MC_CHECK_OK(Each(root, "units", &DirectoryReader::ReadUnit));
    MC_CHECK_OK(Each(root, "units", &DirectoryReader::CheckParent));
    MC_CHECK_OK(Each(root, "people", &DirectoryReader::ReadPerson));
    MC_CHECK_OK(Each(root, "memberships", &DirectoryReader::ReadMembership));
    MC_CHECK_OK(Each(root, "duties", &DirectoryReader::ReadDuty));
    MC_CHECK_OK(Each(root, "staff_codes", &DirectoryReader::ReadStaffCode));
    MC_CHECK_OK(Each(root, "emails", &DirectoryReader::ReadEmail));
    MC_CHECK_OK(Each(root, "accounts", &DirectoryReader::ReadAccount));
    MC_CHECK_OK(Each(root, "labels", &DirectoryReader::ReadLabel));
    MC_CHECK_OK(CheckUnitTree(data_.units));
    MC_CHECK_OK(CheckPosts(data_.memberships));
    MC_CHECK_OK(Each(root, "organisation_codes", &DirectoryReader::ReadOrganisationCode));
    MC_CHECK_OK(CheckOrganisationCodes(data_.organisation_codes, data_.units));
    return std::move(data_);
  }

 private:
  Status Each(const JsonAt& root, std::string_view list, Status (DirectoryReader::*read)(const JsonAt&)) {
    const auto found = root.Given(list);
    if (!found) return Ok();
    MC_TRY(const auto rows, found->Items(kDirectoryRowLimit));
    for (const JsonAt& row : rows) MC_CHECK_OK((this->*read)(row));
    return Ok();
  }

  static Result<std::string> Known(const JsonAt& row, std::string_view key, const std::set<std::string>& ids) {
    MC_TRY(const std::string id, IdOf(row, key));
    if (ids.contains(id)) return id;
    return row.Member(key)->Fail("unknown_id", "no such id in this document");
  }
  Result<std::string> KnownPerson(const JsonAt& row, std::string_view key) const {
    return Known(row, key, person_ids_);
  }
  Result<std::string> KnownUnit(const JsonAt& row, std::string_view key) const { return Known(row, key, unit_ids_); }

  // An id of its own list, not seen before.
  static Result<std::string> NewId(const JsonAt& row, std::set<std::string>& ids) {
    MC_TRY(const std::string id, IdOf(row, "id"));
    if (!ids.insert(id).second) return row.Member("id")->Fail("duplicate_id", "this id stands twice");
    return id;
  }

  Status ReadUnit(const JsonAt& row) {
    MC_CHECK_OK(row.Keys({"id", "name", "axis", "parent", "ward", "codes"}));
    static const auto kAxes = {Axis::kParty, Axis::kCouncil, Axis::kCommittee, Axis::kFront};
    OrgUnit unit;
    MC_TRY(unit.id, NewId(row, unit_ids_));
    MC_TRY(unit.name, ReadableOf(row, "name"));
    MC_TRY(const JsonAt axis, row.Member("axis"));
    MC_TRY(const std::size_t chosen, axis.OneOf(NamesOf(kAxes)));
    unit.axis = *(kAxes.begin() + chosen);
    MC_TRY(unit.parent, OptionalId(row, "parent"));
    MC_TRY(unit.ward_code, OptionalId(row, "ward"));
    if (!unit.ward_code.empty() && (unit.ward_code.size() != 5 || !AllDigits(unit.ward_code))) {
      return row.Member("ward")->Fail("bad_ward", "must be five digits");
    }
    if (const auto codes = row.Given("codes")) {
      MC_TRY(const auto items, codes->Items(kShortListLimit));
      for (const JsonAt& item : items) {
        MC_CHECK_OK(item.Keys({"code", "from", "to"}));
        UnitCode code;
        MC_TRY(code.code, OrganisationCodeOf(item, "code"));
        MC_TRY(code.span, SpanOf(item));
        unit.codes.push_back(std::move(code));
      }
    }
    data_.units.push_back(std::move(unit));
    return Ok();
  }

  // A second pass, because a parent may stand below its child in the list.
  Status CheckParent(const JsonAt& row) {
    MC_TRY(const std::string parent, OptionalId(row, "parent"));
    if (!parent.empty()) MC_CHECK_OK(KnownUnit(row, "parent"));
    return Ok();
  }

  // The keyed HMAC, from the number or as the sealed document already holds it.
  Result<std::string> NationalIdHmac(const JsonAt& row) {
    const auto number = row.Given("national_id");
    const auto sealed = row.Given("national_id_hmac");
    if (number && sealed) return row.Fail("two_forms", "give national_id or national_id_hmac, not both");
    if (!number && !sealed) return std::string();
    const JsonAt& given = number ? *number : *sealed;
    MC_TRY(const std::string text, given.Text(64));
    if (number && (text.size() != 12 || !AllDigits(text))) return given.Fail("bad_national_id", "must be 12 digits");
    const bool is_hmac = text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
    if (sealed && !is_hmac) return given.Fail("bad_hmac", "must be 64 hex digits in lower case");
    std::string hmac = number ? ToHex(HmacSha256(person_key_, text)) : text;
    if (!national_ids_.insert(hmac).second) return given.Fail("duplicate_id", "two people have this number");
    return hmac;
  }

  Status ReadPerson(const JsonAt& row) {
    MC_CHECK_OK(row.Keys({"id", "name", "group", "national_id", "national_id_hmac"}));
    static const auto kGroups = {SubjectGroup::kCadre, SubjectGroup::kCivilServant, SubjectGroup::kPublicEmployee,
                                 SubjectGroup::kContract};
    Person person;
    MC_TRY(person.id, NewId(row, person_ids_));
    MC_TRY(person.name, ReadableOf(row, "name"));
    MC_TRY(const JsonAt group, row.Member("group"));
    MC_TRY(const std::size_t chosen, group.OneOf(NamesOf(kGroups)));
    person.group = *(kGroups.begin() + chosen);
    MC_TRY(person.national_id_hmac, NationalIdHmac(row));
    data_.people.push_back(std::move(person));
    return Ok();
  }

  Status ReadMembership(const JsonAt& row) {
    MC_CHECK_OK(row.Keys({"person", "unit", "role", "manager", "peer_group", "fed_by", "from", "to"}));
    static const auto kRoles = {Role::kMember, Role::kDeputy, Role::kHead};
    Membership post;
    MC_TRY(post.person, KnownPerson(row, "person"));
    MC_TRY(post.unit, KnownUnit(row, "unit"));
    MC_TRY(const JsonAt role, row.Member("role"));
    MC_TRY(const std::size_t chosen, role.OneOf(NamesOf(kRoles)));
    post.role = *(kRoles.begin() + chosen);
    MC_TRY(post.manager, OptionalId(row, "manager"));
    if (!post.manager.empty()) MC_CHECK_OK(KnownPerson(row, "manager"));
    if (post.manager == post.person) return row.Member("manager")->Fail("own_manager", "nobody manages themselves");
    MC_TRY(post.peer_group, OptionalId(row, "peer_group"));
    MC_TRY(post.fed_by, RegistersOf(row));
    MC_TRY(post.span, SpanOf(row));
    data_.memberships.push_back(std::move(post));
    return Ok();
  }

  static Result<std::vector<std::string>> RegistersOf(const JsonAt& row) {
    std::vector<std::string> registers;
    MC_TRY(const JsonAt list, row.Member("fed_by"));
    MC_TRY(const auto items, list.Items(kShortListLimit));
    for (const JsonAt& item : items) {
      MC_TRY(std::string id, item.Text(kDirectoryIdLimitBytes));
      if (std::find(registers.begin(), registers.end(), id) != registers.end()) {
        return item.Fail("duplicate_id", "this register stands twice");
      }
      registers.push_back(std::move(id));
    }
    return registers;
  }

  Status ReadDuty(const JsonAt& row) {
    MC_CHECK_OK(row.Keys({"person", "duty", "unit", "level", "from", "to"}));
    static const auto kDuties = {Duty::kApprover, Duty::kCatalogueKeeper, Duty::kPolicyKeeper, Duty::kOperator,
                                 Duty::kAuditor};
    DutyGrant grant;
    MC_TRY(grant.person, KnownPerson(row, "person"));
    MC_TRY(const JsonAt duty, row.Member("duty"));
    MC_TRY(const std::size_t chosen, duty.OneOf(NamesOf(kDuties)));
    grant.duty = *(kDuties.begin() + chosen);
    MC_TRY(grant.unit, OptionalId(row, "unit"));
    if (!grant.unit.empty()) MC_CHECK_OK(KnownUnit(row, "unit"));
    if (!grant.unit.empty() && grant.duty != Duty::kApprover && grant.duty != Duty::kAuditor) {
      return row.Member("unit")->Fail("scope_not_allowed", "approver and auditor alone have a unit; leave it out");
    }
    MC_TRY(grant.level, ApprovalLevelOf(row, grant.duty));
    MC_TRY(grant.span, SpanOf(row));
    data_.duties.push_back(std::move(grant));
    return Ok();
  }

  static Result<int> ApprovalLevelOf(const JsonAt& row, Duty duty) {
    const auto given = row.Given("level");
    const bool wanted = duty == Duty::kApprover;
    if (!given) return wanted ? Result<int>(row.Fail("no_level", "an approver has a level, 1 to 9")) : 0;
    const bool good = given->value().is_number_integer() && given->value() >= 1 && given->value() <= kApprovalLevels;
    if (wanted && good) return given->value().get<int>();
    return given->Fail("bad_level", "a whole number from 1 to 9, for an approver alone");
  }

  Status ReadStaffCode(const JsonAt& row) {
    MC_CHECK_OK(row.Keys({"person", "issuer", "code", "from", "to"}));
    StaffCode key;
    MC_TRY(key.person, KnownPerson(row, "person"));
    MC_TRY(key.issuer, OrganisationCodeOf(row, "issuer"));
    MC_TRY(key.code, IdOf(row, "code"));
    MC_TRY(key.span, SpanOf(row));
    data_.staff_codes.push_back(std::move(key));
    return Ok();
  }

  Status ReadEmail(const JsonAt& row) {
    MC_CHECK_OK(row.Keys({"person", "address", "from", "to"}));
    Email key;
    MC_TRY(key.person, KnownPerson(row, "person"));
    MC_TRY(const std::string address, IdOf(row, "address"));
    if (address.find('@') == std::string::npos) {
      return row.Member("address")->Fail("bad_address", "must be an e-mail address");
    }
    key.address = ToLowerAscii(Trim(address));
    MC_TRY(key.span, SpanOf(row));
    data_.emails.push_back(std::move(key));
    return Ok();
  }

  Status ReadAccount(const JsonAt& row) {
    MC_CHECK_OK(row.Keys({"person", "register", "account", "from", "to"}));
    Account key;
    MC_TRY(key.person, KnownPerson(row, "person"));
    MC_TRY(key.register_id, IdOf(row, "register"));
    MC_TRY(key.account, IdOf(row, "account"));
    MC_TRY(key.span, SpanOf(row));
    data_.accounts.push_back(std::move(key));
    return Ok();
  }

  // Two different people other than the holder stand for a label.
  Status CheckApprovals(const JsonAt& row, const std::string& holder) const {
    MC_TRY(const JsonAt list, row.Member("approved_by"));
    MC_TRY(const auto items, list.Items(kShortListLimit));
    std::set<std::string> approvers;
    for (const JsonAt& item : items) {
      MC_TRY(const std::string id, item.Text(kDirectoryIdLimitBytes));
      if (!person_ids_.contains(id)) return item.Fail("unknown_id", "no such id in this document");
      if (id == holder) return item.Fail("own_approval", "the holder of a label cannot approve it");
      if (!approvers.insert(id).second) return item.Fail("duplicate_id", "this approver stands twice");
    }
    if (approvers.size() < 2) return list.Fail("two_approvals", "a label needs two approvers");
    return Ok();
  }

  Status ReadLabel(const JsonAt& row) {
    MC_CHECK_OK(row.Keys({"person", "register", "unit", "label", "approved_by", "from", "to"}));
    AccountLabel key;
    MC_TRY(key.person, KnownPerson(row, "person"));
    MC_TRY(key.register_id, IdOf(row, "register"));
    MC_TRY(key.unit, KnownUnit(row, "unit"));
    MC_TRY(key.label, ReadableOf(row, "label"));
    MC_CHECK_OK(CheckApprovals(row, key.person));
    MC_TRY(key.span, SpanOf(row));
    data_.labels.push_back(std::move(key));
    return Ok();
  }

  Status ReadOrganisationCode(const JsonAt& row) {
    MC_CHECK_OK(row.Keys({"old_code", "code", "relation", "from", "to", "source"}));
    static const auto kRelations = {CodeRelation::kSame, CodeRelation::kSucceeded};
    OrganisationCode key;
    MC_TRY(key.old_code, OrganisationCodeOf(row, "old_code"));
    MC_TRY(key.code, OrganisationCodeOf(row, "code"));
    if (key.old_code == key.code) return row.Member("code")->Fail("same_code", "must differ from \"old_code\"");
    MC_TRY(const JsonAt relation, row.Member("relation"));
    MC_TRY(const std::size_t chosen, relation.OneOf(NamesOf(kRelations)));
    key.relation = *(kRelations.begin() + chosen);
    MC_TRY(key.span, SpanOf(row));
    if (key.relation == CodeRelation::kSucceeded && (!key.span.from || key.span.to)) {
      return row.Fail("bad_succession", "needs \"from\", the successor's first day, and no \"to\"");
    }
    MC_TRY(key.source, ReadableOf(row, "source"));
    data_.organisation_codes.push_back(std::move(key));
    return Ok();
  }

  std::string_view person_key_;
  DirectoryData data_;
  std::set<std::string> unit_ids_;
  std::set<std::string> person_ids_;
  std::set<std::string> national_ids_;  // as HMAC
};

std::string KeyCheck(std::string_view person_key) {
  return ToHex(HmacSha256(person_key, "minhchung: key check of the directory"));
}

}  // namespace

Status CheckPersonKey(const Json& sealed, std::string_view person_key) {
  const auto check = sealed.find(kKeyCheck);
  if (check == sealed.end() || *check == KeyCheck(person_key)) return Ok();
  return ConfigError("person_key",
                     "the directory was imported under another keys.person_hmac, so nobody is found by a personal "
                     "number: put that key back, or import the directory anew under this one");
}

Result<DirectoryData> ParseDirectory(const Json& document, std::string_view person_key) {
  return DirectoryReader(person_key).Read(document);
}

Result<Json> SealDirectory(const Json& document, std::string_view person_key) {
  MC_TRY(const DirectoryData data, ParseDirectory(document, person_key));
  Json sealed = document;
  sealed[kKeyCheck] = KeyCheck(person_key);
  // Rows and parsed people stand in one order.
  for (std::size_t i = 0; i < data.people.size(); ++i) {
    Json& row = sealed["people"][i];
    row.erase("national_id");
    row.erase("national_id_hmac");
    if (!data.people[i].national_id_hmac.empty()) row["national_id_hmac"] = data.people[i].national_id_hmac;
  }
  return sealed;
}

}  // namespace mc
