// One JSON row, whatever brought it. Inside of the splitting; pure.
#pragma once

#include <string>
#include <string_view>

#include "connectors/split.h"

namespace mc {

// `place` says where in the document it stands ("line 7"); may be empty.
void TakeJsonRow(const RecordSpec& spec, std::string_view bytes, const std::string& place, RowTaker& taker);

}  // namespace mc
