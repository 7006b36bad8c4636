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
  WorkItem item;
  const Evidence* task = nullptr;           // latest revision
  std::optional<Claim> claim;               // the latest one by as_of
  std::optional<Moment> last_return;
  std::vector<PassingResult> passing;       // by completion time, then key
  std::optional<Moment> recalled_at;
  std::vector<Extension> extensions;        // those that count
};

// Drafts of all tasks by as_of, each held against the pool on its own.
std::vector<TaskDraft> DraftTasks(const Revisions& tasks, const ResultPool& pool, const BuildContext& context);

// A task recalled before its first completion that counts leaves; it takes part in no
// conflict then.
void MarkRecalled(std::vector<TaskDraft>& drafts, const BuildContext& context);

// Holds tasks that share a result, or have more results than their quantity. Afterwards
// `passing` is what backs each task.
void SettleConflicts(std::vector<TaskDraft>& drafts);

// Writes completions, deadline and join into draft.item. `absorbed` receives the keys of
// dossiers and reports that are no items of their own any more.
void FinishTask(TaskDraft& draft, const BuildContext& context, std::set<std::string>& absorbed);

}  // namespace mc
