#include "mapping/edxml.h"

#include <simdjson.h>

#include <algorithm>
#include <pugixml.hpp>

#include "core/text.h"
#include "mapping/attachment.h"
#include "mapping/xml_references.h"

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

// The prefix that an attribute of this name binds, "" for the default one; nullopt: it binds none.
std::optional<std::string_view> BoundPrefix(std::string_view name) {
  if (!name.starts_with("xmlns")) return std::nullopt;
  if (name.size() == 5) return std::string_view();
  return name.size() > 6 && name[5] == ':' ? std::optional(name.substr(6)) : std::nullopt;
}

// The prefixes bound at one place of the message (Namespaces in XML 1.0, section 6). Elements are
// entered in document order; almost always the root declares all that there is.
class Bindings {
 public:
  void Enter(int depth) {
    while (!bound_.empty() && bound_.back().depth >= depth) bound_.pop_back();
  }
  // The first of two equal attributes of an element counts.
  void Bind(std::string_view prefix, const char* uri, int depth) {
    const auto same = [&](const Binding& one) { return one.depth == depth && one.prefix == prefix; };
    if (std::none_of(bound_.begin(), bound_.end(), same)) bound_.push_back({prefix, uri, depth});
    below_root_ = below_root_ || depth > 0;
  }
  // The URI; nullptr when none is bound.
  const char* UriOf(std::string_view prefix) const {
    if (prefix == "xml") return "http://www.w3.org/XML/1998/namespace";
    for (auto one = bound_.rbegin(); one != bound_.rend(); ++one) {
      if (one->prefix == prefix) return one->uri;
    }
    return prefix.empty() ? "" : nullptr;
  }
  std::size_t size() const { return bound_.size(); }
  // Whether any element but the root binds a prefix: then every place has bindings of its own.
  bool below_root() const { return below_root_; }

 private:
  struct Binding {
    std::string_view prefix;
    const char* uri;
    int depth;
  };
  std::vector<Binding> bound_;
  bool below_root_ = false;
};

// Those at `node`, by a walk to the root.
Bindings BindingsAt(pugi::xml_node node) {
  std::vector<pugi::xml_node> path;
  for (; node.type() == pugi::node_element; node = node.parent()) path.push_back(node);
  Bindings bindings;
  int depth = 0;
  for (auto at = path.rbegin(); at != path.rend(); ++at, ++depth) {
    for (auto attribute = at->first_attribute(); attribute; attribute = attribute.next_attribute()) {
      if (const auto prefix = BoundPrefix(attribute.name())) bindings.Bind(*prefix, attribute.value(), depth);
    }
  }
  return bindings;
}

bool IsEnvelope(std::string_view local) { return local == "edXMLEnvelope" || local == "EdXMLEnvelope"; }

constexpr std::string_view kOldExchange = "http://www.e-doc.vn/Schema";

