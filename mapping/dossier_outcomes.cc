// Dossiers: ids that are one, the step trail, completion behind synthetic closing rows,
// waits, lead (4a; decision 0001, rules 9 to 13).
#include <algorithm>
#include <cctype>
#include <functional>
#include <set>
#include <tuple>

#include "mapping/outcomes.h"
#include "mapping/sender_marks.h"

namespace mc {
namespace {

struct Row {  // one progress row
  Moment at;
  std::string status;
  const EvidenceRevision* revision = nullptr;
  bool synthetic = false;
};

struct Trail {
  std::set<std::string> ids;
  Revisions records;      // latest dossier records, the key's own first
  std::vector<Row> rows;  // by time, ties with 9 and 10 last
  bool goes_on = false;   // rows after as_of: the record's own status speaks of later
};

bool Closing(const std::string& status) { return status == "9" || status == "10"; }

// <organisation code>-yyMMdd-NNNNN
bool HasOrganisationForm(const std::string& id) {
  const auto digits = [](std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isdigit(c); });
  };
  const auto last = id.rfind('-');
  if (last == std::string::npos || last == 0 || !digits(std::string_view(id).substr(last + 1))) return false;
  const auto middle = id.rfind('-', last - 1);
  return middle != std::string::npos && middle > 0 && last - middle == 7 &&
         digits(std::string_view(id).substr(middle + 1, 6));
}

std::string KeyIdOf(const std::set<std::string>& ids) {
  for (const std::string& id : ids) {
    if (HasOrganisationForm(id)) return id;
  }
  return *ids.begin();
}

// Union of ids that a record names together.
class IdGroups {
 public:
  const std::string& Root(const std::string& id) {
    std::string& parent = parent_.try_emplace(id, id).first->second;
    if (parent != id) parent = Root(parent);
    return parent;
  }
  void Join(const std::string& a, const std::string& b) {
    const std::string ra = Root(a), rb = Root(b);
    if (ra != rb) parent_[std::max(ra, rb)] = std::min(ra, rb);
  }

 private:
  std::map<std::string, std::string> parent_;
};

std::map<std::string, Trail> Gather(const Revisions& dossiers, const Revisions& steps, Instant as_of) {
  // A register's name stands in front, so that two registers never share an id.
  const auto scoped = [](const Evidence& e, const std::string& id) { return e.register_id + ":" + id; };
  IdGroups groups;
  for (const EvidenceRevision* r : dossiers) {
    groups.Root(scoped(r->evidence, r->evidence.native_id));
    for (const std::string& alias : r->evidence.aliases) {
      groups.Join(scoped(r->evidence, r->evidence.native_id), scoped(r->evidence, alias));
    }
  }
  std::map<std::string, Trail> trails;
  for (const EvidenceRevision* r : dossiers) {
    if (!Happened(r->evidence.assigned_at, as_of)) continue;
    Trail& trail = trails[groups.Root(scoped(r->evidence, r->evidence.native_id))];
    trail.ids.insert(r->evidence.native_id);
    trail.ids.insert(r->evidence.aliases.begin(), r->evidence.aliases.end());
    trail.records.push_back(r);
  }
  for (const EvidenceRevision* r : steps) {
    const auto trail = trails.find(groups.Root(scoped(r->evidence, r->evidence.native_id)));
    if (trail == trails.end()) continue;
    if (!Happened(r->evidence.occurred_at, as_of)) {
      trail->second.goes_on = true;
      continue;
    }
    trail->second.rows.push_back({*r->evidence.occurred_at, r->evidence.status, r});
  }
  return trails;
}

void InOrder(Trail& trail) {
  const std::string key_id = KeyIdOf(trail.ids);
  std::stable_sort(trail.records.begin(), trail.records.end(),
                   [&](const EvidenceRevision* a, const EvidenceRevision* b) {
                     return std::make_tuple(a->evidence.native_id != key_id, a->evidence.native_id) <
                            std::make_tuple(b->evidence.native_id != key_id, b->evidence.native_id);
                   });
  const auto key = [](const Row& row) {
    return std::make_tuple(row.at.at, Closing(row.status), row.status == "10", row.status,
                           row.revision->evidence.lead.label);
  };
  std::stable_sort(trail.rows.begin(), trail.rows.end(), [&](const Row& a, const Row& b) { return key(a) < key(b); });
  // The same row under two ids of one dossier is one row.
  trail.rows.erase(
      std::unique(trail.rows.begin(), trail.rows.end(), [&](const Row& a, const Row& b) { return key(a) == key(b); }),
      trail.rows.end());
}

