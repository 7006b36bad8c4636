#include "gateway/access_table.h"

#include <algorithm>
#include <array>

namespace mc {
namespace {

constexpr unsigned kWhoSeesSheets = kSelf | kHead | kDeputy | kApprover | kAuditor;
// A record is as a platform sent it, with whatever it says of citizens.
constexpr unsigned kWhoSeesRecords = kSelf | kHead | kApprover | kAuditor;
constexpr unsigned kWhoSeesUnits = kHead | kDeputy | kApprover | kAuditor;
constexpr unsigned kWhoSeesTheSystem = kOperator | kAuditor;

constexpr std::array kAccessTable = {
    // of the machine, the log and whoever pushes
    AccessRule{"GET", "/healthz", About::kNothing, kPublic},
    AccessRule{"GET", "/readyz", About::kNothing, kPublic},
    AccessRule{"GET", "/metrics", About::kNothing, kPublic},
    AccessRule{"GET", "/log/(.*)", About::kNothing, kPublic},
    AccessRule{"POST", "/api/v1/inbox/([a-z0-9_]{1,64})", About::kNothing, kPublic},
    AccessRule{"POST", "/oauth/token", About::kNothing, kPublic},
    AccessRule{"GET", "/oauth/jwks", About::kNothing, kPublic},
    // signing in; each of these has checks of its own
    AccessRule{"GET", "/sign-in", About::kNothing, kPublic},
    AccessRule{"GET", "/sign-in/([a-z0-9_]+)", About::kNothing, kPublic},
    AccessRule{"GET", "/sign-in/([a-z0-9_]+)/callback", About::kNothing, kPublic},
    AccessRule{"POST", "/sign-in/([a-z0-9_]+)/callback", About::kNothing, kPublic},
    AccessRule{"GET", "/sign-in/([a-z0-9_]+)/backchannel-logout", About::kNothing, kPublic},
    AccessRule{"POST", "/sign-in/([a-z0-9_]+)/backchannel-logout", About::kNothing, kPublic},
    AccessRule{"GET", "/step-up", About::kNothing, kSignedIn},
    AccessRule{"POST", "/sign-out", About::kNothing, kSignedIn},
    AccessRule{"GET", "/sign-out/done", About::kNothing, kPublic},
    AccessRule{"GET", "/style\\.css", About::kNothing, kPublic},
    AccessRule{"GET", "/icon\\.svg", About::kNothing, kPublic},
    // oneself
    AccessRule{"GET", "/", About::kNothing, kSignedIn},
    AccessRule{"GET", "/api/v1/me", About::kNothing, kSignedIn},
    AccessRule{"POST", "/sessions/end", About::kNothing, kSignedIn},
    // a person's file
    AccessRule{"GET", "/api/v1" MC_PERSON "/sheets", About::kPerson, kSelf | kAuditor, true},
    AccessRule{"GET", "/api/v1" MC_SHEET, About::kPerson, kWhoSeesSheets, true},
    AccessRule{"GET", "/api/v1" MC_SHEET "/explanation", About::kPerson, kWhoSeesSheets, true},
    AccessRule{"GET", "/api/v1" MC_ITEM, About::kPerson, kWhoSeesSheets, true},
    AccessRule{"GET", "/api/v1" MC_RECORD, About::kPerson, kWhoSeesRecords, true},
    AccessRule{"GET", "/api/v1" MC_PERSON "/looks", About::kPerson, kSelf | kAuditor},
    AccessRule{"GET", MC_SHEET, About::kPerson, kWhoSeesSheets, true},
    AccessRule{"GET", MC_ITEM, About::kPerson, kWhoSeesSheets, true},
    AccessRule{"GET", MC_RECORD, About::kPerson, kWhoSeesRecords, true},
    AccessRule{"GET", MC_PERSON "/looks", About::kPerson, kSelf | kAuditor},
    // a unit
    AccessRule{"GET", "/api/v1" MC_UNIT "/summary", About::kUnit, kWhoSeesUnits},
    AccessRule{"GET", MC_UNIT, About::kUnit, kWhoSeesUnits},
    // the system
    AccessRule{"GET", "/api/v1/sources", About::kNothing, kWhoSeesTheSystem},
    AccessRule{"GET", "/api/v1/quality", About::kNothing, kWhoSeesTheSystem},
    AccessRule{"GET", "/api/v1/quarantine", About::kNothing, kOperator},
    AccessRule{"GET", "/api/v1/log", About::kNothing, kSignedIn},
};

bool Covers(const DutyGrant& grant, const std::vector<std::string>& units) {
  return grant.unit.empty() || std::find(units.begin(), units.end(), grant.unit) != units.end();
}

unsigned ByDuty(const KnownPerson& caller, const std::vector<std::string>& units, bool about_somebody, CivilDate day) {
  unsigned entitlements = kNotEntitled;
  for (const DutyGrant& grant : caller.duties) {
    if (!grant.span.Contains(day)) continue;
    switch (grant.duty) {
      case Duty::kOperator: entitlements |= kOperator; break;
      case Duty::kCatalogueKeeper: entitlements |= kCatalogueKeeper; break;
      case Duty::kPolicyKeeper: entitlements |= kPolicyKeeper; break;
      // Who audits one unit has no business with the whole system.
      case Duty::kAuditor:
        if (about_somebody ? Covers(grant, units) : grant.unit.empty()) entitlements |= kAuditor;
        break;
      case Duty::kApprover:
        if (about_somebody && Covers(grant, units)) entitlements |= kApprover;
        break;
    }
  }
  return entitlements;
}

unsigned ByPost(const KnownPerson& caller, const std::vector<std::string>& units, CivilDate day) {
  unsigned entitlements = kNotEntitled;
  for (const KnownPerson::Post& post : caller.posts) {
    const auto at = std::find(units.begin(), units.end(), post.unit_id);
    if (at == units.end() || !post.span.Contains(day)) continue;
    if (post.role == Role::kHead) entitlements |= kHead;
    if (post.role == Role::kDeputy && at == units.begin()) entitlements |= kDeputy;
  }
  return entitlements;
}

}  // namespace

std::span<const AccessRule> AccessTable() { return kAccessTable; }

const AccessRule* FindAccessRule(std::string_view method, std::string_view pattern) {
  const auto found = std::find_if(kAccessTable.begin(), kAccessTable.end(), [&](const AccessRule& row) {
    return row.method == method && row.pattern == pattern;
  });
  return found == kAccessTable.end() ? nullptr : &*found;
}

unsigned EntitlementsOf(const KnownPerson& caller, const PeopleIndex& directory, const AccessTarget& target,
                        CivilDate day) {
  const std::vector<std::string> units = directory.WithAncestors(target.unit);
  const bool about_somebody = !target.unit.empty() || !target.person.empty();
  unsigned entitlements = kSignedIn | ByPost(caller, units, day) | ByDuty(caller, units, about_somebody, day);
  if (!target.person.empty() && target.person == caller.id) entitlements |= kSelf;
  return entitlements;
}

}  // namespace mc
