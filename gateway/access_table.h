// Who may see what: one table, default no. Every route of the gateway stands in it with what it shows and who may see
// that; the rows shown are about one person, one unit, the system, or nobody. docs/formats/access-table.md is the same
// for people. Pure; safe from any thread.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "core/time.h"
#include "gateway/people.h"

namespace mc {

// Paths of the table, and of who registers them. An item by its ref, a record by its short key.
#define MC_PERSON "/people/([^/]+)"
#define MC_SHEET MC_PERSON "/sheets/([0-9]{4}-[0-9]{2})"
#define MC_ITEM MC_SHEET "/items/([0-9a-f]{16})"
#define MC_RECORD MC_ITEM "/records/([0-9a-f]{16})"
#define MC_UNIT "/units/([^/]+)"

// Why somebody may see a thing. Bits; a row of the table lists the ones that suffice.
enum Entitlement : unsigned {
  kNotEntitled = 0,
  kPublic = 1u << 0,    // nobody need be signed in; the route itself may still ask for a secret of its own
  kSignedIn = 1u << 1,  // anybody of the directory
  kSelf = 1u << 2,      // the person whom it is about
  kHead = 1u << 3,      // leads the unit, or one that it is part of
  kDeputy = 1u << 4,    // deputy in that very unit
  kApprover = 1u << 5,  // in whose scope the unit lies
  kAuditor = 1u << 6,   // the same
  kOperator = 1u << 7,
  kCatalogueKeeper = 1u << 8,
  kPolicyKeeper = 1u << 9,
};

// What a request is about.
enum class About { kNothing, kPerson, kUnit };

struct AccessRule {
  std::string_view method, pattern;  // as they are registered at the server
  About about = About::kNothing;
  unsigned allowed = kNotEntitled;
  bool noted = false;  // who sees it of somebody else is noted, and that person sees the note
};

// Of every route that the server knows.
std::span<const AccessRule> AccessTable();
// nullptr: not in the table, to be refused.
const AccessRule* FindAccessRule(std::string_view method, std::string_view pattern);

// The person, and the unit of the row: for a sheet the unit of the post that it is of. Either may be empty.
struct AccessTarget {
  std::string person;
  std::string unit;
};

// All that `caller` has towards the target on that day, kSignedIn among them. Of posts and duties of that day only.
unsigned EntitlementsOf(const KnownPerson& caller, const PeopleIndex& directory, const AccessTarget& target,
                        CivilDate day);

inline bool Allows(const AccessRule& row, unsigned entitlements) {
  return (row.allowed & (entitlements | kPublic)) != 0;
}

}  // namespace mc