// First stated value over the records of all ids.
template <typename Field>
std::optional<Moment> Stated(const Trail& trail, Field field) {
  for (const EvidenceRevision* r : trail.records) {
    if (const std::optional<Moment>& value = r->evidence.*field) return value;
  }
  return std::nullopt;
}

void MarkSynthetic(Trail& trail, const Moment& received) {
  for (Row& row : trail.rows) {
    const Evidence& e = row.revision->evidence;
    if (HasMark(e, kStatusRewritten)) row.synthetic = row.at.at == received.at;  // and nothing says when
    if (row.status != "9") continue;
    row.synthetic = row.at.at == received.at || HasMark(e, kSenderClosingStep);
    for (const Row& other : trail.rows) {
      if (!Closing(other.status) && other.at.at == row.at.at) row.synthetic = true;
    }
  }
}

const Row* FirstReal9(const Trail& trail) {
  for (const Row& row : trail.rows) {
    if (row.status == "9" && !row.synthetic) return &row;
  }
  return nullptr;
}

const Row* First10(const Trail& trail, const Instant* after) {
  for (const Row& row : trail.rows) {
    if (row.status == "10" && (!after || row.at.at > *after)) return &row;
  }
  return nullptr;
}

const Row* FirstSynthetic(const Trail& trail) {
  for (const Row& row : trail.rows) {
    if (row.synthetic) return &row;
  }
  return nullptr;
}

// How the dossier ended, as far as an outsider may conclude.
struct Ending {
  std::vector<Moment> at;
  std::string held;  // reason, when it seems closed but nothing says when
};

Ending FindEnding(const Trail& trail, Instant as_of) {
  Ending ending;
  for (const Row& row : trail.rows) {
    if (row.status == "9" && !row.synthetic) ending.at.push_back(row.at);
  }
  if (!ending.at.empty()) return ending;
  const auto closed = Stated(trail, &Evidence::completed_at);
  const auto handed_over = Stated(trail, &Evidence::returned_at);
  if (const Row* synthetic = FirstSynthetic(trail)) {
    if (Happened(closed, as_of)) return {{*closed}, ""};
    if (const Row* later = First10(trail, &synthetic->at.at)) return {{later->at}, ""};
    return {{}, "synthetic_close"};
  }
  if (const Row* handed = First10(trail, nullptr)) return {{handed->at}, ""};
  const std::string& status = trail.records.front()->evidence.status;
  if (!Closing(status) || trail.goes_on) return ending;
  if (closed) return Happened(closed, as_of) ? Ending{{*closed}, ""} : ending;
  if (status == "10" && handed_over) return Happened(handed_over, as_of) ? Ending{{*handed_over}, ""} : ending;
  return {{}, "closed_without_time"};
}

std::string LastState(const Trail& trail) {
  for (auto row = trail.rows.rbegin(); row != trail.rows.rend(); ++row) {
    if (!row->synthetic) return row->status;
  }
  return trail.goes_on ? "" : trail.records.front()->evidence.status;
}

bool Waiting(const std::string& status) { return status == "5" || status == "6"; }

