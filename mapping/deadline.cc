#include "mapping/deadline.h"

#include <algorithm>

#include "mapping/standing.h"

namespace mc {
namespace {

using Due = std::optional<Moment>;

bool Before(const Due& a, const Due& b) {
  if (!a) return false;
  return !b || EndOf(*a) < EndOf(*b);
}

Due Earliest(const std::vector<Due>& dues) {
  Due earliest;
  for (const Due& due : dues) {
    if (Before(due, earliest)) earliest = due;
  }
  return earliest;
}

// One thing that happens to the deadline, in order of time.
struct Event {
  Instant at;
  std::size_t track = 0;
  const SetDeadline* set = nullptr;
  const Wait* wait = nullptr;
};

std::vector<Event> InOrder(const std::vector<DeadlineTrack>& tracks, const std::vector<Wait>& waits,
                           Instant as_of) {
  std::vector<Event> events;
  for (std::size_t i = 0; i < tracks.size(); ++i) {
    for (const SetDeadline& set : tracks[i].set) events.push_back({set.given_at, i, &set, nullptr});
  }
  for (const Wait& wait : waits) {
    events.push_back({wait.to.value_or(as_of), tracks.size() - 1, nullptr, &wait});
  }
  std::stable_sort(events.begin(), events.end(), [](const Event& a, const Event& b) { return a.at < b.at; });
  return events;
}

// A day that moves by whole days stays a day: its 24:00 is 00:00 of the next one, which may be in the next month.
Moment MovedBy(std::int64_t micros, const Moment& due) {
  if (due.bare_date && micros % kMicrosPerDay == 0) return {Instant{due.at.micros + micros}, true};
  return {Instant{EndOf(due).micros + micros}, false};
}

// The clock stood: what had not passed when the wait began moves by the wait's length.
void MoveByWait(std::vector<Due>& dues, const Wait& wait, Instant until) {
  for (Due& due : dues) {
    if (!due || EndOf(*due) < wait.from) continue;
    due = MovedBy(until.micros - wait.from.micros, *due);
  }
}

}  // namespace

DeadlineInForce FindDeadline(const std::vector<DeadlineTrack>& tracks, const std::vector<Wait>& waits,
                             const std::optional<Moment>& completed, Instant as_of) {
  std::vector<Due> dues;
  for (const DeadlineTrack& track : tracks) dues.push_back(track.first);
  DeadlineInForce result;
  const auto open_at = [&](const Moment& due) { return !completed || IsLate(*completed, due); };

  for (const Event& event : InOrder(tracks, waits, as_of)) {
    if (event.at > as_of || (completed && completed->at < event.at)) continue;
    const Due before = Earliest(dues);
    // The clock stood from wait->from on, so only what passed before that was missed.
    const Instant missed_if_before = event.wait ? event.wait->from : event.at;
    if (event.set) dues[event.track] = event.set->due;
    if (event.wait) MoveByWait(dues, *event.wait, event.at);
    if (event.wait && event.wait->new_due && event.wait->to) dues[event.track] = event.wait->new_due;
    const Due after = Earliest(dues);
    const bool newly_set = event.set || (event.wait && event.wait->new_due);
    if (newly_set && before && after != before && EndOf(*before) < missed_if_before && open_at(*before)) {
      ++result.missed_before;
    }
  }
  result.due = Earliest(dues);
  return result;
}

}  // namespace mc
