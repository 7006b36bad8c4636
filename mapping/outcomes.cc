#include "mapping/outcomes.h"

#include <algorithm>

namespace mc {

bool Happened(const std::optional<Moment>& at, Instant as_of) { return at && EndOf(*at) <= as_of; }

EvidenceRef RefOf(const EvidenceRevision& revision, std::string says) {
  return {revision.ik, revision.leaf_index, revision.source, std::move(says)};
}

void Append(std::vector<std::string>& list, std::string text) {
  if (std::find(list.begin(), list.end(), text) == list.end()) list.push_back(std::move(text));
}

void HoldWithoutProduct(WorkItem& item, bool type_known) {
  if (item.product.empty()) Append(item.held, type_known ? "no_product" : "type_not_in_table");
}

}  // namespace mc
