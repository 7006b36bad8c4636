// Conflicts within what the one-stop system says of one dossier (docs/decisions/0015-conflicts.md).
// Internal to item building. Pure; any thread.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "mapping/dossier_trail.h"
#include "mapping/outcomes.h"

namespace mc {

// Deadlines newly set by supplements, as the latest records list them.
std::vector<Moment> NewlySet(const DossierTrail& trail);

// What the record's revisions say of its deadline; of several records the first that states one.
DueStated DossierDue(const DossierTrail& trail);

// Every end that some revision of a record would give the dossier, also one behind as_of; the first as first
// stated.
std::vector<Moment> EndsAsSaid(const DossierTrail& trail);

// Reasons for which the dossier is held. `due` is the deadline in force when it ended; `returns`: when tasks
// that name it were sent back, for what goes on after a return is no contradiction.
std::vector<std::string> DossierConflicts(const DossierTrail& trail, const std::optional<Moment>& due,
                                          const std::vector<Moment>& returns, Instant as_of);

// Whether it was opened again after an end that counted, with no return between, also where it has ended again
// since without harm.
bool WasReopened(const DossierTrail& trail, const std::vector<Moment>& returns, Instant as_of);

// Rows that name the lead with equal right, the first one included.
std::vector<const DossierRow*> Contenders(const DossierTrail& trail, const DossierRow& naming);

}  // namespace mc
