#include "gateway/period_lock.h"

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>

#include "core/json.h"
#include "gateway/erasure.h"
#include "gateway/explain.h"
#include "gateway/stored_links.h"
#include "scoring/score_json.h"
#include "storage/leaf.h"

namespace mc {
namespace {

using Leaves = std::vector<std::int64_t>;

Leaves LeavesOf(const std::vector<EvidenceRef>& evidence) {
  std::set<std::int64_t> leaves;
  for (const EvidenceRef& ref : evidence) leaves.insert(ref.leaf_index);
  return {leaves.begin(), leaves.end()};
}

// --- attribution

using FactsByItem = std::map<std::pair<std::string, std::string>, const Fact*>;

FactsByItem FactsOf(const ScoreRun& run) {
  FactsByItem facts;
  for (const Fact& fact : run.facts) facts[{fact.person, fact.item_key}] = &fact;
  return facts;
}

// What stands beside the lines, by person; an ambiguous item beside each candidate's.
std::multimap<std::string, BesideItem> BesideItemsOf(const ScoreRun& run) {
  std::multimap<std::string, BesideItem> beside;
  for (const OffSheetItem& off : StandingOffSheet(run)) {
    const BesideItem item{off.item->key, std::string(Name(off.why)), LeavesOf(off.item->evidence)};
    const bool ambiguous = off.item->lead.state == LinkState::kAmbiguous;
    const auto people = ambiguous ? off.item->lead.candidates : std::vector<std::string>{off.item->lead.id};
    for (const std::string& person : people) beside.emplace(person, item);
  }
  return beside;
}

class CaseMaker {
 public:
  CaseMaker(const ScoreRun& run, std::int64_t directory_leaf, const ManualLinks& links)
      : run_(run), directory_leaf_(directory_leaf), links_(links), facts_(FactsOf(run)), beside_(BesideItemsOf(run)) {}

  SheetCase Make(const Subject& subject) const {
    SheetCase sheet;
    sheet.subject = subject;
    std::set<std::string> lines;
    for (const ScoreInputLine& line : subject.lines) {
      const Fact& fact = *facts_.at({subject.id, line.label});
      sheet.sources.push_back({fact.assigned_on, LeavesOf(fact.evidence)});
      lines.insert(line.label);
    }
    AddFactsWithoutLine(lines, sheet);
    const auto [from, to] = beside_.equal_range(subject.id);
    for (auto it = from; it != to; ++it) {
      if (!lines.contains(it->second.item)) sheet.beside.push_back(it->second);
    }
    sheet.context = {directory_leaf_};
    const auto assessment = run_.assessment_leaf.find(subject.id);
    if (assessment != run_.assessment_leaf.end()) sheet.context.push_back(assessment->second);
    const std::vector<std::int64_t> links = links_.LeavesAbout(subject.id);
    sheet.context.insert(sheet.context.end(), links.begin(), links.end());
    std::sort(sheet.context.begin(), sheet.context.end());
    return sheet;
  }

 private:
  // Their product is not in the catalogue: the person waits.
  void AddFactsWithoutLine(std::set<std::string>& lines, SheetCase& sheet) const {
    const std::string& person = sheet.subject.id;
    for (auto it = facts_.lower_bound({person, ""}); it != facts_.end() && it->first.first == person; ++it) {
      if (!lines.insert(it->first.second).second) continue;
      sheet.beside.push_back({it->first.second, "no_product", LeavesOf(it->second->evidence)});
    }
  }

