// Who speaks about a task: its lead, or somebody else (4a "Assurance", "Field authority"; decision 0001, rule 14).
// Internal to item building. Pure; any thread.
#pragma once

#include "core/evidence.h"
#include "core/time.h"
#include "core/work_item.h"
#include "mapping/outcomes.h"

namespace mc {

// Somebody is named, and it is not the lead: neither under these keys or this account, nor under one that was the
// lead's on another day, or that others have too. Whoever the directory does not know is somebody else.
bool ByAnother(const PersonKeys& by, const Evidence& task, const Link& lead, CivilDate day,
               const BuildContext& context);

// The same, and the directory knows who it is that day: for "confirmed", which is a person's word.
bool ByKnownOther(const PersonKeys& by, const Evidence& task, const Link& lead, CivilDate day,
                  const BuildContext& context);

}  // namespace mc
