#include "gateway/erasure.h"

#include <algorithm>

#include "gateway/all_evidence.h"
#include "storage/period_index.h"

namespace mc {
namespace {

using ErasedPeople = std::set<std::string>;
using History = std::pair<std::string, std::string>;  // register and native id

// --- for whom a leaf stands

struct LockedList {
  std::string period;
  PersonList list;
};

Result<std::vector<LockedList>> LockedListsOf(Store& store) {
  std::vector<LockedList> lists;
  MC_TRY(const std::vector<std::string> periods, store.ListPeriods());
  for (const std::string& name : periods) {
    MC_TRY(const std::optional<LockedPeriod> locked, store.FindPeriod(name));
    if (!locked) continue;
    MC_TRY(const std::vector<PeriodEntry> entries, store.PeriodEntries(locked->leaf));
    for (const PeriodEntry& entry : entries) {
      MC_TRY(const LockedEntry opened, store.OpenEntry(*locked, entry.pseudonym));
      MC_TRY(PersonList list, ParsePersonList(opened.list));
      lists.push_back({name, std::move(list)});
    }
  }
  return lists;
}

struct Standings {
  std::map<std::int64_t, ErasedPeople>
      people;  // by leaf: who leads, or may lead, an item with it, or has it in a locked list
  std::vector<LockedList> lists;
  std::vector<EvidenceRevision> evidence;
};

Result<Standings> StandingsOf(Store& store, const Attribution& attribution) {
  Standings standings;
  MC_TRY(standings.evidence, AllEvidence(store));
  const auto items = BuildItems(standings.evidence, attribution.identity, attribution.settings, attribution.now);
  for (const WorkItem& item : items) {
    ErasedPeople leads(item.lead.candidates.begin(), item.lead.candidates.end());
    if (item.lead.state == LinkState::kResolved) leads.insert(item.lead.id);
    for (const EvidenceRef& ref : item.evidence) standings.people[ref.leaf_index].insert(leads.begin(), leads.end());
  }
  MC_TRY(standings.lists, LockedListsOf(store));
  for (const LockedList& locked : standings.lists) {
    for (const std::int64_t leaf : locked.list.leaves) standings.people[leaf].insert(locked.list.person);
  }
  return standings;
}

// --- who is named, beside the lead

// The person's keys, whenever they held: what is only shown errs on the side of showing.
class KeysOf {
 public:
  KeysOf(const DirectoryData& data, const std::string& person) {
    for (const StaffCode& s : data.staff_codes) {
      if (s.person == person) staff_codes_.insert(s.code);
    }
    for (const Email& e : data.emails) {
      if (e.person == person) emails_.insert(e.address);
    }
    for (const Account& a : data.accounts) {
      if (a.person == person) accounts_.insert({a.register_id, a.account});
    }
    for (const AccountLabel& l : data.labels) {
      if (l.person == person) labels_.insert({l.register_id, l.label});
    }
  }

  bool NamedIn(const Evidence& evidence) const {
    std::vector<const PersonKeys*> named{&evidence.lead, &evidence.assigner};
    for (const PersonKeys& keys : evidence.contributors) named.push_back(&keys);
    for (const Return& r : evidence.returns) named.push_back(&r.by);
    for (const Extension& e : evidence.extensions) named.push_back(&e.by);
    if (evidence.recall) named.push_back(&evidence.recall->by);
    if (evidence.acceptance) named.push_back(&evidence.acceptance->by);
    return std::any_of(named.begin(), named.end(),
                       [&](const PersonKeys* keys) { return IsOf(*keys, evidence.register_id); });
  }

 private:
  bool IsOf(const PersonKeys& keys, const std::string& register_id) const {
    return staff_codes_.contains(keys.staff_code) || emails_.contains(keys.email) ||
           accounts_.contains({register_id, keys.account}) || labels_.contains({register_id, keys.label});
  }

