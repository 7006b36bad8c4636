// JSON documents of our own (settings, policies, rules, evidence) and their one byte form.
//
// Foreign JSON is not read here: pages are split in connectors/, records in mapping/.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace mc {

using Json = nlohmann::json;

// Limits of a document of our own.
inline constexpr std::size_t kJsonDocumentLimitBytes = 256u * 1024 * 1024;
inline constexpr int kJsonDepthLimit = 64;

// Parses; `//` and `/* */` comments are allowed when with_comments is set.
// Refuses duplicate keys, invalid UTF-8 and depth over kJsonDepthLimit; a float is read
// (CanonicalJson refuses it later). kConfig "bad_json" with line and column.
Result<Json> ParseJson(std::string_view text, bool with_comments = false);

// Reads and parses a file. kConfig "cannot_read" / "bad_json"; the message names the file.
Result<Json> ReadJsonFile(const std::string& path, bool with_comments = false);

// The one byte form (docs/formats/canonical-json.md; RFC 8785 without floats):
// keys sorted by byte, no white space, integers only, UTF-8. kInternal on a float.
Result<std::string> CanonicalJson(const Json& value);

// Appends a text in that form, quotes included. False, with nothing sure about what was
// appended, when it is not UTF-8.
bool AppendJsonText(std::string& to, std::string_view text);

// Name of the candidate nearest to `given` by edit distance, for messages about
// unknown keys; empty when nothing is near.
std::string NearestName(std::string_view given, const std::vector<std::string>& candidates);

// Walks an object by a closed list of keys. Every document of ours is read with this,
// so that a misspelt key is an error that names the nearest known one.
// kConfig "unknown_key" with the JSON Pointer.
Status RefuseUnknownKeys(const Json& object, const std::vector<std::string>& known, const std::string& pointer);

}  // namespace mc
