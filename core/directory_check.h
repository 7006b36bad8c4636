// Rules of a directory that concern several rows at once. Rows are in the document's order,
// so that a message can point at them. Pure; any thread. All errors are kConfig.
#pragma once

#include <vector>

#include "core/directory.h"
#include "core/result.h"

namespace mc {

// No unit is its own ancestor ("unit_cycle"). REQUIRES: parents are known.
Status CheckUnitTree(const std::vector<OrgUnit>& units);

// Nobody holds two posts on one day ("two_posts"): unit, peer group and manager of a sheet
// would not be defined. On no day do the manager links form a circle ("manager_cycle"):
// managed people are scored before their managers.
Status CheckPosts(const std::vector<Membership>& memberships);

// Organisation codes say one thing on each day. A code is the former notation of one other at most
// ("two_equivalents"), and since ever unless it meant another before ("needless_from": work begun
// before a new notation must not fall apart into two). No chain of codes comes back to itself
// ("code_cycle"). No unit bears a code after another organisation took over ("code_outlives").
Status CheckOrganisationCodes(const std::vector<OrganisationCode>& codes, const std::vector<OrgUnit>& units);

}  // namespace mc
