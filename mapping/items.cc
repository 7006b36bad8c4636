#include "mapping/items.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <tuple>

#include "mapping/backing.h"
#include "mapping/outcomes.h"
#include "mapping/sender_marks.h"
#include "mapping/task_completions.h"

namespace mc {
namespace {

struct ByKind {
  Revisions documents, statuses, steps;
  Revisions dossiers, reports, tasks;  // every revision
};

using StepKey = std::tuple<std::string_view, std::string_view, std::string_view, std::int64_t>;

StepKey KeyOf(const EvidenceRevision& r) {
  const Evidence& e = r.evidence;
  return {e.register_id, e.native_id, e.source_status, e.occurred_at ? e.occurred_at->at.micros : 0};
}

// A source tells rows apart by dossier, second and status, so that a closing row that the sender adds
// can come as a revision of an official's own. It takes nobody's place: both are read (0004).
void KeepOfficialsRows(const std::vector<EvidenceRevision>& evidence, Revisions& steps) {
  std::set<StepKey> taken;
  for (const EvidenceRevision* r : steps) {
    if (HasMark(r->evidence, kSenderClosingStep)) taken.insert(KeyOf(*r));
  }
  if (taken.empty()) return;
  std::map<StepKey, const EvidenceRevision*> officials;
  for (const EvidenceRevision& r : evidence) {
    const bool older_step = r.evidence.kind == EvidenceKind::kDossierStep && !r.latest;
    if (!older_step || HasMark(r.evidence, kSenderClosingStep) || !taken.contains(KeyOf(r))) continue;
    const EvidenceRevision*& kept = officials[KeyOf(r)];
    if (!kept || kept->revision < r.revision) kept = &r;
  }
  for (const auto& [key, revision] : officials) steps.push_back(revision);
}

using MessageName = std::pair<std::string_view, std::string_view>;  // register, native id

bool IsMessageKind(const EvidenceRevision& r) {
  return r.evidence.kind == EvidenceKind::kDocument || r.evidence.kind == EvidenceKind::kDocumentStatus;
}

bool IsOfOneMatter(const Evidence& a, const Evidence& b) {
  return a.status == b.status && a.unit == b.unit && a.document == b.document;
}

// Whether an older revision is to be held against the latest. As for records that change in place, the first statement
// stands against the last. What was said again of another person or, of a document, under another number or date was
// corrected: a person is not a date (0015).
bool StandsBesideLatest(const Revisions& chain, std::size_t at) {
  const Evidence& e = chain[at]->evidence;
  const auto here = chain.begin() + static_cast<std::ptrdiff_t>(at);
  if (e.kind == EvidenceKind::kDocument) {
    const auto states_due = [&](const EvidenceRevision* r) { return r->evidence.due_at.has_value(); };
    return e.due_at && chain.back()->evidence.document == e.document && std::none_of(chain.begin(), here, states_due);
  }
  const auto first = [&](const EvidenceRevision* r) { return IsOfOneMatter(r->evidence, e); };
  const auto again = [&](const EvidenceRevision* r) { return first(r) && r->evidence.occurred_at == e.occurred_at; };
  return std::none_of(chain.begin(), here, first) && std::none_of(here + 1, chain.end(), again);
}

// A source may give a message the id of an earlier one.
void KeepEarlierMessages(const std::vector<EvidenceRevision>& evidence, ByKind& by_kind) {
  std::map<MessageName, Revisions> chains;
  for (const EvidenceRevision& r : evidence) {
    if (!r.latest && IsMessageKind(r)) chains[{r.evidence.register_id, r.evidence.native_id}];
  }
  if (chains.empty()) return;  // nearly always: a message is one record
  for (const EvidenceRevision& r : evidence) {
    if (!IsMessageKind(r)) continue;
    const auto chain = chains.find({r.evidence.register_id, r.evidence.native_id});
    if (chain != chains.end()) chain->second.push_back(&r);
  }
  for (const auto& [name, chain] : chains) {
    for (std::size_t i = 0; i < chain.size(); ++i) {
      if (chain[i]->latest || !StandsBesideLatest(chain, i)) continue;
      const bool document = chain[i]->evidence.kind == EvidenceKind::kDocument;
      (document ? by_kind.documents : by_kind.statuses).push_back(chain[i]);
    }
  }
}

ByKind Sort(const std::vector<EvidenceRevision>& evidence) {
  ByKind by_kind;
  for (const EvidenceRevision& revision : evidence) {
    // Of what changes in place every revision is held against the others; of the rest the latest speaks first.
    if (revision.evidence.kind == EvidenceKind::kTask) by_kind.tasks.push_back(&revision);
    if (revision.evidence.kind == EvidenceKind::kDossier) by_kind.dossiers.push_back(&revision);
    if (revision.evidence.kind == EvidenceKind::kReport) by_kind.reports.push_back(&revision);
    if (!revision.latest) continue;
    switch (revision.evidence.kind) {
      case EvidenceKind::kDocument: by_kind.documents.push_back(&revision); break;
      case EvidenceKind::kDocumentStatus: by_kind.statuses.push_back(&revision); break;
      case EvidenceKind::kDossierStep: by_kind.steps.push_back(&revision); break;
      case EvidenceKind::kDossier:
      case EvidenceKind::kReport:
      case EvidenceKind::kTask: break;
      case EvidenceKind::kSatisfaction: break;  // never counted: mapping/satisfaction.h
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

// --- what a source said last in words that nobody could read: the older state is not the last word

class Unread {
 public:
  explicit Unread(const std::vector<EvidenceRevision>& evidence) {
    for (const EvidenceRevision& r : evidence) {
      if (r.unread_since) leaves_.insert(r.leaf_index);
    }
  }

  // Of what tasks may name. Before the outcomes are taken.
  template <typename Outcomes>
  void NoteResults(const Outcomes& outcomes) {
    if (leaves_.empty()) return;
    for (const auto& [key, outcome] : outcomes) {
      if (StandsOn(outcome.item)) results_.insert(outcome.item.key);
    }
  }

  void Hold(std::vector<WorkItem>& items) const {
    if (leaves_.empty()) return;
    for (WorkItem& item : items) {
      if (item.left || item.self_set || !(StandsOn(item) || WaitsForResult(item))) continue;
      Append(item.held, "newer_state_unread");
    }
  }

 private:
  bool StandsOn(const WorkItem& item) const {
    return std::any_of(item.evidence.begin(), item.evidence.end(),
                       [&](const EvidenceRef& ref) { return leaves_.contains(ref.leaf_index); });
  }

  // Not completed, and what it names may back it in a state that nobody could read yet.
  bool WaitsForResult(const WorkItem& item) const {
    if (WhollyDone(item.completions, item.quantity)) return false;
    return std::any_of(item.tested.begin(), item.tested.end(), [&](const RefVerdict& tested) {
      return tested.reason != "instruction" && results_.contains(tested.ref);
    });
  }

  std::set<std::int64_t> leaves_;
  std::set<std::string> results_;  // keys
};

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
  ByKind by_kind = Sort(evidence);
  KeepOfficialsRows(evidence, by_kind.steps);
  KeepEarlierMessages(evidence, by_kind);
  DocumentOutcomes documents = BuildDocuments(by_kind.documents, by_kind.statuses, context);
  std::vector<TaskDraft> drafts = DraftTasks(by_kind.tasks, context);
  const ReturnsById returns = ReturnsByDossier(by_kind.tasks, drafts, as_of);
  DossierOutcomes dossiers = BuildDossiers(by_kind.dossiers, by_kind.steps, returns, context);
  std::map<std::string, Outcome> reports = BuildReports(by_kind.reports, context);

  Unread unread(evidence);
  unread.NoteResults(documents.outgoing);
  unread.NoteResults(dossiers.by_key);
  unread.NoteResults(reports);
  TestTasks(drafts, {documents, dossiers, reports}, context);
  MarkRecalled(drafts, context);
  SettleConflicts(drafts, context);
  std::vector<WorkItem> items = std::move(documents.handlings);
  std::set<std::string> absorbed;
  for (TaskDraft& draft : drafts) {
    FinishTask(draft, context, absorbed);
    items.push_back(std::move(draft.item));
  }
  TakeOwnItems(dossiers.by_key, absorbed, items);
  TakeOwnItems(reports, absorbed, items);
  for (WorkItem& item : items) DropWeakCompletions(item, settings.min_assurance);
  unread.Hold(items);
  std::sort(items.begin(), items.end(), [](const WorkItem& a, const WorkItem& b) { return a.key < b.key; });
  return items;
}

}  // namespace mc
