#include "mapping/edxml.h"

#include <simdjson.h>

#include <algorithm>
#include <pugixml.hpp>

#include "core/text.h"
#include "mapping/attachment.h"
#include "mapping/edxml_walk.h"
#include "mapping/xml_references.h"

namespace mc {
namespace {

using Reason = std::optional<RejectionReason>;

constexpr unsigned kEdxmlParseOptions = pugi::parse_minimal | pugi::parse_escapes | pugi::parse_cdata |
                                        pugi::parse_eol | pugi::parse_doctype | pugi::parse_declaration;

RejectionReason Refuse(std::string code, std::string rule, std::string message, std::string field = "") {
  return {std::move(code), std::move(field), std::move(rule), std::move(message)};
}

constexpr std::string_view kOldExchange = "http://www.e-doc.vn/Schema";

// The exchange before edXML: its own root, or its answer in a SOAP envelope, at the front of
// whose body its namespace is bound.
bool IsOldExchange(const EdxmlWalk& walk, std::string_view text) {
  constexpr std::size_t kFrontBytes = 4096;
  if (walk.root_uri().starts_with(kOldExchange)) return true;
  const bool soap = walk.root_name() == "Envelope" && walk.root_uri().find("soap") != std::string_view::npos;
  return soap && text.substr(0, kFrontBytes).find(kOldExchange) != std::string_view::npos;
}

// No namespace is asked for: nothing of an attachment enters the evidence but what it looks like.
class AttachmentMarker {
 public:
  AttachmentMarker(RecordTree& tree, std::vector<std::string>& marks) : tree_(tree), marks_(marks) {}

  // The hub puts attachments beside the envelope, the older form into it.
  void MarkAll(const pugi::xml_node& root) {
    MarkListsBelow(root);
    for (auto child = root.first_child(); child; child = child.next_sibling()) {
      if (IsEdxmlEnvelope(LocalName(child.name()))) MarkListsBelow(child);
    }
    if (attachments_ > kAttachmentLimit) marks_.emplace_back("attachments_not_all_read");
  }

  NestedMessages& nested() { return nested_; }

 private:
  void MarkListsBelow(const pugi::xml_node& parent) {
    for (auto list = parent.first_child(); list; list = list.next_sibling()) {
      const std::string_view local = LocalName(list.name());
      if (local != "AttachmentEncoded" && local != "Manifest") continue;
      for (auto child = list.first_child(); child; child = child.next_sibling()) {
        if (LocalName(child.name()) == "Attachment" && attachments_++ < kAttachmentLimit) Mark(child);
      }
    }
  }

  // QCVN 102 says ContentTransferEncoded and ContentType, the older form Content and FileType.
  void Mark(const pugi::xml_node& attachment) {
    AttachmentText text;
    for (auto part = attachment.first_child(); part; part = part.next_sibling()) {
      const std::string_view local = LocalName(part.name());
      if (local == "ContentTransferEncoded" || local == "Content") text.content = TextOf(part);
      if (local == "ContentType" || local == "FileType") text.content_type = TextOf(part);
    }
    MarkAttachment(text, marks_, nested_);
  }

  std::string_view TextOf(const pugi::xml_node& node) {
    const pugi::xml_node first = node.first_child();
    return first ? TextFrom(first, tree_) : std::string_view();
  }

  RecordTree& tree_;
  std::vector<std::string>& marks_;
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
  for (auto node = document.first_child(); node; node = node.next_sibling()) {
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
  if (!trimmed.starts_with('<') || !trimmed.ends_with('>')) {  // the library does not mind text outside the root
    return Refuse("bad_xml", "xml", "The message does not begin and end with XML.");
  }
  if (HasTooMuchMarkup(bytes)) {
    return Refuse("too_many", std::to_string(kEdxmlMarkupLimit),
                  "The message has more elements and attributes than the limit.");
  }
  document.reset();
  into.buffer.assign(bytes);
  const auto parsed =
      document.load_buffer_inplace(into.buffer.data(), into.buffer.size(), kEdxmlParseOptions, pugi::encoding_utf8);
  if (!parsed) {
    return Refuse("bad_xml", "xml",
                  "The message is not well-formed XML near byte " + std::to_string(parsed.offset) + ": " +
                      parsed.description() + ".");
  }
  int roots = 0;
  for (auto node = document.first_child(); node; node = node.next_sibling()) {
    roots += node.type() == pugi::node_element ? 1 : 0;
  }
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
    const std::string_view text = DropJunk(message, inside);
    EdxmlWalk walk(kNoNamespaces, tree);
    if (!IsUtf8(text) || Parse(text, parsed) || walk.Walk(parsed.document)) {
      marks.emplace_back("nested_edxml_not_read");
      continue;
    }
    AttachmentMarker marker(tree, inside);
    marker.nested().room_bytes = found.room_bytes;
    marker.MarkAll(parsed.document.document_element());
    MarkNested(marker.nested(), depth + 1, tree, inside);
    found.room_bytes = marker.nested().room_bytes;
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
  EdxmlWalk walk(namespaces, tree);
  if (auto reason = walk.Walk(document)) return reason;
  if (walk.unbound_xlink()) marks.emplace_back("unbound_xlink");
  if (walk.envelopes() > 1) marks.emplace_back("nested_edxml");
  if (IsOldExchange(walk, text)) {
    return Refuse("unsupported_dialect", "e-doc.vn",
                  "The message is of the exchange before edXML, which is not read: ask its sender for edXML.");
  }
  if (auto reason = walk.Header()) return reason;
  if (auto reason = CheckReferences(text, tree)) return reason;
  AttachmentMarker marker(tree, marks);
  marker.MarkAll(document.document_element());
  MarkNested(marker.nested(), 1, tree, marks);
  return std::nullopt;
}

}  // namespace mc
