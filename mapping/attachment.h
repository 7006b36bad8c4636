// What an attachment of an edXML message is worth, told from its bytes and not from its
// label. The hub wraps attachments into a ZIP and leaves the old type in the manifest; some
// senders destroy them by reading bytes as text, or send the name of a template's file.
//
// Only the front and the end are decoded, the text between is looked through once: a message
// is read no slower for what it carries. Nothing is unpacked here.
// Pure; safe from any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace mc {

inline constexpr std::size_t kAttachmentLimit = 200;  // looked at in one message

struct AttachmentText {
  std::string_view content_type;  // as its own element states it; empty: not stated
  std::string_view content;       // ContentTransferEncoded: base64, white space allowed
};

// Appends what there is to say, each at most once per attachment:
//   "attachment_empty"        no content
//   "attachment_placeholder"  a template's "${...}" instead of content
//   "attachment_damaged"      no base64, or bytes that went through a text conversion
//                             (U+FFFD in a row), or an archive without its end
//   "attachment_mislabelled"  the bytes are of another known type than stated
//   "attachment_zipped"       an archive where a document was stated, or a plain archive
//   "nested_edxml"            another edXML message
void MarkAttachment(const AttachmentText& attachment, std::vector<std::string>& marks);

}  // namespace mc
