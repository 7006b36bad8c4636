// One record tree -> Evidence or RejectionReason, by a record rule.
// Pure; any thread. Internal to mapping/mapper.cc.
#pragma once

#include <variant>

#include "core/evidence.h"
#include "core/record_place.h"
#include "core/source_record.h"
#include "mapping/record_tree.h"
#include "mapping/rule_set.h"

namespace mc {

// `marks` are those of the wire reader ("bom", ...); they join those of the fields.
std::variant<Evidence, RejectionReason> ReadEvidence(const RuleSet& rules, const RecordTree& tree,
                                                     const SourceRecord& record,
                                                     const std::vector<std::string>& marks);

// What of a record's place can be read, whatever else of it is wrong.
RecordPlace ReadPlace(const RuleSet& rules, const RecordTree& tree, const SourceRecord& record);

}  // namespace mc
