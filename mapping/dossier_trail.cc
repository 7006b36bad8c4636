#include "mapping/dossier_trail.h"

#include <algorithm>
#include <cctype>
#include <tuple>

#include "mapping/sender_marks.h"

namespace mc {
namespace {

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

// --- which ids are one

bool Names(const Evidence& a, const std::string& id) {
  return a.native_id == id || std::find(a.aliases.begin(), a.aliases.end(), id) != a.aliases.end();
}

bool ShareAnId(const Evidence& a, const Evidence& b) {
  return Names(a, b.native_id) ||
         std::any_of(b.aliases.begin(), b.aliases.end(), [&](const std::string& id) { return Names(a, id); });
}

// Two records with one id between them, of which neither names the other: nothing says that they are one.
bool Overlap(const std::vector<DossierRecord>& records) {
  for (std::size_t i = 0; i < records.size(); ++i) {
    for (std::size_t k = i + 1; k < records.size(); ++k) {
      const Evidence &a = records[i].latest->evidence, &b = records[k].latest->evidence;
      if (ShareAnId(a, b) && !Names(a, b.native_id) && !Names(b, a.native_id)) return true;
    }
  }
  return false;
}

// Ids drawn at random are drawn twice some day: then one id joins dossiers that are not one.
bool Disagree(const std::vector<DossierRecord>& records) {
  const Evidence& first = records.front().latest->evidence;
  return std::any_of(records.begin(), records.end(), [&](const DossierRecord& r) {
    const Evidence& e = r.latest->evidence;
    return !SameMoment(*e.assigned_at, *first.assigned_at) || e.product != first.product;
  });
}

// --- gathering

void AddRow(DossierTrail& trail, const EvidenceRevision& step, Instant as_of) {
  if (!Happened(step.evidence.occurred_at, as_of)) {
    trail.goes_on = true;
    return;
  }
  trail.rows.push_back({*step.evidence.occurred_at, step.evidence.status, &step});
}

bool NamesAnyone(const DossierTrail& trail) {
  return std::any_of(trail.rows.begin(), trail.rows.end(),
                     [](const DossierRow& row) { return !row.revision->evidence.lead.empty(); });
}

// One dossier under all its ids, or, in doubt, what stands under each id that has a record of its own.
class Group {
 public:
  void Add(DossierRecord record) { records_.push_back(std::move(record)); }
  void Add(const EvidenceRevision& step) { steps_.push_back(&step); }

  std::vector<DossierTrail> Trails(Instant as_of) const {
    std::vector<std::string> doubts;
    const bool apart = Overlap(records_);
    if (apart) doubts.emplace_back(conflict::kIdsOverlap);
    if (Disagree(records_)) doubts.emplace_back(conflict::kIdsDisagree);
    std::vector<DossierTrail> trails;
    if (!apart) trails.push_back(Whole(as_of));
    for (const DossierRecord& record : records_) {
      if (apart) trails.push_back(Alone(record, as_of));
    }
    for (DossierTrail& trail : trails) trail.doubts = doubts;
    return trails;
  }

 private:
  static void TakeIds(DossierTrail& trail, const DossierRecord& record) {
    const Evidence& e = record.latest->evidence;
    trail.ids.insert(e.native_id);
    trail.ids.insert(e.aliases.begin(), e.aliases.end());
    trail.records.push_back(record);
  }

  DossierTrail Whole(Instant as_of) const {
    DossierTrail trail;
    for (const DossierRecord& record : records_) TakeIds(trail, record);
    for (const EvidenceRevision* step : steps_) AddRow(trail, *step, as_of);
    return trail;
  }

  bool HasRecord(const std::string& id) const {
    return std::any_of(records_.begin(), records_.end(),
                       [&](const DossierRecord& r) { return r.latest->evidence.native_id == id; });
  }

