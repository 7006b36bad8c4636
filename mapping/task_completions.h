// When a task was completed, by results and by acceptance, and what deadlines it states (4a "Field authority";
// decision 0001, rules 17 to 21). Internal to item building. Pure; any thread.
#pragma once

#include <optional>
#include <vector>

#include "mapping/backing.h"

namespace mc {

// Completed after the return: later, or (known to the day only) on that day or later.
bool AfterReturn(const Moment& at, const std::optional<Moment>& returned);

// By time: one for each passing result, and what an acceptance adds to them.
std::vector<Completion> CompletionsOf(const TaskDraft& draft, const BuildContext& context);

// The directory's gap is nobody's fault and nobody's gain: where the acceptance would count but for who gave it, the
// item is held until that is known. `item` has its completions.
void HoldUnknownAcceptor(const TaskDraft& draft, const BuildContext& context, WorkItem& item);

// The time by which the whole quantity was there.
std::optional<Moment> WhollyDone(const std::vector<Completion>& completions, Ratio quantity);

// A recall is in time when nothing that counts was completed by then; what is known to the day alone was, on that day.
// Nor does it take out what somebody unknown had accepted before: that waits.
bool RecalledInTime(const TaskDraft& draft, const BuildContext& context);

// The task's own deadlines, without those of what it is joined with.
DeadlineTrack TrackOf(const TaskDraft& draft);

// Whether any deadline was ever set.
bool StatesDeadline(const DeadlineTrack& track);

// A deadline in working hours lies beyond the calendar's last day.
bool HasUnknownDeadline(const Outcome& outcome);

}  // namespace mc
