#include "mapping/replacements.h"

#include <algorithm>
#include <optional>
#include <set>

namespace mc {
namespace {

using Known = std::map<std::string, KnownDocument>;
using ReplacedBy = std::map<std::string, std::set<std::string>>;

// "H26.101,2026/06/08,128/UBND-VP"; ids of other forms repeat and name nothing.
std::optional<DocumentRef> RefOfId(const std::string& id) {
  const std::size_t first = id.find(','), second = id.find(',', first + 1);
  if (first == std::string::npos || second != first + 11) return std::nullopt;
  std::string day = id.substr(first + 1, 10);
  std::replace(day.begin(), day.end(), '/', '-');
  const auto date = ParseDate(day);
  if (!date.ok() || second + 1 == id.size()) return std::nullopt;
  return DocumentRef{id.substr(0, first), id.substr(second + 1), *date};
}

// Keys of the documents that this one says it replaces: only its own issuer can take one back.
std::set<std::string> Replaced(const std::string& key, const KnownDocument& entry, const BuildContext& context) {
  std::set<std::string> keys;
  for (const EvidenceRevision* copy : entry.copies) {
    if (copy->evidence.status != "replacement") continue;
    for (const std::string& id : copy->evidence.aliases) {
      const auto ref = RefOfId(id);
      if (!ref) continue;
      const std::string issuer = context.identity.codes().Canonical(ref->issuer, *ref->date);
      const std::string other = DocumentKey(issuer, *ref);
      if (issuer == entry.ref.issuer && other != key) keys.insert(other);
    }
  }
  return keys;
}

// A document in a chain of replacements.
struct Replacement {
  std::string first;   // the document with which the chain begins
  std::size_t place;   // how many it stands behind it
  std::string key;
};

// Nothing where one stands for several, several stand for one, or the chain is a ring.
std::optional<Replacement> PlaceOf(const std::string& key, const ReplacedBy& olds, const ReplacedBy& news) {
  std::string at = key;
  std::set<std::string> seen = {key};
  for (auto old = olds.find(at); old != olds.end(); old = olds.find(at)) {
    if (old->second.size() != 1) return std::nullopt;
    at = *old->second.begin();
    if (news.at(at).size() != 1 || !seen.insert(at).second) return std::nullopt;
  }
  return Replacement{at, seen.size() - 1, key};
}

// What is given back behind the first end leaves nothing (decision 0001, rule 8).
bool HasLeft(const KnownDocument& entry, const OrganisationMessages& said) {
  std::optional<Instant> done;
  for (const StatusMessage& m : said.messages) {
    if (m.status == "06" && (!done || m.at.at < *done)) done = m.at.at;
  }
  return std::any_of(said.messages.begin(), said.messages.end(), [&](const StatusMessage& m) {
    const bool back = m.status == "02" || (m.status == "15" && !entry.recalls.empty());
    return back && (!done || m.at.at < *done);
  });
}

void GoOn(KnownDocument& first, const std::string& key, KnownDocument& later) {
  for (auto own = later.by_organisation.begin(); own != later.by_organisation.end();) {
    const auto before = first.by_organisation.find(own->first);
    const bool issuer = own->first == first.ref.issuer;
    if (issuer || before == first.by_organisation.end() || HasLeft(first, before->second)) {
      ++own;
      continue;
    }
    OrganisationMessages& to = before->second;
    to.messages.insert(to.messages.end(), own->second.messages.begin(), own->second.messages.end());
    to.written.merge(own->second.written);
    to.replaced_by.push_back(&later);
    to.replacement_keys.insert("document:" + key + "|" + own->first);
    own = later.by_organisation.erase(own);
  }
}

}  // namespace

bool IsRevisionOfDocument(const EvidenceRevision& document) {
  return document.evidence.status == "update" || document.evidence.status == "replacement";
}

void FollowReplacements(Known& known, const BuildContext& context) {
  ReplacedBy olds, news;
  for (const auto& [key, entry] : known) {
    for (const std::string& old : Replaced(key, entry, context)) {
      if (!known.contains(old)) continue;
      olds[key].insert(old);
      news[old].insert(key);
    }
  }
  std::vector<Replacement> replacements;
  for (const auto& [key, replaced] : olds) {
    if (auto place = PlaceOf(key, olds, news)) replacements.push_back(std::move(*place));
  }
  // By their place, not by their number or arrival: the last one speaks.
  std::stable_sort(replacements.begin(), replacements.end(),
                   [](const Replacement& a, const Replacement& b) { return a.place < b.place; });
  for (const Replacement& r : replacements) GoOn(known.at(r.first), r.key, known.at(r.key));
}

}  // namespace mc
