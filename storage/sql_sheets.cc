// Sheets that are kept for their readers, and who looked at them (sheet_store.h).
#include "storage/sheet_store.h"
#include "storage/sql_store.h"

namespace mc {
namespace {

// What readers see of a period: its edition and, of each person, the row of the highest edition up to it.
#define MC_SHOWN_SHEETS                                                                                               \
  "FROM kept_editions e JOIN kept_sheets s ON s.period = e.period AND s.edition <= e.edition WHERE s.status <> '' "   \
  "AND NOT EXISTS (SELECT 1 FROM kept_sheets n WHERE n.period = s.period AND n.person = s.person AND "                \
  "n.edition > s.edition AND n.edition <= e.edition) AND e.period = ? "

SheetEdition EditionFrom(const Query& row) {
  return {row.GetText(0), row.GetInt(1),  Instant{row.GetInt(2)}, Instant{row.GetInt(3)},
          row.GetInt(4),  row.GetText(5), row.GetInt(6)};
}

}  // namespace

SheetRow SheetRowFrom(const Query& row, int first_column) {
  const auto text = [&](int column) { return row.GetText(first_column + column); };
  return {row.GetInt(first_column + 1), {text(0), text(2), text(3), text(4), text(5), text(6)}, text(7), text(8)};
}

std::string SqlStore::EditionCode(const SheetEdition& edition) const {
  return RowCode("sheet edition",
                 {edition.period, std::to_string(edition.edition), std::to_string(edition.scored_at.micros),
                  std::to_string(edition.as_of.micros), std::to_string(edition.ledger_size), edition.policy,
                  std::to_string(edition.sheets)});
}

std::string SqlStore::BriefCode(const std::string& period, std::int64_t edition, const std::string& unit,
                                const SheetBrief& brief) const {
  return RowCode("sheet brief", {period, std::to_string(edition), unit, brief.person, brief.status, brief.brief});
}

std::string SqlStore::SheetCode(const std::string& period, std::int64_t edition, const StoredSheet& sheet) const {
  return RowCode("sheet", {period, std::to_string(edition), sheet.person, sheet.unit, sheet.status, sheet.brief,
                           sheet.card, sheet.explanation});
}

bool SqlStore::IsOurs(const std::string& period, const SheetRow& row) const {
  const StoredSheet& sheet = row.sheet;
  return row.brief_code == BriefCode(period, row.edition, sheet.unit, {sheet.person, sheet.status, sheet.brief}) &&
         row.check_code == SheetCode(period, row.edition, sheet);
}

std::vector<SheetEdition> SqlStore::ReadSheetEditions(std::set<std::string>& changed) {
  std::vector<SheetEdition> editions;
  Query row(
      sql_["SELECT period, edition, scored_at, as_of, ledger_size, policy, sheets, check_code FROM kept_editions "
           "ORDER BY period"]);
  while (row.Step()) {
    SheetEdition edition = EditionFrom(row);
    if (row.GetText(7) == EditionCode(edition)) {
      editions.push_back(std::move(edition));
    } else {
      changed.insert(edition.period);
    }
  }
  return editions;
}

void SqlStore::WriteSheetEdition(const SheetEdition& edition) {
  const std::string code = EditionCode(edition);
  Query(sql_["INSERT INTO kept_editions (period, edition, scored_at, as_of, ledger_size, policy, sheets, check_code) "
             "VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (period) DO UPDATE SET edition = excluded.edition, "
             "scored_at = excluded.scored_at, as_of = excluded.as_of, ledger_size = excluded.ledger_size, "
             "policy = excluded.policy, sheets = excluded.sheets, check_code = excluded.check_code"])
      .Text(edition.period)
      .Int(edition.edition)
      .Int(edition.scored_at.micros)
      .Int(edition.as_of.micros)
      .Int(edition.ledger_size)
      .Text(edition.policy)
      .Int(edition.sheets)
      .Blob(code)
      .Run();
}

Result<std::vector<SheetEdition>> SqlStore::SheetEditions() {
  return Guarded([&]() -> Result<std::vector<SheetEdition>> {
    std::set<std::string> changed;
    std::vector<SheetEdition> editions = ReadSheetEditions(changed);
    std::erase_if(editions, [](const SheetEdition& edition) { return edition.edition == 0; });
    return editions;
  });
}

Result<std::optional<StoredSheet>> SqlStore::FindSheet(const std::string& period, const std::string& person) {
  return Guarded([&]() -> Result<std::optional<StoredSheet>> {
    Query query(
        sql_["SELECT " MC_SHEET_COLUMNS " FROM kept_sheets WHERE period = ? AND person = ? AND edition <= "
             "(SELECT edition FROM kept_editions WHERE period = ?) ORDER BY edition DESC LIMIT 1"]);
    if (!query.Text(period).Text(person).Text(period).Step()) return std::optional<StoredSheet>();
    SheetRow row = SheetRowFrom(query, 0);
    const bool shown = !row.sheet.status.empty() && row.check_code == SheetCode(period, row.edition, row.sheet);
    return shown ? std::optional(std::move(row.sheet)) : std::optional<StoredSheet>();
  });
}

Result<std::optional<StoredSheet>> SqlStore::FindBrief(const std::string& period, const std::string& person) {
  return Guarded([&]() -> Result<std::optional<StoredSheet>> {
    Query row(
        sql_["SELECT edition, unit, status, brief, brief_code FROM kept_sheets WHERE period = ? AND person = ? AND "
             "edition <= (SELECT edition FROM kept_editions WHERE period = ?) ORDER BY edition DESC LIMIT 1"]);
    if (!row.Text(period).Text(person).Text(period).Step()) return std::optional<StoredSheet>();
    StoredSheet sheet{person, row.GetText(1), row.GetText(2), row.GetText(3), "", ""};
    const std::string code = BriefCode(period, row.GetInt(0), sheet.unit, {person, sheet.status, sheet.brief});
    const bool shown = !sheet.status.empty() && row.GetText(4) == code;
    return shown ? std::optional(std::move(sheet)) : std::optional<StoredSheet>();
  });
}

Result<std::vector<SheetBrief>> SqlStore::SheetsOfUnit(const std::string& period, const std::string& unit) {
  return Guarded([&]() -> Result<std::vector<SheetBrief>> {
    std::vector<SheetBrief> briefs;
    Query row(sql_["SELECT s.person, s.status, s.brief, s.brief_code, s.edition " MC_SHOWN_SHEETS
                   "AND s.unit = ? ORDER BY s.person"]);
    row.Text(period).Text(unit);
    while (row.Step()) {
      SheetBrief brief{row.GetText(0), row.GetText(1), row.GetText(2)};
      if (row.GetText(3) == BriefCode(period, row.GetInt(4), unit, brief)) briefs.push_back(std::move(brief));
    }
    return briefs;
  });
}

Result<std::map<std::string, std::map<std::string, std::int64_t>>> SqlStore::CountSheets(const std::string& period) {
  return Guarded([&]() -> Result<std::map<std::string, std::map<std::string, std::int64_t>>> {
    std::map<std::string, std::map<std::string, std::int64_t>> counts;
    Query row(sql_["SELECT s.unit, s.status, COUNT(*) " MC_SHOWN_SHEETS "GROUP BY s.unit, s.status"]);
    row.Text(period);
    while (row.Step()) counts[row.GetText(0)][row.GetText(1)] = row.GetInt(2);
    return counts;
  });
}

Status SqlStore::NoteLook(const FileLook& look) {
  return Guarded([&]() -> Status {
    SqlTransaction transaction(*db_, SqlTransaction::kWrite);
    std::int64_t number = 1;
    {
      Query row(sql_["SELECT max(number) FROM looks"]);
      row.Step();
      number = row.GetOptionalInt(0).value_or(0) + 1;
    }
    // Of a record that was erased since it was found, no name is written any more.
    const std::string detail = look.what == "record" && NamesErased(look.detail) ? "" : look.detail;
    Query(sql_["INSERT INTO looks (number, person, viewer, at, what, period, detail) VALUES (?, ?, ?, ?, ?, ?, ?)"])
        .Int(number)
        .Text(look.person)
        .Text(look.viewer)
        .Int(look.at.micros)
        .Text(look.what)
        .Text(look.period)
        .Text(detail)
        .Run();
    transaction.Commit();
    return Ok();
  });
}

Result<LooksPage> SqlStore::LooksAt(const std::string& person, std::optional<std::int64_t> before) {
  return Guarded([&]() -> Result<LooksPage> {
    LooksPage page;
    std::int64_t last = 0;
    Query row(
        sql_["SELECT number, viewer, at, what, period, detail FROM looks WHERE person = ? AND number < ? "
             "ORDER BY number DESC LIMIT ?"]);
    row.Text(person).Int(before.value_or(INT64_MAX)).Int(static_cast<std::int64_t>(kLooksLimit) + 1);
    while (row.Step()) {
      if (page.looks.size() == kLooksLimit) {
        page.older = last;
        break;
      }
      last = row.GetInt(0);
      page.looks.push_back(
          {person, row.GetText(1), Instant{row.GetInt(2)}, row.GetText(3), row.GetText(4), row.GetText(5)});
    }
    return page;
  });
}

}  // namespace mc
