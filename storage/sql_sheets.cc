// Sheets that are kept for their readers, and who looked at them (sheet_store.h).
#include "storage/sheet_store.h"
#include "storage/sql_store.h"

namespace mc {
namespace {

SheetEdition EditionFrom(Query& row) {
  return {row.GetText(0), row.GetInt(1), Instant{row.GetInt(2)}, Instant{row.GetInt(3)}, row.GetInt(4), row.GetText(5)};
}

}  // namespace

std::string SqlStore::BriefCode(const std::string& period, const std::string& unit, const SheetBrief& brief) const {
  return RowCode("sheet brief", {period, unit, brief.person, brief.status, brief.brief});
}

std::string SqlStore::SheetCode(const std::string& period, const StoredSheet& sheet) const {
  return RowCode("sheet",
                 {period, sheet.person, sheet.unit, sheet.status, sheet.brief, sheet.card, sheet.explanation});
}

// Person -> code of the rows that are there; empty for one that another hand changed.
std::map<std::string, std::string> SqlStore::SheetCodes(const std::string& period) {
  std::map<std::string, std::string> codes;
  Query row(
      sql_["SELECT person, unit, status, brief, card, explanation, brief_code, check_code FROM sheets "
           "WHERE period = ?"]);
  row.Text(period);
  while (row.Step()) {
    const StoredSheet sheet{row.GetText(0), row.GetText(1), row.GetText(2),
                            row.GetText(3), row.GetText(4), row.GetText(5)};
    const bool ours = row.GetText(6) == BriefCode(period, sheet.unit, {sheet.person, sheet.status, sheet.brief}) &&
                      row.GetText(7) == SheetCode(period, sheet);
    codes[sheet.person] = ours ? row.GetText(7) : "";
  }
  return codes;
}

void SqlStore::WriteSheet(const std::string& period, const StoredSheet& sheet, const std::string& code) {
  const std::string brief_code = BriefCode(period, sheet.unit, {sheet.person, sheet.status, sheet.brief});
  Query(sql_["INSERT INTO sheets (period, person, unit, status, brief, card, explanation, brief_code, check_code) "
             "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (period, person) DO UPDATE SET unit = excluded.unit, "
             "status = excluded.status, brief = excluded.brief, card = excluded.card, "
             "explanation = excluded.explanation, brief_code = excluded.brief_code, check_code = excluded.check_code"])
      .Text(period)
      .Text(sheet.person)
      .Text(sheet.unit)
      .Text(sheet.status)
      .Text(sheet.brief)
      .Text(sheet.card)
      .Text(sheet.explanation)
      .Blob(brief_code)
      .Blob(code)
      .Run();
}

void SqlStore::WriteSheetEdition(const SheetEdition& edition) {
  Query(sql_["INSERT INTO sheet_editions (period, edition, scored_at, as_of, ledger_size, policy) "
             "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (period) DO UPDATE SET edition = excluded.edition, "
             "scored_at = excluded.scored_at, as_of = excluded.as_of, ledger_size = excluded.ledger_size, "
             "policy = excluded.policy"])
      .Text(edition.period)
      .Int(edition.edition)
      .Int(edition.scored_at.micros)
      .Int(edition.as_of.micros)
      .Int(edition.ledger_size)
      .Text(edition.policy)
      .Run();
}

// How many rows were written or taken away.
std::int64_t SqlStore::ReplaceSheets(const std::string& period, const std::vector<StoredSheet>& sheets,
                                     std::map<std::string, std::string> gone) {
  std::int64_t changed = 0;
  for (const StoredSheet& sheet : sheets) {
    const std::string code = SheetCode(period, sheet);
    const auto held = gone.extract(sheet.person);
    if (held && held.mapped() == code) continue;
    WriteSheet(period, sheet, code);
    ++changed;
  }
  for (const auto& [person, ignored] : gone) {
    Query(sql_["DELETE FROM sheets WHERE period = ? AND person = ?"]).Text(period).Text(person).Run();
    ++changed;
  }
  return changed;
}

Result<SheetEdition> SqlStore::KeepSheets(const SheetEdition& made, const std::vector<StoredSheet>& sheets) {
  return Guarded([&]() -> Result<SheetEdition> {
    // Read before it is others' turn to wait: nobody else writes sheets of the period (its lease).
    std::map<std::string, std::string> held = SheetCodes(made.period);
    SqlTransaction transaction(*db_, SqlTransaction::kWrite);
    SheetEdition edition = made;
    bool first = true;
    {
      Query row(sql_["SELECT edition FROM sheet_editions WHERE period = ?"]);
      first = !row.Text(made.period).Step();
      edition.edition = first ? 0 : row.GetInt(0);
    }
    if (ReplaceSheets(made.period, sheets, std::move(held)) > 0 || first) ++edition.edition;
    WriteSheetEdition(edition);
    transaction.Commit();
    return edition;
  });
}

Result<std::vector<SheetEdition>> SqlStore::SheetEditions() {
  return Guarded([&]() -> Result<std::vector<SheetEdition>> {
    std::vector<SheetEdition> editions;
    Query row(
        sql_["SELECT period, edition, scored_at, as_of, ledger_size, policy FROM sheet_editions ORDER BY period"]);
    while (row.Step()) editions.push_back(EditionFrom(row));
    return editions;
  });
}

Result<std::optional<StoredSheet>> SqlStore::FindSheet(const std::string& period, const std::string& person) {
  return Guarded([&]() -> Result<std::optional<StoredSheet>> {
    Query row(
        sql_["SELECT unit, status, brief, card, explanation, check_code FROM sheets "
             "WHERE period = ? AND person = ?"]);
    if (!row.Text(period).Text(person).Step()) return std::optional<StoredSheet>();
    StoredSheet sheet{person, row.GetText(0), row.GetText(1), row.GetText(2), row.GetText(3), row.GetText(4)};
    if (row.GetText(5) != SheetCode(period, sheet)) return std::optional<StoredSheet>();
    return std::optional(std::move(sheet));
  });
}

Result<std::vector<SheetBrief>> SqlStore::SheetsOfUnit(const std::string& period, const std::string& unit) {
  return Guarded([&]() -> Result<std::vector<SheetBrief>> {
    std::vector<SheetBrief> briefs;
    Query row(
        sql_["SELECT person, status, brief, brief_code FROM sheets WHERE period = ? AND unit = ? ORDER BY person"]);
    row.Text(period).Text(unit);
    while (row.Step()) {
      SheetBrief brief{row.GetText(0), row.GetText(1), row.GetText(2)};
      if (row.GetText(3) == BriefCode(period, unit, brief)) briefs.push_back(std::move(brief));
    }
    return briefs;
  });
}

Result<std::map<std::string, std::map<std::string, std::int64_t>>> SqlStore::CountSheets(const std::string& period) {
  return Guarded([&]() -> Result<std::map<std::string, std::map<std::string, std::int64_t>>> {
    std::map<std::string, std::map<std::string, std::int64_t>> counts;
    Query row(sql_["SELECT unit, status, COUNT(*) FROM sheets WHERE period = ? GROUP BY unit, status"]);
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
    Query(sql_["INSERT INTO looks (number, person, viewer, at, what, period, detail) VALUES (?, ?, ?, ?, ?, ?, ?)"])
        .Int(number)
        .Text(look.person)
        .Text(look.viewer)
        .Int(look.at.micros)
        .Text(look.what)
        .Text(look.period)
        .Text(look.detail)
        .Run();
    transaction.Commit();
    return Ok();
  });
}

Result<std::vector<FileLook>> SqlStore::LooksAt(const std::string& person) {
  return Guarded([&]() -> Result<std::vector<FileLook>> {
    std::vector<FileLook> looks;
    Query row(
        sql_["SELECT viewer, at, what, period, detail FROM looks WHERE person = ? "
             "ORDER BY number DESC LIMIT ?"]);
    row.Text(person).Int(static_cast<std::int64_t>(kLooksLimit));
    while (row.Step()) {
      looks.push_back({person, row.GetText(0), Instant{row.GetInt(1)}, row.GetText(2), row.GetText(3), row.GetText(4)});
    }
    return looks;
  });
}

}  // namespace mc
