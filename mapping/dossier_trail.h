// One dossier as the one-stop system tells it: the ids that are one, what stands under them, its progress rows,
// and how it ended (4a; decision 0001, rules 9, 10 and 13). Internal to item building. Pure; any thread.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "mapping/conflicts.h"
#include "mapping/outcomes.h"

namespace mc {

struct DossierRow {  // one progress row
  Moment at;
  std::string status;
  const EvidenceRevision* revision = nullptr;
  bool synthetic = false;
};

struct DossierRecord {  // what stands under one id
  const EvidenceRevision* latest = nullptr;
  Chain history;  // ends with `latest`
};

struct DossierTrail {
  std::set<std::string> ids;
  std::set<std::string> shared;        // of a trail in doubt: ids without a record, which others name too
  std::vector<DossierRecord> records;  // the key's own first
  std::vector<DossierRow> rows;        // by time, ties with 9 and 10 last
  bool goes_on = false;                // rows after as_of: the record's own status speaks of later
  std::vector<std::string> doubts;     // why its ids may not be one: "ids_overlap", "ids_disagree"

  const Evidence& record() const { return records.front().latest->evidence; }
};

// Every dossier by as_of, each once, with its synthetic rows marked. Ids that are one only because they share
// a third one stand apart, in doubt. `dossiers` holds every revision, oldest first.
std::vector<DossierTrail> GatherTrails(const Revisions& dossiers, const Revisions& steps, Instant as_of);

std::string KeyIdOf(const std::set<std::string>& ids);

// How the dossier ended, as far as an outsider may conclude.
struct DossierEnding {
  std::vector<Moment> at;
  std::string held;  // reason, when it seems closed but nothing says when
};
DossierEnding FindEnding(const DossierTrail& trail, Instant as_of);

Moment ReceivedAt(const DossierTrail& trail);
bool IsClosing(const std::string& status);  // 9, 10
bool IsOpen(const std::string& status);     // 1, 2, 4, 5, 6
const DossierRow* FirstReal9(const DossierTrail& trail);
const DossierRow* Real9At(const DossierTrail& trail, const Moment& at);
const DossierRow* FirstSynthetic(const DossierTrail& trail);
// The end after the last time at which rows show it open; nullopt: it is open.
std::optional<Moment> EndedAgain(const DossierTrail& trail);
// Of the last row that is not synthetic; without rows that of the record.
std::string LastState(const DossierTrail& trail);

}  // namespace mc
