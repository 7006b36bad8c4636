// Citizen reports: they belong to their unit, and to a person only through a task (4a "Who").
#include "mapping/outcomes.h"

namespace mc {
namespace {

std::optional<Moment> DueOf(const Evidence& e, const BuildContext& context) {
  if (e.due_at) return e.due_at;
  const ItemSettings& settings = context.settings;
  if (settings.report_due_working_hours == 0 || !settings.calendar) return std::nullopt;
  const auto due = settings.calendar->AddWorkingHours(EndOf(*e.assigned_at), settings.report_due_working_hours);
  if (!due.ok()) return std::nullopt;  // beyond the years that the calendar knows
  return Moment{*due, false};
}

Outcome BuildOne(const EvidenceRevision& revision, const BuildContext& context) {
  const Evidence& e = revision.evidence;
  Outcome outcome;
  WorkItem& item = outcome.item;
  item.kind = ItemKind::kReport;
  item.key = "report:" + e.register_id + ":" + e.native_id;
  item.assigned_at = *e.assigned_at;
  item.unit = context.identity.ResolveUnit(e.unit, CityDate(item.assigned_at));
  item.lead.state = LinkState::kNotApplicable;
  item.lead.reason = "unit_only";
  item.product = e.product;
  item.evidence.push_back(RefOf(revision, "report"));
  outcome.track.first = DueOf(e, context);
  item.due = outcome.track.first;
  if (!item.due) Append(item.notes, "no_deadline");
  if (!e.duplicate_of.empty() || e.status == "duplicate") item.left = "duplicate";
  // A duplicate still answers for its task: withdrawal is the system of record's to say,
  // so the item that they form leaves (decision 0001, rule 29).
  outcome.usable = true;
  if (Happened(e.completed_at, context.as_of)) {
    outcome.ends.push_back({*e.completed_at, false, ""});
    item.completions.push_back({*e.completed_at, 1, Assurance::kRecorded, ""});
  }
  HoldWithoutProduct(item, e.type_known);
  return outcome;
}

}  // namespace

std::map<std::string, Outcome> BuildReports(const Revisions& reports, const BuildContext& context) {
  std::map<std::string, Outcome> outcomes;
  for (const EvidenceRevision* revision : reports) {
    if (!Happened(revision->evidence.assigned_at, context.as_of)) continue;
    Outcome outcome = BuildOne(*revision, context);
    std::string key = outcome.item.key;
    outcomes.insert_or_assign(std::move(key), std::move(outcome));
  }
  return outcomes;
}

}  // namespace mc
