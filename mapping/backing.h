// Tasks, and the results that back them (4a "Backing", "Join", "Field authority"; decision
// 0001, rules 14 to 21). Internal to item building. Pure; any thread.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "mapping/outcomes.h"

namespace mc {

// What tasks may be held against. Not owned.
struct ResultPool {
  const DocumentOutcomes& documents;
  const DossierOutcomes& dossiers;
  const std::map<std::string, Outcome>& reports;
};

// A result that passes every condition of backing, alone.
struct PassingResult {
  const Outcome* outcome = nullptr;
  ResultKind kind = ResultKind::kDocument;
  Moment at;  // its completion after the last return
};

struct TaskDraft {
  // Of a task of several: one unit that is an item of its own, or what is left beside those.
  enum class Share { kWhole, kUnit, kRest };

  WorkItem item;
  const Evidence* task = nullptr;           // latest revision
  std::optional<Moment> due;                // as first set
  std::optional<Claim> claim;               // the latest one by as_of
  std::vector<Moment> returns;              // those that count
  std::optional<Moment> last_return;
  std::vector<std::string> conflicts;       // what its own revisions say against each other
  std::vector<PassingResult> passing;       // by completion time, then key
  std::vector<std::string> waits_for;       // results that would pass, if they were in no conflict
  std::optional<Moment> recalled_at;
  std::vector<Extension> extensions;        // those that count
  Share share = Share::kWhole;
  Ratio apart = 0;  // units of the task that are apart, before this one
};

// Drafts of all tasks by as_of. `tasks` holds every revision, oldest first.
std::vector<TaskDraft> DraftTasks(const Revisions& tasks, const BuildContext& context);

// When tasks that name a dossier, in any of their claims, were sent back.
ReturnsById ReturnsByDossier(const Revisions& tasks, const std::vector<TaskDraft>& drafts, Instant as_of);

// Holds each on its own against the pool.
void TestTasks(std::vector<TaskDraft>& drafts, const ResultPool& pool, const BuildContext& context);

// A task recalled before its first completion that counts leaves; it takes part in no
// conflict then.
void MarkRecalled(std::vector<TaskDraft>& drafts, const BuildContext& context);

// Holds tasks that share a result, have more results than their quantity, name a result that is in conflict, or
// whose own dates were rewritten. Afterwards `passing` is what backs each task, and units that do not belong in
// the line of their task are drafts of their own (rule 19).
void SettleConflicts(std::vector<TaskDraft>& drafts, const BuildContext& context);

// Writes completions, deadline and join into draft.item. `absorbed` receives the keys of
// dossiers and reports that are no items of their own any more.
void FinishTask(TaskDraft& draft, const BuildContext& context, std::set<std::string>& absorbed);

}  // namespace mc
