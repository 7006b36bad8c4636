#include "mapping/record_tree.h"

#include <algorithm>

#include "core/json_at.h"
#include "core/shown.h"
#include "core/text.h"

namespace mc {

std::string ShownPlace(std::string pointer) {
  pointer = WithoutControls(pointer);
  if (pointer.size() <= kPlaceLimitBytes) return pointer;
  std::size_t end = kPlaceLimitBytes;
  while (end > 0 && (pointer[end] & 0xC0) == 0x80) --end;  // not inside a character
  return pointer.substr(0, end) + "...";
}

void RecordTree::Clear() {
  nodes_.clear();
  owned_.clear();
  fold_names_ = false;
  nodes_.emplace_back().type = Type::kObject;
}

bool RecordTree::SameFolded(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; };
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [&](char x, char y) { return lower(x) == lower(y); });
}

RecordTree::Id RecordTree::FirstNotUtf8() const {
  const auto bad = std::find_if(nodes_.begin(), nodes_.end(), [](const Node& node) { return !IsValidUtf8(node.text); });
  return bad == nodes_.end() ? kNone : static_cast<Id>(bad - nodes_.begin());
}

std::string RecordTree::PointerTo(Id id) const {
  if (id == kRoot || id == kNone) return "";
  const Node& node = nodes_[id];
  if (nodes_[node.parent].type != Type::kArray) return PointerTo(node.parent) + PointerToken(node.name);
  std::size_t position = 0;
  for (Id at = nodes_[node.parent].first_child; at != id; at = nodes_[at].next) ++position;
  return PointerTo(node.parent) + "/" + std::to_string(position);
}

}  // namespace mc
