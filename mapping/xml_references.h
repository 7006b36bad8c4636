// Character references of XML whose parser unfolds what is no character of Unicode: the bytes are
// UTF-8, the texts then are not (XML 1.0, section 4.1). Pure; safe from any thread.
#pragma once

#include <optional>
#include <string_view>

#include "core/source_record.h"
#include "mapping/record_tree.h"

namespace mc {

// nullopt: every text of `tree`, which was read from `bytes`, is UTF-8. Otherwise "bad_utf8" with the place.
std::optional<RejectionReason> CheckReferences(std::string_view bytes, const RecordTree& tree);

}  // namespace mc
