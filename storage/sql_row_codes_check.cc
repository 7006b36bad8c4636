#include "storage/sql_row_codes_check.h"

#include <set>
#include <utility>

namespace mc {
namespace {

std::string WherePeriod(const std::string& period) { return "sheets of " + period; }

// An odd period is none to score: the next scoring of any other puts away what stands under it.
std::string PutRight(const std::string& period) {
  return "nobody is shown it; `score --period " + (ParsePeriod(period).ok() ? period : "YYYY-MM") +
         " --publish` puts it right";
}

}  // namespace

void RowCodeChecker::CheckCursors() {
  Query row(store_.sql_["SELECT source, stream, position, check_code FROM cursors"]);
  while (row.Step()) {
    if (row.GetText(3) == store_.CursorCheck(row.GetText(0), row.GetText(1), row.GetText(2))) continue;
    faults_.Add("cursor", "cursor " + row.GetText(0) + "/" + row.GetText(1), "it was changed");
  }
}

// A lost row is no fault: its records are read back no more.
void RowCodeChecker::CheckPages() {
  const auto scan =
      store_.db_->Scan("SELECT leaf_index, last, source, stream, windows, recorded_at, check_code FROM pages");
  Query row(*scan);
  while (row.Step()) {
    const PageRow page{row.GetInt(0),  row.GetInt(1),  row.GetText(2),
                       row.GetText(3), row.GetText(4), Instant{row.GetInt(5)}};
    if (row.GetText(6) == store_.PageCheck(page)) continue;
    faults_.Add("page", "page of leaf " + std::to_string(page.first) + " (source " + page.source + ")",
                "where it can be read again was changed");
  }
}

std::map<std::string, RowCodeChecker::Kept> RowCodeChecker::ReadEditions(std::int64_t leaves) {
  std::map<std::string, Kept> kept;
  std::set<std::string> changed;
  for (const SheetEdition& edition : store_.ReadSheetEditions(changed)) {
    kept[edition.period] = {true, edition.edition, edition.sheets, 0};
    if (edition.ledger_size <= leaves) continue;
    faults_.Add("sheet_edition", WherePeriod(edition.period), "they were made from more leaves than the ledger holds");
  }
  for (const std::string& period : changed) {
    kept[period] = {};
    faults_.Add("sheet_edition", WherePeriod(period), "what their edition says was changed: " + PutRight(period));
  }
  return kept;
}

void RowCodeChecker::CheckSheet(const std::string& period, const SheetRow& row) {
  const StoredSheet& sheet = row.sheet;
  const std::string where = "sheet of " + sheet.person + ", " + period;
  if (row.check_code != store_.SheetCode(period, row.edition, sheet)) {
    faults_.Add("sheet", where, "it was changed: " + PutRight(period));
  }
  if (row.brief_code != store_.BriefCode(period, row.edition, sheet.unit, {sheet.person, sheet.status, sheet.brief})) {
    faults_.Add("sheet", where, "its line in the list of the unit was changed: " + PutRight(period));
  }
}

// Rows above a period's edition are being written, or were when something stopped it; those that a later one replaced
// may stand until the next scoring. Neither is a fault, but each has its codes.
void RowCodeChecker::CheckSheets(std::int64_t leaves) {
  std::map<std::string, Kept> kept = ReadEditions(leaves);
  std::string period, person;
  auto at = kept.end();
  bool shown = false;  // the last row of the person, up to the edition, is a sheet
  const auto end_person = [&] {
    if (shown) ++at->second.found;
    shown = false;
  };
  const auto scan =
      store_.db_->Scan("SELECT period, " MC_SHEET_COLUMNS " FROM kept_sheets ORDER BY period, person, edition");
  Query query(*scan);
  while (query.Step()) {
    const SheetRow row = SheetRowFrom(query, 1);
    std::string of = query.GetText(0);
    if (of != period || row.sheet.person != person) end_person();
    if (of != period) {
      at = kept.find(of);
      if (at == kept.end()) {
        faults_.Add("sheet_edition", WherePeriod(of), "no scoring of theirs is kept: " + PutRight(of));
      }
    }
    CheckSheet(of, row);
    if (at != kept.end() && row.edition <= at->second.edition) shown = !row.sheet.status.empty();
    period = std::move(of);
    person = row.sheet.person;
  }
  end_person();
  for (const auto& [of, edition] : kept) {
    if (!edition.ours || edition.found == edition.sheets) continue;
    faults_.Add("sheet_edition", WherePeriod(of),
                std::to_string(edition.found) + " stand where its scoring made " + std::to_string(edition.sheets) +
                    "; `score --period " + of + " --publish` puts it right");
  }
}

}  // namespace mc
