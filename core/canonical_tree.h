// A text in the one form (docs/formats/canonical-json.md) as a flat tree over its own bytes: nothing of
// it is copied, and another form of the same document is refused. For what is read once per record; a
// document that people write is read with ParseJson (json.h).
//
// Refused as well, as nothing of ours has them: a member's name that needs an escape, and an integer
// outside of 64 bits with a sign.
// Plain values; the text must outlive the tree. Safe from any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace mc {

struct CanonicalNode {
  enum class Kind : std::uint8_t { kNull, kTrue, kFalse, kInteger, kText, kList, kObject };
  Kind kind = Kind::kNull;
  bool escaped = false;     // kText: `raw` holds escapes
  std::string_view name;    // of a member of an object
  std::string_view raw;     // kText: what stands between the quotes; kInteger: its digits
  std::uint32_t size = 0;   // members or elements
  std::uint32_t after = 0;  // index of the node behind this one and all that is in it

  std::string Text() const;      // REQUIRES: kText
  std::int64_t Integer() const;  // REQUIRES: kInteger
};

class CanonicalTree {
 public:
  // kData "not_canonical".
  static Result<CanonicalTree> Parse(std::string_view text);

  const CanonicalNode& root() const { return nodes_.front(); }
  // The first of node.size members or elements, and the one behind another; behind the last one is nothing
  // to be read.
  const CanonicalNode* First(const CanonicalNode& node) const { return &node + 1; }
  const CanonicalNode* Next(const CanonicalNode& node) const { return nodes_.data() + node.after; }
  // The member of this name; nullptr: there is none.
  const CanonicalNode* Find(const CanonicalNode& object, std::string_view name) const;

 private:
  std::vector<CanonicalNode> nodes_;  // in the order of the text
};

}  // namespace mc
