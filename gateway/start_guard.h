// Nothing is written into a store that is known to be damaged: what is whole stays readable, and a copy can be put
// back in its place (docs/operating/damaged-store.md). Called from the main thread.
#pragma once

#include "core/result.h"
#include "gateway/commands.h"
#include "gateway/console.h"
#include "storage/start_check.h"

namespace mc {

// Does this command, with these options, only read? Every other one is guarded, so that a new command that nobody
// thought of here is refused too often rather than too seldom.
bool OnlyReads(Command command, const Options& options);

// Tells every fault on the console. kInternal "store_damaged" where there is one.
Status RefuseDamaged(const std::vector<Fault>& faults, Console& console);

// Before a command that writes. Ok where there is no store yet, and where it cannot be opened: the command says so.
Status GuardStore(const Options& options, Console& console);

}  // namespace mc
