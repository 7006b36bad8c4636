#include "gateway/quality_cited.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <tuple>

namespace mc {
namespace {

Json Row(const SourceNumbers& source, const std::string& unit, const QualitySum& sum) {
  Json row = NumbersToJson(sum.Numbers());
  row["source"] = source.source;
  row["register"] = source.register_id;
  row["unit"] = unit.empty() ? Json(nullptr) : Json(unit);
  return row;
}

}  // namespace

// What one post is fed by: a source, and the post's unit.
struct CitedQuality::Fed {
  const SourceNumbers* source = nullptr;
  std::string unit;

  bool operator<(const Fed& other) const {
    return std::tie(source->source, unit) < std::tie(other.source->source, other.unit);
  }
  bool IsStoppedBy(const ClosedGate& gate) const {
    return gate.source == source->source && (gate.unit.empty() || gate.unit == unit);
  }
};

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

CitedQuality::CitedQuality(const ScoreRun& run) : run_(run) {
  for (const Membership* post : run.identity->PostsOn(PostDay(run.cutoff))) posts_[post->person].push_back(post);
}

// Each once, by source and unit.
std::vector<CitedQuality::Fed> CitedQuality::FeedsOf(const std::string& person) const {
  std::set<Fed> fed;
  const auto posts = posts_.find(person);
  if (posts == posts_.end()) return {};
  for (const Membership* post : posts->second) {
    for (const SourceNumbers& source : run_.quality) {
      const auto& registers = post->fed_by;
      const bool feeds = std::find(registers.begin(), registers.end(), source.register_id) != registers.end();
      if (feeds) fed.insert({&source, post->unit});
    }
  }
  return {fed.begin(), fed.end()};
}

Json CitedQuality::OfPerson(const std::string& person) const {
  Json numbers = Json::array(), closed = Json::array();
  const std::vector<Fed> fed = FeedsOf(person);
  for (const Fed& one : fed) {
    numbers.push_back(Row(*one.source, "", one.source->all));
    const auto unit = one.source->units.find(one.unit);
    if (unit != one.source->units.end()) numbers.push_back(Row(*one.source, one.unit, unit->second));
  }
  for (const ClosedGate& gate : run_.closed_gates) {
    const auto stops = [&](const Fed& one) { return one.IsStoppedBy(gate); };
    if (std::any_of(fed.begin(), fed.end(), stops)) closed.push_back(GateToJson(gate));
  }
  return {{"numbers", std::move(numbers)}, {"closed", std::move(closed)}};
}

std::vector<std::string> CitedQuality::OfPersonAsText(const std::string& person) const {
  std::vector<std::string> out = {"Số đo dữ liệu của kỳ khi tính phiếu này:"};
  const std::vector<Fed> fed = FeedsOf(person);
  for (const Fed& one : fed) {
    out.push_back("  nguồn " + one.source->source + ": " + NumbersAsText(one.source->all.Numbers()));
    const auto sum = one.source->units.find(one.unit);
    if (sum == one.source->units.end()) continue;
    const OrgUnit* unit = run_.identity->FindUnit(one.unit);
    out.push_back("    riêng " + (unit ? unit->name : one.unit) + ": " + NumbersAsText(sum->second.Numbers()));
  }
  for (const ClosedGate& gate : run_.closed_gates) {
    const auto stops = [&](const Fed& one) { return one.IsStoppedBy(gate); };
    if (std::none_of(fed.begin(), fed.end(), stops)) continue;
    const OrgUnit* unit = run_.identity->FindUnit(gate.unit);
    out.push_back("  CHỜ DỮ LIỆU vì " + GateAsText(gate, run_.period, unit ? unit->name : gate.unit));
  }
  return out;
}

}  // namespace mc
