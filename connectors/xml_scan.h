// Tags and texts of an XML document, one after the other, without building a tree.
//
// Enough to cut a document into the exact bytes of its elements: comments, CDATA sections and
// processing instructions are stepped over, a document type declaration is refused, and no
// entity but the five of XML and character references is known (XML 1.0, sections 2 and 4).
// Pure; safe from any thread. Views point into the text given.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "connectors/record_spec.h"

namespace mc::xml_scan {

inline constexpr std::size_t kAttributeLimit = 64;  // of one element

enum class Fault { kNone, kNotWellFormed, kDoctype, kTooManyAttributes };

struct Tag {
  std::string_view name;        // "a:b"
  std::string_view attributes;  // between the name and the end of the tag
  bool closes = false;          // </a>
  bool empty = false;           // <a/>
  std::size_t begin = 0, end = 0;
};

// Steps from tag to tag.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}
  // False at the end, or at a fault.
  bool Next(Tag& tag);
  Fault fault() const { return fault_; }
  // The decoded text since the tag before, CDATA included; only after KeepText(). nullopt: an entity
  // that is not known.
  std::optional<std::string> TakeText();
  void KeepText() { keeps_ = true; }

 private:
  bool Fail(Fault fault);
  bool StepOver(std::string_view end, std::size_t from);
  void Keep(std::string_view text, bool decode);

  std::string_view text_;
  std::size_t at_ = 0;
  Fault fault_ = Fault::kNone;
  bool keeps_ = false;
  std::string kept_;
  bool bad_entity_ = false;
};

std::string_view LocalName(std::string_view name);
std::string_view Prefix(std::string_view name);  // "" where there is none

// Name and raw value; nullopt: not well-formed, or more than kAttributeLimit.
std::optional<std::vector<std::pair<std::string_view, std::string_view>>> Attributes(std::string_view text);
std::optional<std::string> Decode(std::string_view raw);  // the five entities and &#...;

// The text of the first element (or attribute, last segment "@name") at `path` below the root element
// of `element`, by local names; of the root itself where the path is empty. nullopt: not there.
std::optional<std::string> ValueAt(std::string_view element, const ValuePath& path);
// One well-formed element with known entities, no deeper than `depth_limit`.
bool IsWellFormed(std::string_view element, std::size_t depth_limit);

}  // namespace mc::xml_scan
