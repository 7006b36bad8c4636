// What the checks of evidence need of an installation: how each source's records come in, read-back's marks, manual
// links. Reads the store; writes nothing.
#pragma once

#include "core/result.h"
#include "gateway/evidence_checks.h"
#include "gateway/installation.h"

namespace mc {

Result<CheckSources> CheckSourcesOf(const Installation& installation, Store& store);

}  // namespace mc
