// Reads the header of one edXML message (QCVN 102:2016, its re-writings by the hub, and the
// form of http://www.go.vn/eDoc, whose message header stands directly below the envelope)
// into a RecordTree (pugixml inside). The root of the tree is the message header's parent,
// so that rules say "MessageHeader/From/OrganId".
//
// Elements are matched by namespace URI and local name, never by prefix; their order does
// not matter. Of the body nothing is read, however large or nested it is; of attachments
// only what they look like (attachment.h), and of a message inside an attachment, to the depth
// below, only what its attachments look like: it was sent elsewhere, and is no evidence here.
// No DTD and no entity but the five of XML is ever expanded. Safe from any thread;
// the tree's views are good until the next call on the same thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/source_record.h"
#include "mapping/record_tree.h"

namespace mc {

inline constexpr std::size_t kEdxmlLimitBytes = 50u * 1024 * 1024;  // what one known gateway takes
inline constexpr int kEdxmlDepthLimit = 32;                         // the standard's own depth is 9
inline constexpr int kEdxmlAttributeLimit = 64;                     // of one element
inline constexpr std::size_t kEdxmlPathBindingLimit = 128;          // prefixes bound by an element and all around it
inline constexpr std::size_t kEdxmlMarkupLimit = 1'000'000;         // of '<' and '=', each of which costs a node
inline constexpr int kNestedEdxmlDepthLimit = 3;                    // messages inside messages that are looked into
inline constexpr std::size_t kEdxmlJunkLimitBytes = 64;             // before <?xml

// nullopt: the tree is filled. Otherwise the reason: "bad_xml", "bad_utf8",
// "bad_encoding", "dtd_refused", "too_deep", "too_large", "too_many", "too_many_attributes",
// "unbound_prefix", "unsupported_dialect" (e-doc.vn, alone or in SOAP), "not_edxml" (another
// root, namespace or no header).
// Appends to `marks`: "bom", "leading_junk", "unbound_xlink", "nested_edxml" (a second envelope
// anywhere below the root), "attachments_not_all_read" and those of attachment.h; with
// "nested_" in front, those of messages inside; "nested_edxml_too_deep", "nested_edxml_not_read".
std::optional<RejectionReason> ReadEdxml(std::string_view bytes, const std::vector<std::string>& namespaces,
                                         RecordTree& tree, std::vector<std::string>& marks);

}  // namespace mc
