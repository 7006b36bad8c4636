// From the store to the sheets of one period: evidence -> items -> facts, verified against
// the signed log -> sheets. The one way for score, explain, quality and summary.
//
// Reads the store and writes nothing. For one thread. Errors: kConfig for what an operator
// must import or repair first, kInternal from the store or for evidence that does not verify, kTransient "interrupted"
// when it was stopped.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/directory.h"
#include "core/evidence.h"
#include "core/result.h"
#include "core/time.h"
#include "core/work_calendar.h"
#include "core/work_item.h"
#include "gateway/quality_gates.h"
#include "gateway/register_waits.h"
#include "mapping/catalogue.h"
#include "mapping/identity.h"
#include "mapping/items.h"
#include "mapping/satisfaction.h"
#include "mapping/standing.h"
#include "scoring/policy.h"
#include "scoring/sheet.h"
#include "storage/facts.h"
#include "storage/store.h"

namespace mc {

// What a run is made under.
struct ScoreRules {
  Policy policy;
  Catalogue catalogue;
  DirectoryData directory;
  WorkCalendar calendar = WorkCalendar::Plain();
  Period period;
  std::optional<Instant> as_of;  // absent, or later than the cut-off: the cut-off
  SourcesByRegister sources = {};  // of the settings
  // Leaves of the log from this one on are left out: what a locked period was made from.
  std::int64_t through = INT64_MAX;
  std::function<bool()> stopped = {};  // asked between its steps and for each revision; true ends it
};

// What sheets wait for that is no item of theirs: a register that was not pulled far enough, or a closed gate.
struct DataWait {
  std::string what;              // for an operator
  std::set<std::string> people;  // ids
};

struct ScoreRun {
  Policy policy;
  Catalogue catalogue;
  Period period;
  Instant cutoff, as_of;
  std::unique_ptr<IdentityIndex> identity;
  std::vector<EvidenceRevision> evidence;               // every revision, in leaf order
  std::vector<WorkItem> items;                          // all, by key, as of as_of
  std::vector<Satisfaction> satisfaction;               // of evidence and items; nothing below comes from it
  std::map<std::string, std::int64_t> assessment_leaf;  // of the edition that gave a person's points
  std::vector<PersonContext> people;                    // everyone with a post at the cut-off, by id
  std::vector<Fact> facts;                              // verified
  std::string checkpoint;                               // under which they were verified
  // The four numbers of the period as they were known when it was scored, and those that stopped somebody.
  std::vector<SourceNumbers> quality;
  std::vector<ClosedGate> closed_gates;
  std::vector<DataWait> waits;  // registers by name, then gates
  PeriodSheets sheets;

  const WorkItem* FindItem(const std::string& key_or_alias) const;
  void IndexItems();  // for FindItem, when `items` are whole

 private:
  std::unordered_map<std::string, std::size_t> item_at_;  // by key, and by alias where no item has it as its key
};

Result<ScoreRun> RunScoring(Store& store, ScoreRules rules);

PeriodRules PeriodRulesOf(const Policy& policy);

// The item as a fact of the period, when it stands there and counts for its lead.
std::optional<Fact> FactOf(const WorkItem& item, Period period, const PeriodRules& rules);

// The day whose posts decide unit, peer group, manager and feeding registers
// (decision 0001, rule 2).
CivilDate PostDay(Instant cutoff);

}  // namespace mc
