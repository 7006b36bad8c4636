// Numbers and terms as Vietnamese readers expect them. Display only: nothing reads these
// texts back. Pure; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/ratio.h"
#include "scoring/scorer.h"

namespace mc {

std::string ViNumber(const Ratio& value);               // exact: "0,25", "2", or "1/3"
std::string ViRounded(const Ratio& value, int places);  // half up: "68,83"
std::string ViPercent(const Ratio& value);              // exact: "25%"

std::string_view ViClass(std::string_view class_name);  // "Hoàn thành tốt nhiệm vụ"
std::string_view ViStatus(ScoreStatus status);          // "Chờ dữ liệu"

}  // namespace mc
