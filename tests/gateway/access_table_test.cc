// Goal: nobody reaches a row that is not theirs: every row of the access table x every role x own, same unit, other unit,
// above, below, not yet, expired, transferred.
// Method: a small directory in which each person stands for one case; what each of them may do is written out by hand.
#include "gateway/access_table.h"

#include <doctest/doctest.h>

#include <map>
#include <set>
#include <string>
#include <vector>

using namespace mc;

namespace {

CivilDate Day(const char* text) { return ParseDate(text).value(); }
const CivilDate kToday = Day("2026-06-10");
DateSpan From(const char* day) { return {Day(day), std::nullopt}; }
DateSpan Until(const char* day) { return {std::nullopt, Day(day)}; }

// The subject works in the ward "w", which is part of the department "d" of the city "c"; "o" is another department.
DirectoryData SmallCity() {
  DirectoryData city;
  const auto unit = [&](const char* id, const char* parent) {
    OrgUnit one;
    one.id = one.name = id;
    one.parent = parent;
    city.units.push_back(one);
  };
  unit("c", "");
  unit("d", "c");
  unit("w", "d");
  unit("w2", "d");
  unit("o", "c");
  const auto person = [&](const std::string& id) {
    for (const Person& known : city.people) {
      if (known.id == id) return;
    }
    city.people.push_back({id, id, SubjectGroup::kCivilServant, ""});
  };
  const auto post = [&](const char* id, const char* in, Role role, DateSpan span = {}) {
    person(id);
    Membership one;
    one.person = id;
    one.unit = in;
    one.role = role;
    one.span = span;
    city.memberships.push_back(one);
  };
  const auto duty = [&](const char* id, Duty which, const char* in = "", DateSpan span = {}) {
    person(id);
    city.duties.push_back({id, which, in, which == Duty::kApprover ? 1 : 0, span});
  };
  post("subject", "w", Role::kMember);
  post("colleague", "w", Role::kMember);
  post("head", "w", Role::kHead);
  post("head from today", "w", Role::kHead, From("2026-06-10"));
  post("head until today", "w", Role::kHead, Until("2026-06-10"));
  post("head until yesterday", "w", Role::kHead, Until("2026-06-09"));
  post("head from tomorrow", "w", Role::kHead, From("2026-06-11"));
  post("transferred head", "w", Role::kHead, Until("2026-06-09"));
  post("transferred head", "o", Role::kHead, From("2026-06-10"));
  post("deputy", "w", Role::kDeputy);
  post("head above", "d", Role::kHead);
  post("deputy above", "d", Role::kDeputy);
  post("member above", "d", Role::kMember);
  post("head of the city", "c", Role::kHead);
  post("head beside", "w2", Role::kHead);
  post("head of another", "o", Role::kHead);
  duty("approver", Duty::kApprover, "w");
  duty("approver above", Duty::kApprover, "d");
  duty("approver of another", Duty::kApprover, "o");
  duty("approver of all", Duty::kApprover);
  duty("approver expired", Duty::kApprover, "w", Until("2026-06-09"));
  duty("auditor", Duty::kAuditor);
  duty("auditor of the department", Duty::kAuditor, "d");
  duty("auditor of another", Duty::kAuditor, "o");
  duty("auditor expired", Duty::kAuditor, "", Until("2026-06-09"));
  duty("operator", Duty::kOperator);
  duty("operator from tomorrow", Duty::kOperator, "", From("2026-06-11"));
  duty("catalogue keeper", Duty::kCatalogueKeeper);
  duty("policy keeper", Duty::kPolicyKeeper);
  person("nobody's");  // in the directory, without a post
  return city;
}

// What there is to see. Each row of the table is of one kind.
enum class Seen { kNeedsNoSession, kOneself, kSheet, kRecord, kFile, kUnit, kSystem, kQuarantine };

const std::map<Seen, std::vector<std::pair<std::string, std::string>>>& Kinds() {
  static const std::map<Seen, std::vector<std::pair<std::string, std::string>>> kinds = {
      {Seen::kNeedsNoSession,
       {{"GET", "/healthz"},
        {"GET", "/readyz"},
        {"GET", "/metrics"},
        {"GET", "/log/(.*)"},
        {"POST", "/api/v1/inbox/([a-z0-9_]{1,64})"},
        {"POST", "/oauth/token"},
        {"GET", "/oauth/jwks"},
        {"GET", "/style\\.css"},
        {"GET", "/icon\\.svg"},
        {"GET", "/sign-in"},
        {"GET", "/sign-in/([a-z0-9_]+)"},
        {"GET", "/sign-in/([a-z0-9_]+)/callback"},
        {"POST", "/sign-in/([a-z0-9_]+)/callback"},
        {"GET", "/sign-in/([a-z0-9_]+)/backchannel-logout"},
        {"POST", "/sign-in/([a-z0-9_]+)/backchannel-logout"},
        {"GET", "/sign-out/done"}}},
      {Seen::kOneself,
       {{"GET", "/"},
        {"GET", "/api/v1/me"},
        {"POST", "/sessions/end"},
        {"GET", "/step-up"},
        {"POST", "/sign-out"},
        {"GET", "/api/v1/log"}}},
      {Seen::kSheet,
       {{"GET", "/api/v1" MC_SHEET},
        {"GET", "/api/v1" MC_SHEET "/explanation"},
        {"GET", "/api/v1" MC_ITEM},
        {"GET", MC_SHEET},
        {"GET", MC_ITEM}}},
      {Seen::kRecord, {{"GET", "/api/v1" MC_RECORD}, {"GET", MC_RECORD}}},
      {Seen::kFile,
       {{"GET", "/api/v1" MC_PERSON "/sheets"}, {"GET", "/api/v1" MC_PERSON "/looks"}, {"GET", MC_PERSON "/looks"}}},
      {Seen::kUnit, {{"GET", "/api/v1" MC_UNIT "/summary"}, {"GET", MC_UNIT}}},
      {Seen::kSystem, {{"GET", "/api/v1/sources"}, {"GET", "/api/v1/quality"}}},
      {Seen::kQuarantine, {{"GET", "/api/v1/quarantine"}}},
  };
  return kinds;
}

// Of the subject, of the ward "w", of the system: what each may see beside what anybody of the directory may.
const std::map<std::string, std::set<Seen>>& MaySee() {
  using enum Seen;
  static const std::map<std::string, std::set<Seen>> may = {
      {"subject", {kSheet, kRecord, kFile}},
      {"colleague", {}},
      {"head", {kSheet, kRecord, kUnit}},
      {"head from today", {kSheet, kRecord, kUnit}},
      {"head until today", {kSheet, kRecord, kUnit}},
      {"head until yesterday", {}},
      {"head from tomorrow", {}},
      {"transferred head", {}},
      {"deputy", {kSheet, kUnit}},
      {"head above", {kSheet, kRecord, kUnit}},
      {"deputy above", {}},
      {"member above", {}},
      {"head of the city", {kSheet, kRecord, kUnit}},
      {"head beside", {}},
      {"head of another", {}},
      {"approver", {kSheet, kRecord, kUnit}},
      {"approver above", {kSheet, kRecord, kUnit}},
      {"approver of another", {}},
      {"approver of all", {kSheet, kRecord, kUnit}},
      {"approver expired", {}},
      {"auditor", {kSheet, kRecord, kFile, kUnit, kSystem}},
      {"auditor of the department", {kSheet, kRecord, kFile, kUnit}},
      {"auditor of another", {}},
      {"auditor expired", {}},
      {"operator", {kSystem, kQuarantine}},
      {"operator from tomorrow", {}},
      {"catalogue keeper", {}},
      {"policy keeper", {}},
      {"nobody's", {}},
  };
  return may;
}

AccessTarget TargetOf(const AccessRule& row) {
  switch (row.about) {
    case About::kPerson: return {"subject", "w"};
    case About::kUnit: return {"", "w"};
    case About::kNothing: return {};
  }
  return {};
}

}  // namespace

