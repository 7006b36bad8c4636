#include "gateway/evidence_checks.h"

#include <algorithm>
#include <utility>

#include "mapping/conflicts.h"
#include "storage/verify_facts.h"

namespace mc {
namespace {

// Everything at once; one by one only where something is wrong.
Result<std::map<std::int64_t, bool>> Rehash(Store& store, const std::vector<EvidenceRef>& refs) {
  const auto intact = [&](const std::vector<EvidenceRef>& some) -> Result<bool> {
    Fact fact;
    fact.evidence = some;
    const auto verified = FactVerifier::Verify(store, {std::move(fact)});
    if (verified.ok()) return true;
    if (verified.error().code == "unverified_evidence") return false;
    return verified.error();
  };
  std::map<std::int64_t, bool> found;
  MC_TRY(const bool all, intact(refs));
  for (const EvidenceRef& ref : refs) {
    found[ref.ik] = true;
    if (all) continue;
    MC_TRY(found[ref.ik], intact({ref}));
  }
  return found;
}

bool FromHub(EvidenceKind kind) { return kind == EvidenceKind::kDocument || kind == EvidenceKind::kDocumentStatus; }

// Why a statement is of its level and of no higher one.
std::string WhyLevel(const EvidenceRevision& revision, const Channel& channel) {
  const Evidence& e = revision.evidence;
  if (e.assurance == Assurance::kReported) return "said_by_the_beneficiary";
  if (channel.kind == ConnectorKind::kFileDrop) return "file_without_sender";
  if (FromHub(e.kind)) return "hub_rewrites";
  return e.kind == EvidenceKind::kTask ? "assigned_by_another" : "system_of_record";
}


CheckRows Uniqueness(const WorkItem& item) {
  CheckRows rows;
  for (const std::string& held : item.held) {
    if (!IsConflict(held)) continue;
    const std::size_t colon = held.find(':');
    rows.push_back({"uniqueness", CheckState::kFailed, held.substr(0, colon),
                    colon == std::string::npos ? "" : held.substr(colon + 1)});
  }
  if (rows.empty()) rows.push_back({"uniqueness", CheckState::kPassed, "no_conflict", ""});
  return rows;
}

// What the latest claim, or a task's code in a document, names.
CheckRows Backing(const WorkItem& item, const EvidenceRevision& revision) {
  const auto none = [](const char* why) { return CheckRows{{"backing", CheckState::kNotApplicable, why, ""}}; };
  if (revision.evidence.kind != EvidenceKind::kTask) return none("not_a_claim");
  if (!revision.latest) return none("older_revision");
  if (item.tested.empty() && item.claimed) return {{"backing", CheckState::kFailed, "claim_names_nothing", ""}};
  if (item.tested.empty()) return none("no_claim");
  CheckRows rows;
  for (const RefVerdict& tested : item.tested) {
    const CheckState state = tested.reason == "passes" ? CheckState::kPassed : CheckState::kFailed;
    rows.push_back({"backing", state, tested.reason, tested.ref});
  }
  return rows;
}

void Add(CheckRows& to, CheckRows rows) {
  to.insert(to.end(), std::make_move_iterator(rows.begin()), std::make_move_iterator(rows.end()));
}

}  // namespace

Result<EvidenceChecks> EvidenceChecks::Make(Store& store, const ScoreRun& run,
                                            const std::vector<const WorkItem*>& items, CheckSources sources) {
  EvidenceChecks checks(run, std::move(sources));
  for (const EvidenceRevision& revision : run.evidence) checks.by_ik_[revision.ik] = &revision;
  std::vector<EvidenceRef> refs;
  for (const WorkItem* item : items) refs.insert(refs.end(), item->evidence.begin(), item->evidence.end());
  if (refs.empty()) return checks;
  MC_TRY(checks.intact_, Rehash(store, refs));
  return checks;
}

std::vector<CheckRows> EvidenceChecks::Of(const WorkItem& item) const {
  std::vector<CheckRows> all;
  for (const EvidenceRef& ref : item.evidence) {
    CheckRows rows = {Integrity(ref)};
    const auto found = by_ik_.find(ref.ik);
    if (found != by_ik_.end()) {
      const EvidenceRevision& revision = *found->second;
      Add(rows, {Origin(revision), Person(item, revision), Unit(item, revision)});
      Add(rows, Uniqueness(item));
      Add(rows, Backing(item, revision));
    }
    rows.push_back(ReadBack(ref));
    all.push_back(std::move(rows));
  }
  return all;
}

CheckResult EvidenceChecks::Integrity(const EvidenceRef& ref) const {
  const std::string leaf = "leaf " + std::to_string(ref.leaf_index);
  const auto found = intact_.find(ref.ik);
  if (found == intact_.end()) return {"integrity", CheckState::kNotMade, "not_asked", leaf};
  return found->second ? CheckResult{"integrity", CheckState::kPassed, "proof_opens", leaf}
                       : CheckResult{"integrity", CheckState::kFailed, "unverified_evidence", leaf};
}

// The channel says who can have spoken, the level what that is worth.
CheckResult EvidenceChecks::Origin(const EvidenceRevision& revision) const {
  const std::string level(Name(revision.evidence.assurance));
  const auto found = sources_.channels.find(revision.source);
  if (found == sources_.channels.end()) return {"origin", CheckState::kNotMade, "not_connected", level};
  const Channel& channel = found->second;
  const bool file = channel.kind == ConnectorKind::kFileDrop;
  const bool known = channel.kind == ConnectorKind::kInbox || channel.auth != AuthKind::kNone;
  if (!file && !known) return {"origin", CheckState::kNotMade, "channel_without_credential", level};
  return {"origin", file ? CheckState::kNotMade : CheckState::kPassed, WhyLevel(revision, channel), level};
}

// A label or account that two people linked by hand is told from one of the directory.
std::string EvidenceChecks::KeyOf(const Link& link, const PersonKeys& said, const std::string& register_id,
                                  CivilDate day) const {
  const std::string& text = link.key == "label" ? said.label : said.account;
  for (const LinkRecord& record : sources_.links.records()) {
    const LinkProposal& p = record.proposal;
    const auto span = sources_.links.SpanOf(record);
    const bool same = Name(p.key) == link.key && p.register_id == register_id && p.text == text && p.person == link.id;
    if (same && span && span->Contains(day)) return link.key + ", manual link " + record.id;
  }
  return link.key;
}

CheckResult EvidenceChecks::Person(const WorkItem& item, const EvidenceRevision& revision) const {
  const Evidence& e = revision.evidence;
  const auto when = EventOf(e);
  if (e.lead.empty() || !when) return {"person", CheckState::kNotApplicable, "nobody_named", ""};
  const CivilDate day = CityDate(*when);
  const Link unit = e.unit.empty() ? item.unit : run_->identity->ResolveUnit(e.unit, day);
  const Link link = run_->identity->ResolvePerson(e.lead, e.register_id, unit, day);
  if (link.state == LinkState::kResolved) {
    return {"person", CheckState::kPassed, "resolved", KeyOf(link, e.lead, e.register_id, day)};
  }
  // Of several rows one names the lead.
  if (item.lead.state == LinkState::kResolved)
    return {"person", CheckState::kNotApplicable, "lead_named_elsewhere", ""};
  return {"person", CheckState::kFailed, link.reason, link.key};
}

CheckResult EvidenceChecks::Unit(const WorkItem& item, const EvidenceRevision& revision) const {
  const Evidence& e = revision.evidence;
  const auto when = EventOf(e);
  const Link link = e.unit.empty() || !when ? item.unit : run_->identity->ResolveUnit(e.unit, CityDate(*when));
  if (link.state == LinkState::kResolved) return {"unit", CheckState::kPassed, "resolved", link.key};
  // An issuer outside the city stands in no directory of ours; the item is its receiver's.
  if (item.unit.state == LinkState::kResolved) return {"unit", CheckState::kNotApplicable, "unit_named_elsewhere", ""};
  return {"unit", CheckState::kFailed, link.reason, link.key};
}

CheckResult EvidenceChecks::ReadBack(const EvidenceRef& ref) const {
  const auto found = sources_.read_back.find(ref.ik);
  return found == sources_.read_back.end() ? CheckResult{"read_back", CheckState::kNotMade, "no_result", ""}
                                           : found->second;
}

}  // namespace mc
