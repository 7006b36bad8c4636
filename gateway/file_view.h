// What is behind a sheet, found for a route: an item of its explanation, a record opened down to its bytes, a unit's
// list. One reading for /api/v1 and the pages. Reads the store; opening a record is audited there.
#pragma once

#include <optional>
#include <string>

#include "core/json.h"
#include "core/result.h"
#include "gateway/file_gate.h"
#include "gateway/people.h"
#include "gateway/sheet_reader.h"

namespace mc {

// The explanation as it was kept, behind a sheet that the access table was asked for. kData "no_sheet" where it went
// away meanwhile, or is of another unit now, of which the table was not asked.
Result<Json> ExplanationOf(SheetReader& sheets, const std::string& period, const StoredSheet& sheet);

// The item of this ref (gateway/sheet_documents.h); nullptr: the sheet knows none. Borrowed from the explanation.
const Json* ItemByRef(const Json& explanation, const std::string& ref);

// Whose work the item is; empty where it is not clear who leads it.
std::string LeadOfItem(const Json& item);
std::string UnitOfItem(const Json& item);  // empty: not known
bool NamesRecord(const Json& item, const std::string& record);

// A record that the item names, with the hash recomputed from its bytes: {"record","leaf","source","media_type",
// "observed_at","facts","sha256","sha256_recomputed","matches","whole", "bytes" or "bytes_base64"}. kData
// "no_such_record" when the item names no such record; "record_erased".
Result<Json> OpenRecordOf(Store& store, const Json& item, const std::string& record, const std::string& why);

// {"unit","name","period","periods","as_of","scored_at","policy","people":[...],"counts":{status: n},
// "below":[{"unit","name","counts"}]}: the unit's own people one by one, units below it in numbers. `period`: empty for
// the latest in which the unit has work, else the latest; kData "no_period" where there is none.
Result<Json> UnitSummaryOf(SheetReader& sheets, const PeopleIndex& directory, const std::string& unit,
                           const std::string& period);

// {"person", "looks": [{"at","viewer","name","what","period","detail"}], "older"}, the latest first, at most
// kLooksLimit. `before`: text of an earlier answer's "older", nullptr for the latest; kData "bad_before" for another.
// "older": null, or where the next ones begin.
Result<Json> LooksOf(SheetReader& sheets, const PeopleIndex& directory, const std::string& person,
                     const std::string* before);

}  // namespace mc