  std::set<std::string> staff_codes_, emails_;
  std::set<std::pair<std::string, std::string>> accounts_, labels_;
};

// --- plans

PlannedRecord Planned(const Standings& standings, HeldRecord record) {
  ErasedPeople people;
  for (const std::int64_t leaf : record.leaves) {
    if (const auto found = standings.people.find(leaf); found != standings.people.end()) {
      people.insert(found->second.begin(), found->second.end());
    }
  }
  return {std::move(record), {people.begin(), people.end()}};
}

void CountWhatGoes(const Standings& standings, ErasurePlan& plan) {
  std::set<std::int64_t> leaves;
  for (const PlannedRecord& planned : plan.goes)
    leaves.insert(planned.record.leaves.begin(), planned.record.leaves.end());
  plan.leaves = static_cast<std::int64_t>(leaves.size());
  for (const LockedList& locked : standings.lists) {
    const auto count = std::count_if(locked.list.leaves.begin(), locked.list.leaves.end(),
                                     [&](std::int64_t leaf) { return leaves.contains(leaf); });
    if (count > 0) plan.locked.push_back({locked.period, locked.list.person, count});
  }
}

bool OfOthers(const PlannedRecord& planned, const std::string& person) {
  return std::any_of(planned.stands_for.begin(), planned.stands_for.end(),
                     [&](const std::string& who) { return who != person; });
}

// A history stands for somebody else when any record of it does.
void Divide(std::vector<PlannedRecord> records, const std::string& person, ErasurePlan& plan) {
  std::set<History> of_others;
  const auto history = [](const PlannedRecord& p) { return History(p.record.register_id, p.record.native_id); };
  for (const PlannedRecord& planned : records) {
    if (OfOthers(planned, person)) of_others.insert(history(planned));
  }
  for (PlannedRecord& planned : records) {
    (of_others.contains(history(planned)) ? plan.kept : plan.goes).push_back(std::move(planned));
  }
}

// What names the person and is no item of theirs.
void KeepWhatNames(const Standings& standings, const KeysOf& keys, ErasurePlan& plan) {
  std::set<std::int64_t> seen;
  for (const auto* part : {&plan.goes, &plan.kept}) {
    for (const PlannedRecord& planned : *part) seen.insert(planned.record.ik);
  }
  for (const EvidenceRevision& revision : standings.evidence) {
    if (!keys.NamedIn(revision.evidence) || !seen.insert(revision.ik).second) continue;
    plan.kept.push_back(Planned(standings, {revision.ik,
                                            revision.source,
                                            revision.evidence.register_id,
                                            revision.evidence.native_id,
                                            {revision.leaf_index}}));
  }
}

std::vector<std::int64_t> RecordsOf(const Standings& standings, const std::string& person) {
  std::set<std::int64_t> records;
  for (const EvidenceRevision& revision : standings.evidence) {
    const auto found = standings.people.find(revision.leaf_index);
    if (found != standings.people.end() && found->second.contains(person)) records.insert(revision.ik);
  }
  return {records.begin(), records.end()};
}

}  // namespace

Result<ErasedLeaves> ErasedLeaves::Load(Store& store) {
  ErasedLeaves erased;
  MC_TRY(erased.erasures_, store.ListErasures());
  for (std::size_t i = 0; i < erased.erasures_.size(); ++i) {
    for (const std::int64_t leaf : erased.erasures_[i].leaves) erased.by_leaf_.emplace(leaf, i);
  }
  return erased;
}

const Erasure* ErasedLeaves::Find(std::int64_t leaf) const {
  const auto found = by_leaf_.find(leaf);
  return found == by_leaf_.end() ? nullptr : &erasures_[found->second];
}

Result<ErasurePlan> PlanForPerson(Store& store, const Attribution& attribution, const std::string& person) {
  if (!attribution.identity.FindPerson(person)) {
    return ConfigError("unknown_person", "the directory knows nobody of this id; for others give --record");
  }
  MC_TRY(const Standings standings, StandingsOf(store, attribution));
  MC_TRY(std::vector<HeldRecord> held, store.HistoriesOf(RecordsOf(standings, person)));
  std::vector<PlannedRecord> records;
  for (HeldRecord& record : held) records.push_back(Planned(standings, std::move(record)));
  ErasurePlan plan;
  Divide(std::move(records), person, plan);
  KeepWhatNames(standings, KeysOf(attribution.identity.data(), person), plan);
  CountWhatGoes(standings, plan);
  return plan;
}

Result<ErasurePlan> PlanForRecords(Store& store, const Attribution& attribution,
                                   const std::vector<std::int64_t>& records) {
  MC_TRY(std::vector<HeldRecord> held, store.HistoriesOf(records));
  MC_TRY(const Standings standings, StandingsOf(store, attribution));
  ErasurePlan plan;
  for (HeldRecord& record : held) plan.goes.push_back(Planned(standings, std::move(record)));
  CountWhatGoes(standings, plan);
  return plan;
}

}  // namespace mc
