#include "scoring/score_json.h"

#include <nlohmann/json.hpp>

namespace mc {
namespace {

constexpr int kRatioPlaces = 6;
constexpr int kPointPlaces = 2;

Json Rounded(const std::optional<Ratio>& value, int places) {
  return value ? Json(value->ToDecimal(places)) : Json(nullptr);
}

Json Exact(const std::optional<Ratio>& value) { return value ? Json(value->ToFraction()) : Json(nullptr); }

Json TextOrNull(const std::optional<std::string>& text) { return text ? Json(*text) : Json(nullptr); }

Json TextOrNull(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

Json LineToJson(const ScoreLine& line) {
  const ScoreInputLine& in = line.input;
  Json lost = Json::array();
  for (const LostPoints& loss : line.lost) {
    lost.push_back({{"component", loss.component},
                    {"amount", loss.amount.ToDecimal(kRatioPlaces)},
                    {"points", loss.points.ToDecimal(kPointPlaces)},
                    {"exact", {{"amount", loss.amount.ToFraction()}, {"points", loss.points.ToFraction()}}},
                    {"why", loss.why}});
  }
  return {{"label", in.label},
          {"product", TextOrNull(in.product)},
          {"edition", TextOrNull(in.edition)},
          {"coefficient", in.coefficient.ToShortest()},
          {"assigned", in.assigned.ToShortest()},
          {"completed", in.completed.ToShortest()},
          {"quality_failures", in.quality_failures},
          {"late", in.late},
          {"excused_quality_failures", in.excused_quality_failures},
          {"excused_late", in.excused_late},
          {"exceeded", in.exceeded.ToShortest()},
          {"innovation", in.innovation},
          {"carried_over", in.carried_over},
          {"no_deadline", in.no_deadline},
          {"done", line.done.ToDecimal(kRatioPlaces)},
          {"b", line.b.ToDecimal(kRatioPlaces)},
          {"c", line.c.ToDecimal(kRatioPlaces)},
          {"exact", {{"done", line.done.ToFraction()}, {"b", line.b.ToFraction()}, {"c", line.c.ToFraction()}}},
          {"lost", std::move(lost)}};
}

Json GatesToJson(const std::vector<Gate>& gates) {
  Json list = Json::array();
  for (const Gate& gate : gates) {
    list.push_back({{"rule", gate.rule}, {"source", gate.source}, {"passed", gate.passed}, {"detail", gate.detail}});
  }
  return list;
}

void AddFigures(const ScoreCard& card, Json& out) {
  Json& exact = out["exact"] = Json::object();
  const auto add = [&](const char* name, const std::optional<Ratio>& value, int places) {
    out[name] = Rounded(value, places);
    exact[name] = Exact(value);
  };
  add("a", card.a, kRatioPlaces);
  add("b", card.b, kRatioPlaces);
  add("c", card.c, kRatioPlaces);
  add("d", card.d, kRatioPlaces);
  add("dd", card.dd, kRatioPlaces);
  add("e", card.e, kRatioPlaces);
  add("general", card.general, kPointPlaces);
  add("results_points", card.results_points, kPointPlaces);
  add("total", card.total, kPointPlaces);
}

}  // namespace

Json CardToJson(const ScoreCard& card) {
  Json out = {{"id", card.subject},
              {"status", Name(card.status)},
              {"status_reason", TextOrNull(card.status_reason)},
              {"class_by_score", TextOrNull(card.class_by_score)},
              {"gates", GatesToJson(card.gates)},
              {"class_after_gates", TextOrNull(card.class_after_gates)},
              {"class_after_quota", TextOrNull(card.class_after_quota)},
              {"quota_note", TextOrNull(card.quota_note)}};
  AddFigures(card, out);
  Json& lines = out["lines"] = Json::array();
  for (const ScoreLine& line : card.lines) lines.push_back(LineToJson(line));
  return out;
}

Json CaseOutput(const Policy& policy, const std::vector<ScoreCard>& cards) {
  Json subjects = Json::array();
  for (const ScoreCard& card : cards) subjects.push_back(CardToJson(card));
  return {{"policy", policy.id}, {"policy_digest", policy.digest}, {"subjects", std::move(subjects)}};
}

}  // namespace mc
