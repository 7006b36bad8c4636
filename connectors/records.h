// Bytes -> SourceRecords and UnreadableRecords: the one record splitting that Pull and
// ParseSaved share. Pure functions; safe from any thread.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/json_page.h"
#include "connectors/manifest.h"
#include "core/source_record.h"
#include "core/time.h"

namespace mc {

// What all records of one answer have in common.
struct RecordContext {
  std::string source;
  std::string register_id;
  std::string stream;
  std::int64_t record_limit_bytes = 0;
  Instant observed_at;
  std::map<std::string, std::string> facts;
};

RecordContext ContextOf(const Manifest& manifest, const std::string& stream, Instant observed_at);

// An id is stored, compared and shown to people: at most kNativeIdLimitBytes of UTF-8 without control
// characters. A record with another one is set aside as "bad_id" under the hash of its bytes.
inline constexpr std::size_t kNativeIdLimitBytes = 512;
bool IsNativeId(std::string_view id);
RejectionReason BadId(std::string field);

// The native id: prefix and the trimmed fields joined by '|'. All fields are required.
struct RecordId {
  std::string prefix;  // "td|", or empty
  std::vector<std::string> fields;
};

// One JSON row. Unreadable: "not_an_object", "bad_utf8", "missing_id" and "bad_id" (native id
// "sha256:<hex>"), "record_too_large"; the bytes are kept in each case. Returns the digest of
// the bytes.
Digest TakeRow(const RecordContext& context, const RecordId& id, const JsonRow& row, Page& page);

// One edXML message, junk at its front included; native id = hex SHA-256 of the bytes.
// Unreadable: "bad_xml" (no root element, or cut before its end), "unsupported_dialect",
// "unknown_vocabulary", "record_too_large".
void TakeEdxml(const RecordContext& context, std::string_view bytes, Page& page);

// Any bytes as one record.
SourceRecord MakeRecord(const RecordContext& context, std::string_view bytes, std::string media_type,
                        std::string native_id);

// Any bytes as one unreadable record.
void TakeUnreadable(const RecordContext& context, std::string_view bytes, std::string media_type, std::string native_id,
                    RejectionReason reason, Page& page);

std::string HashId(std::string_view bytes);  // "sha256:<hex>"

bool IsEdxmlRoot(std::string_view local_name, std::string_view namespace_uri);
bool IsEdxmlStatus(std::string_view bytes);  // a status message, not a document

}  // namespace mc
