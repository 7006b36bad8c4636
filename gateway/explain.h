// One sheet, opened: the formula with its numbers, each line with what it lost and why,
// the evidence below it down to record, hash and leaf, and everything that does not count
// with the reason. Built as data first; the text for people is made from that data's parts.
//
// ExplainSheet is pure; OpenItem reads payloads through Store::OpenRecord, which is audited.
#pragma once

#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/json.h"
#include "core/result.h"
#include "gateway/evidence_checks.h"
#include "gateway/satisfaction_view.h"
#include "gateway/score_run.h"

namespace mc {

// An item of the person that is no line of the sheet, or is one with completed 0 although
// somebody claims it.
enum class OffSheet { kClaimNotBacked, kSelfSet, kHeld, kAmbiguous, kLeft, kContributed };

struct OffSheetItem {
  OffSheet why;
  const WorkItem* item;
};

struct SheetView {
  const ScoreRun& run;
  const PersonContext& person;
  const Subject& subject;
  const ScoreCard& card;
  std::vector<OffSheetItem> off_sheet;  // by kind, then key
};

// Everything that stands in the period beside its lead's lines, once each, in item order;
// an ambiguous item stands beside every candidate's.
std::vector<OffSheetItem> StandingOffSheet(const ScoreRun& run);

// As in SheetView, of everybody who has any; one walk through all items.
std::map<std::string, std::vector<OffSheetItem>> OffSheetByPerson(const ScoreRun& run);

// kConfig "unknown_person" when nobody of that id has a sheet in the period. The view
// borrows the run.
Result<SheetView> ViewSheet(const ScoreRun& run, const std::string& person);

// The lines of the sheet, then what stands beside it.
std::vector<const WorkItem*> ItemsOf(const SheetView& view);

// Explains sheet after sheet of one run, which outlives it, as do the checks.
class SheetExplainer {
 public:
  SheetExplainer(const ScoreRun& run, const EvidenceChecks& checks);
  Json Explain(const SheetView& view, const SatisfactionBeside& said) const;

 private:
  const ScoreRun& run_;
  const EvidenceChecks& checks_;
  std::unordered_map<std::int64_t, const EvidenceRevision*> by_ik_;
};

Json ExplainAsJson(const SheetView& view, const EvidenceChecks& checks);
std::vector<std::string> ExplainAsText(const SheetView& view, const EvidenceChecks& checks);
// Of these, the sentences about the sheet as a whole: class or why there is none, and the formula with its numbers.
std::vector<std::string> FiguresAsText(const SheetView& view);
std::string WhyOffAsText(const OffSheetItem& off);  // one sentence
std::string_view TitleOf(OffSheet why);             // "VIỆC TẠM GIỮ"

// Raw bytes of one record, with the hash recomputed from them.
struct OpenedRecord {
  EvidenceRef ref;
  StoredRecord stored;
  Digest recomputed;
  bool matches = false;
};
// kConfig "unknown_item" when the sheet knows no such item (key or alias).
Result<const WorkItem*> FindOnSheet(const SheetView& view, const std::string& item_key);
Result<std::vector<OpenedRecord>> OpenItem(Store& store, const WorkItem& item, const std::string& why);

// With the table of checks of each record; `checks` are those of the item, in its order.
Json OpenedAsJson(const WorkItem& item, const std::vector<OpenedRecord>& records, const std::vector<CheckRows>& checks);
// `terminal`: control bytes are shown as \xNN, so that no payload commands the screen.
std::vector<std::string> OpenedAsText(const WorkItem& item, const std::vector<OpenedRecord>& records,
                                      const std::vector<CheckRows>& checks, bool terminal);

std::string_view Name(OffSheet why);

}  // namespace mc
