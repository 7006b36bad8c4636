// The four numbers as sums: what batches, receipts, decisions and erasures add, and the day's leaf.
#include <algorithm>

#include "storage/quality_numbers.h"
#include "storage/quality_sums.h"
#include "storage/sql_batch.h"
#include "storage/sql_check.h"

namespace mc {
namespace {

QualityCell CellFrom(const Query& row) {
  return {row.GetText(0), row.GetText(1), row.GetText(2), row.GetText(3), row.GetInt(4), row.GetInt(5)};
}

RunMinutes MinutesFrom(const Query& row, int at) {
  return {row.GetInt(at + 1), row.GetOptionalInt(at + 2), row.GetInt(at)};
}

void PutCell(SqlStatement& put, const QualityCell& cell) {
  Query(put).Text(cell.source).Text(cell.unit).Text(cell.period).Text(cell.measure).Int(cell.num).Int(cell.den).Run();
}

}  // namespace

RunQuality RunQualityFrom(const Query& row, int at) {
  RunQuality run{row.GetInt(at), row.GetText(at + 1), row.GetText(at + 2), row.GetText(at + 3), std::nullopt};
  if (!row.IsNull(at + 5)) run.minutes = MinutesFrom(row, at + 4);
  return run;
}

// --- writing; inside a transaction of the caller's

#define MC_PUT_CELL                                                                                      \
  "INSERT INTO quality_state (source, unit_named, period, measure, num, den) VALUES (?, ?, ?, ?, ?, ?) " \
  "ON CONFLICT (source, unit_named, period, measure) DO UPDATE SET "

void SqlStore::AddQuality(const std::vector<QualityCell>& cells) {
  for (const QualityCell& cell : cells) {
    PutCell(sql_[MC_PUT_CELL "num = quality_state.num + excluded.num, den = quality_state.den + excluded.den"], cell);
  }
}

void SqlStore::SetQuality(const QualityCell& cell) {
  PutCell(sql_[MC_PUT_CELL "num = excluded.num, den = excluded.den"], cell);
}

std::string SqlStore::PlaceCode(std::int64_t leaf, const std::string& unit, const std::string& period) const {
  return RowCode("rejection_place", {std::to_string(leaf), unit, period});
}

void SqlStore::SavePlace(std::int64_t leaf, const std::string& unit, const std::string& period) {
  const std::string code = PlaceCode(leaf, unit, period);
  Query(sql_["INSERT INTO rejection_places (leaf_index, unit_named, period, check_code) VALUES (?, ?, ?, ?)"])
      .Int(leaf)
      .Text(unit)
      .Text(period)
      .Blob(code)
      .Run();
}

// What one stored record is in kCorrect; nothing for a rejected one that somebody took off the list.
std::optional<QualityCell> SqlStore::CorrectCell(const RecordRow& record, const EvidenceRow* own,
                                                 const Evidence* stated) {
  const RecordEnvelope& envelope = record.envelope;
  std::optional<EvidenceRow> states;
  if (!own && record.outcome == "evidence") states = ReadEvidence(record.leaf);
  if (record.outcome == "repeat") states = ReadEvidence(record.repeats.value_or(-1));
  if (record.outcome == "rejection") states = ReadSince(record);
  if (states) own = &*states, stated = nullptr;
  if (record.outcome == "rejection" && !own) return RejectedCell(record);
  std::optional<Evidence> read;
  if (own && !stated) {
    auto evidence = EvidenceFromText(own->canonical);
    if (evidence.ok()) stated = &read.emplace(std::move(*evidence));
  }
  if (!stated) return std::nullopt;
  const Instant at = EventTime(EventOf(*stated), envelope.occurred_at, envelope.observed_at);
  return QualityCell{
      envelope.source, UnitNamed(stated->unit), period_names_.Of(at), std::string(measure::kCorrect), 1, 1};
}

// The evidence as which a rejected record was first read.
std::optional<EvidenceRow> SqlStore::ReadSince(const RecordRow& record) {
  Query row(
      sql_["SELECT leaf_index FROM evidence WHERE ik = ? AND record_leaf = ? AND record_leaf <> leaf_index "
           "ORDER BY leaf_index LIMIT 1"]);
  if (!row.Int(record.ik).Int(record.leaf).Step()) return std::nullopt;
  return ReadEvidence(row.GetInt(0));
}

std::optional<QualityCell> SqlStore::RejectedCell(const RecordRow& record) {
  {
    Query dropped(sql_["SELECT 1 FROM decisions WHERE action = 'drop' AND subject = ?"]);
    if (dropped.Int(record.leaf).Step()) return std::nullopt;
  }
  const RecordEnvelope& envelope = record.envelope;
  QualityCell cell{envelope.source, "", "", std::string(measure::kCorrect), 0, 1};
  Query place(sql_["SELECT unit_named, period FROM rejection_places WHERE leaf_index = ?"]);
  if (place.Int(record.leaf).Step()) {
    cell.unit = place.GetText(0);
    cell.period = place.GetText(1);
  } else {
    cell.period = period_names_.Of(EventTime(std::nullopt, envelope.occurred_at, envelope.observed_at));
  }
  return cell;
}

void SqlStore::ForgetQuality(const std::vector<RecordRow>& records) {
  QualitySums gone;
  for (const RecordRow& record : records) {
    if (const auto cell = CorrectCell(record)) {
      gone.Add({cell->source, cell->unit, cell->period, cell->measure, -cell->num, -cell->den});
    }
  }
  AddQuality(gone.Cells());
}

std::string SqlStore::RunQualityCode(const RunQuality& run) const {
  std::vector<std::string> parts = {std::to_string(run.run), run.source, run.first_period, run.last_period};
  if (run.minutes) {
    for (const std::int64_t minute : {run.minutes->lag_limit, run.minutes->ended, run.minutes->good.value_or(-1)}) {
      parts.push_back(std::to_string(minute));
    }
  }
  return RowCode("run_quality", parts);
}

void SqlStore::SaveRunQuality(const RunQuality& run) {
  const std::string code = RunQualityCode(run);
  const std::optional<RunMinutes>& minutes = run.minutes;
  Query(sql_["INSERT INTO run_quality (run, source, first_period, last_period, lag_limit_minutes, ended_minute, "
             "good_minute, check_code) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (run) DO UPDATE SET "
             "first_period = excluded.first_period, last_period = excluded.last_period, "
             "lag_limit_minutes = excluded.lag_limit_minutes, ended_minute = excluded.ended_minute, "
             "good_minute = excluded.good_minute, check_code = excluded.check_code"])
      .Int(run.run)
      .Text(run.source)
      .Text(run.first_period)
      .Text(run.last_period)
      .Int(minutes ? minutes->lag_limit : 0)
      .OptionalInt(minutes ? std::optional(minutes->ended) : std::nullopt)
      .OptionalInt(minutes ? minutes->good : std::nullopt)
      .Blob(code)
      .Run();
}

std::optional<RunQuality> SqlStore::ReadRunQuality(std::int64_t run) {
  Query row(sql_["SELECT " MC_RUN_QUALITY_COLUMNS " FROM run_quality WHERE run = ?"]);
  if (!row.Int(run).Step()) return std::nullopt;
  return RunQualityFrom(row, 0);
}

void SqlStore::NoteOffered(std::int64_t run, const std::string& first, const std::string& last) {
  auto row = ReadRunQuality(run);
  if (first.empty() || !row) return;
  const bool wider = row->first_period.empty() || first < row->first_period || last > row->last_period;
  if (!wider) return;
  row->first_period = row->first_period.empty() ? first : std::min(first, row->first_period);
  row->last_period = std::max(last, row->last_period);
  SaveRunQuality(*row);
}

std::optional<RunMinutes> SqlStore::MinutesBefore(const std::string& source, std::int64_t run) {
  Query row(
      sql_["SELECT lag_limit_minutes, ended_minute, good_minute FROM run_quality WHERE source = ? AND run < ? AND "
           "ended_minute IS NOT NULL ORDER BY run DESC LIMIT 1"]);
  if (!row.Text(source).Int(run).Step()) return std::nullopt;
  return MinutesFrom(row, 0);
}

void SqlStore::EndRunQuality(const RunReceipt& receipt) {
  auto row = ReadRunQuality(receipt.run);
  if (!row) return;
  QualitySums counts;
  AddCounts(receipt, row->first_period, row->last_period, counts);
  for (const QualityCell& cell : counts.Cells()) SetQuality(cell);
  if (receipt.lag_limit_minutes <= 0) return;
  const std::optional<RunMinutes> before = MinutesBefore(receipt.source, receipt.run);
  RunMinutes run{MinuteOf(receipt.ended_at), before ? before->good : std::nullopt, receipt.lag_limit_minutes};
  if (receipt.outcome == RunOutcome::kComplete) run.good = run.ended;
  row->minutes = run;
  SaveRunQuality(*row);
  QualitySums live;
  AddLive(receipt.source, before, run, live);
  AddQuality(live.Cells());
}

// A store of before has rows and no sums: counted once, when it is first opened.
void SqlStore::CountQuality() {
  QualitySums sums;
  const auto scan = db_->Scan("SELECT " MC_RECORD_COLUMNS " FROM records ORDER BY leaf_index");
  Query row(*scan);
  while (row.Step()) {
    if (const auto cell = CorrectCell(RecordFrom(row))) sums.Add(*cell);
  }
  AddQuality(sums.Cells());
  for (const std::int64_t leaf : LeavesWithoutPlace()) {
    if (const auto record = ReadRecord(leaf)) {
      const RecordEnvelope& envelope = record->envelope;
      SavePlace(leaf, "", period_names_.Of(EventTime(std::nullopt, envelope.occurred_at, envelope.observed_at)));
    }
  }
  std::vector<RunQuality> runs;
  {
    Query run(sql_["SELECT run, source FROM runs WHERE run NOT IN (SELECT run FROM run_quality)"]);
    while (run.Step()) runs.push_back({run.GetInt(0), run.GetText(1), "", "", std::nullopt});
  }
  for (const RunQuality& run : runs) SaveRunQuality(run);
}

std::vector<std::int64_t> SqlStore::LeavesWithoutPlace() {
  std::vector<std::int64_t> leaves;
  Query row(
      sql_["SELECT leaf_index FROM rejections WHERE leaf_index NOT IN (SELECT leaf_index FROM rejection_places)"]);
  while (row.Step()) leaves.push_back(row.GetInt(0));
  return leaves;
}

// --- reading, and the day's leaf

std::vector<QualityCell> SqlStore::ReadQuality() {
  Query row(
      sql_["SELECT source, unit_named, period, measure, num, den FROM quality_state WHERE den <> 0 OR num <> 0 "
           "ORDER BY source, unit_named, period, measure"]);
  std::vector<QualityCell> cells;
  while (row.Step()) cells.push_back(CellFrom(row));
  return cells;
}

Result<std::vector<QualityCell>> SqlStore::ListQuality(const std::optional<Period>& period) {
  return Guarded([&]() -> Result<std::vector<QualityCell>> {
    std::vector<QualityCell> cells = ReadQuality();
    if (period) {
      const std::string name = FormatPeriod(*period);
      std::erase_if(cells, [&](const QualityCell& cell) { return !cell.period.empty() && cell.period != name; });
    }
    return cells;
  });
}

std::optional<QualityDay> SqlStore::QualityDayOf(Query& row) {
  if (!row.Step()) return std::nullopt;
  const auto day = ParseDate(row.GetText(1));
  return QualityDay{row.GetInt(0), day.ok() ? *day : CivilDate{}, row.GetText(2), false};
}

Result<std::optional<QualityDay>> SqlStore::LastQualityDay() {
  return Guarded([&]() -> Result<std::optional<QualityDay>> {
    Query row(sql_["SELECT leaf_index, day, object FROM quality_days ORDER BY day DESC LIMIT 1"]);
    return QualityDayOf(row);
  });
}

Result<QualityDay> SqlStore::CloseQualityDay(CivilDate day, const std::vector<QualityCell>& clean) {
  return Guarded([&]() -> Result<QualityDay> {
    SqlTransaction transaction(*db_, SqlTransaction::kWrite);
    const std::string name = FormatDate(day);
    {
      Query row(sql_["SELECT leaf_index, day, object FROM quality_days WHERE day = ?"]);
      row.Text(name);
      if (auto closed = QualityDayOf(row)) return *std::move(closed);
    }
    {
      Query later(sql_["SELECT day FROM quality_days WHERE day > ? LIMIT 1"]);
      if (later.Text(name).Step()) {
        return ConfigError(
            "day_passed", "the numbers of " + name + " can no longer be closed: those of " + later.GetText(0) + " are");
      }
    }
    db_->Execute("DELETE FROM quality_state WHERE measure = 'clean'");
    for (const QualityCell& cell : clean) AddQuality({cell});
    const Instant now = settings_.clock.Now();
    QualityDay closed{0, day, "", true};
    MC_TRY(closed.object, QualityObject(day, now, ReadQuality()));
    MC_TRY(Ledger ledger, OpenLedger());
    MC_TRY(closed.leaf, AddLeaf(ledger, LeafKind::kQuality, now, closed.object));
    MC_CHECK_OK(CloseLedger(ledger));
    Query(sql_["INSERT INTO quality_days (leaf_index, day, object) VALUES (?, ?, ?)"])
        .Int(closed.leaf)
        .Text(name)
        .Text(closed.object)
        .Run();
    transaction.Commit();
    return closed;
  });
}

Result<std::map<std::string, std::string>> SqlStore::RegistersOfSources() {
  return Guarded([&]() -> Result<std::map<std::string, std::string>> {
    Query row(sql_["SELECT source, register_id FROM runs WHERE run IN (SELECT max(run) FROM runs GROUP BY source)"]);
    std::map<std::string, std::string> registers;
    while (row.Step()) registers.emplace(row.GetText(0), row.GetText(1));
    return registers;
  });
}

std::optional<std::string> SqlStore::QualityObjectAt(std::int64_t leaf) {
  Query row(sql_["SELECT object FROM quality_days WHERE leaf_index = ?"]);
  if (!row.Int(leaf).Step()) return std::nullopt;
  return row.GetText(0);
}

}  // namespace mc
