#include "mapping/task_completions.h"

#include <algorithm>

#include "mapping/conflicts.h"
#include "mapping/speakers.h"

namespace mc {
namespace {

void AddResults(const TaskDraft& draft, const BuildContext& context, std::vector<Completion>& completions) {
  const Assurance level = draft.claim ? Assurance::kCorroborated : Assurance::kRecorded;
  if (level < context.settings.min_assurance) return;
  for (const PassingResult& p : draft.passing) completions.push_back({p.at, 1, level, p.outcome->item.key});
}

Moment Delivered(const Acceptance& accepted) { return accepted.delivered_on.value_or(accepted.at); }

// Nghiệm thu: only without a result (for one product), or for what results leave open. By whoever is not the lead;
// whether the directory knows who it was is asked apart.
std::optional<Completion> AcceptedRest(const TaskDraft& draft, const BuildContext& context, std::size_t results_shown) {
  const std::optional<Acceptance>& accepted = draft.task->acceptance;
  if (!accepted || !Happened(accepted->at, context.as_of)) return std::nullopt;
  if (!ByAnother(accepted->by, *draft.task, draft.item.lead, CityDate(accepted->at), context)) return std::nullopt;
  if (draft.last_return && accepted->at.at <= draft.last_return->at) return std::nullopt;
  const Moment delivered = Delivered(*accepted);
  if (!Happened(delivered, context.as_of) || !AfterReturn(delivered, draft.last_return)) return std::nullopt;
  if (CityDate(delivered) < CityDate(draft.item.assigned_at)) return std::nullopt;
  const Ratio results = static_cast<std::int64_t>(results_shown);
  const Ratio open = draft.item.quantity - results;
  // What it states is the whole that was delivered, with what results show already.
  const Ratio quantity = accepted->quantity ? Min(open, *accepted->quantity - draft.apart - results) : open;
  if (quantity <= Ratio(0)) return std::nullopt;
  return Completion{delivered, quantity, Assurance::kConfirmed, "acceptance"};
}

bool AcceptorIsKnown(const TaskDraft& draft, const BuildContext& context) {
  const Acceptance& accepted = *draft.task->acceptance;
  return ByKnownOther(accepted.by, *draft.task, draft.item.lead, CityDate(accepted.at), context);
}

void AddAcceptance(const TaskDraft& draft, const BuildContext& context, std::vector<Completion>& completions) {
  const std::optional<Completion> rest = AcceptedRest(draft, context, completions.size());
  if (rest && AcceptorIsKnown(draft, context)) completions.push_back(*rest);
}

}  // namespace

bool AfterReturn(const Moment& at, const std::optional<Moment>& returned) {
  if (!returned) return true;
  return at.bare_date ? CityDate(at) >= CityDate(*returned) : at.at > returned->at;
}

std::vector<Completion> CompletionsOf(const TaskDraft& draft, const BuildContext& context) {
  std::vector<Completion> completions;
  AddResults(draft, context, completions);
  AddAcceptance(draft, context, completions);
  std::stable_sort(completions.begin(), completions.end(),
                   [](const Completion& a, const Completion& b) { return EndOf(a.at) < EndOf(b.at); });
  return completions;
}

void HoldUnknownAcceptor(const TaskDraft& draft, const BuildContext& context, WorkItem& item) {
  if (item.left || item.self_set || !AcceptedRest(draft, context, item.completions.size())) return;
  if (!AcceptorIsKnown(draft, context)) Append(item.held, "acceptor_unknown");
}

std::optional<Moment> WhollyDone(const std::vector<Completion>& completions, Ratio quantity) {
  Ratio sum = 0;
  for (const Completion& c : completions) {
    sum += c.quantity;
    if (sum >= quantity) return c.at;
  }
  return std::nullopt;
}

bool RecalledInTime(const TaskDraft& draft, const BuildContext& context) {
  if (!draft.recalled_at) return false;
  std::vector<Completion> completions;
  AddResults(draft, context, completions);
  if (const auto rest = AcceptedRest(draft, context, completions.size())) completions.push_back(*rest);
  for (const Completion& c : completions) {
    const bool done_first =
        c.at.bare_date ? CityDate(c.at) <= CityDate(*draft.recalled_at) : c.at.at <= draft.recalled_at->at;
    if (done_first) return false;
  }
  return true;
}

DeadlineTrack TrackOf(const TaskDraft& draft) {
  DeadlineTrack track{draft.due, {}};
  for (const Extension& x : draft.extensions) track.set.push_back({x.given_at.at, x.new_due});
  return track;
}

bool StatesDeadline(const DeadlineTrack& track) { return track.first || !track.set.empty(); }

bool HasUnknownDeadline(const Outcome& outcome) {
  return std::count(outcome.item.held.begin(), outcome.item.held.end(), kOutsideCalendar) > 0;
}

}  // namespace mc
