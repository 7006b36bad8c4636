#include "mapping/backing.h"

#include <algorithm>
#include <set>

#include "mapping/standing.h"

namespace mc {
namespace {

// --- who may speak about a task

bool SameAccountOrPerson(const PersonKeys& a, const PersonKeys& b, const Link& lead, const Evidence& task,
                         CivilDate day, const BuildContext& context) {
  if (!a.account.empty() && a.account == b.account) return true;
  const Link link = context.identity.ResolvePerson(a, task.register_id, {}, day);
  return link.state == LinkState::kResolved && lead.state == LinkState::kResolved && link.id == lead.id;
}

// Somebody is named, and it is not the lead under this or another account.
bool ByAnother(const PersonKeys& by, const TaskDraft& draft, CivilDate day, const BuildContext& context) {
  return !by.empty() && !SameAccountOrPerson(by, draft.task->lead, draft.item.lead, *draft.task, day, context);
}

// --- what a task names

std::string KeyText(const DocumentRef& ref) {
  return "document:" + ref.issuer + "|" + ref.number + "|" + (ref.date ? FormatDate(*ref.date) : "");
}

bool IsInstruction(const DocumentRef& ref, const DocumentRef& instruction) {
  if (instruction.number.empty() || ref.number != instruction.number) return false;
  return !ref.date || !instruction.date || *ref.date == *instruction.date;
}

using OutcomesBy = std::map<std::string, std::vector<const Outcome*>, std::less<>>;

// The pool by what tasks name.
struct PoolIndex {
  const DossierOutcomes& dossiers;
  OutcomesBy documents_by_number;
  OutcomesBy documents_by_task;
  OutcomesBy reports_by_id;
};

PoolIndex IndexOf(const ResultPool& pool) {
  PoolIndex index{pool.dossiers, {}, {}, {}};
  for (const auto& [key, outcome] : pool.documents.outgoing) {
    index.documents_by_number[outcome.document.number].push_back(&outcome);
    for (const std::string& code : outcome.task_codes) index.documents_by_task[code].push_back(&outcome);
  }
  for (const auto& [key, outcome] : pool.reports) {
    index.reports_by_id[key.substr(key.rfind(':') + 1)].push_back(&outcome);
  }
  return index;
}

const Outcome* Only(const std::vector<const Outcome*>& found) { return found.size() == 1 ? found.front() : nullptr; }

std::vector<const Outcome*> Get(const OutcomesBy& index, std::string_view key) {
  const auto found = index.find(key);
  return found == index.end() ? std::vector<const Outcome*>{} : found->second;
}

// Null when no known document fits, or several do: the reference does not say which. An issuer is
// named in any of its notations, or by the organisation that had succeeded it by the day of the claim.
const Outcome* FindDocument(const DocumentRef& ref, const PoolIndex& pool, const OrganisationCodes& codes,
                            CivilDate day) {
  std::vector<const Outcome*> found = Get(pool.documents_by_number, ref.number);
  std::erase_if(found, [&](const Outcome* o) { return ref.date && o->document.date != ref.date; });
  if (ref.issuer.empty()) return Only(found);
  std::vector<const Outcome*> own, former;
  for (const Outcome* outcome : found) {
    const DocumentRef& known = outcome->document;
    if (codes.Canonical(ref.issuer, known.date.value_or(day)) == known.issuer) own.push_back(outcome);
    const std::vector<std::string> successors = codes.Successors(known.issuer, day);
    if (std::binary_search(successors.begin(), successors.end(), codes.Canonical(ref.issuer, day))) {
      former.push_back(outcome);
    }
  }
  return Only(own.empty() ? former : own);
}

struct Candidate {
  const Outcome* outcome = nullptr;
  ResultKind kind = ResultKind::kDocument;
  std::string ref;     // as far as it is known
  std::string reason;  // already refused: "not_found", "instruction"
};

Candidate Find(const ResultRef& ref, const Evidence& task, const PoolIndex& pool, const OrganisationCodes& codes,
               CivilDate day) {
  Candidate c{nullptr, ref.kind, "", ""};
  if (ref.kind == ResultKind::kDocument) {
    c.ref = KeyText(ref.document);
    if (IsInstruction(ref.document, task.document)) {
      c.reason = "instruction";
    } else {
      c.outcome = FindDocument(ref.document, pool, codes, day);
    }
  } else if (ref.kind == ResultKind::kDossier) {
    c.ref = "dossier:" + ref.native_id;
    const auto key = pool.dossiers.key_of_id.find(ref.native_id);
    if (key != pool.dossiers.key_of_id.end()) c.outcome = &pool.dossiers.by_key.at(key->second);
  } else {
    c.ref = "report:" + ref.native_id;
    c.outcome = Only(Get(pool.reports_by_id, ref.native_id));
  }
  return c;
}

std::vector<Candidate> Candidates(const TaskDraft& draft, const PoolIndex& pool, const OrganisationCodes& codes) {
  std::vector<Candidate> candidates;
  std::set<const Outcome*> seen;
  for (const Outcome* outcome : Get(pool.documents_by_task, draft.task->native_id)) {
    Candidate c{outcome, ResultKind::kDocument, outcome->item.key, ""};
    if (IsInstruction(outcome->document, draft.task->document)) c.reason = "instruction";
    if (seen.insert(outcome).second) candidates.push_back(std::move(c));
  }
  if (!draft.claim) return candidates;
  for (const ResultRef& ref : draft.claim->results) {
    Candidate c = Find(ref, *draft.task, pool, codes, CityDate(draft.claim->at));
    if (c.outcome) c.ref = c.outcome->item.key;
    if (!c.outcome && c.reason.empty()) c.reason = "not_found";
    if (!c.outcome || seen.insert(c.outcome).second) candidates.push_back(std::move(c));
  }
  return candidates;
}

// --- holding one candidate against the task

// Completed after the return: later, or (known to the day only) on that day or later.
bool AfterReturn(const Moment& at, const std::optional<Moment>& returned) {
  if (!returned) return true;
  return at.bare_date ? CityDate(at) >= CityDate(*returned) : at.at > returned->at;
}

const ResultEnd* EndAfterReturn(const Outcome& outcome, const std::optional<Moment>& returned) {
  for (const ResultEnd& end : outcome.ends) {
    if (AfterReturn(end.at, returned)) return &end;
  }
  return nullptr;
}

bool OfLeadsUnit(const Outcome& outcome, const WorkItem& task, const Moment& done, const IdentityIndex& identity) {
  if (outcome.item.unit.state != LinkState::kResolved) return false;
  for (const CivilDate day : {CityDate(task.assigned_at), CityDate(done)}) {
    const std::vector<std::string> units = identity.UnitsOf(task.lead.id, day);
    if (std::binary_search(units.begin(), units.end(), outcome.item.unit.id)) return true;
  }
  return false;
}

// "passes", or the first condition that fails. City dates, both ends included.
std::string Test(const Candidate& c, const TaskDraft& draft, const BuildContext& context, PassingResult& passing) {
  if (!c.reason.empty()) return c.reason;
  if (draft.item.lead.state != LinkState::kResolved) return "unknown_lead";
  if (!c.outcome->usable || c.outcome->ends.empty()) return "not_finished";
  const ResultEnd* end = EndAfterReturn(*c.outcome, draft.last_return);
  if (!end) return "returned";
  if (!OfLeadsUnit(*c.outcome, draft.item, end->at, context.identity)) return "other_unit";
  if (end->names_anyone && end->person != draft.item.lead.id) return "other_person";
  const CivilDate assigned = CityDate(draft.item.assigned_at);
  const CivilDate done = CityDate(end->at);
  if (done < assigned || (c.outcome->promulgated && *c.outcome->promulgated < assigned)) return "before_assignment";
  if (draft.claim) {
    const CivilDate claimed = CityDate(draft.claim->at);
    if (done > claimed || (c.outcome->promulgated && *c.outcome->promulgated > claimed)) return "after_claim";
  }
  passing = {c.outcome, c.kind, end->at};
  return "passes";
}

void TestAll(TaskDraft& draft, const PoolIndex& pool, const BuildContext& context) {
  for (const Candidate& candidate : Candidates(draft, pool, context.identity.codes())) {
    PassingResult passing;
    std::string verdict = Test(candidate, draft, context, passing);
    if (verdict == "passes") draft.passing.push_back(passing);
    draft.item.tested.push_back({candidate.ref, std::move(verdict)});
  }
  std::sort(draft.passing.begin(), draft.passing.end(), [](const PassingResult& a, const PassingResult& b) {
    return std::make_pair(EndOf(a.at), a.outcome->item.key) < std::make_pair(EndOf(b.at), b.outcome->item.key);
  });
}

// --- reading one task

std::optional<Claim> LatestClaim(const Revisions& revisions, Instant as_of) {
  std::optional<Claim> latest;
  for (const EvidenceRevision* revision : revisions) {
    for (const Claim& claim : revision->evidence.claims) {
      if (!Happened(claim.at, as_of)) continue;
      if (!latest || latest->at.at <= claim.at.at) latest = claim;
    }
  }
  return latest;
}

void FillRoles(TaskDraft& draft, const BuildContext& context) {
  const Evidence& task = *draft.task;
  WorkItem& item = draft.item;
  const CivilDate day = CityDate(item.assigned_at);
  item.unit = context.identity.ResolveUnit(task.unit, day);
  item.lead = context.identity.ResolvePerson(task.lead, task.register_id, item.unit, day);
  item.self_set = !ByAnother(task.assigner, draft, day, context);
  item.assigned_level = item.self_set ? Assurance::kReported : Assurance::kRecorded;
  for (const PersonKeys& keys : task.contributors) {
    const Link link = context.identity.ResolvePerson(keys, task.register_id, item.unit, day);
    if (link.state == LinkState::kResolved) Append(item.contributors, link.id);
  }
}

void FillEvents(TaskDraft& draft, const BuildContext& context) {
  const Evidence& task = *draft.task;
  const auto counts = [&](const Moment& at, const PersonKeys& by) {
    return Happened(at, context.as_of) && ByAnother(by, draft, CityDate(at), context);
  };
  for (const Return& r : task.returns) {
    if (!counts(r.at, r.by)) continue;
    draft.item.quality_failures += r.major_error ? 1 : 0;
    draft.item.unknown_returns += r.reason_known ? 0 : 1;
    if (!draft.last_return || draft.last_return->at < r.at.at) draft.last_return = r.at;
  }
  for (const Extension& x : task.extensions) {
    if (counts(x.given_at, x.by)) draft.extensions.push_back(x);
  }
  if (task.recall && counts(task.recall->at, task.recall->by)) draft.recalled_at = task.recall->at;
}

TaskDraft Draft(const Revisions& revisions, const BuildContext& context) {
  TaskDraft draft;
  const EvidenceRevision& latest = *revisions.back();
  draft.task = &latest.evidence;
  WorkItem& item = draft.item;
  item.kind = ItemKind::kTask;
  item.key = "task:" + draft.task->register_id + ":" + draft.task->native_id;
  item.assigned_at = *draft.task->assigned_at;
  item.quantity = draft.task->quantity;
  item.product = draft.task->product;
  for (const EvidenceRevision* r : revisions) item.evidence.push_back(RefOf(*r, "task"));
  FillRoles(draft, context);
  FillEvents(draft, context);
  draft.claim = LatestClaim(revisions, context.as_of);
  item.claimed = draft.claim.has_value();
  HoldWithoutProduct(item, draft.task->type_known);
  return draft;
}

// A recall is in time when nothing that counts was completed by then.
bool RecalledInTime(const TaskDraft& draft, const std::vector<Completion>& completions) {
  if (!draft.recalled_at) return false;
  for (const Completion& c : completions) {
    const bool done_first = c.at.bare_date ? CityDate(c.at) <= CityDate(*draft.recalled_at)
                                           : c.at.at <= draft.recalled_at->at;
    if (done_first) return false;
  }
  return true;
}

void AddResults(const TaskDraft& draft, const BuildContext& context, std::vector<Completion>& completions) {
  const Assurance level = draft.claim ? Assurance::kCorroborated : Assurance::kRecorded;
  if (level < context.settings.min_assurance) return;
  for (const PassingResult& p : draft.passing) completions.push_back({p.at, 1, level, p.outcome->item.key});
}

// Nghiệm thu: only without a result (for one product), or for what results leave open.
void AddAcceptance(const TaskDraft& draft, const BuildContext& context, std::vector<Completion>& completions) {
  const std::optional<Acceptance>& accepted = draft.task->acceptance;
  if (!accepted || !Happened(accepted->at, context.as_of)) return;
  if (!ByAnother(accepted->by, draft, CityDate(accepted->at), context)) return;
  if (draft.last_return && accepted->at.at <= draft.last_return->at) return;
  const Moment delivered = accepted->delivered_on.value_or(accepted->at);
  if (CityDate(delivered) < CityDate(draft.item.assigned_at) || !AfterReturn(delivered, draft.last_return)) return;
  const Ratio open = draft.item.quantity - Ratio(static_cast<std::int64_t>(completions.size()));
  const Ratio quantity = Min(open, accepted->quantity.value_or(open));
  if (quantity > Ratio(0)) completions.push_back({delivered, quantity, Assurance::kConfirmed, "acceptance"});
}

std::vector<Completion> CompletionsOf(const TaskDraft& draft, const BuildContext& context) {
  std::vector<Completion> completions;
  AddResults(draft, context, completions);
  AddAcceptance(draft, context, completions);
  std::stable_sort(completions.begin(), completions.end(),
                   [](const Completion& a, const Completion& b) { return EndOf(a.at) < EndOf(b.at); });
  return completions;
}

// The time by which the whole quantity was there.
std::optional<Moment> WhollyDone(const WorkItem& item) {
  Ratio sum = 0;
  for (const Completion& c : item.completions) {
    sum += c.quantity;
    if (sum >= item.quantity) return c.at;
  }
  return std::nullopt;
}

void FillDeadline(TaskDraft& draft, const Outcome* joined, const BuildContext& context) {
  DeadlineTrack track{draft.task->due_at, {}};
  for (const Extension& x : draft.extensions) track.set.push_back({x.given_at.at, x.new_due});
  std::vector<DeadlineTrack> tracks{track};
  std::vector<Wait> waits;
  // A dossier's own deadline is never passed by a task's; a report's stands in for none.
  const bool dossier = joined && joined->item.kind == ItemKind::kDossier;
  if (dossier || (joined && !track.first && track.set.empty())) tracks.push_back(joined->track);
  if (dossier) waits = joined->waits;
  const DeadlineInForce deadline = FindDeadline(tracks, waits, WhollyDone(draft.item), context.as_of);
  draft.item.due = deadline.due;
  draft.item.missed_before = deadline.missed_before;
  if (!draft.item.due) Append(draft.item.notes, "no_deadline");
}

void TakeKeyOf(TaskDraft& draft, const Outcome& joined) {
  WorkItem& item = draft.item;
  Append(item.aliases, item.key);
  item.key = joined.item.key;
  item.kind = joined.item.kind;
  for (const std::string& alias : joined.item.aliases) Append(item.aliases, alias);
}

}  // namespace

std::vector<TaskDraft> DraftTasks(const Revisions& tasks, const ResultPool& pool, const BuildContext& context) {
  std::map<std::string, Revisions> by_code;
  for (const EvidenceRevision* r : tasks) by_code[r->evidence.register_id + ":" + r->evidence.native_id].push_back(r);
  const PoolIndex index = IndexOf(pool);
  std::vector<TaskDraft> drafts;
  for (const auto& [code, revisions] : by_code) {
    if (!Happened(revisions.back()->evidence.assigned_at, context.as_of)) continue;
    TaskDraft draft = Draft(revisions, context);
    TestAll(draft, index, context);
    if (draft.item.self_set) draft.passing.clear();  // joins nothing
    drafts.push_back(std::move(draft));
  }
  return drafts;
}

void MarkRecalled(std::vector<TaskDraft>& drafts, const BuildContext& context) {
  for (TaskDraft& draft : drafts) {
    if (!RecalledInTime(draft, CompletionsOf(draft, context))) continue;
    draft.item.left = "recalled_by_assigner";
    draft.passing.clear();
  }
}

void SettleConflicts(std::vector<TaskDraft>& drafts) {
  std::map<const Outcome*, std::vector<std::string>> tasks_of;
  for (TaskDraft& draft : drafts) {
    if (draft.item.left) continue;
    for (const PassingResult& p : draft.passing) tasks_of[p.outcome].push_back(draft.item.key);
  }
  for (TaskDraft& draft : drafts) {
    if (draft.item.left) continue;
    bool conflict = Ratio(static_cast<std::int64_t>(draft.passing.size())) > draft.item.quantity;
    if (conflict) Append(draft.item.held, "several_results");
    for (const PassingResult& p : draft.passing) {
      if (tasks_of[p.outcome].size() < 2) continue;
      Append(draft.item.held, "shared_result:" + p.outcome->item.key);
      conflict = true;
    }
    if (conflict) draft.passing.clear();
  }
}

void FinishTask(TaskDraft& draft, const BuildContext& context, std::set<std::string>& absorbed) {
  WorkItem& item = draft.item;
  item.claim_counts = item.claimed && !draft.passing.empty();
  const bool one = item.quantity == Ratio(1);
  const Outcome* joined = nullptr;
  for (const PassingResult& p : draft.passing) {
    for (const EvidenceRef& ref : p.outcome->item.evidence) item.evidence.push_back(ref);
    if (p.kind == ResultKind::kDocument) continue;
    absorbed.insert(p.outcome->item.key);
    if (one) joined = p.outcome;
    if (!one) Append(item.aliases, p.outcome->item.key);
  }
  item.completions = CompletionsOf(draft, context);
  if (one && !draft.passing.empty()) item.completions.resize(std::min<std::size_t>(1, item.completions.size()));
  if (draft.recalled_at && !item.left) Append(item.notes, "recall_after_completion");
  FillDeadline(draft, joined, context);
  if (joined) TakeKeyOf(draft, *joined);
  if (joined && joined->item.left) item.left = joined->item.left;
  std::sort(item.aliases.begin(), item.aliases.end());
}

}  // namespace mc