  const ScoreRun& run_;
  std::int64_t directory_leaf_;
  const ManualLinks& links_;
  FactsByItem facts_;
  std::multimap<std::string, BesideItem> beside_;
};

Result<ScoreRules> RulesFrom(const LockRules& lock, const StoredImport& directory) {
  MC_TRY(const Json documents, ParseJson(lock.documents));
  MC_TRY(const Json people, ParseJson(directory.document));
  ScoreRules rules;
  MC_TRY(rules.policy, ParsePolicy(documents.at("policy")));
  MC_TRY(rules.catalogue, Catalogue::Parse(documents.at("catalogue")));
  if (!documents.at("calendar").is_null()) {
    MC_TRY(rules.calendar, WorkCalendar::Parse(documents.at("calendar")));
  }
  MC_TRY(rules.directory, ParseDirectory(people, lock.person_key));
  rules.period = lock.period;
  rules.through = lock.through;
  rules.sources = lock.sources;
  return rules;
}

// --- locking

Result<Digest> DocumentDigest(const Json& documents, const char* name) {
  MC_TRY(const std::string text, CanonicalJson(documents.at(name)));
  return Sha256(text);
}

Result<LockedEntry> EntryFor(const SheetCase& sheet, const ScoreCard& card, const std::string& period,
                             const std::string& key, RandomSource& random) {
  LockedEntry entry;
  MC_TRY(entry.case_text, SheetCaseText(sheet));
  MC_TRY(entry.score_text, CanonicalJson(CardToJson(card)));
  MC_TRY(entry.list, PersonListText({sheet.subject.id, period, LeavesUsed(sheet), Sha256(entry.case_text),
                                     Sha256(entry.score_text)}));
  entry.salt = random.Bytes(kSaltBytes);
  entry.entry = {PersonPseudonym(key, sheet.subject.id), Commit(entry.salt, entry.list)};
  return entry;
}

Result<std::vector<LockedEntry>> EntriesOf(const AttributedRun& attributed, const std::string& key,
                                           RandomSource& random) {
  std::vector<LockedEntry> entries;
  for (std::size_t i = 0; i < attributed.cases.size(); ++i) {
    MC_TRY(LockedEntry entry, EntryFor(attributed.cases[i], attributed.run.sheets.cards[i],
                                       FormatPeriod(attributed.run.period), key, random));
    entries.push_back(std::move(entry));
  }
  std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return a.entry < b.entry; });
  return entries;
}

Result<PeriodIndex> IndexOf(const AttributedRun& attributed, const LockRules& rules, const PeriodLock& lock,
                            Instant now) {
  MC_TRY(const Json documents, ParseJson(rules.documents));
  std::vector<PeriodEntry> entries;
  for (const LockedEntry& entry : lock.entries) entries.push_back(entry.entry);
  PeriodIndex index;
  index.period = FormatPeriod(rules.period);
  index.as_of = attributed.run.as_of;
  index.locked_at = now;
  index.through = rules.through;
  index.entries = static_cast<std::int64_t>(entries.size());
  index.root = PeriodRoot(entries);
  index.key_digest = Sha256(lock.key);
  index.policy_id = attributed.run.policy.id;
  MC_TRY(index.policy, DocumentDigest(documents, "policy"));
  MC_TRY(index.catalogue, DocumentDigest(documents, "catalogue"));
  MC_TRY(index.calendar, DocumentDigest(documents, "calendar"));
  return index;
}

// --- who would wait for ever

std::set<std::string> AwaitingData(const ScoreRun& run) {
  std::set<std::string> people;
  for (std::size_t i = 0; i < run.sheets.cards.size(); ++i) {
    if (run.sheets.cards[i].status == ScoreStatus::kAwaitingData) people.insert(run.sheets.subjects[i].id);
  }
  return people;
}

std::int64_t CountIn(const std::set<std::string>& people, const std::set<std::string>& among) {
  return std::count_if(people.begin(), people.end(), [&](const std::string& id) { return among.contains(id); });
}

// Whom a policy does not grade waits for nothing, whatever feeds their post.
std::set<std::string> WaitingForSources(const ScoreRun& run, const std::set<std::string>& awaiting) {
  std::set<std::string> people;
  for (const DataWait& wait : run.waits) {
    std::copy_if(wait.people.begin(), wait.people.end(), std::inserter(people, people.end()),
                 [&](const std::string& id) { return awaiting.contains(id); });
  }
  return people;
}

Error SheetsWaiting(const ScoreRun& run, const std::set<std::string>& awaiting, std::int64_t waiting) {
  std::string message = std::to_string(waiting) + " of " + std::to_string(run.sheets.cards.size()) + " sheets of " +
                        FormatPeriod(run.period) + " wait for data, and a lock cannot be undone:";
  for (const DataWait& wait : run.waits) {
    const std::int64_t count = CountIn(wait.people, awaiting);
    if (count > 0) message += "\n  " + wait.what + " (" + std::to_string(count) + " sheets)";
  }
  message +=
      "\nRun `minhchung sync` once the sources deliver (`sources check` says what is wrong with them), replay or drop "
      "what `quarantine list` shows, and lock then; `--with-waiting` locks these sheets without total and class";
  return TransientError("sheets_waiting", message);
}

