#include "mapping/edxml.h"

#include <algorithm>
#include <pugixml.hpp>

#include "core/text.h"
#include "mapping/attachment.h"

namespace mc {
namespace {

using Type = RecordTree::Type;
using Reason = std::optional<RejectionReason>;

constexpr unsigned kParseOptions = pugi::parse_minimal | pugi::parse_escapes | pugi::parse_cdata |
                                   pugi::parse_eol | pugi::parse_doctype | pugi::parse_declaration;

RejectionReason Refuse(std::string code, std::string rule, std::string message, std::string field = "") {
  return {std::move(code), std::move(field), std::move(rule), std::move(message)};
}

std::string_view PrefixOf(std::string_view name) {
  const auto colon = name.find(':');
  return colon == std::string_view::npos ? std::string_view() : name.substr(0, colon);
}

std::string_view LocalName(std::string_view name) {
  const auto colon = name.find(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

// The URI bound to the prefix here (Namespaces in XML 1.0, section 6); nullptr when none is.
const char* NamespaceOf(pugi::xml_node node, std::string_view prefix) {
  if (prefix == "xml") return "http://www.w3.org/XML/1998/namespace";
  for (; node; node = node.parent()) {
    for (auto attribute = node.first_attribute(); attribute; attribute = attribute.next_attribute()) {
      const std::string_view name = attribute.name();
      const bool binds =
          prefix.empty() ? name == "xmlns" : PrefixOf(name) == "xmlns" && LocalName(name) == prefix;
      if (binds) return attribute.value();
    }
  }
  return prefix.empty() ? "" : nullptr;
}

bool IsEnvelope(std::string_view local) { return local == "edXMLEnvelope" || local == "EdXMLEnvelope"; }

constexpr std::string_view kOldExchange = "http://www.e-doc.vn/Schema";

// The exchange before edXML: its own root, or its answer in a SOAP envelope, at the front of
// whose body its namespace is bound.
bool IsOldExchange(pugi::xml_node root, std::string_view text) {
  constexpr std::size_t kFrontBytes = 4096;
  const char* uri = NamespaceOf(root, PrefixOf(root.name()));
  const std::string_view bound = uri ? uri : "";
  if (bound.starts_with(kOldExchange)) return true;
  const bool soap = LocalName(root.name()) == "Envelope" && bound.find("soap") != std::string_view::npos;
  return soap && text.substr(0, kFrontBytes).find(kOldExchange) != std::string_view::npos;
}

bool IsXmlnsOrPlain(std::string_view name) {
  const std::string_view prefix = PrefixOf(name);
  return prefix.empty() || prefix == "xmlns" || prefix == "xml";
}

// Depth, document type and prefixes of the whole message, without recursion.
class Inspector final : public pugi::xml_tree_walker {
 public:
  bool for_each(pugi::xml_node& node) override {
    if (node.type() == pugi::node_doctype) {
      reason = Refuse("dtd_refused", "no_dtd", "The message carries a document type declaration.");
    } else if (depth() >= kEdxmlDepthLimit) {
      reason =
          Refuse("too_deep", std::to_string(kEdxmlDepthLimit), "The message nests deeper than the limit.");
    } else if (TooManyAttributes(node)) {
      reason = Refuse("too_many_attributes", std::to_string(kEdxmlAttributeLimit),
                      "An element carries more attributes than the limit.");
    } else if (node.type() == pugi::node_element) {
      CheckPrefixes(node);
      if (IsEnvelope(LocalName(node.name()))) ++envelopes;
    }
    return !reason;
  }

  Reason reason;
  bool unbound_xlink = false;
  int envelopes = 0;  // more than one: a message carries another one as it is

 private:
  // Prefixes are looked up among the attributes, so their number bounds the work.
  static bool TooManyAttributes(pugi::xml_node node) {
    int count = 0;
    for (auto attribute = node.first_attribute(); attribute; attribute = attribute.next_attribute()) ++count;
    return count > kEdxmlAttributeLimit;
  }

  void CheckPrefixes(pugi::xml_node node) {
    if (NamespaceOf(node, PrefixOf(node.name())) == nullptr) RefusePrefix();
    for (auto attribute = node.first_attribute(); attribute; attribute = attribute.next_attribute()) {
      if (IsXmlnsOrPlain(attribute.name()) || NamespaceOf(node, PrefixOf(attribute.name())) != nullptr)
        continue;
      // A known sender forgets to declare this one; nothing that is read depends on it.
      if (PrefixOf(attribute.name()) == "xlink") {
        unbound_xlink = true;
      } else {
        RefusePrefix();
      }
    }
  }

  void RefusePrefix() {
    reason = Refuse("unbound_prefix", "xml-names", "The message uses a prefix that is bound to nothing.");
  }
};

class HeaderReader {
 public:
  HeaderReader(const std::vector<std::string>& namespaces, RecordTree& tree)
      : namespaces_(namespaces), tree_(tree) {}

  Reason Read(pugi::xml_node root) {
    const std::string_view name = LocalName(root.name());
    const bool wrapped = name == "edXML";
    if (!wrapped && !IsEnvelope(name)) {
      return Refuse("not_edxml", "root", "The root element is none of an edXML message.");
    }
    if (!Known(root))
      return Refuse("not_edxml", "namespace", "The message is in a namespace that the rules do not read.");
    const pugi::xml_node envelope = wrapped ? Child(root, "edXMLEnvelope") : root;
    const pugi::xml_node direct = Child(envelope, "MessageHeader");
    const pugi::xml_node header = HeaderIn(envelope);
    const pugi::xml_node message = header ? Child(header, "MessageHeader") : direct;
    if (!message) return Refuse("not_edxml", "header", "The message has no message header.");
    if (twice_ || (header && direct))
      return Refuse("not_edxml", "one_header",
                    "The message has two headers: it is not clear which one speaks.");
    if (header) {
      AddChildren(header, RecordTree::kRoot);
    } else {
      AddElement(message, RecordTree::kRoot);
    }
    return std::nullopt;
  }

  // The hub puts attachments beside the envelope, the older form into it. No namespace is
  // asked for: nothing of them enters the evidence but what they look like.
  void MarkAttachments(pugi::xml_node root, std::vector<std::string>& marks) {
    MarkListsBelow(root, marks);
    for (const pugi::xml_node& child : root.children()) {
      if (IsEnvelope(LocalName(child.name()))) MarkListsBelow(child, marks);
    }
    if (attachments_ > kAttachmentLimit) marks.emplace_back("attachments_not_all_read");
  }

  NestedMessages& nested() { return nested_; }

 private:
  bool Known(pugi::xml_node node) const {
    const char* uri = NamespaceOf(node, PrefixOf(node.name()));
    return uri && std::find(namespaces_.begin(), namespaces_.end(), uri) != namespaces_.end();
  }

  pugi::xml_node Child(pugi::xml_node parent, std::string_view local) {
    pugi::xml_node found;
    for (const pugi::xml_node& child : parent.children()) {
      if (child.type() != pugi::node_element || LocalName(child.name()) != local || !Known(child)) continue;
      twice_ = twice_ || found;
      found = child;
    }
    return found;
  }

  // The form of go.vn has its message header directly below the envelope, or writes the
  // header's name as it writes that of the envelope.
  pugi::xml_node HeaderIn(pugi::xml_node envelope) {
    const pugi::xml_node header = Child(envelope, "edXMLHeader");
    const pugi::xml_node other = Child(envelope, "EdXMLHeader");
    twice_ = twice_ || (header && other);
    return header ? header : other;
  }

  // Depth is bounded by the inspector, which ran before.
  void AddChildren(pugi::xml_node parent, RecordTree::Id above) {
    for (const pugi::xml_node& child : parent.children()) {
      if (child.type() == pugi::node_element && Known(child)) AddElement(child, above);
    }
  }

  void AddElement(pugi::xml_node element, RecordTree::Id above) {
    const RecordTree::Id id = tree_.Add(above, LocalName(element.name()), Type::kText);
    if (element.find_child([](pugi::xml_node n) { return n.type() == pugi::node_element; })) {
      tree_.SetType(id, Type::kObject);
      AddChildren(element, id);
    } else {
      tree_.SetText(id, TextOf(element));
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

  void MarkListsBelow(pugi::xml_node parent, std::vector<std::string>& marks) {
    for (const pugi::xml_node& list : parent.children()) {
      const std::string_view local = LocalName(list.name());
      if (local != "AttachmentEncoded" && local != "Manifest") continue;
      for (const pugi::xml_node& child : list.children()) {
        if (LocalName(child.name()) == "Attachment" && attachments_++ < kAttachmentLimit) Mark(child, marks);
      }
    }
  }

  // QCVN 102 says ContentTransferEncoded and ContentType, the older form Content and FileType.
  void Mark(pugi::xml_node attachment, std::vector<std::string>& marks) {
    AttachmentText text;
    for (const pugi::xml_node& part : attachment.children()) {
      const std::string_view local = LocalName(part.name());
      if (local == "ContentTransferEncoded" || local == "Content") text.content = TextOf(part);
      if (local == "ContentType" || local == "FileType") text.content_type = TextOf(part);
    }
    MarkAttachment(text, marks, nested_);
  }

  const std::vector<std::string>& namespaces_;
  RecordTree& tree_;
  bool twice_ = false;
  std::size_t attachments_ = 0;
  NestedMessages nested_;
};

// Junk before the declaration is real ("1212<?xml"): it is dropped and remembered.
std::string_view DropJunk(std::string_view bytes, std::vector<std::string>& marks) {
  const std::string_view plain = StripBom(bytes);
  if (plain.size() != bytes.size()) marks.emplace_back("bom");
  const auto start = plain.substr(0, kEdxmlJunkLimitBytes + 5).find("<?xml");
  if (start == std::string_view::npos || start == 0) return plain;
  if (!Trim(StripBom(plain.substr(0, start))).empty()) marks.emplace_back("leading_junk");
  return plain.substr(start);
}

bool DeclaresUtf8(const pugi::xml_document& document) {
  for (const pugi::xml_node& node : document.children()) {
    if (node.type() != pugi::node_declaration) continue;
    const std::string encoding = ToLowerAscii(node.attribute("encoding").value());
    return encoding.empty() || encoding == "utf-8" || encoding == "utf8" || encoding == "us-ascii";
  }
  return true;
}

Reason Parse(std::string_view bytes, pugi::xml_document& document) {
  const std::string_view trimmed = Trim(bytes);
  if (!trimmed.starts_with('<') ||
      !trimmed.ends_with('>')) {  // the library does not mind text outside the root
    return Refuse("bad_xml", "xml", "The message does not begin and end with XML.");
  }
  const auto parsed = document.load_buffer(bytes.data(), bytes.size(), kParseOptions, pugi::encoding_utf8);
  if (!parsed) {
    return Refuse("bad_xml", "xml",
                  "The message is not well-formed XML near byte " + std::to_string(parsed.offset) + ": " +
                      parsed.description() + ".");
  }
  const auto roots = std::count_if(document.begin(), document.end(), [](const pugi::xml_node& node) {
    return node.type() == pugi::node_element;
  });
  if (roots != 1) return Refuse("bad_xml", "one_root", "The message has not one root element.");
  if (!DeclaresUtf8(document))
    return Refuse("bad_encoding", "utf-8", "The message declares another encoding than UTF-8.");
  return std::nullopt;
}

// What the attachments of messages inside look like; marks are those of the level above.
// REQUIRES depth >= 1. The room for unfolded bytes is one for all depths.
void MarkNested(NestedMessages& found, int depth, RecordTree& tree, std::vector<std::string>& marks) {
  static const std::vector<std::string> kNoNamespaces;
  for (const std::string& message : found.messages) {
    if (depth > kNestedEdxmlDepthLimit) {
      marks.emplace_back("nested_edxml_too_deep");
      return;
    }
    std::vector<std::string> inside;
    pugi::xml_document document;
    Inspector inspector;
    const std::string_view text = DropJunk(message, inside);
    const bool well_formed = IsValidUtf8(text) && !Parse(text, document) && document.traverse(inspector);
    if (!well_formed || inspector.reason) {
      marks.emplace_back("nested_edxml_not_read");
      continue;
    }
    HeaderReader reader(kNoNamespaces, tree);
    reader.nested().room_bytes = found.room_bytes;
    reader.MarkAttachments(document.document_element(), inside);
    MarkNested(reader.nested(), depth + 1, tree, inside);
    found.room_bytes = reader.nested().room_bytes;
    for (const std::string& mark : inside) marks.push_back(mark.starts_with("nested_") ? mark : "nested_" + mark);
  }
}

}  // namespace

Reason ReadEdxml(std::string_view bytes, const std::vector<std::string>& namespaces, RecordTree& tree,
                 std::vector<std::string>& marks) {
  thread_local pugi::xml_document document;
  tree.Clear();
  if (bytes.size() > kEdxmlLimitBytes) {
    return Refuse("too_large", std::to_string(kEdxmlLimitBytes), "The message is over the size limit.");
  }
  const std::string_view text = DropJunk(bytes, marks);
  if (!IsValidUtf8(text)) return Refuse("bad_utf8", "utf-8", "The message is not valid UTF-8.");
  if (auto reason = Parse(text, document)) return reason;
  Inspector inspector;
  document.traverse(inspector);
  if (inspector.reason) return inspector.reason;
  if (inspector.unbound_xlink) marks.emplace_back("unbound_xlink");
  if (inspector.envelopes > 1) marks.emplace_back("nested_edxml");
  if (IsOldExchange(document.document_element(), text)) {
    return Refuse("unsupported_dialect", "e-doc.vn",
                  "The message is of the exchange before edXML, which is not read: ask its sender for edXML.");
  }
  HeaderReader reader(namespaces, tree);
  if (auto reason = reader.Read(document.document_element())) return reason;
  reader.MarkAttachments(document.document_element(), marks);
  MarkNested(reader.nested(), 1, tree, marks);
  return std::nullopt;
}

}  // namespace mc
