#include "mapping/edxml_walk.h"

#include <algorithm>
#include <cstring>
#include <pugixml.hpp>

#include "mapping/edxml.h"

namespace mc {
namespace {

using Type = RecordTree::Type;
using Reason = std::optional<RejectionReason>;

RejectionReason NotEdxml(std::string rule, std::string message) {
  return {"not_edxml", "", std::move(rule), std::move(message)};
}

bool IsXmlnsOrPlain(std::string_view prefix) { return prefix.empty() || prefix == "xmlns" || prefix == "xml"; }

}  // namespace

XmlName SplitName(const char* qualified) {
  const char* local = qualified;
  const char* end = qualified;
  for (; *end != '\0'; ++end) {
    if (*end == ':' && local == qualified) local = end + 1;
  }
  const std::size_t prefix = local == qualified ? 0 : static_cast<std::size_t>(local - qualified) - 1;
  return {{qualified, prefix}, {local, static_cast<std::size_t>(end - local)}};
}

std::string_view TextFrom(const pugi::xml_node& first_child, RecordTree& tree) {
  if (!first_child.next_sibling()) return first_child.value();
  std::string all;
  for (pugi::xml_node part = first_child; part; part = part.next_sibling()) all += part.value();
  return tree.Own(std::move(all));
}

Reason EdxmlWalk::Walk(const pugi::xml_node& document) {
  Children(document.first_child(), 0, {});
  return reason_;
}

Reason EdxmlWalk::Header() const {
  if (root_ != "edXML" && !IsEdxmlEnvelope(root_)) {
    return NotEdxml("root", "The root element is none of an edXML message.");
  }
  if (!root_is_read_) return NotEdxml("namespace", "The message is in a namespace that the rules do not read.");
  if ((headers_ > 0 ? messages_ : direct_messages_) == 0) {
    return NotEdxml("header", "The message has no message header.");
  }
  if (inner_envelopes_ > 1 || headers_ > 1 || messages_ > 1 || direct_messages_ > (headers_ > 0 ? 0 : 1)) {
    return NotEdxml("one_header", "The message has two headers: it is not clear which one speaks.");
  }
  return std::nullopt;
}

// Its depth is bounded, and with it that of the calls.
bool EdxmlWalk::Children(const pugi::xml_node& first, int depth, const Place& place) {
  const pugi::xml_node_type first_type = first.type();
  if (first_type == pugi::node_null) return true;
  if (depth >= kEdxmlDepthLimit) {
    return Refuse("too_deep", std::to_string(kEdxmlDepthLimit), "The message nests deeper than the limit.");
  }
  bool elements = false;
  pugi::xml_node node = first;
  for (auto type = first_type; type != pugi::node_null; node = node.next_sibling(), type = node.type()) {
    if (type == pugi::node_element) {
      elements = true;
      if (!Element(node, depth, place)) return false;
    } else if (type == pugi::node_doctype) {
      return Refuse("dtd_refused", "no_dtd", "The message carries a document type declaration.");
    } else if (type == pugi::node_declaration && !TakeAttributes(node, depth)) {
      return false;
    }
  }
  if (place.role != Role::kInTree) return true;
  if (elements) {
    tree_.SetType(place.id, Type::kObject);
  } else {
    tree_.SetText(place.id, TextFrom(first, tree_));
  }
  return true;
}

bool EdxmlWalk::Element(const pugi::xml_node& node, int depth, const Place& above) {
  if (bindings_.Enter(depth)) looked_up_.reset();
  const bool plain = !node.first_attribute();
  if (!plain && !TakeAttributes(node, depth)) return false;
  const XmlName name = Split(node.name());
  const Prefix prefix = Look(name.prefix);
  if (!prefix.uri) return RefusePrefix();
  if (!plain && !CheckAttributes(node)) return false;
  if (IsEdxmlEnvelope(name.local)) ++envelopes_;
  Place place{RoleOf(name.local, prefix, above.role)};
  if (place.role == Role::kInTree) place.id = tree_.Add(above.id, name.local, Type::kText);
  return Children(node.first_child(), depth + 1, place);
}

// Counts and binds. Prefixes are looked up among the attributes, so their number bounds the work.
bool EdxmlWalk::TakeAttributes(const pugi::xml_node& node, int depth) {
  int count = 0;
  for (auto attribute = node.first_attribute(); attribute; attribute = attribute.next_attribute()) {
    if (++count > kEdxmlAttributeLimit) {
      return Refuse("too_many_attributes", std::to_string(kEdxmlAttributeLimit),
                    "An element carries more attributes than the limit.");
    }
    const auto prefix = XmlBindings::PrefixBoundBy(attribute.name());
    if (!prefix) continue;
    bindings_.Bind(*prefix, attribute.value(), depth);
    looked_up_.reset();
  }
  if (bindings_.size() <= kEdxmlPathBindingLimit) return true;
  return Refuse("too_many_attributes", std::to_string(kEdxmlPathBindingLimit),
                "An element and those around it bind more prefixes than the limit.");
}

bool EdxmlWalk::CheckAttributes(const pugi::xml_node& node) {
  for (auto attribute = node.first_attribute(); attribute; attribute = attribute.next_attribute()) {
    const std::string_view prefix = SplitName(attribute.name()).prefix;
    if (IsXmlnsOrPlain(prefix) || bindings_.UriOf(prefix) != nullptr) continue;
    // A known sender forgets to declare this one; nothing that is read depends on it.
    if (prefix != "xlink") return RefusePrefix();
    unbound_xlink_ = true;
  }
  return true;
}

// As SplitName; quick where the prefix is that of the element before.
XmlName EdxmlWalk::Split(const char* qualified) const {
  const std::size_t size = looked_up_ ? looked_up_->size() : 0;
  if (size == 0 || std::strncmp(qualified, looked_up_->data(), size) != 0 || qualified[size] != ':') {
    return SplitName(qualified);
  }
  return {*looked_up_, qualified + size + 1};
}

EdxmlWalk::Prefix EdxmlWalk::Look(std::string_view prefix) {
  if (looked_up_ && (looked_up_->data() == prefix.data() || *looked_up_ == prefix)) return found_;
  found_.uri = bindings_.UriOf(prefix);
  found_.read = found_.uri && std::find(namespaces_.begin(), namespaces_.end(), found_.uri) != namespaces_.end();
  looked_up_ = prefix;
  return found_;
}

EdxmlWalk::Role EdxmlWalk::RoleOf(std::string_view local, const Prefix& prefix, Role above) {
  if (above == Role::kDocument) return RoleOfRoot(local, prefix);
  if (!prefix.read || above == Role::kOther) return Role::kOther;
  if (above == Role::kInTree) return Role::kInTree;
  if (above == Role::kHeader) {
    messages_ += local == "MessageHeader" ? 1 : 0;
    return Role::kInTree;
  }
  if (above == Role::kRoot) {
    if (local != "edXMLEnvelope") return Role::kOther;
    ++inner_envelopes_;
    return Role::kEnvelope;
  }
  if (local == "MessageHeader") {
    ++direct_messages_;
    return Role::kInTree;
  }
  // The form of go.vn may write the header's name as it writes that of the envelope.
  if (local != "edXMLHeader" && local != "EdXMLHeader") return Role::kOther;
  ++headers_;
  return Role::kHeader;
}

EdxmlWalk::Role EdxmlWalk::RoleOfRoot(std::string_view local, const Prefix& prefix) {
  root_ = local;
  root_uri_ = prefix.uri;
  root_is_read_ = prefix.read;
  if (!prefix.read) return Role::kOther;
  if (local == "edXML") return Role::kRoot;
  return IsEdxmlEnvelope(local) ? Role::kEnvelope : Role::kOther;
}

bool EdxmlWalk::Refuse(std::string code, std::string rule, std::string message) {
  reason_ = RejectionReason{std::move(code), "", std::move(rule), std::move(message)};
  return false;
}

bool EdxmlWalk::RefusePrefix() {
  return Refuse("unbound_prefix", "xml-names", "The message uses a prefix that is bound to nothing.");
}

}  // namespace mc
