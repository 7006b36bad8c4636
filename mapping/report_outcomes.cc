// Citizen reports: they belong to their unit, and to a person only through a task (4a "Who").
#include "mapping/conflicts.h"
#include "mapping/outcomes.h"

namespace mc {
namespace {

// An error beyond the days that the calendar knows.
Result<std::optional<Moment>> DueOf(const std::optional<Moment>& stated, const Moment& assigned,
                                    const BuildContext& context) {
  if (stated) return stated;
  const ItemSettings& settings = context.settings;
  if (settings.report_due_working_hours == 0 || !settings.calendar) return std::optional<Moment>();
  MC_TRY(const Instant due, settings.calendar->AddWorkingHours(EndOf(assigned), settings.report_due_working_hours));
  return std::optional(Moment{due, false});
}

// An answer that was stated at another time, or is gone, stands against the first one.
void JudgeAnswer(const DateStatements& said, Instant as_of, WorkItem& item) {
  const bool known = Happened(said.first, as_of) || Happened(said.last, as_of);
  if (known && said.Rewritten() && !said.last) Append(item.held, std::string(conflict::kReopened));
  if (known && said.Rewritten() && said.last) Append(item.held, Rewriting(conflict::kCompletedRewritten, said));
  if (Happened(said.last, as_of) && IsBefore(*said.last, item.assigned_at)) {
    Append(item.held, std::string(conflict::kCompletedFirst));
  }
}

// In conflict `ends` are all that were stated.
void FillEnds(Outcome& outcome, const DateStatements& said, Instant as_of) {
  if (Happened(said.last, as_of)) outcome.item.completions.push_back({*said.last, 1, Assurance::kRecorded, ""});
  if (Happened(said.last, as_of) || (outcome.in_conflict && said.last)) outcome.ends.push_back({*said.last, false, ""});
  if (outcome.in_conflict && said.first) outcome.ends.push_back({*said.first, false, ""});
}

void HoldConflicts(Outcome& outcome, const Chain& history, const DueStated& due, const DateStatements& answered,
                   Instant as_of) {
  WorkItem& item = outcome.item;
  if (item.left) return;
  const DateStatements assigned = StatedIn(history, &Evidence::assigned_at);
  if (assigned.Rewritten()) Append(item.held, Rewriting(conflict::kAssignedRewritten, assigned));
  if (!due.conflict.empty()) Append(item.held, due.conflict);
  JudgeAnswer(answered, as_of, item);
  outcome.in_conflict = !item.held.empty();
}

Outcome BuildOne(const Chain& history, const BuildContext& context) {
  const EvidenceRevision& revision = *history.back();
  const Evidence& e = revision.evidence;
  Outcome outcome;
  WorkItem& item = outcome.item;
  item.kind = ItemKind::kReport;
  item.key = "report:" + e.register_id + ":" + e.native_id;
  item.assigned_at = *StatedIn(history, &Evidence::assigned_at).Standing();
  item.unit = context.identity.ResolveUnit(e.unit, CityDate(item.assigned_at));
  item.lead.state = LinkState::kNotApplicable;
  item.lead.reason = "unit_only";
  item.product = e.product;
  item.evidence.push_back(RefOf(revision, "report"));
  const DueStated due = DueStatedIn(history, {});
  const Result<std::optional<Moment>> in_force = DueOf(due.due, item.assigned_at, context);
  if (in_force.ok()) outcome.track.first = *in_force;
  item.due = outcome.track.first;
  if (in_force.ok() && !item.due) Append(item.notes, "no_deadline");
  if (!e.duplicate_of.empty() || e.status == "duplicate") item.left = "duplicate";
  // A duplicate still answers for its task: withdrawal is the system of record's to say,
  // so the item that they form leaves (decision 0001, rule 29).
  const DateStatements answered = StatedIn(history, &Evidence::completed_at);
  HoldConflicts(outcome, history, due, answered, context.as_of);
  FillEnds(outcome, answered, context.as_of);
  outcome.usable = !outcome.in_conflict;
  // Neither in time nor late can be told; as a result it still has its time, and a task may bring a deadline.
  if (!in_force.ok() && !item.left) Append(item.held, std::string(kOutsideCalendar));
  HoldWithoutProduct(item, e.type_known);
  return outcome;
}

}  // namespace

std::map<std::string, Outcome> BuildReports(const Revisions& reports, const BuildContext& context) {
  std::map<std::string, Chain> histories;
  for (const EvidenceRevision* r : reports)
    histories[r->evidence.register_id + ":" + r->evidence.native_id].push_back(r);
  std::map<std::string, Outcome> outcomes;
  for (const auto& [id, history] : histories) {
    if (!history.back()->latest) continue;  // not held any more
    if (!Happened(StatedIn(history, &Evidence::assigned_at).Standing(), context.as_of)) continue;
    Outcome outcome = BuildOne(history, context);
    std::string key = outcome.item.key;
    outcomes.insert_or_assign(std::move(key), std::move(outcome));
  }
  return outcomes;
}

}  // namespace mc