// --- checking

void AddFault(IndexReport& report, const char* what, const std::string& period, const std::string& detail) {
  report.faults.push_back({what, "period " + period, detail});
}

// Leaves of locked lines, and of items beside them, in which a leaf was erased. What is left of such an item may
// be attributed otherwise, or to nobody.
void AddTouched(const SheetCase& sheet, const ErasedLeaves& erased, std::set<std::int64_t>& touched) {
  const auto add = [&](const Leaves& leaves) {
    if (std::any_of(leaves.begin(), leaves.end(), [&](std::int64_t leaf) { return erased.Find(leaf) != nullptr; })) {
      touched.insert(leaves.begin(), leaves.end());
    }
  };
  for (const LineSource& source : sheet.sources) add(source.leaves);
  for (const BesideItem& beside : sheet.beside) add(beside.leaves);
}

// An entry that does not open is fsck's to name, and CompareAll's.
Result<std::set<std::int64_t>> TouchedLeaves(Store& store, const LockedPeriod& locked) {
  std::set<std::int64_t> touched;
  MC_TRY(const ErasedLeaves erased, ErasedLeaves::Load(store));
  if (erased.empty()) return touched;
  MC_TRY(const std::vector<PeriodEntry> entries, store.PeriodEntries(locked.leaf));
  for (const PeriodEntry& entry : entries) {
    const auto opened = store.OpenEntry(locked, entry.pseudonym);
    if (!opened.ok()) continue;
    MC_TRY(const SheetCase sheet, ParseSheetCase(opened->case_text));
    AddTouched(sheet, erased, touched);
  }
  return touched;
}

Leaves Without(const Leaves& leaves, const std::set<std::int64_t>& touched) {
  Leaves rest;
  std::set_difference(leaves.begin(), leaves.end(), touched.begin(), touched.end(), std::back_inserter(rest));
  return rest;
}

// The list as it was locked against the leaves that are attributed now.
void CompareLists(const std::string& period, const PersonList& list, const Leaves& locked, const Leaves& attributed,
                  IndexReport& report) {
  Leaves missing, extra;
  std::set_difference(attributed.begin(), attributed.end(), locked.begin(), locked.end(), std::back_inserter(missing));
  std::set_difference(locked.begin(), locked.end(), attributed.begin(), attributed.end(), std::back_inserter(extra));
  for (const std::int64_t leaf : missing) {
    AddFault(report, "index_left_out", period,
             "leaf " + std::to_string(leaf) + " is attributed to " + list.person + " and not in their list");
  }
  for (const std::int64_t leaf : extra) {
    AddFault(report, "index_slipped_in", period,
             "leaf " + std::to_string(leaf) + " is in the list of " + list.person + " and not attributed to them");
  }
}

Status CompareAll(Store& store, const LockedPeriod& locked, const AttributedRun& attributed, IndexReport& report) {
  const std::string& period = locked.index.period;
  MC_TRY(const std::set<std::int64_t> touched, TouchedLeaves(store, locked));
  report.not_comparable += static_cast<std::int64_t>(touched.size());
  for (const SheetCase& sheet : attributed.cases) {
    const std::string& person = sheet.subject.id;
    const auto entry = store.OpenEntry(locked, PersonPseudonym(locked.key, person));
    if (!entry.ok()) {
      AddFault(report, "index_entry", period, person + ": " + entry.error().message);
      continue;
    }
    MC_TRY(const PersonList list, ParsePersonList(entry->list));
    if (list.person != person) AddFault(report, "index_entry", period, person + ": the list is of somebody else");
    CompareLists(period, list, Without(list.leaves, touched), Without(LeavesUsed(sheet), touched), report);
  }
  MC_TRY(const std::vector<PeriodEntry> entries, store.PeriodEntries(locked.leaf));
  if (entries.size() != attributed.cases.size()) {
    AddFault(report, "index_entry", period,
             std::to_string(entries.size()) + " entries, but " + std::to_string(attributed.cases.size()) +
                 " people have a sheet");
  }
  report.people += static_cast<std::int64_t>(entries.size());
  return Ok();
}

