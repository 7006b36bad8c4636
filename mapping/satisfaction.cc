#include "mapping/satisfaction.h"

#include <map>
#include <string>
#include <utility>

#include "mapping/outcomes.h"

namespace mc {
namespace {

// "dossier:H26-1" for the key "dossier:dvc:H26-1"; empty for keys of other kinds.
std::string WithoutRegister(const std::string& key) {
  const std::size_t kind = key.find(':');
  if (kind == std::string::npos) return "";
  const std::string name = key.substr(0, kind);
  const std::size_t id = key.find(':', kind + 1);
  if (id == std::string::npos || (name != "dossier" && name != "report")) return "";
  return name + key.substr(id);
}

// Null where several items have the id.
using ItemsById = std::map<std::string, const WorkItem*>;

void Add(const std::string& key, const WorkItem& item, ItemsById& by_id) {
  const std::string id = WithoutRegister(key);
  if (id.empty()) return;
  const auto [at, first] = by_id.emplace(id, &item);
  if (!first && at->second != &item) at->second = nullptr;
}

ItemsById IndexOf(const std::vector<WorkItem>& items) {
  ItemsById by_id;
  for (const WorkItem& item : items) {
    Add(item.key, item, by_id);
    for (const std::string& alias : item.aliases) Add(alias, item, by_id);
  }
  return by_id;
}

}  // namespace

std::vector<Satisfaction> LinkSatisfaction(const std::vector<EvidenceRevision>& evidence,
                                           const std::vector<WorkItem>& items, const IdentityIndex& identity,
                                           Instant as_of) {
  const ItemsById by_id = IndexOf(items);
  std::vector<Satisfaction> all;
  for (const EvidenceRevision& revision : evidence) {
    const Evidence& e = revision.evidence;
    if (e.kind != EvidenceKind::kSatisfaction || !revision.latest || !Happened(e.occurred_at, as_of)) continue;
    Satisfaction one{&revision, nullptr, identity.ResolveUnit(e.unit, CityDate(*e.occurred_at))};
    if (e.about) {
      const auto found = by_id.find(std::string(Name(e.about->kind)) + ":" + e.about->native_id);
      if (found != by_id.end()) one.item = found->second;
    }
    all.push_back(std::move(one));
  }
  return all;
}

}  // namespace mc
