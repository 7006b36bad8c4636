// The deadline in force, from the first one, extensions and waits (blueprint 4a "Late",
// "Period"; decision 0001, rules 5, 11 and 21). Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/time.h"

namespace mc {

// A newly set deadline.
struct SetDeadline {
  Instant given_at;
  Moment due;
};

// A time during which the clock stood (dossier statuses 5 and 6).
struct Wait {
  Instant from;
  std::optional<Instant> to;      // absent: still waiting
  std::optional<Moment> new_due;  // the NgayHenTraMoi that ended it
};

// One authority's view of a deadline: the task's, or the dossier's.
struct DeadlineTrack {
  std::optional<Moment> first;
  std::vector<SetDeadline> set;
};

struct DeadlineInForce {
  std::optional<Moment> due;
  std::int64_t missed_before = 0;  // earlier deadlines missed while the item was open
};

// The earlier of all tracks is in force; waits stop every track. `waits` belong to the
// last track: only its deadline takes a wait's new_due. `completed` is the completion that
// stands, if any: a deadline is not missed by what was finished in time, and nothing given
// after completion moves it.
DeadlineInForce FindDeadline(const std::vector<DeadlineTrack>& tracks, const std::vector<Wait>& waits,
                             const std::optional<Moment>& completed, Instant as_of);

}  // namespace mc
