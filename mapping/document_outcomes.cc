// Documents: handlings at receivers and outgoing documents (4a "Item key", "Result
// documents", "Lead of a document handling", "Leaves all denominators"; decision 0001,
// rules 7, 8 and 17).
#include <algorithm>
#include <tuple>

#include "mapping/outcomes.h"

namespace mc {
namespace {

struct Message {  // one status message
  Moment at;
  std::string status;
  const EvidenceRevision* revision = nullptr;
};

// One document with everything said about it.
struct KnownDocument {
  DocumentRef ref;
  const EvidenceRevision* document = nullptr;  // the latest message that carries it
  Revisions copies;
  std::map<std::string, std::vector<Message>> by_organisation;  // handling organisation -> messages
  std::vector<Message> recalls;                                 // 13, from the issuer
};

using Known = std::map<std::string, KnownDocument>;

std::string KeyOf(const std::string& issuer, const DocumentRef& ref) {
  return issuer + "|" + ref.number + "|" + (ref.date ? FormatDate(*ref.date) : "");
}

// A status without a promulgation date belongs to the only document of that number.
std::string FindKey(const Known& known, const std::string& issuer, const DocumentRef& ref) {
  const std::string key = KeyOf(issuer, ref);
  if (ref.date) return key;
  const auto first = known.lower_bound(key);
  if (first == known.end() || first->first.compare(0, key.size(), key) != 0) return key;
  const auto next = std::next(first);
  const bool single = next == known.end() || next->first.compare(0, key.size(), key) != 0;
  return single ? first->first : key;
}

Known Gather(const Revisions& documents, const Revisions& statuses, Instant as_of) {
  Known known;
  for (const EvidenceRevision* revision : documents) {
    const Evidence& e = revision->evidence;
    KnownDocument& entry = known[KeyOf(e.document.issuer, e.document)];
    entry.ref = e.document;
    entry.copies.push_back(revision);
    if (!entry.document || entry.document->leaf_index < revision->leaf_index) entry.document = revision;
  }
  for (const EvidenceRevision* revision : statuses) {
    const Evidence& e = revision->evidence;
    if (!Happened(e.occurred_at, as_of)) continue;
    const Message message{*e.occurred_at, e.status, revision};
    // In 13 the original sender speaks, and ResponseFor names the receiver concerned.
    const bool recall = e.status == "13";
    const std::string& issuer = recall ? e.unit.code : e.document.issuer;
    KnownDocument& entry = known[FindKey(known, issuer, e.document)];
    if (entry.ref.number.empty()) entry.ref = {issuer, e.document.number, e.document.date};
    if (recall) {
      entry.recalls.push_back(message);
    } else {
      entry.by_organisation[e.unit.code].push_back(message);
    }
  }
  return known;
}

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

// The organisation agreed (15) to a recall (13) that concerns it.
bool RecallAgreed(const KnownDocument& entry, const std::string& organisation, const std::vector<Message>& messages) {
  for (const Message& recall : entry.recalls) {
    const std::string& named = recall.revision->evidence.document.issuer;
    const bool concerns = named == organisation || named == entry.ref.issuer || named.empty();
    if (!concerns) continue;
    for (const Message& answer : messages) {
      if (answer.status == "15" && answer.at.at >= recall.at.at) return true;
    }
  }
  return false;
}

Link LeadOf(const Message* message, const Link& unit, const BuildContext& context) {
  if (!message) {
    Link link;
    link.reason = "nobody_named";
    return link;
  }
  const Evidence& e = message->revision->evidence;
  return context.identity.ResolvePerson(e.lead, e.register_id, unit, CityDate(message->at));
}

void TakeDocument(WorkItem& item, const KnownDocument& entry) {
  if (!entry.document) {
    Append(item.held, "document_not_seen");
    return;
  }
  const Evidence& e = entry.document->evidence;
  item.product = e.product;
  item.due = e.due_at;
  if (!item.due) Append(item.notes, "no_deadline");
  for (const EvidenceRevision* copy : entry.copies) item.evidence.push_back(RefOf(*copy, "document"));
  HoldWithoutProduct(item, e.type_known);
}

std::optional<WorkItem> Handling(const std::string& key, const KnownDocument& entry, const std::string& organisation,
                                 std::vector<Message> messages, const BuildContext& context) {
  InOrder(messages);
  const Message* assigned = First(messages, "04");
  if (!assigned) assigned = First(messages, "03");
  if (!assigned) return std::nullopt;

  WorkItem item;
  item.kind = ItemKind::kDocumentHandling;
  item.key = "document:" + key + "|" + organisation;
  item.assigned_at = assigned->at;
  item.unit = context.identity.ResolveUnit({organisation, ""}, CityDate(assigned->at));
  TakeDocument(item, entry);
  const Message* done = First(messages, "06");
  if (done) item.completions.push_back({done->at, 1, Assurance::kRecorded, ""});
  item.lead = LeadOf(done ? done : Last(messages, "05"), item.unit, context);
  if (First(messages, "02")) item.left = "refused";
  if (RecallAgreed(entry, organisation, messages)) item.left = "recalled_by_sender";
  for (const Message& m : messages) item.evidence.push_back(RefOf(*m.revision, "status " + m.status));
  for (const Message& m : entry.recalls) item.evidence.push_back(RefOf(*m.revision, "status 13"));
  return item;
}

ResultEnd EndAt(const Moment& at, const Message* named_by, const Link& unit, const BuildContext& context) {
  ResultEnd end{at, false, ""};
  if (!named_by || named_by->revision->evidence.lead.empty()) return end;
  end.names_anyone = true;
  end.person = LeadOf(named_by, unit, context).id;
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
    if (m.status == "06") outcome.ends.push_back(EndAt(m.at, &m, outcome.item.unit, context));
  }
  const bool issued = entry.document && entry.ref.date && !entry.ref.number.empty();
  if (outcome.ends.empty() && issued && Happened(BareDate(*entry.ref.date), context.as_of)) {
    outcome.ends.push_back(EndAt(BareDate(*entry.ref.date), Last(own, "05"), outcome.item.unit, context));
  }
  return outcome;
}

}  // namespace

DocumentOutcomes BuildDocuments(const Revisions& documents, const Revisions& statuses, const BuildContext& context) {
  DocumentOutcomes outcomes;
  for (auto& [key, entry] : Gather(documents, statuses, context.as_of)) {
    const auto own = entry.by_organisation.find(entry.ref.issuer);
    outcomes.outgoing.emplace(
        key, Outgoing(key, entry, own == entry.by_organisation.end() ? std::vector<Message>{} : own->second, context));
    for (const auto& [organisation, messages] : entry.by_organisation) {
      if (organisation == entry.ref.issuer) continue;
      if (auto item = Handling(key, entry, organisation, messages, context)) {
        outcomes.handlings.push_back(std::move(*item));
      }
    }
  }
  return outcomes;
}

}  // namespace mc
