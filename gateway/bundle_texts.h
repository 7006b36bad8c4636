// The verdict of `verify`: for people and for programs. Pure; any thread.
#pragma once

#include <string>
#include <vector>

#include "core/json.h"
#include "core/result.h"
#include "gateway/bundle_check.h"

namespace mc {

// `own_key`: the log's key was given by whoever checks, not taken from the bundle.
Json VerdictJson(const std::string& file, bool own_key, const Result<BundleReport>& report);
std::vector<std::string> VerdictText(const std::string& file, bool own_key, const Result<BundleReport>& report);

}  // namespace mc