TEST_CASE("access table: every row, every role, every relation") {
  const DirectoryData city = SmallCity();
  const PeopleIndex index(city);
  REQUIRE(MaySee().size() == city.people.size());
  std::size_t rows = 0;
  for (const auto& [kind, list] : Kinds()) {
    for (const auto& [method, pattern] : list) {
      const AccessRule* row = FindAccessRule(method, pattern);
      REQUIRE_MESSAGE(row != nullptr, pattern);
      ++rows;
      for (const auto& [person, may] : MaySee()) {
        const bool everybody = kind == Seen::kNeedsNoSession || kind == Seen::kOneself;
        const unsigned entitlements = EntitlementsOf(*index.ById(person), index, TargetOf(*row), kToday);
        INFO(method, " ", pattern, " by ", person);
        CHECK(Allows(*row, entitlements) == (everybody || may.contains(kind)));
      }
      CHECK(Allows(*row, kNotEntitled) == (kind == Seen::kNeedsNoSession));
    }
  }
  CHECK(rows == AccessTable().size());
}

TEST_CASE("access table: whatever is of somebody's work is noted when another sees it, and nothing else") {
  for (const AccessRule& row : AccessTable()) {
    CAPTURE(row.pattern);
    const bool work = row.pattern.find("/sheets") != std::string_view::npos;
    CHECK(row.noted == work);
    CHECK((row.about == About::kPerson) == (row.pattern.find("/people/") != std::string_view::npos));
    CHECK((row.about == About::kUnit) == (row.pattern.find("/units/") != std::string_view::npos));
  }
}

TEST_CASE(
    "access table: an unknown route is in no row, an unknown unit is below nobody, a sheet of no unit is its own") {
  CHECK(FindAccessRule("DELETE", "/api/v1/me") == nullptr);
  CHECK(FindAccessRule("GET", "/api/v1/people") == nullptr);
  const PeopleIndex index(SmallCity());
  const AccessRule& sheet = *FindAccessRule("GET", MC_SHEET);
  for (const char* unit : {"", "no such unit"}) {
    for (const char* person : {"head", "head of the city", "approver", "auditor of the department"}) {
      CHECK_FALSE(Allows(sheet, EntitlementsOf(*index.ById(person), index, {"subject", unit}, kToday)));
    }
    for (const char* person : {"subject", "auditor", "approver of all"}) {
      CHECK(Allows(sheet, EntitlementsOf(*index.ById(person), index, {"subject", unit}, kToday)));
    }
  }
}

TEST_CASE("people: units by their parents") {
  const PeopleIndex index(SmallCity());
  CHECK(index.WithAncestors("w") == std::vector<std::string>{"w", "d", "c"});
  CHECK(index.WithAncestors("c") == std::vector<std::string>{"c"});
  CHECK(index.WithAncestors("").empty());
  CHECK(index.UnitsUnder("d") == std::vector<std::string>{"w", "w2"});
  CHECK(index.UnitsUnder("w").empty());
  CHECK(index.TopUnits() == std::vector<std::string>{"c"});
  CHECK(index.UnitName("nowhere") == "nowhere");
}
