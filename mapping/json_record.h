// Reads one JSON record into a RecordTree (simdjson inside).
//
// A whole number becomes its text. A number with a fraction or exponent becomes a node
// without text (it has passed through a float): a rule that reads it rejects the record.
// Refused: invalid UTF-8, duplicate keys (two readers would choose differently), depth
// over the limit, anything that RFC 8259 does not allow. Safe from any thread; the tree's
// views are good until the next call on the same thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/source_record.h"
#include "mapping/record_tree.h"

namespace mc {

inline constexpr int kRecordDepthLimit = 32;  // objects and arrays inside each other
inline constexpr std::size_t kRecordNodeLimit = 1'000'000;  // values of one record
inline constexpr std::size_t kJsonRecordLimitBytes = 64u * 1024 * 1024;

// nullopt: the tree is filled; its root is the record. Otherwise the reason:
// "bad_json", "bad_utf8", "duplicate_key", "too_deep", "too_large", "too_many", "not_an_object".
// Appends to `marks`: "bom".
std::optional<RejectionReason> ReadJsonRecord(std::string_view bytes, RecordTree& tree,
                                              std::vector<std::string>& marks);

}  // namespace mc
