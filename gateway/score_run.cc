#include "gateway/score_run.h"

#include <algorithm>
#include <set>
#include <utility>

#include <nlohmann/json.hpp>

#include "core/json.h"
#include "gateway/quality.h"
#include "gateway/quality_now.h"
#include "mapping/said_before.h"
#include "storage/verify_facts.h"

namespace mc {
namespace {

using ByPerson = std::map<std::string, PersonContext>;

using Chain = std::pair<std::string, std::string>;  // register and native id of the record

Result<Chain> ChainOf(Store& store, std::int64_t leaf) {
  MC_TRY(const OpenedLeaf opened, store.OpenLeaf(leaf));
  MC_TRY(const Json object, ParseJson(opened.object));
  const Json& record = object.at("record");
  return Chain(record.at("register").get<std::string>(), record.at("native_id").get<std::string>());
}

// Where later revisions were left out, the last one before them is the latest, as it was then.
Status MarkLatest(Store& store, const std::vector<std::int64_t>& left_out, std::vector<EvidenceRevision>& evidence) {
  std::map<Chain, EvidenceRevision*> last;
  for (const std::int64_t leaf : left_out) {
    MC_TRY(const Chain chain, ChainOf(store, leaf));
    last.emplace(chain, nullptr);
  }
  if (last.empty()) return Ok();
  for (EvidenceRevision& revision : evidence) {
    if (revision.latest) continue;
    MC_TRY(const Chain chain, ChainOf(store, revision.leaf_index));
    const auto found = last.find(chain);
    if (found != last.end()) found->second = &revision;  // they come in rising order
  }
  for (const auto& [chain, revision] : last) {
    if (revision) revision->latest = true;
  }
  return Ok();
}

Status GoesOn(const ScoreRules& rules) {
  if (!rules.stopped || !rules.stopped()) return Ok();
  return TransientError("interrupted", "the scoring was stopped before its end; nothing of it was kept");
}

// What stands at leaves below `through`.
Result<std::vector<EvidenceRevision>> LoadEvidence(Store& store, const ScoreRules& rules) {
  std::vector<EvidenceRevision> evidence;
  std::vector<std::int64_t> left_out;  // of records that were there before
  MC_TRY(const std::vector<std::int64_t> unread_since, store.UnreadSince(rules.through));
  MC_CHECK_OK(store.ScanEvidence([&](const EvidenceRevision& revision) {
    if (Status on = GoesOn(rules); !on.ok()) return on;
    if (revision.leaf_index < rules.through) {
      evidence.push_back(revision);
      evidence.back().unread_since = std::binary_search(unread_since.begin(), unread_since.end(), revision.leaf_index);
    } else if (revision.revision > 1) {
      left_out.push_back(revision.leaf_index);
    }
    return Ok();
  }));
  MC_CHECK_OK(MarkLatest(store, left_out, evidence));
  MarkSaidBefore(evidence);
  return evidence;
}

// --- who has a sheet

// A person of several posts has one sheet: the first post names unit and manager, every
// post may make them a leader, every post's registers feed the sheet.
ByPerson PeopleOf(const IdentityIndex& identity, CivilDate day, std::map<std::string, std::set<std::string>>& fed_by) {
  ByPerson people;
  for (const Membership* post : identity.PostsOn(day)) {
    const Person* person = identity.FindPerson(post->person);
    if (!person) continue;
    auto [it, first] = people.try_emplace(post->person);
    PersonContext& context = it->second;
    if (first) {
      context.person = post->person;
      context.group = person->group;
      context.unit = post->unit;
      context.peer_group = post->peer_group;
      context.manager = post->manager;
    }
    context.leading = context.leading || post->leading();
  }
  // What was begun in an earlier post stays with its lead: its registers feed the sheet as well.
  for (const Membership& post : identity.data().memberships) {
    const bool begun = !post.span.from || *post.span.from <= day;
    if (begun && people.contains(post.person)) fed_by[post.person].insert(post.fed_by.begin(), post.fed_by.end());
  }
  return people;
}

Result<std::optional<Ratio>> Points(const std::optional<std::string>& text) {
  if (!text) return std::optional<Ratio>();
  MC_TRY(Ratio value, Ratio::FromDecimal(*text));
  return std::optional<Ratio>(std::move(value));
}

Status TakeAssessment(const Assessment& assessment, PersonContext& person) {
  MC_TRY(person.general, Points(assessment.general));
  MC_TRY(person.organising, Points(assessment.organising));
  MC_TRY(person.unity, Points(assessment.unity));
  person.bars.clear();
  for (const auto& bar : assessment.bars) person.bars.push_back({bar.rule, bar.document, FormatDate(bar.date)});
  return Ok();
}

Status TakeAssessments(Store& store, std::int64_t through, ScoreRun& run, ByPerson& people) {
  MC_TRY(const std::vector<StoredImport> editions, store.ImportsBefore("assessments", through));
  for (const StoredImport& edition : editions) {
    MC_TRY(const Json document, ParseJson(edition.document));
    MC_TRY(const std::vector<Assessment> assessments, ParseAssessments(document));
    for (const Assessment& assessment : assessments) {
      const auto person = people.find(assessment.person);
      if (assessment.period != run.period || person == people.end()) continue;
      MC_CHECK_OK(TakeAssessment(assessment, person->second));
      run.assessment_leaf[assessment.person] = edition.leaf;
    }
  }
  return Ok();
}

// --- who waits, and for what

Status WaitForRegisters(Store& store, const std::map<std::string, std::set<std::string>>& fed_by,
                        const SourcesByRegister& sources, ScoreRun& run, ByPerson& people) {
  std::map<std::string, std::set<std::string>> fed;
  for (const auto& [id, registers] : fed_by) {
    for (const std::string& name : registers) fed[name].insert(id);
  }
  for (const auto& [name, ids] : fed) {
    MC_TRY(const auto reached, store.CompleteThrough(name));
    const std::optional<RegisterWait> wait = WaitOf(name, sources, reached, run.as_of);
    if (!wait) continue;
    for (const std::string& id : ids) people.at(id).waiting.push_back(wait->for_people);
    run.waits.push_back({wait->for_operators, ids});
  }
  return Ok();
}

void WaitForItem(const WorkItem& item, ByPerson& people) {
  if (item.lead.state == LinkState::kAmbiguous) {
    for (const std::string& candidate : item.lead.candidates) {
      const auto person = people.find(candidate);
      if (person != people.end()) person->second.waiting.push_back("chưa rõ ai chủ trì việc " + item.key);
    }
  } else if (item.lead.state == LinkState::kResolved && !item.held.empty()) {
    const auto person = people.find(item.lead.id);
    if (person != people.end()) ++person->second.held_lines;
  }
}

void WaitForItems(const std::vector<WorkItem>& items, Period period, const PeriodRules& rules, ByPerson& people) {
  for (const WorkItem& item : items) {
    if (StandIn(item, period, rules)) WaitForItem(item, people);
  }
}

Status TakeQuality(Store& store, ScoreRun& run) {
  MC_TRY(run.quality, NumbersNow(store, run.evidence, run.items, *run.identity, run.period, PostDay(run.cutoff)));
  run.closed_gates = ClosedGates(run.policy.quality_gates, run.quality);
  return Ok();
}

// Every post that a person held in the period counts: each is fed by its registers for its unit.
std::set<std::string> StoppedBy(const ClosedGate& gate, const ScoreRun& run, const ByPerson& people) {
  std::set<std::string> stopped;
  for (const Membership& post : run.identity->data().memberships) {
    const bool begun = !post.span.from || *post.span.from <= PostDay(run.cutoff);
    const bool ended = post.span.to && *post.span.to < FirstDay(run.period);
    if (!people.contains(post.person) || !begun || ended) continue;
    if (Touches(gate, post.unit, post.fed_by)) stopped.insert(post.person);
  }
  return stopped;
}

void WaitForGates(ScoreRun& run, ByPerson& people) {
  for (const ClosedGate& gate : run.closed_gates) {
    std::set<std::string> stopped = StoppedBy(gate, run, people);
    if (stopped.empty()) continue;
    const OrgUnit* unit = run.identity->FindUnit(gate.unit);
    for (const std::string& id : stopped) {
      people.at(id).waiting.push_back(GateAsText(gate, run.period, unit ? unit->name : gate.unit));
    }
    run.waits.push_back({GateForOperator(gate), std::move(stopped)});
  }
}

// --- facts

std::vector<Fact> FactsOf(const std::vector<WorkItem>& items, Period period, const PeriodRules& rules,
                          const ByPerson& people) {
  std::vector<Fact> facts;
  for (const WorkItem& item : items) {
    auto fact = FactOf(item, period, rules);
    // Somebody without a post at the cut-off has no sheet; the item stays in its unit's figures.
    if (fact && people.contains(fact->person)) facts.push_back(std::move(*fact));
  }
  return facts;
}

Result<ByPerson> ContextsOf(Store& store, const ScoreRules& rules, ScoreRun& run) {
  std::map<std::string, std::set<std::string>> fed_by;
  ByPerson people = PeopleOf(*run.identity, PostDay(run.cutoff), fed_by);
  MC_CHECK_OK(TakeAssessments(store, rules.through, run, people));
  MC_CHECK_OK(WaitForRegisters(store, fed_by, rules.sources, run, people));
  WaitForItems(run.items, run.period, PeriodRulesOf(run.policy), people);
  MC_CHECK_OK(TakeQuality(store, run));
  WaitForGates(run, people);
  return people;
}

ScoreRun NewRun(ScoreRules& rules) {
  ScoreRun run;
  run.period = rules.period;
  run.cutoff = CutOff(rules.policy, rules.period);
  run.as_of = rules.as_of ? std::min(*rules.as_of, run.cutoff) : run.cutoff;
  run.policy = std::move(rules.policy);
  run.catalogue = std::move(rules.catalogue);
  run.identity = std::make_unique<IdentityIndex>(std::move(rules.directory));
  return run;
}

}  // namespace

PeriodRules PeriodRulesOf(const Policy& policy) { return {policy.carry_over == CarryOver::kNext, policy.cutoff_days}; }

CivilDate PostDay(Instant cutoff) { return CityDate(Instant{cutoff.micros - 1}); }

std::optional<Fact> FactOf(const WorkItem& item, Period period, const PeriodRules& rules) {
  if (item.lead.state != LinkState::kResolved || !item.held.empty()) return std::nullopt;
  const auto standing = StandIn(item, period, rules);
  if (!standing) return std::nullopt;
  return Fact{item.lead.id, item.unit.id, item.key, item.kind, item.product, CityDate(item.assigned_at),
              *standing,    item.evidence};
}

void ScoreRun::IndexItems() {
  for (std::size_t i = 0; i < items.size(); ++i) item_at_.emplace(items[i].key, i);
  for (std::size_t i = 0; i < items.size(); ++i) {
    for (const std::string& alias : items[i].aliases) item_at_.emplace(alias, i);
  }
}

const WorkItem* ScoreRun::FindItem(const std::string& key) const {
  const auto found = item_at_.find(key);
  return found == item_at_.end() ? nullptr : &items[found->second];
}

Result<ScoreRun> RunScoring(Store& store, ScoreRules rules) {
  ScoreRun run = NewRun(rules);
  MC_TRY(run.evidence, LoadEvidence(store, rules));
  const ItemSettings settings{run.policy.min_assurance, run.policy.report_due_working_hours, &rules.calendar};
  MC_CHECK_OK(GoesOn(rules));
  run.items = BuildItems(run.evidence, *run.identity, settings, run.as_of);
  run.IndexItems();
  run.satisfaction = LinkSatisfaction(run.evidence, run.items, *run.identity, run.as_of);
  MC_TRY(ByPerson people, ContextsOf(store, rules, run));
  MC_CHECK_OK(GoesOn(rules));
  auto facts = FactsOf(run.items, run.period, PeriodRulesOf(run.policy), people);
  MC_TRY(const VerifiedFacts verified, FactVerifier::Verify(store, std::move(facts)));
  MC_CHECK_OK(GoesOn(rules));
  for (auto& [id, context] : people) run.people.push_back(std::move(context));
  MC_TRY(run.sheets, BuildPeriodSheets(run.policy, run.catalogue, verified, run.people));
  run.facts = verified.facts();
  run.checkpoint = verified.checkpoint();
  return run;
}

}  // namespace mc
