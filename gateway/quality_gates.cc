#include "gateway/quality_gates.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "gateway/quality.h"
#include "scoring/text_vi.h"

namespace mc {
namespace {

// What lacks in `part`, measured against `all`.
std::optional<Share> Against(const std::optional<Share>& all, const std::optional<Share>& part) {
  if (!all) return std::nullopt;
  return Share{all->den - (part ? part->den - part->num : 0), all->den};
}

// What could be read. A record that read-back contradicts is held still and counts as it did (decision 0017): nothing
// is missing from a sheet for it, and whoever could take one away at the source must not stop a unit.
std::optional<Share> Readable(const QualitySum& sum) {
  return sum.correct.den == 0 ? std::nullopt : std::optional(sum.correct);
}

class Gatekeeper {
 public:
  explicit Gatekeeper(const QualityGates& gates) : gates_(gates) {}

  void Ask(const SourceNumbers& source) {
    const QualityNumbers all = source.all.Numbers(), unplaced = source.unplaced.Numbers();
    Compare(source, "", "correct", Against(Readable(source.all), Readable(source.unplaced)), gates_.correct);
    Compare(source, "", "complete", source.all.Offered(), gates_.complete);
    Compare(source, "", "clean", Against(all.clean, unplaced.clean), gates_.clean);
    Compare(source, "", "live", all.live, gates_.live);
    for (const auto& [unit, sum] : source.units) {
      const QualityNumbers numbers = sum.Numbers();
      Compare(source, unit, "correct", Readable(sum), gates_.correct);
      Compare(source, unit, "clean", numbers.clean, gates_.clean);
    }
  }

  std::vector<ClosedGate> Take() { return std::move(closed_); }

 private:
  void Compare(const SourceNumbers& source, const std::string& unit, const char* number,
               const std::optional<Share>& share, const std::optional<Ratio>& threshold) {
    if (!share || !threshold || share->den == 0 || Ratio(share->num, share->den) >= *threshold) return;
    closed_.push_back({number, source.source, source.register_id, unit, *share, *threshold});
  }

  const QualityGates& gates_;
  std::vector<ClosedGate> closed_;
};

std::string_view WhatLacks(std::string_view number) {
  if (number == "correct") return "có bản ghi không đọc được, xem `quarantine list`";
  if (number == "complete") return "nguồn còn giữ bản ghi chưa đưa ra";
  return number == "clean" ? "có minh chứng chưa rõ của ai hoặc đang mâu thuẫn, xem `quality --list`"
                           : "nguồn ngừng quá lâu so với độ trễ cho phép";
}

}  // namespace

std::vector<ClosedGate> ClosedGates(const QualityGates& gates, const std::vector<SourceNumbers>& numbers) {
  Gatekeeper keeper(gates);
  for (const SourceNumbers& source : numbers) keeper.Ask(source);
  return keeper.Take();
}

bool Touches(const ClosedGate& gate, const std::string& unit, const std::vector<std::string>& registers) {
  return (gate.unit.empty() || gate.unit == unit) &&
         std::find(registers.begin(), registers.end(), gate.register_id) != registers.end();
}

std::string_view ViNumberName(std::string_view number) {
  if (number == "correct") return "Đúng";
  if (number == "complete") return "Đủ";
  return number == "clean" ? "Sạch" : "Sống";
}

std::string GateAsText(const ClosedGate& gate, Period period, const std::string& unit_name) {
  std::string text = "số đo " + std::string(ViNumberName(gate.number)) + " của nguồn \"" + gate.source + "\"";
  if (!gate.unit.empty()) text += ", đơn vị " + unit_name;
  text += ", kỳ " + FormatPeriod(period) + " là " + ShareAsText(gate.share) + ", dưới ngưỡng " +
          ViPercent(gate.threshold) + ": ";
  return text.append(WhatLacks(gate.number));
}

std::string GateForOperator(const ClosedGate& gate) {
  const std::string unit = gate.unit.empty() ? "" : ", unit " + gate.unit;
  return "\"" + gate.number + "\" of the source " + gate.source + unit + " is " + std::to_string(gate.share.num) + "/" +
         std::to_string(gate.share.den) + ", below " + gate.threshold.ToShortest();
}

Json GateToJson(const ClosedGate& gate) {
  return {{"number", gate.number},
          {"source", gate.source},
          {"register", gate.register_id},
          {"unit", gate.unit.empty() ? Json(nullptr) : Json(gate.unit)},
          {"num", gate.share.num},
          {"den", gate.share.den},
          {"threshold", gate.threshold.ToShortest()}};
}

}  // namespace mc
