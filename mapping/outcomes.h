// What the systems of record say about documents, dossiers and reports, before tasks are
// held against them. Internal to item building (mapping/items.cc).
//
// An Outcome is an item of its own, a result that may back a task, or both: a handling at
// a receiver is only an item, an outgoing document only a result, a dossier or report
// both. Plain values; pure functions; any thread.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/evidence.h"
#include "core/work_item.h"
#include "mapping/deadline.h"
#include "mapping/identity.h"
#include "mapping/items.h"

namespace mc {

// One time at which a result was finished, and whom the source names for it.
struct ResultEnd {
  Moment at;
  bool names_anyone = false;
  std::string person;  // resolved, or empty
};

struct Outcome {
  WorkItem item;                 // as an item of its own; key is also the result's key
  bool is_item = true;           // false: an outgoing document
  bool usable = true;            // as a result: neither held nor left
  bool in_conflict = false;      // as a result: what names it waits; `ends` are all that were stated
  std::vector<ResultEnd> ends;   // by time, as of as_of
  std::optional<CivilDate> promulgated;  // documents
  DocumentRef document;          // documents
  std::vector<std::string> task_codes;   // documents
  DeadlineTrack track;           // the system of record's own deadline
  std::vector<Wait> waits;       // dossiers
};

struct BuildContext {
  const IdentityIndex& identity;
  const ItemSettings& settings;
  Instant as_of;
};

using Revisions = std::vector<const EvidenceRevision*>;

// Handlings at receivers (items) and outgoing documents (results), by key.
struct DocumentOutcomes {
  std::vector<WorkItem> handlings;
  std::map<std::string, Outcome> outgoing;  // by "issuer|number|date"
};
DocumentOutcomes BuildDocuments(const Revisions& documents, const Revisions& statuses, const BuildContext& context);

// When tasks that name a dossier were sent back, by its id as they write it.
using ReturnsById = std::map<std::string, std::vector<Moment>>;

// By item key; `keys_of_id` maps every id (native, without prefix) of every dossier: several where it stands
// in two registers, or between dossiers of which nothing says that they are one.
struct DossierOutcomes {
  std::map<std::string, Outcome> by_key;
  std::map<std::string, std::vector<std::string>> keys_of_id;
};
// `dossiers` holds every revision, oldest first.
DossierOutcomes BuildDossiers(const Revisions& dossiers, const Revisions& steps, const ReturnsById& returns,
                              const BuildContext& context);

// By item key. `reports` holds every revision, oldest first.
std::map<std::string, Outcome> BuildReports(const Revisions& reports, const BuildContext& context);

// Why a report is held: its deadline falls where the work calendar knows no days.
inline constexpr std::string_view kOutsideCalendar = "outside_calendar";
// Noted where a refusal or withdrawal came behind an end that counts (decision 0001, rules 8 and 10).
inline constexpr const char* kWithdrawnLate = "withdrawn_after_completion";

// Small helpers that all builders share.
bool Happened(const std::optional<Moment>& at, Instant as_of);
EvidenceRef RefOf(const EvidenceRevision& revision, std::string says);
void HoldWithoutProduct(WorkItem& item, bool type_known);
void Append(std::vector<std::string>& list, std::string text);  // unless it is there

}  // namespace mc
