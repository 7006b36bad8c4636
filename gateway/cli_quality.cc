// quality: the four numbers, by source or unit, the rows behind them, and the day's leaf.
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "core/shown.h"
#include "core/source_record.h"
#include "gateway/all_evidence.h"
#include "gateway/commands.h"
#include "gateway/installation.h"
#include "gateway/quality.h"
#include "gateway/quality_day.h"
#include "gateway/quality_gates.h"
#include "gateway/quality_now.h"
#include "gateway/quality_rows.h"
#include "gateway/quality_units.h"
#include "gateway/score_run.h"
#include "gateway/texts.h"
#include "mapping/items.h"

namespace mc {
namespace {

// What the numbers are made of.
struct Measured {
  std::optional<Period> period;  // none: all
  std::vector<SourceTotals> totals;
  std::vector<EvidenceRevision> evidence;  // latest, of the period
  std::vector<WorkItem> items;
  std::unique_ptr<IdentityIndex> identity;
  std::vector<SourceNumbers> numbers;
  std::vector<SourceQuality> shown;  // of whole sources
};

struct AsOf {
  std::optional<Period> period;
  Instant at;
};

Result<AsOf> AsOfOf(const Options& options, const Policy& policy) {
  AsOf as_of{std::nullopt, SystemClock().Now()};
  if (!options.period.empty()) {
    MC_TRY(as_of.period, ParsePeriod(options.period));
    as_of.at = CutOff(policy, *as_of.period);
  }
  if (!options.as_of.empty()) {
    MC_TRY(as_of.at, ParseInstant(options.as_of));
  }
  return as_of;
}

bool IsOf(const EvidenceRevision& revision, const std::optional<Period>& period) {
  const auto& at = EventOf(revision.evidence);
  return revision.latest && (!period || (at && PeriodOf(CityDate(*at)) == *period));
}

// Without a period a source's own count is that of its last run: counts of several months do not add up.
std::vector<SourceQuality> ShownOf(const Measured& measured) {
  std::vector<SourceQuality> shown;
  for (const SourceNumbers& source : measured.numbers) {
    const QualityNumbers n = source.all.Numbers();
    shown.push_back({source.source, n.correct, n.complete, n.clean, n.live});
    if (measured.period) continue;
    for (const SourceTotals& totals : measured.totals) {
      if (totals.source == source.source) shown.back().complete = CompleteOf(totals);
    }
  }
  return shown;
}

// Items decide which evidence is clean. Without a period they are taken as they stand now.
Result<Measured> Measure(const Options& options, const Installation& installation, Store& store) {
  MC_TRY(const Policy policy, installation.PolicyOf(options.policy));
  MC_TRY(const WorkCalendar calendar, installation.Calendar());
  MC_TRY(DirectoryData directory, installation.DirectoryOf(store));
  MC_TRY(const AsOf as_of, AsOfOf(options, policy));
  Measured measured;
  measured.period = as_of.period;
  measured.identity = std::make_unique<IdentityIndex>(std::move(directory));
  MC_TRY(measured.evidence, AllEvidence(store));
  const ItemSettings settings{policy.min_assurance, policy.report_due_working_hours, &calendar};
  measured.items = BuildItems(measured.evidence, *measured.identity, settings, as_of.at);
  std::erase_if(measured.evidence, [&](const EvidenceRevision& r) { return !IsOf(r, measured.period); });
  MC_TRY(measured.totals, store.Totals());
  MC_TRY(measured.numbers, NumbersNow(store, measured.evidence, measured.items, *measured.identity, measured.period,
                                      PostDay(as_of.at)));
  measured.shown = ShownOf(measured);
  return measured;
}

Result<std::vector<QualityRow>> Behind(Store& store, const Measured& measured) {
  MC_TRY(std::vector<QuarantineEntry> quarantine, store.ListQuarantine());
  MC_TRY(std::vector<ContradictedRecord> contradicted, store.ListContradicted());
  if (measured.period) {
    const std::string name = FormatPeriod(*measured.period);
    std::erase_if(quarantine, [&](const QuarantineEntry& entry) { return entry.period != name; });
    std::erase_if(contradicted, [&](const ContradictedRecord& record) { return record.period != name; });
  }
  return RowsBehind({measured.shown, measured.totals, quarantine, contradicted, measured.evidence, measured.items,
                     *measured.identity});
}

void PrintRows(const std::vector<QualityRow>& rows, Console& console) {
  std::vector<std::vector<std::string>> table = {{"Nguồn", "Số đo", "Bản ghi", "Là", "Vì sao", ""}};
  for (const QualityRow& row : rows) {
    table.push_back({row.source, std::string(ViNumberName(row.number)), row.ik == 0 ? "-" : IkHex(row.ik),
                     row.what.empty() ? "-" : WithoutControls(row.what), ViReason(row.reason),
                     WithoutControls(row.detail)});
  }
  console.Line(rows.empty() ? "Không có dòng nào kéo số đo xuống." : FormatTable(table));
}

// A unit of the directory by its name; what is under none of them last.
template <typename Take>
void EachUnit(const Measured& measured, Take&& take) {
  for (const SourceNumbers& source : measured.numbers) {
    for (const auto& [id, sum] : source.units) take(source.source, id, sum.Numbers());
    const QualityNumbers unplaced = source.unplaced.Numbers();
    if (unplaced.correct || unplaced.clean) take(source.source, std::string(), unplaced);
  }
}

Json UnitsJson(const Measured& measured) {
  Json units = Json::array();
  EachUnit(measured, [&](const std::string& source, const std::string& id, const QualityNumbers& numbers) {
    Json row = NumbersToJson(numbers);
    row["source"] = source;
    row["unit"] = id.empty() ? Json(nullptr) : Json(id);
    units.push_back(std::move(row));
  });
  return units;
}

void PrintUnits(const Measured& measured, Console& console) {
  std::vector<std::vector<std::string>> rows = {{"Nguồn", "Đơn vị", "Đúng", "Sạch"}};
  EachUnit(measured, [&](const std::string& source, const std::string& id, const QualityNumbers& numbers) {
    const OrgUnit* unit = measured.identity->FindUnit(id);
    rows.push_back({source, unit ? unit->name : "(không rõ đơn vị)", ShareAsText(numbers.correct),
                    ShareAsText(numbers.clean)});
  });
  console.Line(FormatTable(rows));
}

void PrintSources(const Measured& measured, Console& console) {
  std::vector<std::vector<std::string>> rows = {{"Nguồn", "Đúng", "Đủ", "Sạch", "Sống"}};
  for (const SourceQuality& q : measured.shown) {
    rows.push_back(
        {q.source, ShareAsText(q.correct), ShareAsText(q.complete), ShareAsText(q.clean), ShareAsText(q.live)});
  }
  console.Line(FormatTable(rows));
}

// --- quality --close-day

CommandResult CloseDayCommand(const Options& options, const Installation& installation, Store& store,
                              Console& console) {
  const Instant now = SystemClock().Now();
  CivilDate day{CityDate(now).days - 1};
  if (!options.day.empty()) {
    MC_TRY(day, ParseDate(options.day));
  }
  MC_TRY(const QualityDay closed, CloseDay(installation, store, day, now));
  if (console.json()) {
    console.Print({{"day", FormatDate(closed.day)}, {"leaf", closed.leaf}, {"added", closed.added}});
  } else {
    console.Line("Bốn số đo của ngày " + FormatCity(BareDate(closed.day)) + " là lá " + std::to_string(closed.leaf) +
                 (closed.added ? "." : ", đã ghi từ trước."));
  }
  return ExitCode::kDone;
}

}  // namespace

CommandResult RunQuality(const Options& options, Console& console) {
  if (options.findings) return RunFindings(options, console);
  MC_TRY(const Installation installation, Installation::Load(options.config));
  MC_TRY(const auto store, installation.OpenStore());
  if (options.close_day) return CloseDayCommand(options, installation, *store, console);
  MC_TRY(const Measured measured, Measure(options, installation, *store));
  std::vector<QualityRow> behind;
  if (options.list) {
    MC_TRY(behind, Behind(*store, measured));
  }
  if (console.json()) {
    Json out = {{"quality", QualityToJson(measured.shown)}};
    if (options.units) out["units"] = UnitsJson(measured);
    if (options.list) out["rows"] = RowsToJson(behind);
    console.Print(out);
    return ExitCode::kDone;
  }
  PrintSources(measured, console);
  if (options.units) PrintUnits(measured, console);
  if (options.list) PrintRows(behind, console);
  return ExitCode::kDone;
}

}  // namespace mc
