// Documents: handlings at receivers and outgoing documents (4a "Item key", "Result
// documents", "Lead of a document handling", "Leaves all denominators"; decision 0001,
// rules 7, 8 and 17).
#include <algorithm>
#include <tuple>

#include "mapping/conflicts.h"
#include "mapping/known_documents.h"
#include "mapping/outcomes.h"
#include "mapping/replacements.h"

namespace mc {
namespace {

using Message = StatusMessage;

// One message delivered twice (two hub ids, other bytes) says one thing.
void InOrder(std::vector<Message>& messages) {
  const auto key = [](const Message& m) {
    const PersonKeys& who = m.revision->evidence.lead;
    return std::tie(m.at.at, m.status, who.staff_code, who.email, who.label);
  };
  std::stable_sort(messages.begin(), messages.end(),
                   [&](const Message& a, const Message& b) { return key(a) < key(b); });
}

const Message* First(const std::vector<Message>& messages, std::string_view status) {
  for (const Message& m : messages) {
    if (m.status == status) return &m;
  }
  return nullptr;
}

const Message* Last(const std::vector<Message>& messages, std::string_view status) {
  for (auto m = messages.rbegin(); m != messages.rend(); ++m) {
    if (m->status == status) return &*m;
  }
  return nullptr;
}

// The recall names the organisation, whoever took it over, the issuer itself, or nobody.
bool Concerns(const Message& recall, const KnownDocument& entry, const std::string& organisation,
              const OrganisationCodes& codes) {
  const std::string& written = recall.revision->evidence.document.issuer;
  if (written.empty()) return true;
  const CivilDate day = CityDate(recall.at);
  const std::string named = codes.Canonical(written, day);
  const std::string speaker = codes.Canonical(recall.revision->evidence.unit.code, day);
  if (named == organisation || named == entry.ref.issuer || named == speaker) return true;
  const std::vector<std::string> successors = codes.Successors(organisation, day);
  return std::find(successors.begin(), successors.end(), named) != successors.end();
}

// The first time that the organisation agreed (15) to a recall (13) that concerns it.
const Message* RecallAgreed(const KnownDocument& entry, const std::string& organisation,
                            const std::vector<Message>& messages, const OrganisationCodes& codes) {
  for (const Message& answer : messages) {
    const auto agreed = [&](const Message& recall) {
      return answer.at.at >= recall.at.at && Concerns(recall, entry, organisation, codes);
    };
    if (answer.status == "15" && std::any_of(entry.recalls.begin(), entry.recalls.end(), agreed)) return &answer;
  }
  return nullptr;
}

// A later end that was known before the one that counts, with nothing between: it was dated back.
bool DatedBack(const Message& done, const std::vector<Message>& messages) {
  for (const Message& m : messages) {
    if (m.at.at <= done.at.at) continue;
    if (m.status == "03" || m.status == "04" || m.status == "05") return false;
    if (m.status == "06" && m.revision->said_at() < done.revision->said_at()) return true;
  }
  return false;
}

// A label is of the organisation that speaks, as of its message: it may have taken over from the one assigned.
Link LeadOf(const Message* message, const BuildContext& context) {
  if (!message) {
    Link link;
    link.reason = "nobody_named";
    return link;
  }
  const Evidence& e = message->revision->evidence;
  const CivilDate day = CityDate(message->at);
  const Link unit = context.identity.ResolveUnit({e.unit.code, ""}, day);
  return context.identity.ResolvePerson(e.lead, e.register_id, unit, day);
}

// Several messages of one second: nothing says whose staff led it.
Link LeadOf(const Message* naming, const std::vector<Message>& messages, const BuildContext& context) {
  std::vector<Link> links = {LeadOf(naming, context)};
  if (!naming || naming->revision->evidence.lead.empty()) return links.front();
  for (const Message& m : messages) {
    const bool equal = &m != naming && m.status == naming->status && m.at == naming->at;
    if (equal && !m.revision->evidence.lead.empty()) links.push_back(LeadOf(&m, context));
  }
  return OneOf(links);
}

// The last update that states a deadline: what an update leaves out stays as it was said before.
const EvidenceRevision* UpdateOfDue(const KnownDocument& entry) {
  const EvidenceRevision* latest = nullptr;
  for (const Revisions* messages : {&entry.copies, &entry.earlier}) {
    for (const EvidenceRevision* message : *messages) {
      if (!message->evidence.due_at || !IsRevisionOfDocument(*message)) continue;
      if (!latest || latest->said_at() < message->said_at()) latest = message;
    }
  }
  return latest;
}

// Copies that update nothing say one thing: another deadline in one of them was set by nobody.
DueStated DueOf(const KnownDocument& entry) {
  if (const EvidenceRevision* update = UpdateOfDue(entry)) return {update->evidence.due_at, ""};
  DateStatements said;  // the earliest and the latest
  for (const Revisions* messages : {&entry.copies, &entry.earlier}) {
    for (const EvidenceRevision* message : *messages) {
      const std::optional<Moment>& due = message->evidence.due_at;
      if (!due || IsRevisionOfDocument(*message)) continue;
      if (!said.first || IsBefore(*due, *said.first)) said.first = due;
      if (!said.last || IsBefore(*said.last, *due)) said.last = due;
    }
  }
  const bool differ = said.Rewritten();
  return {said.first, differ ? Rewriting(conflict::kDueRewritten, said) : ""};
}

// The deadline of the last document in the chain that states one.
DueStated DueOf(const KnownDocument& entry, const OrganisationMessages& said) {
  for (auto later = said.replaced_by.rbegin(); later != said.replaced_by.rend(); ++later) {
    const DueStated due = DueOf(**later);
    if (due.due) return due;
  }
  return DueOf(entry);
}

bool WasUpdated(const KnownDocument& entry) {
  return std::any_of(entry.copies.begin(), entry.copies.end(), [](const auto* c) { return IsRevisionOfDocument(*c); });
}

void TakeDocument(WorkItem& item, const KnownDocument& entry, const OrganisationMessages& said) {
  if (!entry.document) {
    Append(item.held, "document_not_seen");
    return;
  }
  const KnownDocument& last = said.replaced_by.empty() ? entry : *said.replaced_by.back();
  const Evidence& e = last.document->evidence;
  item.product = e.product;
  const DueStated due = DueOf(entry, said);
  item.due = due.due;
  if (!due.conflict.empty()) Append(item.held, due.conflict);
  if (!said.replaced_by.empty() || WasUpdated(entry)) Append(item.notes, "document_revised");
  if (!item.due) Append(item.notes, "no_deadline");
  for (const EvidenceRevision* copy : entry.copies) item.evidence.push_back(RefOf(*copy, "document"));
  for (const EvidenceRevision* first : entry.earlier) item.evidence.push_back(RefOf(*first, "document"));
  for (const KnownDocument* later : said.replaced_by) {
    item.evidence.push_back(RefOf(*later->document, "replacing document"));
  }
  HoldWithoutProduct(item, e.type_known);
}

// Keys under the notations that sources wrote.
std::vector<std::string> OtherKeys(const KnownDocument& entry, const std::string& organisation,
                                   const OrganisationMessages& said) {
  std::set<std::string> issuers = entry.issuers, codes = said.written;
  issuers.insert(entry.ref.issuer);
  codes.insert(organisation);
  std::vector<std::string> keys;
  for (const std::string& issuer : issuers) {
    for (const std::string& code : codes) {
      if (issuer == entry.ref.issuer && code == organisation) continue;
      keys.push_back("document:" + DocumentKey(issuer, entry.ref) + "|" + code);
    }
  }
  return keys;
}

// What is given back leaves; behind the end that counts that is shown, and changes nothing.
void FillLeft(WorkItem& item, const KnownDocument& entry, const Message* refused, const Message* agreed,
              const Message* done) {
  const auto in_time = [&](const Message* m) { return m && (!done || m->at.at < done->at.at); };
  if ((refused && !in_time(refused)) || (agreed && !in_time(agreed))) Append(item.notes, kWithdrawnLate);
  if (in_time(refused)) item.left = "refused";
  if (!in_time(agreed)) return;
  // 15 agrees to a recall or to an update, and does not say to which.
  if (WasUpdated(entry)) Append(item.held, "recall_or_update_agreed");
  if (!WasUpdated(entry)) item.left = "recalled_by_sender";
}

void HoldConflicts(WorkItem& item, const Message* done, const std::vector<Message>& messages) {
  if (item.lead.reason == conflict::kTwoOfficials) Append(item.held, item.lead.reason);
  if (!done) return;
  if (IsBefore(done->at, item.assigned_at)) Append(item.held, std::string(conflict::kCompletedFirst));
  if (DatedBack(*done, messages)) Append(item.held, std::string(conflict::kCompletedRewritten));
}

std::optional<WorkItem> Handling(const std::string& key, const KnownDocument& entry, const std::string& organisation,
                                 const OrganisationMessages& said, const BuildContext& context) {
  std::vector<Message> messages = said.messages;
  InOrder(messages);
  const Message* assigned = First(messages, "04");
  if (!assigned) assigned = First(messages, "03");
  if (!assigned) return std::nullopt;

  WorkItem item;
  item.kind = ItemKind::kDocumentHandling;
  item.key = "document:" + key + "|" + organisation;
  item.aliases = OtherKeys(entry, organisation, said);
  item.aliases.insert(item.aliases.end(), said.replacement_keys.begin(), said.replacement_keys.end());
  std::sort(item.aliases.begin(), item.aliases.end());
  item.assigned_at = assigned->at;
  item.unit = context.identity.ResolveUnit({organisation, ""}, CityDate(assigned->at));
  TakeDocument(item, entry, said);
  if (said.successor_unclear) Append(item.held, "successor_unclear");
  const Message* done = First(messages, "06");
  if (done) item.completions.push_back({done->at, 1, Assurance::kRecorded, ""});
  item.lead = LeadOf(done ? done : Last(messages, "05"), messages, context);
  FillLeft(item, entry, First(messages, "02"), RecallAgreed(entry, organisation, messages, context.identity.codes()),
           done);
  if (!item.left) HoldConflicts(item, done, messages);
  for (const Message& m : messages) item.evidence.push_back(RefOf(*m.revision, "status " + m.status));
  for (const Message& m : entry.recalls)
    item.evidence.push_back(RefOf(*m.revision, m.status == "13" ? "status 13" : "recall"));
  return item;
}

ResultEnd EndAt(const Moment& at, const Message* named_by, const BuildContext& context) {
  ResultEnd end{at, false, ""};
  if (!named_by || named_by->revision->evidence.lead.empty()) return end;
  end.names_anyone = true;
  end.person = LeadOf(named_by, context).id;
  return end;
}

// The document as its issuer's product: finished at its own 06, without one when issued
// with number and date.
Outcome Outgoing(const std::string& key, const KnownDocument& entry, std::vector<Message> own,
                 const BuildContext& context) {
  InOrder(own);
  Outcome outcome;
  outcome.is_item = false;
  outcome.document = entry.ref;
  outcome.promulgated = entry.ref.date;
  outcome.item.key = "document:" + key + "|" + entry.ref.issuer;
  const CivilDate day = entry.ref.date.value_or(CityDate(context.as_of));
  outcome.item.unit = context.identity.ResolveUnit({entry.ref.issuer, ""}, day);
  for (const EvidenceRevision* copy : entry.copies) {
    outcome.item.evidence.push_back(RefOf(*copy, "result document"));
    for (const std::string& code : copy->evidence.task_codes) Append(outcome.task_codes, code);
  }
  for (const Message& m : own) {
    outcome.item.evidence.push_back(RefOf(*m.revision, "status " + m.status));
    if (m.status == "06") outcome.ends.push_back(EndAt(m.at, &m, context));
  }
  const Message* first = First(own, "06");
  outcome.in_conflict = first && DatedBack(*first, own);
  outcome.usable = !outcome.in_conflict;
  const bool issued = entry.document && entry.ref.date && !entry.ref.number.empty();
  if (outcome.ends.empty() && issued && Happened(BareDate(*entry.ref.date), context.as_of)) {
    outcome.ends.push_back(EndAt(BareDate(*entry.ref.date), Last(own, "05"), context));
  }
  return outcome;
}

}  // namespace

DocumentOutcomes BuildDocuments(const Revisions& documents, const Revisions& statuses, const BuildContext& context) {
  DocumentOutcomes outcomes;
  for (auto& [key, entry] : GatherDocuments(documents, statuses, context)) {
    const auto own = entry.by_organisation.find(entry.ref.issuer);
    outcomes.outgoing.emplace(
        key, Outgoing(key, entry, own == entry.by_organisation.end() ? std::vector<Message>{} : own->second.messages,
                      context));
    for (const auto& [organisation, said] : entry.by_organisation) {
      if (organisation == entry.ref.issuer) continue;
      if (auto item = Handling(key, entry, organisation, said, context)) {
        outcomes.handlings.push_back(std::move(*item));
      }
    }
  }
  return outcomes;
}

}  // namespace mc
