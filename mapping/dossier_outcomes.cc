// Dossiers as items: waits, deadline, lead, state (4a; decision 0001, rules 9 to 13), and what is held for a
// conflict (decision 0015).
#include <algorithm>

#include "mapping/dossier_conflicts.h"
#include "mapping/dossier_trail.h"
#include "mapping/outcomes.h"
#include "mapping/standing.h"

namespace mc {
namespace {

bool Waiting(const std::string& status) { return status == "5" || status == "6"; }

std::vector<Wait> FindWaits(const DossierTrail& trail) {
  std::vector<Wait> waits;
  bool open = false;
  for (const DossierRow& row : trail.rows) {
    if (row.synthetic) continue;
    if (Waiting(row.status) && !open) {
      waits.push_back({row.at.at, std::nullopt, std::nullopt});
      open = true;
    } else if (!Waiting(row.status) && open) {
      waits.back().to = row.at.at;
      open = false;
    }
  }
  return waits;
}

// A supplement's new deadline ends its wait, or is an extension given when it was asked.
void PlaceSupplements(const DossierTrail& trail, Instant as_of, std::vector<Wait>& waits, DeadlineTrack& track) {
  for (const DossierRecord& r : trail.records) {
    for (const Supplement& s : r.latest->evidence.supplements) {
      const std::optional<Moment>& seen = s.received_at ? s.received_at : s.requested_at;
      if (!s.new_due || !Happened(seen, as_of)) continue;
      const auto wait = std::find_if(waits.begin(), waits.end(),
                                     [&](const Wait& w) { return w.from <= seen->at && (!w.to || seen->at <= *w.to); });
      if (wait != waits.end()) {
        wait->new_due = s.new_due;
      } else {
        track.set.push_back({(s.requested_at ? s.requested_at : seen)->at, *s.new_due});
      }
    }
  }
}

// Who set 9, else who last worked on it at 4.
const DossierRow* NamingRow(const DossierTrail& trail) {
  if (const DossierRow* finished = FirstReal9(trail)) return finished;
  for (auto row = trail.rows.rbegin(); row != trail.rows.rend(); ++row) {
    if (row->status == "4") return &*row;
  }
  return nullptr;
}

UnitKeys UnitOf(const DossierTrail& trail) {
  UnitKeys keys;
  for (const DossierRecord& r : trail.records) {
    if (keys.code.empty()) keys.code = r.latest->evidence.unit.code;
    if (keys.name.empty()) keys.name = r.latest->evidence.unit.name;
  }
  return keys;
}

// The unit by the name of DonViXuLy first; the code in front of an id says who received it.
Link ResolveDossierUnit(const UnitKeys& keys, const IdentityIndex& identity, CivilDate day) {
  if (!keys.name.empty()) {
    Link link = identity.ResolveUnit({"", keys.name}, day);
    if (link.state != LinkState::kUnresolved) return link;
  }
  return identity.ResolveUnit({keys.code, ""}, day);
}

// Where its officials work that day: at who took over, once the organisation that received it has ended.
Link UnitOn(const DossierTrail& trail, const Outcome& outcome, CivilDate day, const IdentityIndex& identity) {
  UnitKeys keys = UnitOf(trail);
  keys.code = identity.codes().Canonical(keys.code, CityDate(outcome.item.assigned_at));
  return ResolveDossierUnit(keys, identity, day);
}

Link LinkOf(const DossierRow& row, const DossierTrail& trail, const Outcome& outcome, const BuildContext& context) {
  const Evidence& e = row.revision->evidence;
  const CivilDate day = CityDate(row.at);
  return context.identity.ResolvePerson(e.lead, e.register_id, UnitOn(trail, outcome, day, context.identity), day);
}

// Whom a row names, if anybody. Several rows of one second: nothing says which of their officials led it.
std::optional<Link> OfficialOf(const DossierRow* row, const DossierTrail& trail, const Outcome& outcome,
                               const BuildContext& context) {
  // The first row is the desk's, whoever works on it later.
  const bool named = row && row != &trail.rows.front() && !row->revision->evidence.lead.empty();
  if (!named) return std::nullopt;
  std::vector<Link> links;
  for (const DossierRow* each : Contenders(trail, *row)) links.push_back(LinkOf(*each, trail, outcome, context));
  return OneOf(links);
}

void FillLead(Outcome& outcome, const DossierTrail& trail, const BuildContext& context) {
  outcome.item.lead.reason = "nobody_named";
  if (const auto official = OfficialOf(NamingRow(trail), trail, outcome, context)) outcome.item.lead = *official;
}

// As a result: what ends it, and by whom; in conflict every end that was stated, by everybody who is named. An end
// after a return may be another official's: its own row says so; where that names nobody, the lead.
void FillEnds(Outcome& outcome, const DossierTrail& trail, const BuildContext& context) {
  const Link& lead = outcome.item.lead;
  for (const Moment& at : outcome.in_conflict ? EndsAsSaid(trail) : FindEnding(trail, context.as_of).at) {
    const std::optional<Link> own = OfficialOf(Real9At(trail, at), trail, outcome, context);
    const Link& who = own ? *own : lead;
    const bool named = own || lead.reason != "nobody_named";
    if (who.candidates.empty() || !outcome.in_conflict) outcome.ends.push_back({at, named, who.id});
    for (const std::string& candidate : who.candidates) {
      if (outcome.in_conflict) outcome.ends.push_back({at, named, candidate});
    }
  }
}

void FillIdentity(WorkItem& item, const DossierTrail& trail) {
  const Evidence& e = trail.record();
  const std::string key_id = KeyIdOf(trail.ids);
  item.kind = ItemKind::kDossier;
  item.key = "dossier:" + e.register_id + ":" + key_id;
  for (const std::string& id : trail.ids) {
    if (id != key_id) item.aliases.push_back("dossier:" + e.register_id + ":" + id);
  }
  item.product = e.product;
  for (const DossierRecord& r : trail.records) item.evidence.push_back(RefOf(*r.latest, "dossier"));
  for (const DossierRow& row : trail.rows) item.evidence.push_back(RefOf(*row.revision, "step " + row.status));
}

// What the sender wrote over, for people.
void NoteSender(WorkItem& item, const DossierTrail& trail, const std::string& state) {
  if (FirstSynthetic(trail)) Append(item.notes, "closed_by_sender");
  const bool over = state == "5" || state == "6" || state == "8";
  if (over && IsClosing(trail.record().status)) Append(item.notes, "status_rewritten");
}

// Whether it stood finished when it was refused or withdrawn, which then changes nothing. Also a late end that was
// opened again, with nobody having sent it back: it would take the late with it.
bool EndStands(const WorkItem& item, const DossierTrail& trail, const DossierEnding& ending,
               const std::vector<Moment>& returns, Instant as_of) {
  if (ending.at.empty()) return false;
  if (EndedAgain(trail)) return true;
  return item.due && IsLate(ending.at.front(), *item.due) && WasReopened(trail, returns, as_of);
}

// Its deadline must be known.
void FillState(WorkItem& item, const DossierTrail& trail, const DossierEnding& ending,
               const std::vector<Moment>& returns, Instant as_of) {
  const std::string state = LastState(trail);
  const bool leaves = state == "3" || state == "7";
  const bool stands = leaves && EndStands(item, trail, ending, returns, as_of);
  if (stands) Append(item.notes, kWithdrawnLate);
  if (leaves && !stands) item.left = state == "3" ? "not_accepted" : "withdrawn";
  if (state == "8") Append(item.held, "stopped");
  if (!ending.held.empty() && !item.left) Append(item.held, ending.held);
  NoteSender(item, trail, state);
}

void FillDeadline(Outcome& outcome, const DossierEnding& ending, Instant as_of) {
  const std::optional<Moment> done = ending.at.empty() ? std::nullopt : std::optional<Moment>(ending.at.front());
  const DeadlineInForce deadline = FindDeadline({outcome.track}, outcome.waits, done, as_of);
  outcome.item.due = deadline.due;
  outcome.item.missed_before = deadline.missed_before;
  if (!outcome.item.due) Append(outcome.item.notes, "no_deadline");
}

// What left is for the system of record to say, and in nobody's figures.
void HoldConflicts(Outcome& outcome, const DossierTrail& trail, const std::vector<Moment>& returns, Instant as_of) {
  WorkItem& item = outcome.item;
  if (item.left) return;
  for (const std::string& reason : DossierConflicts(trail, item.due, returns, as_of)) Append(item.held, reason);
  if (item.lead.reason == conflict::kTwoOfficials) Append(item.held, item.lead.reason);
  const bool reopened = WasReopened(trail, returns, as_of);
  if (reopened) Append(item.notes, "reopened");
  outcome.in_conflict = reopened || std::any_of(item.held.begin(), item.held.end(), IsConflict);
}

std::vector<Moment> ReturnsOf(const DossierTrail& trail, const ReturnsById& returns) {
  std::vector<Moment> all;
  for (const std::string& id : trail.ids) {
    const auto own = returns.find(id);
    if (own != returns.end()) all.insert(all.end(), own->second.begin(), own->second.end());
  }
  return all;
}

Outcome BuildOne(const DossierTrail& trail, const ReturnsById& returns, const BuildContext& context) {
  Outcome outcome;
  WorkItem& item = outcome.item;
  item.assigned_at = ReceivedAt(trail);
  FillIdentity(item, trail);
  item.unit = ResolveDossierUnit(UnitOf(trail), context.identity, CityDate(item.assigned_at));
  outcome.waits = FindWaits(trail);
  outcome.track.first = DossierDue(trail).due;
  PlaceSupplements(trail, context.as_of, outcome.waits, outcome.track);
  FillLead(outcome, trail, context);
  const DossierEnding ending = FindEnding(trail, context.as_of);
  const std::vector<Moment> own_returns = ReturnsOf(trail, returns);
  FillDeadline(outcome, ending, context.as_of);
  FillState(item, trail, ending, own_returns, context.as_of);
  HoldConflicts(outcome, trail, own_returns, context.as_of);
  FillEnds(outcome, trail, context);
  outcome.usable = item.held.empty() && !item.left && !outcome.in_conflict;
  // A missing product holds the item, not the result: a task that joins it brings its own.
  HoldWithoutProduct(item, trail.record().type_known);
  if (!ending.at.empty()) item.completions.push_back({ending.at.front(), 1, Assurance::kRecorded, ""});
  return outcome;
}

}  // namespace

DossierOutcomes BuildDossiers(const Revisions& dossiers, const Revisions& steps, const ReturnsById& returns,
                              const BuildContext& context) {
  DossierOutcomes outcomes;
  for (const DossierTrail& trail : GatherTrails(dossiers, steps, context.as_of)) {
    Outcome outcome = BuildOne(trail, returns, context);
    std::string key = outcome.item.key;
    for (const std::string& id : trail.ids) outcomes.keys_of_id[id].push_back(key);
    for (const std::string& id : trail.shared) outcomes.keys_of_id[id].push_back(key);
    outcomes.by_key.emplace(std::move(key), std::move(outcome));
  }
  return outcomes;
}

}  // namespace mc
