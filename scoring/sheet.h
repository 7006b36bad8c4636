// Verified facts of one period -> one sheet per person: lines with coefficients, d of the
// leaders from those whom they manage, score cards, quota (blueprint 4a "Conversion", "d",
// "awaiting_data"; decision 0001, rules 24 to 26).
//
// Pure: no clock, no I/O. Any thread. Errors: kConfig for what an administrator must
// repair (a cycle of managers, an unknown bar), kInternal for a caller's mistake.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/directory.h"
#include "core/ratio.h"
#include "core/result.h"
#include "mapping/catalogue.h"
#include "scoring/policy.h"
#include "scoring/scorer.h"
#include "storage/facts.h"

namespace mc {

// What the directory, the assessments and the stock of items say about one person at the
// cut-off. Everybody who may have a sheet has one, with or without facts.
struct PersonContext {
  std::string person;
  SubjectGroup group = SubjectGroup::kCivilServant;
  bool leading = false;
  std::string unit, peer_group;
  std::string manager;  // person id or empty
  std::optional<Ratio> general, organising, unity;
  std::vector<BarFact> bars;
  std::vector<std::string> waiting;  // Vietnamese reasons for awaiting_data: registers, ambiguous links
  std::int64_t held_lines = 0;       // items of this person that stand here but are held
};

// Parallel: cards[i] is of subjects[i]. Sorted by person id.
struct PeriodSheets {
  std::vector<Subject> subjects;
  std::vector<ScoreCard> cards;
};

// Lines from facts. A fact whose product the edition in force on its day of assignment
// does not list gives no line: its person waits. kInternal "fact_without_person",
// "duplicate_person".
Result<std::vector<Subject>> BuildSubjects(const Catalogue& catalogue, const VerifiedFacts& facts,
                                           const std::vector<PersonContext>& people);

// One fact as a line; nullopt when the edition in force does not list its product.
std::optional<ScoreInputLine> LineFromFact(const Catalogue& catalogue, const Fact& fact);

// Scores managed persons before their managers, then applies the quota. `managers[i]` is
// the manager of subjects[i] (empty: none; one without a sheet of their own is ignored).
// kConfig "manager_cycle", "unknown_bar".
Result<std::vector<ScoreCard>> ScoreSubjects(const Policy& policy, std::vector<Subject>& subjects,
                                             const std::vector<std::string>& managers);

Result<PeriodSheets> BuildPeriodSheets(const Policy& policy, const Catalogue& catalogue, const VerifiedFacts& facts,
                                       const std::vector<PersonContext>& people);

Result<std::vector<ScoreCard>> ScorePeriod(const Policy& policy, const Catalogue& catalogue, const VerifiedFacts& facts,
                                           const std::vector<PersonContext>& people);

}  // namespace mc
