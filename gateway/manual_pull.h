// What a pull by hand (`sync`) leaves for the scheduler of `serve` and for `sources list`.
#pragma once

#include "gateway/collector.h"
#include "gateway/installation.h"

namespace mc {

// A good pull closes the breaker and wakes a stopped source; a failed one is shown as the
// last error and changes no plan: the shell of an operator may lack what the service has.
// Opens a store of its own; one that cannot take it is only logged. Any thread.
void NoteManualPull(const Installation& installation, const SourceResult& result);

}  // namespace mc
