// Whether a register was pulled far enough for a sheet (docs/decisions/0030-outages.md). Every source that the settings
// name delivers a part of its register: the one that is furthest behind decides, so that none hides behind another. A
// source that was taken out of the settings holds nothing back.
// Pure; any thread.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/time.h"

namespace mc {

using SourcesByRegister = std::map<std::string, std::vector<std::string>>;  // ids of sources

struct RegisterWait {
  std::string for_people;     // Vietnamese
  std::string for_operators;  // in an error's message
};

// `reached`: up to when each source was pulled completely. A register of which the settings name no source is as far
// as any source of it ever was. Nothing where `needed` is reached.
std::optional<RegisterWait> WaitOf(const std::string& name, const SourcesByRegister& configured,
                                   const std::map<std::string, Instant>& reached, Instant needed);

}  // namespace mc
