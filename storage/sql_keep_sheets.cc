// How the sheets of a period are replaced (sheet_store.h): what stands and what comes are merged by person; what
// differs is written under the next edition, and the period takes it over at the end.
#include <algorithm>
#include <deque>
#include <limits>
#include <tuple>

#include "storage/sheet_store.h"
#include "storage/sql_store.h"

namespace mc {
namespace {

constexpr int kSheetRowsRead = 64;                                    // at once
constexpr std::int64_t kLastEdition = std::int64_t{1} << 62;  // a row that says more was written by another hand

// What is kept of one person; `shown`: what readers see, or see that there is nothing.
struct HeldPerson {
  SheetRow shown;
  std::vector<std::int64_t> before;  // editions of rows that it has replaced
};

}  // namespace

class SheetWriter {
 public:
  SheetWriter(SqlStore& store, const Lease& lease, const SheetEdition& made)
      : store_(store), lease_(lease), made_(made), period_(made.period) {}

  Result<SheetEdition> Run(const SheetFeed& next) {
    MC_CHECK_OK(Begin());
    MC_CHECK_OK(DropUnshown());
    MC_CHECK_OK(Merge(next));
    MC_CHECK_OK(Flush());
    MC_TRY(const SheetEdition stands, TakeOver());
    if (replaces_) MC_CHECK_OK(DropReplaced(stands.edition));
    return stands;
  }

 private:
  // `work` in a transaction of its own, if these sheets may still be kept.
  template <typename Work>
  Status InTurn(Work&& work);
  Status Begin();
  Status DropUnshown();
  Status DropRows(const std::string& period, std::int64_t above);
  void DeleteRow(const std::string& period, const std::string& person, std::int64_t edition);

  void ReadRows();
  std::optional<HeldPerson> NextHeld();

  Status Merge(const SheetFeed& next);
  void Take(StoredSheet sheet, const HeldPerson* held);
  void TakeGone(const HeldPerson& held);
  void DropBefore(const HeldPerson& held);
  void Write(StoredSheet sheet);
  Status FlushIfFull();
  Status Flush();
  void InsertRow(const SheetRow& row);

  Result<SheetEdition> TakeOver();
  Status DropReplaced(std::int64_t edition);

  SqlStore& store_;
  const Lease& lease_;
  const SheetEdition& made_;
  const std::string& period_;
  std::int64_t before_ = 0;  // the edition that stands
  bool changed_ = false;     // anything at all
  bool replaces_ = false;    // rows that stand
  std::int64_t sheets_ = 0;

  // Rows that stand, read up to these.
  std::deque<SheetRow> rows_;
  std::string read_person_;
  std::int64_t read_edition_ = std::numeric_limits<std::int64_t>::min();
  bool read_all_ = false;

