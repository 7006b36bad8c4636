#include "mapping/items.h"

#include <algorithm>
#include <set>

#include "mapping/backing.h"
#include "mapping/outcomes.h"

namespace mc {
namespace {

struct ByKind {
  Revisions documents, statuses, dossiers, steps, reports, tasks /* every revision */;
};

ByKind Sort(const std::vector<EvidenceRevision>& evidence) {
  ByKind by_kind;
  for (const EvidenceRevision& revision : evidence) {
    // Claims are gathered from all revisions of a task; of the rest the latest speaks.
    if (revision.evidence.kind == EvidenceKind::kTask) by_kind.tasks.push_back(&revision);
    if (!revision.latest) continue;
    switch (revision.evidence.kind) {
      case EvidenceKind::kDocument: by_kind.documents.push_back(&revision); break;
      case EvidenceKind::kDocumentStatus: by_kind.statuses.push_back(&revision); break;
      case EvidenceKind::kDossier: by_kind.dossiers.push_back(&revision); break;
      case EvidenceKind::kDossierStep: by_kind.steps.push_back(&revision); break;
      case EvidenceKind::kReport: by_kind.reports.push_back(&revision); break;
      case EvidenceKind::kTask: break;
    }
  }
  return by_kind;
}

void DropWeakCompletions(WorkItem& item, Assurance least) {
  const auto weak = [&](const Completion& c) { return c.level < least; };
  const auto first = std::remove_if(item.completions.begin(), item.completions.end(), weak);
  if (first == item.completions.end()) return;
  item.completions.erase(first, item.completions.end());
  Append(item.notes, "below_min_assurance");
}

template <typename Outcomes>
void TakeOwnItems(Outcomes& outcomes, const std::set<std::string>& absorbed, std::vector<WorkItem>& items) {
  for (auto& [key, outcome] : outcomes) {
    if (outcome.is_item && !absorbed.contains(key)) items.push_back(std::move(outcome.item));
  }
}

}  // namespace

std::vector<WorkItem> BuildItems(const std::vector<EvidenceRevision>& evidence, const IdentityIndex& identity,
                                 const ItemSettings& settings, Instant as_of) {
  const BuildContext context{identity, settings, as_of};
  const ByKind by_kind = Sort(evidence);
  DocumentOutcomes documents = BuildDocuments(by_kind.documents, by_kind.statuses, context);
  DossierOutcomes dossiers = BuildDossiers(by_kind.dossiers, by_kind.steps, context);
  std::map<std::string, Outcome> reports = BuildReports(by_kind.reports, context);

  std::vector<TaskDraft> drafts = DraftTasks(by_kind.tasks, {documents, dossiers, reports}, context);
  MarkRecalled(drafts, context);
  SettleConflicts(drafts);
  std::vector<WorkItem> items = std::move(documents.handlings);
  std::set<std::string> absorbed;
  for (TaskDraft& draft : drafts) {
    FinishTask(draft, context, absorbed);
    items.push_back(std::move(draft.item));
  }
  TakeOwnItems(dossiers.by_key, absorbed, items);
  TakeOwnItems(reports, absorbed, items);
  for (WorkItem& item : items) DropWeakCompletions(item, settings.min_assurance);
  std::sort(items.begin(), items.end(), [](const WorkItem& a, const WorkItem& b) { return a.key < b.key; });
  return items;
}

}  // namespace mc