std::vector<Wait> FindWaits(const Trail& trail) {
  std::vector<Wait> waits;
  bool open = false;
  for (const Row& row : trail.rows) {
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
void PlaceSupplements(const Trail& trail, Instant as_of, std::vector<Wait>& waits, DeadlineTrack& track) {
  for (const EvidenceRevision* r : trail.records) {
    for (const Supplement& s : r->evidence.supplements) {
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
const Row* NamingRow(const Trail& trail) {
  if (const Row* finished = FirstReal9(trail)) return finished;
  for (auto row = trail.rows.rbegin(); row != trail.rows.rend(); ++row) {
    if (row->status == "4") return &*row;
  }
  return nullptr;
}

UnitKeys UnitOf(const Trail& trail) {
  UnitKeys keys;
  for (const EvidenceRevision* r : trail.records) {
    if (keys.code.empty()) keys.code = r->evidence.unit.code;
    if (keys.name.empty()) keys.name = r->evidence.unit.name;
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
Link UnitOn(const Trail& trail, const Outcome& outcome, CivilDate day, const IdentityIndex& identity) {
  UnitKeys keys = UnitOf(trail);
  keys.code = identity.codes().Canonical(keys.code, CityDate(outcome.item.assigned_at));
  return ResolveDossierUnit(keys, identity, day);
}

void FillLead(Outcome& outcome, const Trail& trail, const BuildContext& context) {
  const Row* row = NamingRow(trail);
  outcome.item.lead.reason = "nobody_named";
  // The first row is the desk's, whoever works on it later.
  const bool named = row && row != &trail.rows.front() && !row->revision->evidence.lead.empty();
  if (named) {
    const Evidence& e = row->revision->evidence;
    const CivilDate day = CityDate(row->at);
    const Link unit = UnitOn(trail, outcome, day, context.identity);
    outcome.item.lead = context.identity.ResolvePerson(e.lead, e.register_id, unit, day);
  }
  for (const Moment& at : FindEnding(trail, context.as_of).at) {
    outcome.ends.push_back({at, named, outcome.item.lead.id});
  }
}

void FillIdentity(WorkItem& item, const Trail& trail) {
  const Evidence& e = trail.records.front()->evidence;
  const std::string key_id = KeyIdOf(trail.ids);
  item.kind = ItemKind::kDossier;
  item.key = "dossier:" + e.register_id + ":" + key_id;
  for (const std::string& id : trail.ids) {
    if (id != key_id) item.aliases.push_back("dossier:" + e.register_id + ":" + id);
  }
  item.product = e.product;
  for (const EvidenceRevision* r : trail.records) item.evidence.push_back(RefOf(*r, "dossier"));
  for (const Row& row : trail.rows) item.evidence.push_back(RefOf(*row.revision, "step " + row.status));
}

// Ids drawn at random are drawn twice some day: then one id joins dossiers that are not one.
bool IdsDisagree(const Trail& trail) {
  const Evidence& first = trail.records.front()->evidence;
  return std::any_of(trail.records.begin(), trail.records.end(), [&](const EvidenceRevision* r) {
    return r->evidence.assigned_at != first.assigned_at || r->evidence.product != first.product;
  });
}

// What the sender wrote over, for people.
void NoteSender(WorkItem& item, const Trail& trail, const std::string& state) {
  if (FirstSynthetic(trail)) Append(item.notes, "closed_by_sender");
  const bool over = state == "5" || state == "6" || state == "8";
  if (over && Closing(trail.records.front()->evidence.status)) Append(item.notes, "status_rewritten");
}

void FillState(WorkItem& item, const Trail& trail, const Ending& ending) {
  const std::string state = LastState(trail);
  if (state == "3") item.left = "not_accepted";
  if (state == "7") item.left = "withdrawn";
  if (state == "8") Append(item.held, "stopped");
  if (!ending.held.empty() && !item.left) Append(item.held, ending.held);
  if (IdsDisagree(trail)) Append(item.held, "ids_disagree");
  NoteSender(item, trail, state);
}

Outcome BuildOne(Trail& trail, const BuildContext& context) {
  InOrder(trail);
  Outcome outcome;
  WorkItem& item = outcome.item;
  item.assigned_at = *Stated(trail, &Evidence::assigned_at);
  MarkSynthetic(trail, item.assigned_at);
  FillIdentity(item, trail);
  item.unit = ResolveDossierUnit(UnitOf(trail), context.identity, CityDate(item.assigned_at));
  outcome.waits = FindWaits(trail);
  outcome.track.first = Stated(trail, &Evidence::due_at);
  PlaceSupplements(trail, context.as_of, outcome.waits, outcome.track);
  FillLead(outcome, trail, context);
  FillState(item, trail, FindEnding(trail, context.as_of));
  outcome.usable = item.held.empty() && !item.left;
  // A missing product holds the item, not the result: a task that joins it brings its own.
  HoldWithoutProduct(item, trail.records.front()->evidence.type_known);
  if (!outcome.ends.empty()) item.completions.push_back({outcome.ends.front().at, 1, Assurance::kRecorded, ""});

  const std::optional<Moment> done =
      outcome.ends.empty() ? std::nullopt : std::optional<Moment>(outcome.ends.front().at);
  const DeadlineInForce deadline = FindDeadline({outcome.track}, outcome.waits, done, context.as_of);
  item.due = deadline.due;
  item.missed_before = deadline.missed_before;
  if (!item.due) Append(item.notes, "no_deadline");
  return outcome;
}

}  // namespace

DossierOutcomes BuildDossiers(const Revisions& dossiers, const Revisions& steps, const BuildContext& context) {
  DossierOutcomes outcomes;
  for (auto& [root, trail] : Gather(dossiers, steps, context.as_of)) {
    Outcome outcome = BuildOne(trail, context);
    for (const std::string& id : trail.ids) outcomes.key_of_id[id] = outcome.item.key;
    std::string key = outcome.item.key;
    outcomes.by_key.emplace(std::move(key), std::move(outcome));
  }
  return outcomes;
}

}  // namespace mc
