#include "storage/quality_numbers.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <tuple>

#include "core/json.h"
#include "core/json_at.h"

namespace mc {
namespace {

std::optional<Share> Known(const Share& share) { return share.den > 0 ? std::optional(share) : std::nullopt; }

void Add(const Share& from, Share& to) {
  to.num += from.num;
  to.den += from.den;
}

Json ShareJson(const std::optional<Share>& share) {
  return share ? Json{{"den", share->den}, {"num", share->num}} : Json(nullptr);
}

Result<QualityCell> CleanCell(const JsonAt& row) {
  QualityCell cell;
  for (const auto& [key, text] :
       {std::pair("source", &cell.source), std::pair("unit", &cell.unit), std::pair("period", &cell.period)}) {
    MC_TRY(const JsonAt at, row.Member(key));
    if (!at.value().is_string()) return at.Fail("not_text", "must be a string");
    *text = at.value().get<std::string>();
  }
  cell.measure = measure::kClean;
  const auto clean = row.Find("clean");
  if (!clean || clean->value().is_null()) return cell;
  MC_TRY(const JsonAt num, clean->Member("num"));
  MC_TRY(cell.num, num.Count(0, INT64_MAX));
  MC_TRY(const JsonAt den, clean->Member("den"));
  MC_TRY(cell.den, den.Count(0, INT64_MAX));
  return cell;
}

}  // namespace

const std::string& UnitNamed(const UnitKeys& unit) { return unit.code.empty() ? unit.name : unit.code; }

const std::optional<Moment>& EventOf(const Evidence& evidence) {
  return evidence.occurred_at ? evidence.occurred_at : evidence.assigned_at;
}

void QualitySum::Add(const QualityCell& cell) {
  const Share share{cell.num, cell.den};
  if (cell.measure == measure::kCorrect) mc::Add(share, correct);
  if (cell.measure == measure::kReadBack) mc::Add(share, read_back);
  if (cell.measure == measure::kHeld) mc::Add(share, held);
  if (cell.measure == measure::kOffered) mc::Add(share, offered);
  if (cell.measure == measure::kClean) mc::Add(share, clean);
  if (cell.measure == measure::kLive) mc::Add(share, live);
}

void QualitySum::Add(const QualitySum& other) {
  mc::Add(other.correct, correct);
  mc::Add(other.read_back, read_back);
  mc::Add(other.held, held);
  mc::Add(other.offered, offered);
  mc::Add(other.clean, clean);
  mc::Add(other.live, live);
}

QualityNumbers QualitySum::Numbers() const {
  const std::int64_t contradicted = read_back.den - read_back.num;
  const Share not_contradicted{std::max<std::int64_t>(0, correct.num - contradicted), correct.den};
  return {Known(not_contradicted), Known(held), Known(clean), Known(live)};
}

std::optional<Share> QualitySum::Offered() const { return Known(offered); }

Result<std::string> QualityObject(CivilDate day, Instant at, const std::vector<QualityCell>& cells) {
  std::map<std::tuple<std::string, std::string, std::string>, QualitySum> sums;
  for (const QualityCell& cell : cells) sums[{cell.source, cell.unit, cell.period}].Add(cell);
  Json rows = Json::array();
  for (const auto& [key, sum] : sums) {
    const QualityNumbers numbers = sum.Numbers();
    rows.push_back({{"clean", ShareJson(numbers.clean)},
                    {"complete", ShareJson(numbers.complete)},
                    {"correct", ShareJson(numbers.correct)},
                    {"live", ShareJson(numbers.live)},
                    {"period", std::get<2>(key)},
                    {"source", std::get<0>(key)},
                    {"unit", std::get<1>(key)}});
  }
  return CanonicalJson(Json{{"at", at.micros}, {"day", FormatDate(day)}, {"rows", std::move(rows)}, {"v", 1}});
}

Result<std::vector<QualityCell>> CleanCells(std::string_view object) {
  const Error bad = DataError("bad_quality", "the object is not one of a day's four numbers");
  const auto json = ParseJson(object);
  if (!json.ok() || !json->is_object() || !json->contains("rows") || !json->at("rows").is_array()) return bad;
  std::vector<QualityCell> cells;
  for (const Json& row : json->at("rows")) {
    auto cell = CleanCell(JsonAt(row));
    if (!cell.ok()) return bad;
    if (cell->den != 0) cells.push_back(std::move(cell).value());
  }
  return cells;
}

}  // namespace mc
