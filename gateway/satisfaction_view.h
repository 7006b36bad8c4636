// What citizens said, as it stands beside a sheet: about the person's own items one by one, about
// the unit as sums. For whoever assesses the general criteria of group b; no figure of the sheet
// comes from it. Pure; any thread. Results borrow the run.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/json.h"
#include "gateway/score_run.h"

namespace mc {

struct SatisfactionBeside {
  std::vector<const Satisfaction*> own;   // of items that the person leads
  std::vector<const Satisfaction*> unit;  // of the person's unit, where no person leads what was rated
};

// Of what was said within the period.
SatisfactionBeside SatisfactionFor(const ScoreRun& run, const PersonContext& person);
// The same for one after the other, by one walk through what was said. The run outlives it.
class SatisfactionIndex {
 public:
  explicit SatisfactionIndex(const ScoreRun& run);
  SatisfactionBeside For(const PersonContext& person) const;

 private:
  std::map<std::string, std::vector<const Satisfaction*>> by_person_, by_unit_;
};

Json SatisfactionAsJson(const SatisfactionBeside& beside);                      // {"own": [...], "unit": [...]}
std::vector<std::string> SatisfactionAsText(const SatisfactionBeside& beside);  // empty where nothing was said

// The records of what was said about the item, for `explain --item`.
std::vector<EvidenceRef> SatisfactionRecords(const ScoreRun& run, const WorkItem& item);

}  // namespace mc
