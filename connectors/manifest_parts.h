// The sections of a manifest, each read by one function; manifest.cc puts them together.
// Internal to the manifest's parser. Errors are kConfig with JSON Pointer and rule.
#pragma once

#include <string>
#include <vector>

#include "connectors/manifest.h"
#include "core/json_at.h"

namespace mc::manifest_parts {

inline constexpr std::size_t kNameLimitBytes = 64;
inline constexpr std::size_t kTextLimitBytes = 2000;
inline constexpr std::size_t kListLimit = 32;
inline constexpr std::size_t kPathLimitBytes = 200;
inline constexpr std::size_t kPathSegments = 8;

// Shared readers.
Result<std::string> NameAt(const JsonAt& at);                                    // a-z, 0-9, _
Result<std::string> HeaderAt(const JsonAt& at);                                  // letters, digits, -
Result<std::string> TextMember(const JsonAt& object, std::string_view key);      // must be there
Status ReadText(const JsonAt& object, std::string_view key, std::string& text);  // may be absent
Status ReadBool(const JsonAt& object, std::string_view key, bool& flag);
Result<std::vector<std::string>> Texts(const JsonAt& at);
Result<ValuePath> PathAt(const JsonAt& at, bool attributes);
Status ReadPath(const JsonAt& object, std::string_view key, bool attributes, ValuePath& path);

// Sections.
Status ReadAuth(const JsonAt& at, Manifest& manifest);
Status ReadRequest(const JsonAt& at, RequestSpec& request);
Status ReadPaging(const JsonAt& at, PagingSpec& paging);
Status ReadMessages(const JsonAt& at, MessageSpec& messages);
Result<RecordSpec> ReadRecords(const JsonAt& at, ConnectorKind kind);

// What kind "session" needs of the other sections ("bad_auth").
Status CheckSession(const JsonAt& root, const Manifest& manifest);

// What an incremental stream relies on must stand in its manifest ("no_order_guarantee").
// `root` shows which limits were written down.
Status CheckGuarantee(const JsonAt& root, const Manifest& manifest);

}  // namespace mc::manifest_parts
