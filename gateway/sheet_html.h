// The HTML of a sheet's pages, from the JSON that is kept of it. Pure; any thread.
#pragma once

#include <string>

#include "core/json.h"
#include "gateway/page_texts.h"
#include "gateway/people.h"

namespace mc {

// `base`: the sheet's own path, without a slash at its end.
std::string SheetHtml(Language language, const Json& explanation, const PeopleIndex& directory,
                      const std::string& base);
// `opens`: the reader may open its records; others see their names without a link, and why.
std::string ItemHtml(Language language, const Json& item, const std::string& base, bool opens);
std::string RecordHtml(Language language, const Json& record);
std::string LooksHtml(Language language, const Json& page);
std::string UnitHtml(Language language, const Json& summary);

std::string SheetPath(const std::string& person, const std::string& period);
std::string UnitPath(const std::string& unit);
std::string LooksPath(const std::string& person);

}  // namespace mc
