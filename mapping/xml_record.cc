#include "mapping/xml_record.h"

#include <algorithm>
#include <pugixml.hpp>

#include "core/text.h"
#include "mapping/xml_references.h"

namespace mc {
namespace {

using Type = RecordTree::Type;
using Reason = std::optional<RejectionReason>;

constexpr unsigned kXmlParseOptions =
    pugi::parse_minimal | pugi::parse_escapes | pugi::parse_cdata | pugi::parse_eol | pugi::parse_doctype;

RejectionReason Refuse(std::string code, std::string rule, std::string message, std::string field = "") {
  return {std::move(code), std::move(field), std::move(rule), std::move(message)};
}

std::string_view LocalName(std::string_view name) {
  const auto colon = name.find(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

bool IsDeclaration(std::string_view name) { return name == "xmlns" || name.starts_with("xmlns:"); }

class TreeBuilder {
 public:
  explicit TreeBuilder(RecordTree& tree) : tree_(tree) {}

  Reason Read(pugi::xml_node root) {
    if (root.first_attribute()) AddAttributes(root, tree_.Add(RecordTree::kRoot, ".", Type::kObject));
    return AddChildren(root, RecordTree::kRoot, 1);
  }

 private:
  Reason AddChildren(pugi::xml_node parent, RecordTree::Id above, int depth) {
    for (const pugi::xml_node& child : parent.children()) {
      if (child.type() != pugi::node_element) continue;
      const RecordTree::Id id = tree_.Add(above, LocalName(child.name()), Type::kText);
      if (depth >= kXmlDepthLimit) {
        return Refuse("too_deep", std::to_string(kXmlDepthLimit), "The record nests deeper than the limit.",
                      tree_.PointerTo(id));
      }
      AddAttributes(child, id);
      if (child.find_child([](pugi::xml_node n) { return n.type() == pugi::node_element; })) {
        tree_.SetType(id, Type::kObject);
        if (auto reason = AddChildren(child, id, depth + 1)) return reason;
      } else {
        tree_.SetText(id, TextOf(child));
      }
    }
    return std::nullopt;
  }

  void AddAttributes(pugi::xml_node node, RecordTree::Id id) {
    for (const pugi::xml_attribute& attribute : node.attributes()) {
      if (IsDeclaration(attribute.name())) continue;
      const std::string_view name = tree_.Own("@" + std::string(LocalName(attribute.name())));
      tree_.Add(id, name, Type::kText, attribute.value());
    }
  }

  // A comment or CDATA section splits one text into several nodes.
  std::string_view TextOf(pugi::xml_node node) {
    const pugi::xml_node first = node.first_child();
    if (!first) return {};
    if (!first.next_sibling()) return first.value();
    std::string all;
    for (const pugi::xml_node& part : node.children()) all += part.value();
    return tree_.Own(std::move(all));
  }

  RecordTree& tree_;
};

}  // namespace

std::optional<RejectionReason> ReadXmlRecord(std::string_view bytes, RecordTree& tree,
                                             std::vector<std::string>& marks) {
  thread_local pugi::xml_document document;
  tree.Clear();
  if (bytes.size() > kXmlRecordLimitBytes) {
    return Refuse("too_large", std::to_string(kXmlRecordLimitBytes), "The record is over the size limit.");
  }
  const std::string_view text = Trim(StripBom(bytes));
  if (StripBom(bytes).size() != bytes.size()) marks.emplace_back("bom");
  if (!IsValidUtf8(text)) return Refuse("bad_utf8", "utf-8", "The record is not valid UTF-8.");
  // Counted before a tree is built, so that its memory is bounded.
  for (const char c : {'<', '='}) {
    if (static_cast<std::size_t>(std::count(text.begin(), text.end(), c)) <= 2 * kXmlNodeLimit) continue;
    return Refuse("too_many", std::to_string(kXmlNodeLimit),
                  "The record has more elements or attributes than the limit.");
  }
  const auto parsed = document.load_buffer(text.data(), text.size(), kXmlParseOptions, pugi::encoding_utf8);
  if (!parsed || !text.ends_with('>')) return Refuse("bad_xml", "xml", "The record is not well-formed XML.");
  for (const pugi::xml_node& node : document.children()) {
    if (node.type() == pugi::node_doctype) {
      return Refuse("dtd_refused", "no_dtd", "The record carries a document type declaration.");
    }
  }
  if (document.first_child() != document.last_child()) {
    return Refuse("bad_xml", "one_root", "The record is not one element.");
  }
  if (auto reason = TreeBuilder(tree).Read(document.document_element())) return reason;
  return CheckReferences(text, tree);
}

}  // namespace mc