void CountLeaves(const AttributedRun& attributed, IndexReport& report) {
  std::set<std::int64_t> listed;
  for (const SheetCase& sheet : attributed.cases) {
    const Leaves used = LeavesUsed(sheet);
    listed.insert(used.begin(), used.end());
  }
  for (const EvidenceRevision& revision : attributed.run.evidence) {
    ++(listed.contains(revision.leaf_index) ? report.attributed : report.unattributed);
  }
}

Status CheckPeriodLists(Store& store, const LockedPeriod& locked, const std::string& person_key, IndexReport& report) {
  MC_TRY(const Period period, ParsePeriod(locked.index.period));
  const auto attributed = RunForLock(store, {locked.rules, person_key, period, locked.index.through});
  if (!attributed.ok()) {
    AddFault(report, "index_rules", locked.index.period, "it cannot be made again: " + attributed.error().message);
    return Ok();
  }
  ++report.periods;
  CountLeaves(*attributed, report);
  return CompareAll(store, locked, *attributed, report);
}

}  // namespace

Result<AttributedRun> RunForLock(Store& store, const LockRules& lock) {
  MC_TRY(const std::vector<StoredImport> directories, store.ImportsBefore("directory", lock.through));
  if (directories.empty()) {
    return ConfigError("no_directory", "no directory yet: run `minhchung import directory FILE` first");
  }
  MC_TRY(ScoreRules rules, RulesFrom(lock, directories.back()));
  MC_TRY(const StoredLinks stored, LoadLinks(store, lock.through));
  stored.links.AddTo(rules.directory);
  AttributedRun attributed;
  MC_TRY(attributed.run, RunScoring(store, std::move(rules)));
  const CaseMaker maker(attributed.run, directories.back().leaf, stored.links);
  for (const Subject& subject : attributed.run.sheets.subjects) attributed.cases.push_back(maker.Make(subject));
  return attributed;
}

Result<LockResult> LockSheets(Store& store, LockRules rules, Waiting waiting, Instant now, RandomSource& random) {
  const std::string period = FormatPeriod(rules.period);
  MC_TRY(const std::optional<LockedPeriod> locked, store.FindPeriod(period));
  if (locked) return DataError("period_locked", "the period " + period + " is locked already");
  MC_TRY(const LedgerHead head, store.SignHead());
  rules.through = head.size;
  MC_TRY(const AttributedRun attributed, RunForLock(store, rules));
  if (now < attributed.run.cutoff) {
    return ConfigError("period_open",
                       "events still count for " + period + ": lock it after " + FormatInstant(attributed.run.cutoff));
  }
  const std::set<std::string> awaiting = AwaitingData(attributed.run);
  LockResult result;
  result.waiting = static_cast<std::int64_t>(awaiting.size());
  result.waiting_for_sources = static_cast<std::int64_t>(WaitingForSources(attributed.run, awaiting).size());
  if (result.waiting_for_sources > 0 && waiting == Waiting::kRefused) {
    return SheetsWaiting(attributed.run, awaiting, result.waiting_for_sources);
  }
  PeriodLock lock;
  lock.key = random.Bytes(kPeriodKeyBytes);
  lock.rules = rules.documents;
  MC_TRY(lock.entries, EntriesOf(attributed, lock.key, random));
  MC_TRY(lock.index, IndexOf(attributed, rules, lock, now));
  MC_TRY(result.leaf, store.LockPeriod(lock));
  MC_TRY([[maybe_unused]] const LedgerHead signed_head, store.SignHead());
  result.people = lock.index.entries;
  std::set<std::int64_t> leaves;
  for (const SheetCase& sheet : attributed.cases) {
    const Leaves used = LeavesUsed(sheet);
    leaves.insert(used.begin(), used.end());
  }
  result.leaves = static_cast<std::int64_t>(leaves.size());
  return result;
}

Result<IndexReport> CheckIndexes(Store& store, const std::string& person_key) {
  MC_TRY(const std::vector<std::string> periods, store.ListPeriods());
  IndexReport report;
  for (const std::string& name : periods) {
    const auto locked = store.FindPeriod(name);
    if (!locked.ok() || !*locked) {
      AddFault(report, "index", name, locked.ok() ? "it is gone" : locked.error().message);
      continue;
    }
    MC_CHECK_OK(CheckPeriodLists(store, **locked, person_key, report));
  }
  return report;
}

}  // namespace mc
