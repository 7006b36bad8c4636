#include "mapping/backing.h"

#include <algorithm>
#include <set>

#include "mapping/conflicts.h"
#include "mapping/speakers.h"
#include "mapping/standing.h"
#include "mapping/task_completions.h"

namespace mc {
namespace {

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

// The dossier of this id. Several have it where nothing says which is meant: then only those are named that wait
// for just that.
std::vector<const Outcome*> FindDossiers(const std::string& id, const DossierOutcomes& dossiers) {
  const auto keys = dossiers.keys_of_id.find(id);
  std::vector<const Outcome*> found;
  if (keys == dossiers.keys_of_id.end()) return found;
  for (const std::string& key : keys->second) found.push_back(&dossiers.by_key.at(key));
  if (found.size() > 1) std::erase_if(found, [](const Outcome* o) { return !o->in_conflict; });
  return found;
}

std::vector<const Outcome*> OnlyOrNone(const Outcome* outcome) {
  return outcome ? std::vector{outcome} : std::vector<const Outcome*>{};
}

std::vector<Candidate> Find(const ResultRef& ref, const Evidence& task, const PoolIndex& pool,
                            const OrganisationCodes& codes, CivilDate day) {
  std::string named = "report:" + ref.native_id;
  std::vector<const Outcome*> found;
  if (ref.kind == ResultKind::kDocument) {
    named = KeyText(ref.document);
    if (IsInstruction(ref.document, task.document)) return {{nullptr, ref.kind, named, "instruction"}};
    found = OnlyOrNone(FindDocument(ref.document, pool, codes, day));
  } else if (ref.kind == ResultKind::kDossier) {
    named = "dossier:" + ref.native_id;
    found = FindDossiers(ref.native_id, pool.dossiers);
  } else {
    found = OnlyOrNone(Only(Get(pool.reports_by_id, ref.native_id)));
  }
  if (found.empty()) return {{nullptr, ref.kind, named, "not_found"}};
  std::vector<Candidate> candidates;
  for (const Outcome* outcome : found) candidates.push_back({outcome, ref.kind, outcome->item.key, ""});
  return candidates;
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
    for (Candidate& c : Find(ref, *draft.task, pool, codes, CityDate(draft.claim->at))) {
      if (!c.outcome || seen.insert(c.outcome).second) candidates.push_back(std::move(c));
    }
  }
  return candidates;
}

// --- holding one candidate against the task

bool OfLeadsUnit(const Outcome& outcome, const WorkItem& task, const Moment& done, const IdentityIndex& identity) {
  if (outcome.item.unit.state != LinkState::kResolved) return false;
  for (const CivilDate day : {CityDate(task.assigned_at), CityDate(done)}) {
    const std::vector<std::string> units = identity.UnitsOf(task.lead.id, day);
    if (std::binary_search(units.begin(), units.end(), outcome.item.unit.id)) return true;
  }
  return false;
}

const char* const kPasses = "passes";

// "passes", or the first condition that fails. City dates, both ends included.
std::string TestEnd(const Outcome& outcome, const ResultEnd& end, const TaskDraft& draft, const BuildContext& context) {
  if (!OfLeadsUnit(outcome, draft.item, end.at, context.identity)) return "other_unit";
  if (end.names_anyone && end.person != draft.item.lead.id) return "other_person";
  const CivilDate assigned = CityDate(draft.item.assigned_at);
  const CivilDate done = CityDate(end.at);
  if (done < assigned || (outcome.promulgated && *outcome.promulgated < assigned)) return "before_assignment";
  if (draft.claim) {
    const CivilDate claimed = CityDate(draft.claim->at);
    if (done > claimed || (outcome.promulgated && *outcome.promulgated > claimed)) return "after_claim";
  }
  return kPasses;
}

// The first end after the last return decides; of a result in conflict, whichever would pass.
std::string TestEnds(const Outcome& outcome, const TaskDraft& draft, const BuildContext& context, Moment& at) {
  std::string verdict = "returned";
  for (const ResultEnd& end : outcome.ends) {
    if (!AfterReturn(end.at, draft.last_return)) continue;
    at = end.at;
    verdict = TestEnd(outcome, end, draft, context);
    if (verdict == kPasses || !outcome.in_conflict) break;
  }
  return verdict;
}

std::string Test(const Candidate& c, const TaskDraft& draft, const BuildContext& context, PassingResult& passing) {
  if (!c.reason.empty()) return c.reason;
  if (draft.item.lead.state != LinkState::kResolved) return "unknown_lead";
  if (!(c.outcome->usable || c.outcome->in_conflict) || c.outcome->ends.empty()) return "not_finished";
  passing = {c.outcome, c.kind, {}};
  const std::string verdict = TestEnds(*c.outcome, draft, context, passing.at);
  return verdict == kPasses && c.outcome->in_conflict ? "in_conflict" : verdict;
}

void TestAll(TaskDraft& draft, const PoolIndex& pool, const BuildContext& context) {
  for (const Candidate& candidate : Candidates(draft, pool, context.identity.codes())) {
    PassingResult passing;
    std::string verdict = Test(candidate, draft, context, passing);
    if (verdict == kPasses) draft.passing.push_back(passing);
    if (verdict == "in_conflict") draft.waits_for.push_back(candidate.ref);
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
  item.self_set = !ByAnother(task.assigner, task, item.lead, day, context);
  item.assigned_level = item.self_set ? Assurance::kReported : Assurance::kRecorded;
  for (const PersonKeys& keys : task.contributors) {
    const Link link = context.identity.ResolvePerson(keys, task.register_id, item.unit, day);
    if (link.state == LinkState::kResolved) Append(item.contributors, link.id);
  }
}

void FillEvents(TaskDraft& draft, const BuildContext& context) {
  const Evidence& task = *draft.task;
  const auto counts = [&](const Moment& at, const PersonKeys& by) {
    return Happened(at, context.as_of) && ByAnother(by, task, draft.item.lead, CityDate(at), context);
  };
  for (const Return& r : task.returns) {
    if (!counts(r.at, r.by)) continue;
    draft.item.quality_failures += r.major_error ? 1 : 0;
    draft.item.unknown_returns += r.reason_known ? 0 : 1;
    draft.returns.push_back(r.at);
    if (!draft.last_return || draft.last_return->at < r.at.at) draft.last_return = r.at;
  }
  for (const Extension& x : task.extensions) {
    if (counts(x.given_at, x.by)) draft.extensions.push_back(x);
  }
  if (task.recall && counts(task.recall->at, task.recall->by)) draft.recalled_at = task.recall->at;
}

// --- what its revisions say against each other

std::optional<Moment> AcceptedAt(const Evidence& task) {
  return task.acceptance ? std::optional(task.acceptance->at) : std::nullopt;
}

std::optional<Moment> DeliveredOn(const Evidence& task) {
  return task.acceptance ? task.acceptance->delivered_on : std::nullopt;
}

DateStatements StatedBy(const Revisions& revisions, std::optional<Moment> (*field)(const Evidence&)) {
  DateStatements said;
  for (const EvidenceRevision* revision : revisions) {
    said.last = field(revision->evidence);
    if (!said.first) said.first = said.last;
  }
  return said;
}

// Accepted at another time, or no longer, though nobody had sent it back in between.
void JudgeAcceptance(const Revisions& revisions, const BuildContext& context, TaskDraft& draft) {
  const DateStatements accepted = StatedBy(revisions, AcceptedAt), delivered = StatedBy(revisions, DeliveredOn);
  const bool known = Happened(accepted.first, context.as_of) || Happened(accepted.last, context.as_of);
  if (!known) return;
  for (const Moment& back : draft.returns) {
    if (!IsBefore(back, *accepted.first) && (!accepted.last || !IsBefore(*accepted.last, back))) return;
  }
  const DateStatements& moved = accepted.Rewritten() ? accepted : delivered;
  if (moved.Rewritten()) draft.conflicts.push_back(Rewriting(conflict::kCompletedRewritten, moved));
}

void JudgeDates(const Revisions& revisions, const BuildContext& context, TaskDraft& draft) {
  std::vector<Moment> newly_set;
  for (const Extension& x : draft.task->extensions) newly_set.push_back(x.new_due);
  const DueStated due = DueStatedIn(revisions, newly_set);
  draft.due = due.due;
  const DateStatements assigned = StatedIn(revisions, &Evidence::assigned_at);
  if (assigned.Rewritten()) draft.conflicts.push_back(Rewriting(conflict::kAssignedRewritten, assigned));
  if (!due.conflict.empty()) draft.conflicts.push_back(due.conflict);
  JudgeAcceptance(revisions, context, draft);
}

TaskDraft Draft(const Revisions& revisions, const BuildContext& context) {
  TaskDraft draft;
  draft.task = &revisions.back()->evidence;
  WorkItem& item = draft.item;
  item.kind = ItemKind::kTask;
  item.key = "task:" + draft.task->register_id + ":" + draft.task->native_id;
  item.assigned_at = *StatedIn(revisions, &Evidence::assigned_at).Standing();
  item.quantity = draft.task->quantity;
  item.product = draft.task->product;
  for (const EvidenceRevision* r : revisions) item.evidence.push_back(RefOf(*r, "task"));
  FillRoles(draft, context);
  FillEvents(draft, context);
  JudgeDates(revisions, context, draft);
  draft.claim = LatestClaim(revisions, context.as_of);
  item.claimed = draft.claim.has_value();
  HoldWithoutProduct(item, draft.task->type_known);
  return draft;
}

void FillDeadline(TaskDraft& draft, const Outcome* joined, const BuildContext& context) {
  WorkItem& item = draft.item;
  std::vector<DeadlineTrack> tracks{TrackOf(draft)};
  std::vector<Wait> waits;
  // A dossier's own deadline is never passed by a task's; a report's stands in for none.
  const bool dossier = joined && joined->item.kind == ItemKind::kDossier;
  const bool stands_in = joined && !dossier && !StatesDeadline(tracks[0]);
  if (dossier || stands_in) tracks.push_back(joined->track);
  if (dossier) waits = joined->waits;
  const DeadlineInForce deadline =
      FindDeadline(tracks, waits, WhollyDone(item.completions, item.quantity), context.as_of);
  item.due = deadline.due;
  item.missed_before = deadline.missed_before;
  const bool unknown = stands_in && HasUnknownDeadline(*joined);
  if (unknown) Append(item.held, std::string(kOutsideCalendar));
  if (!item.due && !unknown) Append(item.notes, "no_deadline");
}

std::string CodeOf(const Evidence& task) { return task.register_id + ":" + task.native_id; }

std::map<std::string, Revisions> ByCode(const Revisions& tasks) {
  std::map<std::string, Revisions> by_code;
  for (const EvidenceRevision* r : tasks) by_code[CodeOf(r->evidence)].push_back(r);
  return by_code;
}

std::set<std::string> DossiersNamed(const Revisions& revisions, Instant as_of) {
  std::set<std::string> ids;
  for (const EvidenceRevision* revision : revisions) {
    for (const Claim& claim : revision->evidence.claims) {
      if (!Happened(claim.at, as_of)) continue;
      for (const ResultRef& ref : claim.results) {
        if (ref.kind == ResultKind::kDossier) ids.insert(ref.native_id);
      }
    }
  }
  return ids;
}

// It was accepted on the day of its assignment, but before it. On another day: decision 0001, rule 20.
bool AcceptedBeforeAssigned(const TaskDraft& draft, const std::vector<Completion>& completions) {
  return std::any_of(completions.begin(), completions.end(), [&](const Completion& c) {
    return c.by == "acceptance" && IsBefore(c.at, draft.item.assigned_at);
  });
}

bool AcceptanceRewritten(const TaskDraft& draft) {
  return std::any_of(draft.conflicts.begin(), draft.conflicts.end(),
                     [](const std::string& reason) { return reason.starts_with(conflict::kCompletedRewritten); });
}

// Its own conflicts; nothing backs it while they stand.
void HoldConflicts(TaskDraft& draft, bool accepted_first) {
  std::vector<std::string>& held = draft.item.held;
  for (const std::string& reason : draft.conflicts) Append(held, reason);
  for (const std::string& key : draft.waits_for) Append(held, std::string(conflict::kResultInConflict) + ":" + key);
  if (accepted_first) Append(held, std::string(conflict::kCompletedFirst));
}

void TakeKeyOf(TaskDraft& draft, const Outcome& joined) {
  WorkItem& item = draft.item;
  if (draft.share == TaskDraft::Share::kWhole) Append(item.aliases, item.key);
  item.key = joined.item.key;
  item.kind = joined.item.kind;
  for (const std::string& alias : joined.item.aliases) Append(item.aliases, alias);
}

// --- units of several that are no part of the task's line

// What is left under the task's key, before anything is taken out of it.
struct Line {
  bool states_deadline = false;  // ever, the task itself
  std::optional<Moment> due;     // in force
  Period home;
};

Line LineOf(const TaskDraft& draft, const BuildContext& context) {
  const DeadlineTrack track = TrackOf(draft);
  const std::optional<Moment> done = WhollyDone(CompletionsOf(draft, context), draft.item.quantity);
  const std::optional<Moment> due = FindDeadline({track}, {}, done, context.as_of).due;
  return {StatesDeadline(track), due, PeriodOf(CityDate(due ? *due : draft.item.assigned_at))};
}

// In the line, the deadline that a dossier missed would be lost, and one of another month would count there again;
// a report's counts where the task states none (decision 0001, rules 19 and 21). A duplicate takes its unit out of
// all denominators (rule 29).
bool StandsApart(const PassingResult& p, const Line& line, Instant as_of) {
  if (p.outcome->item.left) return true;
  if (p.kind == ResultKind::kDocument || (p.kind == ResultKind::kReport && line.states_deadline)) return false;
  if (HasUnknownDeadline(*p.outcome)) return true;
  const DeadlineInForce own = FindDeadline({p.outcome->track}, p.outcome->waits, p.at, as_of);
  if (own.missed_before > 0) return true;
  const bool before = own.due && (!line.due || EndOf(*own.due) < EndOf(*line.due));
  return before && (IsLate(p.at, *own.due) || PeriodOf(CityDate(*own.due)) != line.home);
}

// Takes what stands apart out of draft.passing.
std::vector<PassingResult> TakeApart(TaskDraft& draft, const BuildContext& context) {
  std::vector<PassingResult> apart;
  const WorkItem& item = draft.item;
  if (item.quantity == Ratio(1) || draft.passing.empty()) return apart;
  const Line line = LineOf(draft, context);
  const auto stays = [&](const PassingResult& p) { return !StandsApart(p, line, context.as_of); };
  const auto first = std::stable_partition(draft.passing.begin(), draft.passing.end(), stays);
  apart.assign(first, draft.passing.end());
  draft.passing.erase(first, draft.passing.end());
  return apart;
}

TaskDraft UnitApart(const TaskDraft& draft, const PassingResult& result, std::size_t before) {
  TaskDraft unit = draft;
  unit.item.quantity = 1;
  unit.passing = {result};
  unit.share = TaskDraft::Share::kUnit;
  unit.apart = static_cast<std::int64_t>(before);
  unit.item.quality_failures = unit.item.unknown_returns = 0;
  Append(unit.item.notes, "unit_apart");
  return unit;
}

// Each unit apart is a draft like that of a task of one. Returns are of the task: they stand once, with what is left
// of it, else with the first unit that counts.
void SetApart(TaskDraft draft, const BuildContext& context, std::vector<TaskDraft>& all) {
  const std::vector<PassingResult> apart = TakeApart(draft, context);
  const std::size_t from = all.size();
  for (const PassingResult& p : apart) all.push_back(UnitApart(draft, p, all.size() - from));
  if (!apart.empty()) draft.share = TaskDraft::Share::kRest;
  if (!apart.empty()) Append(draft.item.notes, "units_apart");
  draft.apart = static_cast<std::int64_t>(apart.size());
  draft.item.quantity -= draft.apart;
  if (apart.empty() || draft.item.quantity > Ratio(0)) return all.push_back(std::move(draft));
  const auto counts = [](const TaskDraft& unit) { return !unit.passing.front().outcome->item.left; };
  auto first = std::find_if(all.begin() + static_cast<std::ptrdiff_t>(from), all.end(), counts);
  if (first == all.end()) first = all.begin() + static_cast<std::ptrdiff_t>(from);
  first->share = TaskDraft::Share::kWhole;
  first->item.quality_failures = draft.item.quality_failures;
  first->item.unknown_returns = draft.item.unknown_returns;
}

}  // namespace

std::vector<TaskDraft> DraftTasks(const Revisions& tasks, const BuildContext& context) {
  std::vector<TaskDraft> drafts;
  for (const auto& [code, revisions] : ByCode(tasks)) {
    if (!Happened(StatedIn(revisions, &Evidence::assigned_at).Standing(), context.as_of)) continue;
    drafts.push_back(Draft(revisions, context));
  }
  return drafts;
}

ReturnsById ReturnsByDossier(const Revisions& tasks, const std::vector<TaskDraft>& drafts, Instant as_of) {
  const std::map<std::string, Revisions> by_code = ByCode(tasks);
  ReturnsById returns;
  for (const TaskDraft& draft : drafts) {
    if (draft.returns.empty()) continue;
    for (const std::string& id : DossiersNamed(by_code.at(CodeOf(*draft.task)), as_of)) {
      returns[id].insert(returns[id].end(), draft.returns.begin(), draft.returns.end());
    }
  }
  return returns;
}

void TestTasks(std::vector<TaskDraft>& drafts, const ResultPool& pool, const BuildContext& context) {
  const PoolIndex index = IndexOf(pool);
  for (TaskDraft& draft : drafts) {
    TestAll(draft, index, context);
    if (!draft.item.self_set) continue;  // joins nothing
    draft.passing.clear();
    draft.waits_for.clear();
    draft.conflicts.clear();
  }
}

void MarkRecalled(std::vector<TaskDraft>& drafts, const BuildContext& context) {
  for (TaskDraft& draft : drafts) {
    // What may have completed it before is in conflict: it waits.
    if (!draft.waits_for.empty() || AcceptanceRewritten(draft)) continue;
    if (!RecalledInTime(draft, context)) continue;
    draft.item.left = "recalled_by_assigner";
    draft.passing.clear();
  }
}

void SettleConflicts(std::vector<TaskDraft>& drafts, const BuildContext& context) {
  std::map<const Outcome*, std::vector<std::string>> tasks_of;
  for (TaskDraft& draft : drafts) {
    if (draft.item.left) continue;
    for (const PassingResult& p : draft.passing) tasks_of[p.outcome].push_back(draft.item.key);
  }
  for (TaskDraft& draft : drafts) {
    std::vector<std::string>& held = draft.item.held;
    if (draft.item.left) continue;
    if (Ratio(static_cast<std::int64_t>(draft.passing.size())) > draft.item.quantity) {
      Append(held, std::string(conflict::kSeveralResults));
    }
    for (const PassingResult& p : draft.passing) {
      if (tasks_of[p.outcome].size() < 2) continue;
      Append(held, std::string(conflict::kSharedResult) + ":" + p.outcome->item.key);
    }
    HoldConflicts(draft, !draft.item.self_set && AcceptedBeforeAssigned(draft, CompletionsOf(draft, context)));
    if (std::any_of(held.begin(), held.end(), IsConflict)) draft.passing.clear();
  }
  std::vector<TaskDraft> all;
  for (TaskDraft& draft : drafts) SetApart(std::move(draft), context, all);
  drafts = std::move(all);
}

void FinishTask(TaskDraft& draft, const BuildContext& context, std::set<std::string>& absorbed) {
  WorkItem& item = draft.item;
  item.claim_counts = item.claimed && !draft.passing.empty();
  const bool one = item.quantity == Ratio(1) && draft.share != TaskDraft::Share::kRest;
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
  HoldUnknownAcceptor(draft, context, item);
  if (draft.recalled_at && !item.left) Append(item.notes, "recall_after_completion");
  FillDeadline(draft, joined, context);
  if (joined) TakeKeyOf(draft, *joined);
  if (joined && joined->item.left) item.left = joined->item.left;
  std::sort(item.aliases.begin(), item.aliases.end());
}

}  // namespace mc