  // The next transaction's.
  std::vector<SheetRow> writes_;
  std::vector<std::pair<std::string, std::int64_t>> drops_;
  std::size_t bytes_ = 0;
};

template <typename Work>
Status SheetWriter::InTurn(Work&& work) {
  SqlTransaction transaction(*store_.db_, SqlTransaction::kWrite);
  MC_CHECK_OK(store_.CheckFence(lease_.source, lease_.fence));
  {
    Query row(store_.sql_["SELECT 1 FROM erasures WHERE leaf_index >= ? LIMIT 1"]);
    if (row.Int(made_.ledger_size).Step()) {
      return TransientError("erased_meanwhile", "a record was erased after these sheets were begun, and they may "
                                                "quote it; they were not kept: score the period again");
    }
  }
  work();
  transaction.Commit();
  return Ok();
}

// An edition that another hand changed stays as it is, shown to nobody, until these sheets take its place.
Status SheetWriter::Begin() {
  return InTurn([&] {
    std::set<std::string> others;
    const std::vector<SheetEdition> editions = store_.ReadSheetEditions(others);
    const auto own = std::find_if(editions.begin(), editions.end(),
                                  [&](const SheetEdition& edition) { return edition.period == period_; });
    changed_ = own == editions.end() || own->edition == 0;
    if (own != editions.end()) {
      before_ = own->edition;
    } else if (!others.contains(period_)) {
      store_.WriteSheetEdition({period_, 0, {}, {}, 0, "", 0});
    } else {
      Query row(store_.sql_["SELECT edition FROM kept_editions WHERE period = ?"]);
      if (row.Text(period_).Step() && row.GetInt(0) > 0 && row.GetInt(0) < kLastEdition) before_ = row.GetInt(0);
    }
    others.erase(period_);
    for (const std::string& period : others) {
      Query(store_.sql_["DELETE FROM kept_editions WHERE period = ?"]).Text(period).Run();
    }
  });
}

// What was written and never taken over; and rows of periods that have no edition, which are of nobody's scoring: its
// own stands there before its first row does.
Status SheetWriter::DropUnshown() {
  MC_CHECK_OK(DropRows(period_, before_));
  std::string period;
  while (true) {
    {
      Query row(store_.sql_["SELECT min(period) FROM kept_sheets WHERE period > ?"]);
      if (!row.Text(period).Step() || row.IsNull(0)) return Ok();
      std::string next = row.GetText(0);
      if (next <= period) return Ok();  // no text: fsck names it
      period = std::move(next);
    }
    bool known = false;
    {
      Query row(store_.sql_["SELECT 1 FROM kept_editions WHERE period = ?"]);
      known = row.Text(period).Step();
    }
    if (!known) MC_CHECK_OK(DropRows(period, std::numeric_limits<std::int64_t>::min()));
  }
}

Status SheetWriter::DropRows(const std::string& period, std::int64_t above) {
  const auto any = [&] {
    Query row(store_.sql_["SELECT 1 FROM kept_sheets WHERE period = ? AND edition > ? LIMIT 1"]);
    return row.Text(period).Int(above).Step();
  };
  while (any()) {
    // By the rows' own values, of whatever type another hand made them: what is found once goes.
    MC_CHECK_OK(InTurn([&] {
      Query(store_.sql_["DELETE FROM kept_sheets WHERE period = ? AND (person, edition) IN "
                        "(SELECT person, edition FROM kept_sheets WHERE period = ? AND edition > ? LIMIT ?)"])
          .Text(period)
          .Text(period)
          .Int(above)
          .Int(static_cast<std::int64_t>(kSheetsAtOnce))
          .Run();
    }));
  }
  return Ok();
}

void SheetWriter::DeleteRow(const std::string& period, const std::string& person, std::int64_t edition) {
  Query(store_.sql_["DELETE FROM kept_sheets WHERE period = ? AND person = ? AND edition = ?"])
      .Text(period)
      .Text(person)
      .Int(edition)
      .Run();
}

// --- what stands, by person

void SheetWriter::ReadRows() {
  Query row(
      store_.sql_["SELECT " MC_SHEET_COLUMNS " FROM kept_sheets WHERE period = ? AND (person, edition) > (?, ?) "
                  "AND edition <= ? ORDER BY person, edition LIMIT ?"]);
  row.Text(period_).Text(read_person_).Int(read_edition_).Int(before_).Int(kSheetRowsRead);
  while (row.Step()) rows_.push_back(SheetRowFrom(row, 0));
  // A row of other types, which another hand made, would come again and again.
  read_all_ = rows_.empty() || std::tie(rows_.back().sheet.person, rows_.back().edition) <=
                                   std::tie(read_person_, read_edition_);
  if (read_all_) return rows_.clear();
  read_person_ = rows_.back().sheet.person;
  read_edition_ = rows_.back().edition;
}

std::optional<HeldPerson> SheetWriter::NextHeld() {
  std::optional<HeldPerson> held;
  while (true) {
    if (rows_.empty() && !read_all_) ReadRows();
    if (rows_.empty() || (held && rows_.front().sheet.person != held->shown.sheet.person)) return held;
    if (held) {
      held->before.push_back(held->shown.edition);
    } else {
      held.emplace();
    }
    held->shown = std::move(rows_.front());
    rows_.pop_front();
  }
}

// --- what comes

Status SheetWriter::Merge(const SheetFeed& next) {
  std::optional<HeldPerson> held = NextHeld();
  std::optional<std::string> last;
  while (true) {
    MC_TRY(std::optional<StoredSheet> sheet, next());
    if (sheet && (sheet->status.empty() || (last && sheet->person <= *last))) {
      return InternalError("sheets_order", "sheets to keep must come by rising person, each with a status");
    }
    while (held && (!sheet || held->shown.sheet.person < sheet->person)) {
      TakeGone(*held);
      MC_CHECK_OK(FlushIfFull());
      held = NextHeld();
    }
    if (!sheet) return Ok();
    last = sheet->person;
    const bool same_person = held && held->shown.sheet.person == sheet->person;
    Take(std::move(*sheet), same_person ? &*held : nullptr);
    MC_CHECK_OK(FlushIfFull());
    if (same_person) held = NextHeld();
  }
}

void SheetWriter::Take(StoredSheet sheet, const HeldPerson* held) {
  ++sheets_;
  if (held) DropBefore(*held);
  if (held && held->shown.sheet == sheet && store_.IsOurs(period_, held->shown)) return;
  replaces_ |= held != nullptr;
  Write(std::move(sheet));
}

void SheetWriter::TakeGone(const HeldPerson& held) {
  DropBefore(held);
  if (held.shown.sheet.status.empty() && store_.IsOurs(period_, held.shown)) {
    drops_.emplace_back(held.shown.sheet.person, held.shown.edition);
    return;
  }
  replaces_ = true;
  StoredSheet gone;
  gone.person = held.shown.sheet.person;
  Write(std::move(gone));
}

// Nobody sees them: a run that was stopped left them.
void SheetWriter::DropBefore(const HeldPerson& held) {
  for (const std::int64_t edition : held.before) drops_.emplace_back(held.shown.sheet.person, edition);
}

// Its codes are made here, while others may write.
void SheetWriter::Write(StoredSheet sheet) {
  const std::int64_t edition = before_ + 1;
  bytes_ += sheet.brief.size() + sheet.card.size() + sheet.explanation.size();
  std::string brief_code = store_.BriefCode(period_, edition, sheet.unit, {sheet.person, sheet.status, sheet.brief});
  std::string code = store_.SheetCode(period_, edition, sheet);
  writes_.push_back({edition, std::move(sheet), std::move(brief_code), std::move(code)});
  changed_ = true;
}

Status SheetWriter::FlushIfFull() {
  if (writes_.size() + drops_.size() < kSheetsAtOnce && bytes_ < kSheetBytesAtOnce) return Ok();
  return Flush();
}

Status SheetWriter::Flush() {
  if (writes_.empty() && drops_.empty()) return Ok();
  MC_CHECK_OK(InTurn([&] {
    for (const SheetRow& row : writes_) InsertRow(row);
    for (const auto& [person, edition] : drops_) DeleteRow(period_, person, edition);
  }));
  writes_.clear();
  drops_.clear();
  bytes_ = 0;
  return Ok();
}

void SheetWriter::InsertRow(const SheetRow& row) {
  Query(store_.sql_["INSERT INTO kept_sheets (period, " MC_SHEET_COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"])
      .Text(period_)
      .Text(row.sheet.person)
      .Int(row.edition)
      .Text(row.sheet.unit)
      .Text(row.sheet.status)
      .Text(row.sheet.brief)
      .Text(row.sheet.card)
      .Text(row.sheet.explanation)
      .Blob(row.brief_code)
      .Blob(row.check_code)
      .Run();
}

// --- the end

Result<SheetEdition> SheetWriter::TakeOver() {
  SheetEdition stands = made_;
  stands.edition = before_ + (changed_ ? 1 : 0);
  stands.sheets = sheets_;
  MC_CHECK_OK(InTurn([&] { store_.WriteSheetEdition(stands); }));
  return stands;
}

Status SheetWriter::DropReplaced(std::int64_t edition) {
  std::string after;
  while (true) {
    std::vector<std::pair<std::string, bool>> people;  // and whether they have no sheet any more
    {
      Query row(
          store_.sql_["SELECT person, status FROM kept_sheets WHERE period = ? AND edition = ? AND person > ? "
                      "ORDER BY person LIMIT ?"]);
      row.Text(period_).Int(edition).Text(after).Int(static_cast<std::int64_t>(kSheetsAtOnce));
      while (row.Step()) people.emplace_back(row.GetText(0), row.GetText(1).empty());
    }
    if (people.empty() || people.back().first <= after) return Ok();
    after = people.back().first;
    MC_CHECK_OK(InTurn([&] {
      for (const auto& [person, gone] : people) {
        Query(store_.sql_["DELETE FROM kept_sheets WHERE period = ? AND person = ? AND edition < ?"])
            .Text(period_)
            .Text(person)
            .Int(edition)
            .Run();
        if (gone) DeleteRow(period_, person, edition);
      }
    }));
  }
}

Result<SheetEdition> SqlStore::KeepSheets(const Lease& lease, const SheetEdition& made, const SheetFeed& next) {
  return Guarded([&] { return SheetWriter(*this, lease, made).Run(next); });
}

}  // namespace mc
