// One foreign record as a tree of names and texts, whatever its wire format was.
//
// The readers (json_record, edxml) fill it; the field reader walks it by the paths of a
// rule file. Nodes hold views: into the parser's buffers, which live until the next record
// is parsed on the same thread, or into texts that the tree owns. A tree is cleared and
// filled again, so that a long run allocates once. One thread at a time.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace mc {

// A place in a foreign record as a reason states it and a terminal shows it: control characters as '?', cut
// at kPlaceLimitBytes with "..." behind.
inline constexpr std::size_t kPlaceLimitBytes = 512;
std::string ShownPlace(std::string pointer);

class RecordTree {
 public:
  using Id = std::uint32_t;
  static constexpr Id kNone = UINT32_MAX;
  static constexpr Id kRoot = 0;

  enum class Type : std::uint8_t { kNull, kText, kFraction, kBool, kObject, kArray };

  struct Node {
    std::string_view name;  // member or element name; empty in an array and at the root
    std::string_view text;  // kText: a text or a whole number; kBool: "true" or "false"
    Id parent = kNone;
    Id first_child = kNone;
    Id last_child = kNone;
    Id next = kNone;
    Type type = Type::kNull;
  };

  // An empty tree with a root object.
  void Clear();
  // Names that differ by the case of ASCII letters alone are one, until the next Clear.
  void FoldNames() { fold_names_ = true; }

  Id Add(Id parent, std::string_view name, Type type, std::string_view text = {}) {
    const Id id = static_cast<Id>(nodes_.size());
    nodes_.push_back({name, text, parent, kNone, kNone, kNone, type});
    Node& above = nodes_[parent];
    (above.last_child == kNone ? above.first_child : nodes_[above.last_child].next) = id;
    above.last_child = id;
    return id;
  }
  void SetType(Id id, Type type) { nodes_[id].type = type; }
  void SetText(Id id, std::string_view text) { nodes_[id].text = text; }
  // Keeps a text that stands nowhere in the parser's buffers.
  std::string_view Own(std::string text) { return owned_.emplace_back(std::move(text)); }

  const Node& operator[](Id id) const { return nodes_[id]; }
  std::size_t size() const { return nodes_.size(); }  // nodes, the root included
  Id FirstChild(Id id, std::string_view name) const { return NextNamed(nodes_[id].first_child, name); }
  Id NextSibling(Id id) const { return NextNamed(nodes_[id].next, nodes_[id].name); }

  // The first node whose text is not UTF-8; kNone: all are.
  Id FirstNotUtf8() const;

  // RFC 6901 pointer of a node; array members by position.
  std::string PointerTo(Id id) const;

 private:
  Id NextNamed(Id id, std::string_view name) const {
    while (id != kNone && !IsNamed(nodes_[id].name, name)) id = nodes_[id].next;
    return id;
  }
  bool IsNamed(std::string_view a, std::string_view b) const { return a == b || (fold_names_ && SameFolded(a, b)); }
  static bool SameFolded(std::string_view a, std::string_view b);

  std::vector<Node> nodes_;
  bool fold_names_ = false;
  std::deque<std::string> owned_;  // a deque: views stay good while it grows
};

}  // namespace mc
