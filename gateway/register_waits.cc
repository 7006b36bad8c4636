#include "gateway/register_waits.h"

#include <algorithm>

namespace mc {
namespace {

std::string CityText(Instant at) { return FormatCity(Moment{at, false}); }

void AddBehind(const std::string& source, const std::map<std::string, Instant>& reached, RegisterWait& wait) {
  const auto through = reached.find(source);
  const bool never = through == reached.end();
  wait.for_people += "; nguồn \"" + source + (never ? "\" chưa lần nào được lấy đủ" : "\" mới đủ đến ");
  wait.for_operators += "; source " + source + (never ? " never was" : " only up to ");
  if (never) return;
  wait.for_people += CityText(through->second);
  wait.for_operators += CityText(through->second);
}

}  // namespace

std::optional<RegisterWait> WaitOf(const std::string& name, const SourcesByRegister& configured,
                                   const std::map<std::string, Instant>& reached, Instant needed) {
  RegisterWait wait{"sổ gốc \"" + name + "\" chưa được lấy đủ đến " + CityText(needed),
                    "the register \"" + name + "\" is not pulled up to " + CityText(needed)};
  const auto sources = configured.find(name);
  if (sources == configured.end() || sources->second.empty()) {
    const auto enough = [&](const auto& one) { return one.second >= needed; };
    if (std::any_of(reached.begin(), reached.end(), enough)) return std::nullopt;
    wait.for_people += "; cấu hình không có nguồn nào của sổ này";
    wait.for_operators += "; the settings name no source of it";
    return wait;
  }
  bool behind = false;
  for (const std::string& source : sources->second) {
    const auto through = reached.find(source);
    if (through != reached.end() && through->second >= needed) continue;
    AddBehind(source, reached, wait);
    behind = true;
  }
  return behind ? std::optional(std::move(wait)) : std::nullopt;
}

}  // namespace mc
