// Vietnamese sentences for the reason codes that items, links and verdicts carry. Display
// only. A code that is not here is shown as it is. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

#include "core/evidence.h"
#include "core/work_item.h"
#include "storage/store.h"

namespace mc {

std::string ViReason(std::string_view code);  // held, left, verdicts, links, notes of items and pages
std::string ViKind(ItemKind kind);            // "Hồ sơ thủ tục hành chính"
std::string ViAssurance(Assurance level);     // "hệ thống ghi nhận"
std::string ViLink(const Link& link);         // who leads an item, or why nobody does
std::string ViSays(std::string_view says);    // "status 06" -> "trạng thái văn bản 06"
std::string ViOutcome(RunOutcome outcome);

}  // namespace mc
