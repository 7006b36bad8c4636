// Under which numbers on the data a sheet was computed, for `score` and `explain`. Pure; any thread.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "core/json.h"
#include "gateway/score_run.h"

namespace mc {

// Of the run: {"numbers":[{"source","register","unit","correct","complete","clean","live"}],"closed":[...]}, each
// source as a whole (unit null), then its units among `units`; a sheet is touched by those of its registers and unit.
Json QualityOfRun(const ScoreRun& run, const std::set<std::string>& units);

// The same for one person: the sources that feed their posts, as a whole and for the post's unit.
Json QualityOfPerson(const ScoreRun& run, const std::string& person);
std::vector<std::string> QualityOfPersonAsText(const ScoreRun& run, const std::string& person);

}  // namespace mc
