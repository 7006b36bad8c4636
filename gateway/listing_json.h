// What an operator lists, as data: the same for the command line and /api/v1. No payload in any of it. Pure.
#pragma once

#include <string>

#include "core/json.h"
#include "gateway/source_state.h"
#include "storage/store.h"

namespace mc {

Json SourceStateJson(const SourceState& state);
Json QuarantineJson(const QuarantineEntry& entry);

// Why a source stands as it does; empty where nothing is wrong.
const std::string& StateCode(const SourceState& state);
const std::string& StateText(const SourceState& state);

}  // namespace mc
