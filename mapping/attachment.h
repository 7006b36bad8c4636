// What an attachment of an edXML message is worth, told from its bytes and not from its
// label. The hub wraps attachments into a ZIP and leaves the old type in the manifest; some
// senders destroy them by reading bytes as text, or send the name of a template's file.
//
// Of a plain attachment only the front and the end are decoded, the text between is looked
// through once: a message is read no slower for what it carries. An archive is opened one level
// deep, and the first bytes of its entries are looked at; their names say nothing (the hub's
// are random). A message inside an attachment is handed to the caller, who goes on with it.
// Pure; safe from any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mc {

inline constexpr std::size_t kAttachmentLimit = 200;  // looked at in one message

inline constexpr std::size_t kArchiveLimitBytes = 16u * 1024 * 1024;      // packed; a larger one stays closed
inline constexpr std::int64_t kArchiveEntryLimit = 20;                    // an archive of more stays closed
inline constexpr std::int64_t kNestedLimitBytes = 64ll * 1024 * 1024;     // of all messages inside one message

struct AttachmentText {
  std::string_view content_type;  // as its own element states it; empty: not stated
  std::string_view content;       // ContentTransferEncoded: base64, white space allowed
};

// The messages that attachments are, whole.
struct NestedMessages {
  std::vector<std::string> messages;
  std::int64_t room_bytes = kNestedLimitBytes;
};

// Appends what there is to say, each at most once per attachment:
//   "attachment_empty"        no content
//   "attachment_placeholder"  a template's "${...}" instead of content
//   "attachment_damaged"      no base64, or bytes that went through a text conversion
//                             (U+FFFD in a row), alone or in an archive; an archive without its end
//   "attachment_mislabelled"  the bytes are of another known type than stated
//   "attachment_zipped"       an archive where a document was stated, or a plain archive
//   "attachment_not_opened"   an archive over the limits, encrypted, inconsistent, or with an archive in it
//   "nested_edxml"            another edXML message, as it is or in an archive
//   "nested_edxml_not_read"   one that is over the limit or cannot be unfolded, and those after it
void MarkAttachment(const AttachmentText& attachment, std::vector<std::string>& marks, NestedMessages& nested);

}  // namespace mc
