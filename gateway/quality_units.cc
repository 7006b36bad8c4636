#include "gateway/quality_units.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "gateway/quality.h"
#include "scoring/text_vi.h"

namespace mc {
namespace {

bool IsCount(const QualityCell& cell) { return cell.measure == measure::kHeld || cell.measure == measure::kOffered; }

// Sources that state a count of a month itself.
std::set<std::string> CountedInMonth(const std::vector<QualityCell>& cells) {
  std::set<std::string> sources;
  for (const QualityCell& cell : cells) {
    if (IsCount(cell) && !cell.period.empty()) sources.insert(cell.source);
  }
  return sources;
}

}  // namespace

std::string UnitOfName(const IdentityIndex& identity, const std::string& named, CivilDate day) {
  if (named.empty()) return "";
  for (const UnitKeys& keys : {UnitKeys{named, ""}, UnitKeys{"", named}}) {
    const Link link = identity.ResolveUnit(keys, day);
    if (link.state == LinkState::kResolved) return link.id;
  }
  return "";
}

std::vector<SourceNumbers> NumbersByUnit(const std::vector<QualityCell>& cells, const RegisterOf& registers,
                                         const IdentityIndex& identity, CivilDate day) {
  std::map<std::string, SourceNumbers> by_source;
  std::map<std::string, std::string> known;  // units by name: each is asked for once
  for (const auto& [source, register_id] : registers) by_source[source] = {source, register_id, {}, {}, {}};
  const std::set<std::string> counted = CountedInMonth(cells);
  for (const QualityCell& cell : cells) {
    if (IsCount(cell) && cell.period.empty() && counted.contains(cell.source)) continue;
    SourceNumbers& numbers = by_source[cell.source];
    numbers.source = cell.source;
    const auto [unit, first] = known.try_emplace(cell.unit);
    if (first) unit->second = UnitOfName(identity, cell.unit, day);
    numbers.all.Add(cell);
    (unit->second.empty() ? numbers.unplaced : numbers.units[unit->second]).Add(cell);
  }
  std::vector<SourceNumbers> all;
  for (auto& [source, numbers] : by_source) all.push_back(std::move(numbers));
  return all;
}

Json NumbersToJson(const QualityNumbers& numbers) {
  return {{"correct", ShareToJson(numbers.correct)},
          {"complete", ShareToJson(numbers.complete)},
          {"clean", ShareToJson(numbers.clean)},
          {"live", ShareToJson(numbers.live)}};
}

std::string ShareAsText(const std::optional<Share>& share) {
  if (!share) return "chưa biết";
  const std::string parts = std::to_string(share->num) + "/" + std::to_string(share->den);
  if (share->den == 0) return parts;
  return parts + " (" + ViRounded(Ratio(share->num * 100, share->den), 1) + "%)";
}

std::string NumbersAsText(const QualityNumbers& numbers) {
  return "Đúng " + ShareAsText(numbers.correct) + " · Đủ " + ShareAsText(numbers.complete) + " · Sạch " +
         ShareAsText(numbers.clean) + " · Sống " + ShareAsText(numbers.live);
}

}  // namespace mc
