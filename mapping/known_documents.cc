#include "mapping/known_documents.h"

#include <algorithm>
#include <tuple>

#include "mapping/replacements.h"

namespace mc {
namespace {

using Known = std::map<std::string, KnownDocument>;

bool Holds(const std::vector<std::string>& list, const std::string& text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

// A status without a promulgation date belongs to the only document of that number.
std::string FindKey(const Known& known, const std::string& issuer, const DocumentRef& ref) {
  const std::string key = DocumentKey(issuer, ref);
  if (ref.date) return key;
  const auto first = known.lower_bound(key);
  if (first == known.end() || first->first.compare(0, key.size(), key) != 0) return key;
  const auto next = std::next(first);
  const bool single = next == known.end() || next->first.compare(0, key.size(), key) != 0;
  return single ? first->first : key;
}

class Gatherer {
 public:
  explicit Gatherer(const BuildContext& context) : context_(context), codes_(context.identity.codes()) {}

  void AddDocument(const EvidenceRevision& revision) {
    const DocumentRef& ref = revision.evidence.document;
    const std::string issuer = codes_.Canonical(ref.issuer, ref.date.value_or(CityDate(context_.as_of)));
    const std::string key = DocumentKey(issuer, ref);
    KnownDocument& entry = known_[key];
    entry.ref = {issuer, ref.number, ref.date};
    if (entry.issuers.empty()) by_number_[DocumentKey("", ref)].push_back(key);
    entry.issuers.insert(ref.issuer);
    if (revision.evidence.status == "recall") {
      if (Happened(revision.evidence.occurred_at, context_.as_of)) {
        entry.recalls.push_back({*revision.evidence.occurred_at, "recall", &revision});
      }
      return;
    }
    (revision.latest ? entry.copies : entry.earlier).push_back(&revision);
    if (!revision.latest) return;
    if (!entry.document || Speaks(revision) > Speaks(*entry.document)) entry.document = &revision;
  }

  void AddStatus(const EvidenceRevision& revision) {
    const Evidence& e = revision.evidence;
    if (!Happened(e.occurred_at, context_.as_of)) return;
    const StatusMessage message{*e.occurred_at, e.status, &revision};
    // In 13 the original sender speaks, and ResponseFor names the receiver concerned.
    const bool recall = e.status == "13";
    KnownDocument& entry = EntryOf(recall ? e.unit.code : e.document.issuer, e.document, CityDate(message.at));
    if (recall) {
      entry.recalls.push_back(message);
      return;
    }
    OrganisationMessages& organisation = entry.by_organisation[codes_.Canonical(e.unit.code, CityDate(message.at))];
    organisation.messages.push_back(message);
    organisation.written.insert(e.unit.code);
  }

  Known Take() { return std::move(known_); }

 private:
  // An old copy that comes late does not undo an update. Of copies that update nothing, one that
  // another system handed over without its deadline or type takes neither away.
  static std::tuple<bool, bool, bool, std::int64_t> Speaks(const EvidenceRevision& revision) {
    const Evidence& e = revision.evidence;
    const bool updates = IsRevisionOfDocument(revision);
    return {updates, !updates && e.due_at, !updates && e.type_known, revision.said_at()};
  }

  KnownDocument& EntryOf(const std::string& written, const DocumentRef& ref, CivilDate day) {
    const std::string issuer = codes_.Canonical(written, ref.date.value_or(day));
    std::string key = FindKey(known_, issuer, ref);
    if (!known_.contains(key)) key = OfFormerIssuer(issuer, ref, day).value_or(key);
    KnownDocument& entry = known_[key];
    if (entry.ref.number.empty()) entry.ref = {issuer, ref.number, ref.date};
    if (codes_.Canonical(written, entry.ref.date.value_or(day)) == entry.ref.issuer) entry.issuers.insert(written);
    return entry;
  }

  // The one document of that number and date whose issuer this organisation had succeeded.
  std::optional<std::string> OfFormerIssuer(const std::string& issuer, const DocumentRef& ref, CivilDate day) const {
    const auto found = by_number_.find(DocumentKey("", ref));
    if (found == by_number_.end()) return std::nullopt;
    std::vector<std::string> keys;
    for (const std::string& key : found->second) {
      if (Holds(codes_.Successors(known_.at(key).ref.issuer, day), issuer)) keys.push_back(key);
    }
    return keys.size() == 1 ? std::optional(keys.front()) : std::nullopt;
  }

  const BuildContext& context_;
  const OrganisationCodes& codes_;
  Known known_;
  std::map<std::string, std::vector<std::string>> by_number_;  // "|number|date" -> keys
};

// --- handlings that a successor goes on with

bool Has(const OrganisationMessages& organisation, std::initializer_list<std::string_view> statuses) {
  return std::any_of(organisation.messages.begin(), organisation.messages.end(), [&](const StatusMessage& m) {
    return std::find(statuses.begin(), statuses.end(), m.status) != statuses.end();
  });
}

// Successor -> former organisations whose handling is open and goes on there.
using Takeovers = std::map<std::string, std::vector<std::string>>;

bool TookOver(const std::string& former, const std::string& organisation, const StatusMessage& message,
              const OrganisationCodes& codes) {
  return former != organisation && Holds(codes.Successors(former, CityDate(message.at)), organisation);
}

Takeovers FindTakeovers(const KnownDocument& entry, const OrganisationCodes& codes, CivilDate last_day) {
  Takeovers takeovers;
  for (const auto& [former, own] : entry.by_organisation) {
    if (codes.Successors(former, last_day).empty()) continue;  // nearly all: receivers are many
    if (!Has(own, {"03", "04"}) || Has(own, {"02", "06"})) continue;
    for (const auto& [organisation, said] : entry.by_organisation) {
      const bool acts = std::any_of(said.messages.begin(), said.messages.end(), [&](const StatusMessage& m) {
        return TookOver(former, organisation, m, codes);
      });
      if (acts) takeovers[organisation].push_back(former);
    }
  }
  return takeovers;
}

void GiveTo(OrganisationMessages& former, OrganisationMessages successor) {
  former.messages.insert(former.messages.end(), successor.messages.begin(), successor.messages.end());
  former.written.merge(successor.written);
}

// One open handling of a former organisation, and one successor that has none of its own: it goes
// on there. Otherwise nothing says for whom the successor acts, and the former ones wait.
void FollowSuccession(KnownDocument& entry, const OrganisationCodes& codes, CivilDate last_day) {
  const Takeovers takeovers = FindTakeovers(entry, codes, last_day);
  std::map<std::string, int> takers;
  for (const auto& [organisation, formers] : takeovers) {
    for (const std::string& former : formers) ++takers[former];
  }
  for (const auto& [organisation, formers] : takeovers) {
    const OrganisationMessages& said = entry.by_organisation[organisation];
    const bool all_after = std::all_of(said.messages.begin(), said.messages.end(), [&](const StatusMessage& m) {
      return TookOver(formers.front(), organisation, m, codes);
    });
    if (all_after && formers.size() == 1 && takers[formers.front()] == 1) {
      GiveTo(entry.by_organisation[formers.front()], said);
      entry.by_organisation.erase(organisation);
      continue;
    }
    if (!all_after && !Has(said, {"06"})) continue;  // busy with its own copy
    for (const std::string& former : formers) entry.by_organisation[former].successor_unclear = true;
  }
}

}  // namespace

std::string DocumentKey(const std::string& issuer, const DocumentRef& ref) {
  return issuer + "|" + ref.number + "|" + (ref.date ? FormatDate(*ref.date) : "");
}

std::map<std::string, KnownDocument> GatherDocuments(const Revisions& documents, const Revisions& statuses,
                                                     const BuildContext& context) {
  Gatherer gatherer(context);
  for (const EvidenceRevision* revision : documents) gatherer.AddDocument(*revision);
  for (const EvidenceRevision* revision : statuses) gatherer.AddStatus(*revision);
  Known known = gatherer.Take();
  FollowReplacements(known, context);
  for (auto& [key, entry] : known) FollowSuccession(entry, context.identity.codes(), CityDate(context.as_of));
  return known;
}

}  // namespace mc