// The exchange before edXML: its own root, or its answer in a SOAP envelope, at the front of
// whose body its namespace is bound.
bool IsOldExchange(pugi::xml_node root, const Bindings& of_root, std::string_view text) {
  constexpr std::size_t kFrontBytes = 4096;
  const char* uri = of_root.UriOf(PrefixOf(root.name()));
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
    const pugi::xml_node_type type = node.type();
    if (type == pugi::node_doctype) {
      reason = Refuse("dtd_refused", "no_dtd", "The message carries a document type declaration.");
    } else if (depth() >= kEdxmlDepthLimit) {
      reason =
          Refuse("too_deep", std::to_string(kEdxmlDepthLimit), "The message nests deeper than the limit.");
    } else if (type == pugi::node_element) {
      CheckElement(node);
    } else if (type == pugi::node_declaration) {
      TakeAttributes(node);
    }
    return !reason;
  }

  Reason reason;
  bool unbound_xlink = false;
  int envelopes = 0;  // more than one: a message carries another one as it is
  Bindings bindings;  // at the end: those at the last element

 private:
  void CheckElement(pugi::xml_node node) {
    bindings.Enter(depth());
    const bool plain = !node.first_attribute();
    if (!plain && !TakeAttributes(node)) return;
    const std::string_view name = node.name();
    const std::string_view prefix = PrefixOf(name);
    if (!IsBound(prefix)) RefusePrefix();
    if (!plain) CheckAttributes(node);
    if (IsEnvelope(prefix.empty() ? name : name.substr(prefix.size() + 1))) ++envelopes;
  }

  // Counts and binds. Prefixes are looked up among the attributes, so their number bounds the work.
  bool TakeAttributes(pugi::xml_node node) {
    int count = 0;
    for (auto attribute = node.first_attribute(); attribute; attribute = attribute.next_attribute()) {
      if (++count > kEdxmlAttributeLimit) {
        reason = Refuse("too_many_attributes", std::to_string(kEdxmlAttributeLimit),
                        "An element carries more attributes than the limit.");
        return false;
      }
      if (const auto prefix = BoundPrefix(attribute.name())) bindings.Bind(*prefix, attribute.value(), depth());
    }
    if (bindings.size() > kEdxmlPathBindingLimit) {
      reason = Refuse("too_many_attributes", std::to_string(kEdxmlPathBindingLimit),
                      "An element and those around it bind more prefixes than the limit.");
      return false;
    }
    if (node.type() == pugi::node_element) last_ = nullptr;
    return true;
  }

  // One prefix stands on nearly all elements of a message.
  bool IsBound(std::string_view prefix) {
    if (last_ && !bindings.below_root() && prefix == last_prefix_) return true;
    last_ = bindings.UriOf(prefix);
    last_prefix_ = prefix;
    return last_ != nullptr;
  }

  void CheckAttributes(pugi::xml_node node) {
    for (auto attribute = node.first_attribute(); attribute; attribute = attribute.next_attribute()) {
      if (IsXmlnsOrPlain(attribute.name()) || bindings.UriOf(PrefixOf(attribute.name())) != nullptr) continue;
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

  const char* last_ = nullptr;
  std::string_view last_prefix_;
};

class HeaderReader {
 public:
  HeaderReader(const std::vector<std::string>& namespaces, const Bindings& of_root, RecordTree& tree)
      : namespaces_(namespaces), of_root_(of_root), tree_(tree) {}

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
  bool Known(pugi::xml_node node) {
    const std::string_view prefix = PrefixOf(node.name());
    if (of_root_.below_root()) return IsRead(BindingsAt(node).UriOf(prefix));
    if (!last_known_ || prefix != last_prefix_) {
      last_known_ = IsRead(of_root_.UriOf(prefix));
      last_prefix_ = prefix;
    }
    return *last_known_;
  }

  bool IsRead(const char* uri) const {
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
    const pugi::xml_node first = element.first_child();
    if (!first) return;
    if (first.type() != pugi::node_element && !first.next_sibling()) {
      tree_.SetText(id, first.value());
    } else if (element.find_child([](pugi::xml_node n) { return n.type() == pugi::node_element; })) {
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
  const Bindings& of_root_;
  RecordTree& tree_;
  std::optional<bool> last_known_;
  std::string_view last_prefix_;
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

// Parsing changes the buffer, and the document points into it.
struct Parsed {
  std::string buffer;
  pugi::xml_document document;
};

// Counted before a tree is built, so that its memory is bounded.
bool HasTooMuchMarkup(std::string_view text) {
  if (text.size() <= kEdxmlMarkupLimit) return false;
  const auto costs = [](char c) { return c == '<' || c == '='; };
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), costs)) > kEdxmlMarkupLimit;
}

Reason Parse(std::string_view bytes, Parsed& into) {
  pugi::xml_document& document = into.document;
  const std::string_view trimmed = Trim(bytes);
  if (!trimmed.starts_with('<') ||
      !trimmed.ends_with('>')) {  // the library does not mind text outside the root
    return Refuse("bad_xml", "xml", "The message does not begin and end with XML.");
  }
  if (HasTooMuchMarkup(bytes)) {
    return Refuse("too_many", std::to_string(kEdxmlMarkupLimit),
                  "The message has more elements and attributes than the limit.");
  }
  document.reset();
  into.buffer.assign(bytes);
  const auto parsed =
      document.load_buffer_inplace(into.buffer.data(), into.buffer.size(), kParseOptions, pugi::encoding_utf8);
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

// Most of a large message is an attachment's base64: a vector at a time.
bool IsUtf8(std::string_view text) { return simdjson::validate_utf8(text.data(), text.size()); }

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
    Parsed parsed;
    Inspector inspector;
    const std::string_view text = DropJunk(message, inside);
    const bool well_formed = IsUtf8(text) && !Parse(text, parsed) && parsed.document.traverse(inspector);
    if (!well_formed || inspector.reason) {
      marks.emplace_back("nested_edxml_not_read");
      continue;
    }
    HeaderReader reader(kNoNamespaces, inspector.bindings, tree);
    reader.nested().room_bytes = found.room_bytes;
    reader.MarkAttachments(parsed.document.document_element(), inside);
    MarkNested(reader.nested(), depth + 1, tree, inside);
    found.room_bytes = reader.nested().room_bytes;
    for (const std::string& mark : inside) marks.push_back(mark.starts_with("nested_") ? mark : "nested_" + mark);
  }
}

}  // namespace

Reason ReadEdxml(std::string_view bytes, const std::vector<std::string>& namespaces, RecordTree& tree,
                 std::vector<std::string>& marks) {
  thread_local Parsed parsed;  // keeps its memory from message to message
  const pugi::xml_document& document = parsed.document;
  tree.Clear();
  if (bytes.size() > kEdxmlLimitBytes) {
    return Refuse("too_large", std::to_string(kEdxmlLimitBytes), "The message is over the size limit.");
  }
  const std::string_view text = DropJunk(bytes, marks);
  if (!IsUtf8(text)) return Refuse("bad_utf8", "utf-8", "The message is not valid UTF-8.");
  if (auto reason = Parse(text, parsed)) return reason;
  Inspector inspector;
  parsed.document.traverse(inspector);
  if (inspector.reason) return inspector.reason;
  inspector.bindings.Enter(1);  // back at the root
  if (inspector.unbound_xlink) marks.emplace_back("unbound_xlink");
  if (inspector.envelopes > 1) marks.emplace_back("nested_edxml");
  if (IsOldExchange(document.document_element(), inspector.bindings, text)) {
    return Refuse("unsupported_dialect", "e-doc.vn",
                  "The message is of the exchange before edXML, which is not read: ask its sender for edXML.");
  }
  HeaderReader reader(namespaces, inspector.bindings, tree);
  if (auto reason = reader.Read(document.document_element())) return reason;
  if (auto reason = CheckReferences(text, tree)) return reason;
  reader.MarkAttachments(document.document_element(), marks);
  MarkNested(reader.nested(), 1, tree, marks);
  return std::nullopt;
}

}  // namespace mc