  // Rows under the own id; where they name nobody, also those under ids that have no record.
  DossierTrail Alone(const DossierRecord& record, Instant as_of) const {
    DossierTrail trail;
    trail.ids.insert(record.latest->evidence.native_id);
    trail.records.push_back(record);
    for (const std::string& id : record.latest->evidence.aliases) {
      if (!HasRecord(id)) trail.shared.insert(id);
    }
    for (const EvidenceRevision* step : steps_) {
      if (trail.ids.contains(step->evidence.native_id)) AddRow(trail, *step, as_of);
    }
    if (NamesAnyone(trail)) return trail;
    for (const EvidenceRevision* step : steps_) {
      if (trail.shared.contains(step->evidence.native_id)) AddRow(trail, *step, as_of);
    }
    return trail;
  }

  std::vector<DossierRecord> records_;
  Revisions steps_;
};

std::string Scoped(const Evidence& e, const std::string& id) { return e.register_id + ":" + id; }

std::map<std::string, Group> Groups(const Revisions& dossiers, const Revisions& steps, Instant as_of) {
  std::map<std::string, Chain> histories;
  // A register's name stands in front, so that two registers never share an id.
  for (const EvidenceRevision* r : dossiers) histories[Scoped(r->evidence, r->evidence.native_id)].push_back(r);
  IdGroups ids;
  // Of what is not held any more no revision speaks.
  std::erase_if(histories, [](const auto& one) { return !one.second.back()->latest; });
  for (const auto& [id, history] : histories) {
    const Evidence& e = history.back()->evidence;
    for (const std::string& alias : e.aliases) ids.Join(id, Scoped(e, alias));
  }
  std::map<std::string, Group> groups;
  for (auto& [id, history] : histories) {
    if (!Happened(StatedIn(history, &Evidence::assigned_at).Standing(), as_of)) continue;
    groups[ids.Root(id)].Add(DossierRecord{history.back(), history});
  }
  for (const EvidenceRevision* r : steps) {
    const auto group = groups.find(ids.Root(Scoped(r->evidence, r->evidence.native_id)));
    if (group != groups.end()) group->second.Add(*r);
  }
  return groups;
}

// --- one trail

void PutInOrder(DossierTrail& trail) {
  const std::string key_id = KeyIdOf(trail.ids);
  const auto place = [&](const DossierRecord& r) {
    const std::string& id = r.latest->evidence.native_id;
    return std::make_tuple(id != key_id, id);
  };
  std::stable_sort(trail.records.begin(), trail.records.end(),
                   [&](const DossierRecord& a, const DossierRecord& b) { return place(a) < place(b); });
  const auto key = [](const DossierRow& row) {
    return std::make_tuple(row.at.at, IsClosing(row.status), row.status == "10", row.status,
                           row.revision->evidence.lead.label);
  };
  std::stable_sort(trail.rows.begin(), trail.rows.end(),
                   [&](const DossierRow& a, const DossierRow& b) { return key(a) < key(b); });
  // The same row under two ids of one dossier is one row.
  trail.rows.erase(std::unique(trail.rows.begin(), trail.rows.end(),
                               [&](const DossierRow& a, const DossierRow& b) { return key(a) == key(b); }),
                   trail.rows.end());
}

void MarkSynthetic(DossierTrail& trail, const Moment& received) {
  for (DossierRow& row : trail.rows) {
    const Evidence& e = row.revision->evidence;
    if (HasMark(e, kStatusRewritten)) row.synthetic = row.at.at == received.at;  // and nothing says when
    if (row.status != "9") continue;
    row.synthetic = row.at.at == received.at || HasMark(e, kSenderClosingStep);
    for (const DossierRow& other : trail.rows) {
      if (!IsClosing(other.status) && other.at.at == row.at.at) row.synthetic = true;
    }
  }
}

// First stated value over the records of all ids.
std::optional<Moment> Stated(const DossierTrail& trail, std::optional<Moment> Evidence::*field) {
  for (const DossierRecord& r : trail.records) {
    if (const std::optional<Moment>& value = r.latest->evidence.*field) return value;
  }
  return std::nullopt;
}

const DossierRow* First10(const DossierTrail& trail, const Instant* after) {
  for (const DossierRow& row : trail.rows) {
    if (row.status == "10" && (!after || row.at.at > *after)) return &row;
  }
  return nullptr;
}

}  // namespace

std::vector<DossierTrail> GatherTrails(const Revisions& dossiers, const Revisions& steps, Instant as_of) {
  std::vector<DossierTrail> all;
  for (const auto& [root, group] : Groups(dossiers, steps, as_of)) {
    for (DossierTrail& trail : group.Trails(as_of)) {
      PutInOrder(trail);
      MarkSynthetic(trail, ReceivedAt(trail));
      all.push_back(std::move(trail));
    }
  }
  return all;
}

std::string KeyIdOf(const std::set<std::string>& ids) {
  for (const std::string& id : ids) {
    if (HasOrganisationForm(id)) return id;
  }
  return *ids.begin();
}

DossierEnding FindEnding(const DossierTrail& trail, Instant as_of) {
  DossierEnding ending;
  for (const DossierRow& row : trail.rows) {
    if (row.status == "9" && !row.synthetic) ending.at.push_back(row.at);
  }
  if (!ending.at.empty()) return ending;
  const auto closed = Stated(trail, &Evidence::completed_at);
  const auto handed_over = Stated(trail, &Evidence::returned_at);
  if (const DossierRow* synthetic = FirstSynthetic(trail)) {
    if (Happened(closed, as_of)) return {{*closed}, ""};
    if (const DossierRow* later = First10(trail, &synthetic->at.at)) return {{later->at}, ""};
    return {{}, "synthetic_close"};
  }
  if (const DossierRow* handed = First10(trail, nullptr)) return {{handed->at}, ""};
  const std::string& status = trail.record().status;
  if (!IsClosing(status) || trail.goes_on) return ending;
  if (closed) return Happened(closed, as_of) ? DossierEnding{{*closed}, ""} : ending;
  if (status == "10" && handed_over) return Happened(handed_over, as_of) ? DossierEnding{{*handed_over}, ""} : ending;
  return {{}, "closed_without_time"};
}

Moment ReceivedAt(const DossierTrail& trail) {
  return *StatedIn(trail.records.front().history, &Evidence::assigned_at).Standing();
}

bool IsClosing(const std::string& status) { return status == "9" || status == "10"; }

bool IsOpen(const std::string& status) {
  return status == "1" || status == "2" || status == "4" || status == "5" || status == "6";
}

const DossierRow* FirstReal9(const DossierTrail& trail) {
  for (const DossierRow& row : trail.rows) {
    if (row.status == "9" && !row.synthetic) return &row;
  }
  return nullptr;
}

const DossierRow* Real9At(const DossierTrail& trail, const Moment& at) {
  for (const DossierRow& row : trail.rows) {
    if (row.status == "9" && !row.synthetic && row.at == at) return &row;
  }
  return nullptr;
}

const DossierRow* FirstSynthetic(const DossierTrail& trail) {
  for (const DossierRow& row : trail.rows) {
    if (row.synthetic) return &row;
  }
  return nullptr;
}

std::optional<Moment> EndedAgain(const DossierTrail& trail) {
  std::optional<Moment> end;
  for (const DossierRow& row : trail.rows) {
    if (row.synthetic) continue;
    if (IsOpen(row.status)) end.reset();
    if (IsClosing(row.status) && !end) end = row.at;
  }
  return end;
}

std::string LastState(const DossierTrail& trail) {
  for (auto row = trail.rows.rbegin(); row != trail.rows.rend(); ++row) {
    if (!row->synthetic) return row->status;
  }
  return trail.goes_on ? "" : trail.record().status;
}

}  // namespace mc
