// Exact slices of a JSON text (RFC 8259), by path. Numbers stay as written, so none is out
// of range; a mistake inside one value does not hide the values beside it.
//
// Pure functions; safe from any thread. Views point into the text given.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/record_spec.h"

namespace mc::json_scan {

// Brackets, strings and their ends: the one value of `text`, white space around it left
// out. nullopt: cut, something behind it, or deeper than `depth_limit`.
std::optional<std::string_view> Whole(std::string_view text, std::size_t depth_limit);

// `value` is what Whole or another of these returned.
// The member at `path` (the first of its name); nullopt where there is none.
std::optional<std::string_view> At(std::string_view value, const ValuePath& path);
// The elements of an array, the first `most` of them. nullopt: the array is broken between these.
std::optional<std::vector<std::string_view>> Elements(std::string_view array, std::size_t most);

// Every token, string and number of `value` is as RFC 8259 writes it.
bool IsStrict(std::string_view value);

// Text of a string (unescaped), number or literal (as written); nullopt for null, objects,
// arrays and strings with a bad escape.
std::optional<std::string> Scalar(std::string_view value);

}  // namespace mc::json_scan
