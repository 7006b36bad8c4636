// One walk over a parsed edXML message (pugixml): its limits, its prefixes, and the elements of its
// header into a RecordTree. For edxml.cc alone, whose header says what is promised.
//
// Holds views of the document, which outlives it. One thread at a time.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/source_record.h"
#include "mapping/record_tree.h"
#include "mapping/xml_bindings.h"

namespace pugi {
class xml_node;
}  // namespace pugi

namespace mc {

struct XmlName {
  std::string_view prefix, local;
};
XmlName SplitName(const char* qualified);
inline std::string_view LocalName(const char* qualified) { return SplitName(qualified).local; }

inline bool IsEdxmlEnvelope(std::string_view local) { return local == "edXMLEnvelope" || local == "EdXMLEnvelope"; }

// The text below an element; a comment or CDATA section splits one text into several nodes.
std::string_view TextFrom(const pugi::xml_node& first_child, RecordTree& tree);

class EdxmlWalk {
 public:
  // Elements of other namespaces than these are looked at, but are none of the header's.
  EdxmlWalk(const std::vector<std::string>& namespaces, RecordTree& tree) : namespaces_(namespaces), tree_(tree) {}

  // nullopt: within the limits, every prefix bound. What else the message is, says Header.
  std::optional<RejectionReason> Walk(const pugi::xml_node& document);

  // Behind Walk. nullopt: the tree holds the one header.
  std::optional<RejectionReason> Header() const;

  bool unbound_xlink() const { return unbound_xlink_; }
  int envelopes() const { return envelopes_; }  // more than one: a message carries another one as it is
  std::string_view root_name() const { return root_; }
  std::string_view root_uri() const { return root_uri_; }

 private:
  // What an element is by those around it. The hub writes edXML/edXMLEnvelope/edXMLHeader/MessageHeader, the
  // older form begins with the envelope, and that of go.vn has its message header directly below it.
  enum class Role { kDocument, kRoot, kEnvelope, kHeader, kInTree, kOther };
  struct Place {
    Role role = Role::kDocument;
    RecordTree::Id id = RecordTree::kRoot;
  };
  struct Prefix {
    const char* uri = nullptr;  // nullptr: bound to nothing
    bool read = false;          // one of namespaces_
  };

  bool Children(const pugi::xml_node& first, int depth, const Place& place);
  bool Element(const pugi::xml_node& node, int depth, const Place& above);
  bool TakeAttributes(const pugi::xml_node& node, int depth);
  bool CheckAttributes(const pugi::xml_node& node);
  XmlName Split(const char* qualified) const;
  Prefix Look(std::string_view prefix);
  Role RoleOf(std::string_view local, const Prefix& prefix, Role above);
  Role RoleOfRoot(std::string_view local, const Prefix& prefix);
  bool Refuse(std::string code, std::string rule, std::string message);
  bool RefusePrefix();

  const std::vector<std::string>& namespaces_;
  RecordTree& tree_;
  XmlBindings bindings_;
  std::optional<RejectionReason> reason_;
  std::optional<std::string_view> looked_up_;  // since the bindings changed; one stands on nearly all elements
  Prefix found_;
  std::string_view root_, root_uri_;
  bool root_is_read_ = false, unbound_xlink_ = false;
  int envelopes_ = 0;
  // What stands below the root, the envelope and the header, to be one of each.
  int inner_envelopes_ = 0, headers_ = 0, messages_ = 0, direct_messages_ = 0;
};

}  // namespace mc
