#include "mapping/dossier_conflicts.h"

#include <algorithm>

#include "mapping/standing.h"

namespace mc {
namespace {

// The trail as it would be if a record still said what an earlier revision of it said.
DossierTrail AsSaidBy(const DossierTrail& trail, std::size_t record, const EvidenceRevision* revision) {
  DossierTrail earlier = trail;
  earlier.records[record].latest = revision;
  return earlier;
}

// Whether an earlier record states the date by which the latest one would end; a first statement moves nothing.
bool StatesAnEnd(const Evidence& earlier, const Evidence& latest) {
  return earlier.completed_at || (earlier.returned_at && !latest.completed_at);
}

// Later than anything that is stated: a record of today may have told of an end behind as_of.
constexpr Instant kEver{INT64_MAX};

// The first end, by the oldest revision that gives one.
std::optional<Moment> FirstEndSaid(const DossierTrail& trail) {
  const std::vector<Moment> ends = EndsAsSaid(trail);
  return ends.empty() ? std::nullopt : std::optional(ends.front());
}

bool ReturnedBetween(const std::vector<Moment>& returns, const Moment& from, const Moment& to) {
  return std::any_of(returns.begin(), returns.end(),
                     [&](const Moment& r) { return !IsBefore(r, from) && !IsBefore(to, r); });
}

const DossierRow* RowAt(const DossierTrail& trail, const Moment& end) {
  for (const DossierRow& row : trail.rows) {
    if (!row.synthetic && IsClosing(row.status) && row.at == end) return &row;
  }
  return nullptr;
}

// A row shows it open behind an end, and no task that names it was sent back in between.
bool OpenedAgain(const DossierTrail& trail, const Moment& end, const std::vector<Moment>& returns) {
  std::optional<Moment> closed;
  bool ended = false;
  for (const DossierRow& row : trail.rows) {
    if (row.synthetic) continue;
    if (!ended && IsBefore(end, row.at)) closed = end;  // an end that no row tells
    ended = ended || closed || IsClosing(row.status);
    if (IsOpen(row.status) && closed) {
      if (!ReturnedBetween(returns, *closed, row.at)) return true;
      closed.reset();
    }
    if (IsClosing(row.status) && !closed) closed = row.at;
  }
  return false;
}

// Its status went back to open after it had ended, and no row says when. Rows behind as_of may be what the
// status speaks of; one that was said before the end came in speaks of before.
bool StatusWentBack(const DossierTrail& trail, const Moment& end) {
  if (trail.goes_on) return false;
  const DossierRow* row = RowAt(trail, end);
  return std::any_of(trail.records.begin(), trail.records.end(), [&](const DossierRecord& record) {
    const auto closing = [](const EvidenceRevision* r) { return IsClosing(r->evidence.status); };
    const bool since = !row || row->revision->said_at() < record.latest->said_at();
    return since && IsOpen(record.latest->evidence.status) &&
           std::any_of(record.history.begin(), record.history.end(), closing);
  });
}

bool OpenRowBehind(const DossierTrail& trail, const Moment& end) {
  return std::any_of(trail.rows.begin(), trail.rows.end(), [&](const DossierRow& row) {
    return !row.synthetic && IsOpen(row.status) && IsBefore(end, row.at);
  });
}

// Closed again, and whichever of its ends counts, the line is the same.
bool NoHarm(const DossierTrail& trail, const Moment& end, const std::optional<Moment>& due) {
  const std::optional<Moment> again = EndedAgain(trail);
  if (!again || StatusWentBack(trail, end)) return false;
  return due ? !IsLate(*again, *due) : PeriodOf(CityDate(end)) == PeriodOf(CityDate(*again));
}

// The row that counts came after a later one of its kind, with nothing between: an end that was dated back.
bool DatedBack(const DossierTrail& trail, const Moment& end, const std::vector<Moment>& returns) {
  const DossierRow* counts = RowAt(trail, end);
  if (!counts) return false;
  for (const DossierRow& row : trail.rows) {
    if (row.at.at <= counts->at.at || row.synthetic) continue;
    if (IsOpen(row.status)) return false;
    const bool before = row.status == counts->status && row.revision->said_at() < counts->revision->said_at();
    if (before) return !ReturnedBetween(returns, end, row.at);
  }
  return false;
}

void JudgeReceipt(const DossierTrail& trail, std::vector<std::string>& reasons) {
  for (const DossierRecord& record : trail.records) {
    const DateStatements said = StatedIn(record.history, &Evidence::assigned_at);
    if (said.Rewritten()) Append(reasons, Rewriting(conflict::kAssignedRewritten, said));
  }
}

bool Moved(const Moment& first, const std::vector<Moment>& now, const std::vector<Moment>& returns, Instant as_of) {
  if (now.empty()) return Happened(first, as_of);
  return !SameMoment(first, now.front()) && !ReturnedBetween(returns, first, now.front());
}

// What ended it first, and what ends it now.
void JudgeEnds(const DossierTrail& trail, const std::optional<Moment>& due, const std::vector<Moment>& returns,
               Instant as_of, std::vector<std::string>& reasons) {
  const std::optional<Moment> first = FirstEndSaid(trail);
  if (!first) return;
  const std::vector<Moment> now = FindEnding(trail, as_of).at;
  if (!now.empty() && IsBefore(now.front(), ReceivedAt(trail))) Append(reasons, std::string(conflict::kCompletedFirst));
  if (WasReopened(trail, returns, as_of)) {
    if (!NoHarm(trail, *first, due)) Append(reasons, std::string(conflict::kReopened));
    return;
  }
  if (Moved(*first, now, returns, as_of) || (!now.empty() && DatedBack(trail, now.front(), returns))) {
    const std::optional<Moment> last = now.empty() ? std::nullopt : std::optional(now.front());
    Append(reasons, Rewriting(conflict::kCompletedRewritten, {first, last}));
  }
}

}  // namespace

std::vector<Moment> NewlySet(const DossierTrail& trail) {
  std::vector<Moment> set;
  for (const DossierRecord& record : trail.records) {
    for (const Supplement& s : record.latest->evidence.supplements) {
      if (s.new_due) set.push_back(*s.new_due);
    }
  }
  return set;
}

DueStated DossierDue(const DossierTrail& trail) {
  const std::vector<Moment> newly_set = NewlySet(trail);
  DueStated due;
  for (const DossierRecord& record : trail.records) {
    const DueStated own = DueStatedIn(record.history, newly_set);
    if (!due.due) due.due = own.due;
    if (due.conflict.empty()) due.conflict = own.conflict;
  }
  return due;
}

std::vector<Moment> EndsAsSaid(const DossierTrail& trail) {
  std::vector<Moment> ends;
  const auto add = [&](const DossierTrail& said) {
    for (const Moment& at : FindEnding(said, kEver).at) {
      if (std::find(ends.begin(), ends.end(), at) == ends.end()) ends.push_back(at);
    }
  };
  for (std::size_t i = 0; i < trail.records.size(); ++i) {
    const EvidenceRevision* latest = trail.records[i].latest;
    for (const EvidenceRevision* revision : trail.records[i].history) {
      if (revision != latest && StatesAnEnd(revision->evidence, latest->evidence)) add(AsSaidBy(trail, i, revision));
    }
  }
  add(trail);
  return ends;
}

std::vector<std::string> DossierConflicts(const DossierTrail& trail, const std::optional<Moment>& due,
                                          const std::vector<Moment>& returns, Instant as_of) {
  std::vector<std::string> reasons = trail.doubts;
  JudgeReceipt(trail, reasons);
  const DueStated stated = DossierDue(trail);
  if (!stated.conflict.empty()) Append(reasons, stated.conflict);
  JudgeEnds(trail, due, returns, as_of, reasons);
  return reasons;
}

bool WasReopened(const DossierTrail& trail, const std::vector<Moment>& returns, Instant as_of) {
  const std::optional<Moment> end = FirstEndSaid(trail);
  if (!end || !Happened(*end, as_of)) return false;
  if (OpenRowBehind(trail, *end)) return OpenedAgain(trail, *end, returns);
  const bool returned =
      std::any_of(returns.begin(), returns.end(), [&](const Moment& r) { return !IsBefore(r, *end); });
  return !returned && StatusWentBack(trail, *end);
}

std::vector<const DossierRow*> Contenders(const DossierTrail& trail, const DossierRow& naming) {
  std::vector<const DossierRow*> rows = {&naming};
  for (const DossierRow& row : trail.rows) {
    const bool equal = !row.synthetic && row.at == naming.at && row.status == naming.status;
    const bool first = &row == &trail.rows.front();
    if (equal && !first && &row != &naming && !row.revision->evidence.lead.empty()) rows.push_back(&row);
  }
  return rows;
}

}  // namespace mc
