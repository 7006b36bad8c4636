#include "storage/sql_quality_check.h"

#include <map>
#include <nlohmann/json.hpp>

#include "core/json.h"
#include "storage/quality_numbers.h"

namespace mc {
namespace {

std::string WhereCell(const QualityCell& cell) {
  return cell.measure + " of source " + cell.source + ", unit \"" + cell.unit + "\", period \"" + cell.period + "\"";
}

std::string Fraction(const QualityCell& cell) { return std::to_string(cell.num) + "/" + std::to_string(cell.den); }

constexpr int kLagLimit = 4, kEndedMinute = 5, kGoodMinute = 6, kCheckCode = 7;  // of MC_RUN_QUALITY_COLUMNS

using Cells = std::map<std::string, QualityCell>;

Cells ByPlace(const std::vector<QualityCell>& cells) {
  Cells by_place;
  for (const QualityCell& cell : cells) by_place.emplace(WhereCell(cell), cell);
  return by_place;
}

}  // namespace

void QualityChecker::Take(const RecordRow& record, const EvidenceRow* own, const Evidence* stated) {
  if (!own || own->record_leaf != record.leaf) own = nullptr, stated = nullptr;
  if (const auto cell = store_.CorrectCell(record, own, stated)) expected_.Add(*cell);
}

// A source has one run at a time: they ended in the order of their numbers.
void QualityChecker::TakeRuns() {
  const auto scan = store_.db_->Scan("SELECT " MC_RUN_QUALITY_COLUMNS " FROM run_quality ORDER BY run");
  Query row(*scan);
  std::int64_t rows = 0;
  while (row.Step()) {
    ++rows;
    // Minutes of a run that was not scheduled are not written, and no code covers them.
    const bool odd = row.IsNull(kEndedMinute) && (row.GetInt(kLagLimit) != 0 || !row.IsNull(kGoodMinute));
    TakeRun(RunQualityFrom(row, 0), odd ? "" : row.GetText(kCheckCode));
  }
  const auto count = store_.db_->Scan("SELECT count(*) FROM runs");
  Query runs(*count);
  runs.Step();
  if (runs.GetInt(0) != rows) faults_.Add("quality_state", "table run_quality", "its rows are not those of the runs");
}

void QualityChecker::TakeRun(const RunQuality& run, const std::string& code) {
  const std::string where = "run " + std::to_string(run.run) + " (source " + run.source + ")";
  const auto stored = store_.ReadRun(run.run);
  if (code != store_.RunQualityCode(run) || !stored.ok() || !*stored) {
    return faults_.Add("quality_state", where, "what it says of the numbers was changed");
  }
  if (!(*stored)->leaf) return;
  const RunReceipt& receipt = (*stored)->receipt;
  AddCounts(receipt, run.first_period, run.last_period, expected_);
  if (!run.minutes) return;
  const auto last = before_.find(run.source);
  const auto earlier = last == before_.end() ? std::nullopt : std::optional(last->second);
  RunMinutes minutes{MinuteOf(receipt.ended_at), earlier ? earlier->good : std::nullopt, run.minutes->lag_limit};
  if (receipt.outcome == RunOutcome::kComplete) minutes.good = minutes.ended;
  AddLive(run.source, earlier, minutes, expected_);
  before_[run.source] = minutes;
}

void QualityChecker::CheckPlaces() {
  const auto scan = store_.db_->Scan("SELECT leaf_index, unit_named, period, check_code FROM rejection_places");
  Query row(*scan);
  while (row.Step()) {
    if (row.GetText(3) == store_.PlaceCode(row.GetInt(0), row.GetText(1), row.GetText(2))) continue;
    faults_.Add("quality_state", "leaf " + std::to_string(row.GetInt(0)), "where its record counts was changed");
  }
}

void QualityChecker::CheckChains() {
  const auto scan = store_.db_->Scan(
      "SELECT r.leaf_index, r.register_id, r.native_id, c.chain FROM rejection_chains c JOIN records r "
      "ON r.leaf_index = c.leaf_index");
  Query row(*scan);
  while (row.Step()) {
    if (row.GetInt(3) == store_.ChainFor({row.GetText(1), row.GetText(2), Digest{}})) continue;
    faults_.Add("rejection_chain", "leaf " + std::to_string(row.GetInt(0)), "whose other state it is was changed");
  }
}

void QualityChecker::TakeClean() {
  Query row(store_.sql_["SELECT object FROM quality_days ORDER BY day DESC LIMIT 1"]);
  if (!row.Step()) return;
  const auto cells = CleanCells(row.GetText(0));
  if (!cells.ok()) return faults_.Add("quality_state", "the last closed day", cells.error().message);
  for (const QualityCell& cell : *cells) expected_.Add(cell);
}

void QualityChecker::TakeReadBacks() {
  const auto cells = store_.ReadBackCells();
  if (!cells.ok()) return faults_.Add("quality_state", "read-back", cells.error().message);
  for (const QualityCell& cell : *cells) expected_.Add(cell);
}

void QualityChecker::Check() {
  CheckPlaces();
  CheckChains();
  TakeRuns();
  TakeClean();
  TakeReadBacks();
  const Cells expected = ByPlace(expected_.Cells());
  Cells stored = ByPlace(store_.ReadQuality());
  for (const auto& [where, cell] : expected) {
    const auto found = stored.find(where);
    const bool same = found != stored.end() && found->second == cell;
    const std::string kept = found == stored.end() ? "nothing" : Fraction(found->second);
    if (!same) faults_.Add("quality_state", where, kept + " is kept, but the rows say " + Fraction(cell));
    if (found != stored.end()) stored.erase(found);
  }
  for (const auto& [where, cell] : stored) {
    faults_.Add("quality_state", where, Fraction(cell) + " is kept, but no row says so");
  }
}

Result<FsckReport> SqlStore::FsckRollups() {
  return Guarded([&]() -> Result<FsckReport> {
    const SqlTransaction one_moment(*db_, SqlTransaction::kRead);
    FaultList faults;
    QualityChecker checker(*this, faults);
    FsckReport report;
    const auto scan = db_->Scan("SELECT " MC_RECORD_COLUMNS " FROM records ORDER BY leaf_index");
    Query row(*scan);
    while (row.Step()) {
      ++report.records;
      checker.Take(RecordFrom(row), nullptr, nullptr);
    }
    checker.Check();
    report.faults = faults.Take();
    return report;
  });
}

void LeafChecker::CheckQuality(const Opened& opened) {
  const std::string where = "numbers of leaf " + std::to_string(opened.index);
  const auto object = store_.QualityObjectAt(opened.index);
  if (!object) return faults_.Add("orphan", where, "its row is missing");
  ++seen_.quality_days;
  CheckCommitment(opened, *object, "quality_commitment", where);
  const auto json = ParseJson(*object);
  Query row(store_.sql_["SELECT day FROM quality_days WHERE leaf_index = ?"]);
  const bool found = row.Int(opened.index).Step() && json.ok() && json->is_object();
  const bool fits = found && json->value("day", "") == row.GetText(0);
  if (!fits) faults_.Add("quality", where, "its row is of another day");
}

}  // namespace mc
