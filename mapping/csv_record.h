// One row of a sheet, with its header row in front, as a RecordTree of columns.
// Safe from any thread; the tree owns its texts.
#pragma once

#include <optional>
#include <string_view>

#include "core/source_record.h"
#include "mapping/record_tree.h"
#include "mapping/rule_set.h"

namespace mc {

inline constexpr std::size_t kColumnDepthLimit = 32;  // names in one column's name: "a/b" has two

// `bytes` is the header, a line end and the row (connectors/split_csv.cc). A column named
// "a/b" is member b of member a, so that a rule's path is the column's name; one that `cells`
// names is a list of objects. nullopt: the tree is filled. Otherwise the reason: "bad_csv",
// "duplicate_key", "too_deep" (a column's name), "bad_utf8", "bad_cell" (an entry of more parts than
// the rules name).
std::optional<RejectionReason> ReadCsvRecord(std::string_view bytes, char delimiter, const CellRules& cells,
                                             RecordTree& tree);

}  // namespace mc
