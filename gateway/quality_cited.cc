#include "gateway/quality_cited.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

namespace mc {
namespace {

Json Row(const SourceNumbers& source, const std::string& unit, const QualitySum& sum) {
  Json row = NumbersToJson(sum.Numbers());
  row["source"] = source.source;
  row["register"] = source.register_id;
  row["unit"] = unit.empty() ? Json(nullptr) : Json(unit);
  return row;
}

// What one post is fed by: a source, and the post's unit.
struct Fed {
  const SourceNumbers* source = nullptr;
  std::string unit;
  bool operator<(const Fed& other) const {
    return std::make_pair(source->source, unit) < std::make_pair(other.source->source, other.unit);
  }
};

std::set<Fed> FeedsOf(const ScoreRun& run, const std::string& person) {
  std::set<Fed> fed;
  for (const Membership* post : run.identity->PostsOn(PostDay(run.cutoff))) {
    if (post->person != person) continue;
    for (const SourceNumbers& source : run.quality) {
      const auto& registers = post->fed_by;
      const bool feeds = std::find(registers.begin(), registers.end(), source.register_id) != registers.end();
      if (feeds) fed.insert({&source, post->unit});
    }
  }
  return fed;
}

bool Stops(const ClosedGate& gate, const std::set<Fed>& fed) {
  return std::any_of(fed.begin(), fed.end(), [&](const Fed& one) {
    return gate.source == one.source->source && (gate.unit.empty() || gate.unit == one.unit);
  });
}

}  // namespace

Json QualityOfRun(const ScoreRun& run, const std::set<std::string>& units) {
  Json numbers = Json::array(), closed = Json::array();
  for (const SourceNumbers& source : run.quality) {
    numbers.push_back(Row(source, "", source.all));
    for (const auto& [unit, sum] : source.units) {
      if (units.contains(unit)) numbers.push_back(Row(source, unit, sum));
    }
  }
  for (const ClosedGate& gate : run.closed_gates) closed.push_back(GateToJson(gate));
  return {{"numbers", std::move(numbers)}, {"closed", std::move(closed)}};
}

Json QualityOfPerson(const ScoreRun& run, const std::string& person) {
  Json numbers = Json::array(), closed = Json::array();
  const std::set<Fed> fed = FeedsOf(run, person);
  for (const Fed& one : fed) {
    numbers.push_back(Row(*one.source, "", one.source->all));
    const auto unit = one.source->units.find(one.unit);
    if (unit != one.source->units.end()) numbers.push_back(Row(*one.source, one.unit, unit->second));
  }
  for (const ClosedGate& gate : run.closed_gates) {
    if (Stops(gate, fed)) closed.push_back(GateToJson(gate));
  }
  return {{"numbers", std::move(numbers)}, {"closed", std::move(closed)}};
}

std::vector<std::string> QualityOfPersonAsText(const ScoreRun& run, const std::string& person) {
  std::vector<std::string> out = {"Số đo dữ liệu của kỳ khi tính phiếu này:"};
  const std::set<Fed> fed = FeedsOf(run, person);
  for (const Fed& one : fed) {
    out.push_back("  nguồn " + one.source->source + ": " + NumbersAsText(one.source->all.Numbers()));
    const auto sum = one.source->units.find(one.unit);
    if (sum == one.source->units.end()) continue;
    const OrgUnit* unit = run.identity->FindUnit(one.unit);
    out.push_back("    riêng " + (unit ? unit->name : one.unit) + ": " + NumbersAsText(sum->second.Numbers()));
  }
  for (const ClosedGate& gate : run.closed_gates) {
    if (!Stops(gate, fed)) continue;
    const OrgUnit* unit = run.identity->FindUnit(gate.unit);
    out.push_back("  CHỜ DỮ LIỆU vì " + GateAsText(gate, run.period, unit ? unit->name : gate.unit));
  }
  return out;
}

}  // namespace mc
