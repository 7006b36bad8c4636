// What a connector hands on: the exact bytes of one record, as the page held them.
//
// Nothing here interprets the bytes; mapping/ does. Plain values.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/digest.h"
#include "core/time.h"

namespace mc {

// Identity of a record for de-duplication: (register, native id, SHA-256 of the bytes).
struct RecordKey {
  std::string register_id;
  std::string native_id;
  Digest digest{};
  bool operator==(const RecordKey&) const = default;
};

// First 8 bytes, big-endian, of SHA-256 over the length-prefixed parts of the key
// (each part: 4-byte big-endian length, then the bytes). The store's key; see design note
// docs/formats/leaf.md. Two different keys with one ik are told apart by the whole key.
std::int64_t IkOf(const RecordKey& key);
std::string IkHex(std::int64_t ik);  // 16 hex digits, as printed to people

struct SourceRecord {
  RecordKey key;
  std::string source;      // manifest id: "documents"
  std::string stream;      // stream of that manifest: "messages"
  std::string media_type;  // "application/xml" or "application/json"
  std::string bytes;       // never re-serialised
  std::optional<Instant> occurred_at;  // where the wire states it outside the record
  Instant observed_at;                 // when we fetched it
  // What the request said that the record does not (organisation asked for, hub id).
  // Keys are declared by the manifest; values are as sent.
  std::map<std::string, std::string> facts;
};

// Why a record could not be understood. The bytes are kept beside it.
struct RejectionReason {
  std::string code;   // "bad_date", "unknown_status", "bad_xml"
  std::string field;  // field or JSON Pointer, may be empty
  std::string rule;   // rule or limit that was broken, may be empty
  std::string message;  // one sentence; no payload, no personal data
};

// An opaque, versioned position in a stream; only the connector that wrote it reads it.
struct Cursor {
  std::string text;
  bool operator==(const Cursor&) const = default;
};

// A record that already fails while the page is split (truncated XML, a 3 MB field).
struct UnreadableRecord {
  SourceRecord record;
  RejectionReason reason;
};

// One bounded step of a pull. `next` covers exactly the records of this and all
// earlier pages: the store saves both in one transaction.
struct Page {
  std::vector<SourceRecord> records;
  std::vector<UnreadableRecord> unreadable;
  Cursor next;
  bool end = false;  // nothing more now in this stream
  // The source's own count for what this pull reads, where it states one (a page may
  // add to it: counts of several windows are summed by the caller).
  std::optional<std::int64_t> control_total;
  // The rows that the source offered in those same windows, each once.
  std::optional<std::int64_t> offered;
  // Every event up to here was offered by the source; set on the last page of a pull.
  std::optional<Instant> complete_through;
  // Where these records stood and can be read again: words of the connector, equal for equal places.
  // Empty: nowhere.
  std::vector<std::string> windows;
  // What was noticed on the way, for the operator: "page_repeated", "total_shrank".
  std::vector<std::string> notes;
};

}  // namespace mc
