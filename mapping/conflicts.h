// Statements that cannot both be so (docs/decisions/0015-conflicts.md). A conflict holds its item under a
// reason of its own and is never resolved here: it ends when the source corrects what it says.
// Internal to item building but for IsConflict. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/evidence.h"
#include "core/work_item.h"

namespace mc {

namespace conflict {
inline constexpr std::string_view kTwoOfficials = "two_officials";  // of one second, and only one can have led it
inline constexpr std::string_view kCompletedFirst = "completed_before_assigned";
inline constexpr std::string_view kReopened = "reopened";         // open again after an end that counted
inline constexpr std::string_view kIdsOverlap = "ids_overlap";    // share an id without naming each other
inline constexpr std::string_view kIdsDisagree = "ids_disagree";  // name each other, and are not one
// A date, and behind a ':' as it was first stated and as it is now: "2026-06-10 > 2026-06-20", "-" for left out.
inline constexpr std::string_view kAssignedRewritten = "assigned_rewritten";
inline constexpr std::string_view kDueRewritten = "due_rewritten";
inline constexpr std::string_view kCompletedRewritten = "completed_rewritten";
inline constexpr std::string_view kSeveralResults = "several_results";
inline constexpr std::string_view kSharedResult = "shared_result";           // ":" and the result's key
inline constexpr std::string_view kResultInConflict = "result_in_conflict";  // ":" and the result's key
}  // namespace conflict

// Whether a reason for which an item is held (with or without what stands behind its ':') is a conflict.
bool IsConflict(std::string_view held);

// At the precision that both state: a bare date agrees with every time of its day.
bool SameMoment(const Moment& a, const Moment& b);
bool IsBefore(const Moment& a, const Moment& b);

// What the revisions of one record say of one date. A first statement of what was absent rewrites nothing.
struct DateStatements {
  std::optional<Moment> first;
  std::optional<Moment> last;  // of the latest revision; absent where it leaves the date out

  bool Rewritten() const { return first && !(last && SameMoment(*first, *last)); }
  // While both stand, the item stands from the earlier one on, so that no period is without it.
  std::optional<Moment> Standing() const;
};

using Chain = std::vector<const EvidenceRevision*>;  // revisions of one record, oldest first

std::string Rewriting(std::string_view reason, const DateStatements& said);

DateStatements StatedIn(const Chain& chain, std::optional<Moment> Evidence::*field);

// A deadline that was changed to one of those newly set is no conflict: the first one and the list speak
// (decision 0001, rule 32).
struct DueStated {
  std::optional<Moment> due;  // as first set
  std::string conflict;       // "due_rewritten:...", or empty
};
DueStated DueStatedIn(const Chain& chain, const std::vector<Moment>& newly_set);

// One person of several links that are named with equal right; else, "two_officials", each of them.
Link OneOf(const std::vector<Link>& links);

}  // namespace mc
