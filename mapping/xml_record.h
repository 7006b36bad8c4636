// One XML element as a RecordTree (pugixml inside): elements and attributes ("@name") by local
// name, attributes of the record element itself below ".". Namespaces do not matter here: the
// connector took the element by them.
//
// No DTD and no entity but the five of XML is ever expanded. Safe from any thread; the tree's
// views are good until the next call on the same thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/source_record.h"
#include "mapping/record_tree.h"

namespace mc {

inline constexpr std::size_t kXmlRecordLimitBytes = 16u * 1024 * 1024;
inline constexpr int kXmlDepthLimit = 32;
inline constexpr std::size_t kXmlNodeLimit = 100'000;  // elements of one record; half of '<', or of '=', in it

// nullopt: the tree is filled. Otherwise the reason: "bad_xml", "bad_utf8", "dtd_refused",
// "too_deep", "too_large", "too_many". Appends to `marks`: "bom".
std::optional<RejectionReason> ReadXmlRecord(std::string_view bytes, RecordTree& tree, std::vector<std::string>& marks);

}  // namespace mc
