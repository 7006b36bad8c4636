// The names of the fields that a record holds: enough to see that a source has begun to send
// another one. Names alone, no value; nothing is judged, and a record that cannot be read gives what
// it can. Pure; safe from any thread.
#pragma once

#include <functional>
#include <string_view>

#include "core/source_record.h"

namespace mc {

using TakeFieldName = std::function<void(std::string_view name)>;

// JSON: members of the record itself, as they are written. CSV: columns. XML: elements at any
// depth, by local name. A name may come several times; it lives as long as the record.
void EachFieldName(const SourceRecord& record, const TakeFieldName& take);

}  // namespace mc
