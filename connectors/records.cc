#include "connectors/records.h"

#include "connectors/sniff.h"
#include "core/digest.h"
#include "core/shown.h"
#include "core/text.h"

namespace mc {
namespace {

constexpr const char* kJsonType = "application/json";
constexpr const char* kXmlType = "application/xml";

SourceRecord RecordWith(const RecordContext& context, std::string_view bytes, std::string media_type,
                        std::string native_id, const Digest& digest) {
  SourceRecord record;
  record.key = {context.register_id, std::move(native_id), digest};
  record.source = context.source;
  record.stream = context.stream;
  record.media_type = std::move(media_type);
  record.bytes = std::string(bytes);
  record.observed_at = context.observed_at;
  record.facts = context.facts;
  return record;
}

// Empty when a field is missing; then `missing` names it.
std::string NativeIdOf(const RecordId& id, const JsonRow& row, std::string& missing) {
  std::string native = id.prefix;
  for (std::size_t i = 0; i < id.fields.size(); ++i) {
    const std::string text = row.Text(id.fields[i]);
    if (text.empty()) {
      missing = id.fields[i];
      return "";
    }
    if (i > 0) native += '|';
    native += text;
  }
  return native;
}

RejectionReason TooLarge(const RecordContext& context) {
  return {"record_too_large", "", "record_limit_bytes " + std::to_string(context.record_limit_bytes),
          "the record is longer than the limit of its source"};
}

bool OverLimit(const RecordContext& context, std::string_view bytes) {
  return static_cast<std::int64_t>(bytes.size()) > context.record_limit_bytes;
}

}  // namespace

SourceRecord MakeRecord(const RecordContext& context, std::string_view bytes, std::string media_type,
                        std::string native_id) {
  return RecordWith(context, bytes, std::move(media_type), std::move(native_id), Sha256(bytes));
}

RecordContext ContextOf(const Manifest& manifest, const std::string& stream, Instant observed_at) {
  return {manifest.id, manifest.register_id, stream, manifest.limits.record_limit_bytes, observed_at, {}};
}

bool IsNativeId(std::string_view id) {
  return !id.empty() && id.size() <= kNativeIdLimitBytes && IsValidUtf8(id) && !HasControls(id);
}

RejectionReason BadId(std::string field) {
  return {"bad_id", std::move(field), "at most " + std::to_string(kNativeIdLimitBytes) + " bytes of UTF-8",
          "the record's id is too long, holds a control character or is not UTF-8: the sender must give another"};
}

std::string HashId(std::string_view bytes) { return "sha256:" + ToHex(Sha256(bytes)); }

void TakeUnreadable(const RecordContext& context, std::string_view bytes, std::string media_type, std::string native_id,
                    RejectionReason reason, Page& page) {
  page.unreadable.push_back(
      {MakeRecord(context, bytes, std::move(media_type), std::move(native_id)), std::move(reason)});
}

Digest TakeRow(const RecordContext& context, const RecordId& id, const JsonRow& row, Page& page) {
  std::string missing;
  std::string native = row.is_object ? NativeIdOf(id, row, missing) : "";
  const bool has_id = !native.empty();
  const bool bad_id = has_id && !IsNativeId(native);
  if (!has_id || bad_id) native = HashId(row.bytes);
  RejectionReason reason;
  if (OverLimit(context, row.bytes)) {
    reason = TooLarge(context);
  } else if (!row.is_object) {
    reason = {"not_an_object", "", "", "an element of the list is not an object"};
  } else if (!row.valid_utf8) {
    reason = {"bad_utf8", "", "UTF-8", "the record holds bytes that are not UTF-8"};
  } else if (!row.well_formed) {
    reason = {"bad_json", "", "RFC 8259", "the record is not well-formed JSON, or nests too deep"};
  } else if (!has_id) {
    reason = {"missing_id", missing, "", "the record has no " + missing};
  } else if (bad_id) {
    reason = BadId(id.fields.front());
  } else {
    page.records.push_back(MakeRecord(context, row.bytes, kJsonType, std::move(native)));
    return page.records.back().key.digest;
  }
  TakeUnreadable(context, row.bytes, kJsonType, std::move(native), std::move(reason), page);
  return page.unreadable.back().record.key.digest;
}

void TakeEdxml(const RecordContext& context, std::string_view bytes, Page& page) {
  const auto root = RootOf(bytes);
  const Digest digest = Sha256(bytes);
  SourceRecord record = RecordWith(context, bytes, kXmlType, ToHex(digest), digest);
  RejectionReason reason;
  if (OverLimit(context, bytes)) {
    reason = TooLarge(context);
  } else if (!root) {
    reason = {"bad_xml", "", "", "the message has no root element"};
  } else if (IsOldExchange(bytes)) {
    reason = {"unsupported_dialect", "", "e-doc.vn",
              "the message is of the exchange before edXML (e-doc.vn), which is not read: ask its sender for edXML"};
  } else if (!IsEdxmlRoot(root->local_name, root->namespace_uri)) {
    reason = {"unknown_vocabulary", "", "edXML", "the root element is not that of an edXML message"};
  } else if (!HasEndTag(bytes, *root)) {
    reason = {"bad_xml", "", "", "the message is cut: the end of its root element is missing"};
  } else {
    page.records.push_back(std::move(record));
    return;
  }
  page.unreadable.push_back({std::move(record), std::move(reason)});
}

bool IsEdxmlRoot(std::string_view local_name, std::string_view namespace_uri) {
  const std::string name = ToLowerAscii(local_name);
  return (name == "edxml" || name == "edxmlenvelope") && namespace_uri.find("e-doc.vn") == std::string_view::npos;
}

bool IsEdxmlStatus(std::string_view bytes) { return bytes.find("StatusCode>") != std::string_view::npos; }

}  // namespace mc
