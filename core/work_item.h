// WorkItem: one product instance of one lead person, built from all evidence with one
// item key (blueprint 4a). The only thing that scoring counts. Plain values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/evidence.h"
#include "core/ratio.h"
#include "core/time.h"

namespace mc {

enum class LinkState { kResolved, kAmbiguous, kUnresolved, kNotApplicable };

// A dated link from what a source names to a person or unit of the directory.
struct Link {
  LinkState state = LinkState::kUnresolved;
  std::string id;                       // when resolved
  std::vector<std::string> candidates;  // when ambiguous, sorted
  std::string key;                      // "staff_code", "email", "account", "label", "unit_code", "unit_name",
                                        // "unit_successor"
  std::string reason;                   // "unknown_label", "two_owners", ... when not resolved
  // Of a person who is not resolved: the last key that was tried, as the source writes it, and where it counts.
  std::string said;
  std::string register_id;
};

enum class ItemKind { kDocumentHandling, kDossier, kReport, kTask };

// A figure always names the evidence that it came from: index into WorkItem::evidence.
struct EvidenceRef {
  std::int64_t ik = 0;
  std::int64_t leaf_index = 0;
  std::string source;
  std::string says;  // "document", "status 06", "dossier", "step 9", "report", "task", "result"
};

struct Completion {
  Moment at;
  Ratio quantity = 1;
  Assurance level = Assurance::kRecorded;
  std::string by;  // key of the result that backs it, or "acceptance", or empty: its own system
};

// What became of one thing that a claim or a task code names.
struct RefVerdict {
  std::string ref;     // item key or document key, as far as it is known
  // "passes", "not_found", "instruction", "not_finished", "other_unit", "other_person",
  // "before_assignment", "after_claim", "returned", "unknown_lead", "in_conflict" (it would pass, and waits)
  std::string reason;
};

struct WorkItem {
  std::string key;
  std::vector<std::string> aliases;  // sorted
  ItemKind kind = ItemKind::kTask;

  Link unit;                   // the unit that it stands under
  Link lead;                   // the one lead
  std::vector<std::string> contributors;  // resolved persons; shown, never counted here

  Moment assigned_at;
  Assurance assigned_level = Assurance::kRecorded;
  bool self_set = false;       // listed, counts in neither, joins nothing

  std::optional<Moment> due;   // the deadline in force at as_of; absent: no_deadline
  // Deadlines before the one in force that were missed while the item was open.
  std::int64_t missed_before = 0;

  Ratio quantity = 1;
  std::vector<Completion> completions;  // by time; only those that stand (after the last return)
  std::int64_t quality_failures = 0;    // returns for a major content error
  std::int64_t unknown_returns = 0;     // reasons not in the table: reported to its keeper

  std::string product;         // empty: held
  std::vector<std::string> held;   // reasons; not empty = held
  std::optional<std::string> left;  // why it leaves all denominators
  bool claimed = false;        // somebody claims it
  bool claim_counts = false;   // the latest claim is backed
  std::vector<RefVerdict> tested;  // results that the task's code or its latest claim names
  std::vector<std::string> notes;  // for people: "no_deadline", "recall_after_completion", ...

  std::vector<EvidenceRef> evidence;  // everything that was read for it
};

// How one item stands in one period (blueprint 4a "Period", "Late", "Unfinished").
struct Standing {
  Ratio assigned = 1;   // quantity that stands here (remaining, when carried over)
  Ratio completed = 0;  // of sufficient assurance, by the cut-off
  std::int64_t late = 0;
  std::int64_t quality_failures = 0;
  bool carried_over = false;
  bool no_deadline = false;
};

bool operator==(const Standing& a, const Standing& b);

std::string_view Name(ItemKind kind);
std::string_view Name(LinkState state);

}  // namespace mc
