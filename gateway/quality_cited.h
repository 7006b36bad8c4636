// Under which numbers on the data a sheet was computed, for `score` and `explain`. Pure; any thread.
#pragma once

#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/json.h"
#include "gateway/score_run.h"

namespace mc {

// Of the run: {"numbers":[{"source","register","unit","correct","complete","clean","live"}],"closed":[...]}, each
// source as a whole (unit null), then its units among `units`; a sheet is touched by those of its registers and unit.
Json QualityOfRun(const ScoreRun& run, const std::set<std::string>& units);

// The same for one person after the other: the sources that feed their posts, as a whole and for the post's unit. One
// walk through the posts. The run outlives it.
class CitedQuality {
 public:
  explicit CitedQuality(const ScoreRun& run);
  Json OfPerson(const std::string& person) const;
  std::vector<std::string> OfPersonAsText(const std::string& person) const;

 private:
  struct Fed;
  std::vector<Fed> FeedsOf(const std::string& person) const;

  const ScoreRun& run_;
  std::unordered_map<std::string, std::vector<const Membership*>> posts_;  // of the run's day, by person
};

}  // namespace mc
