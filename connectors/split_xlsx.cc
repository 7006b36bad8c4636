// Rows of a sheet in a workbook. A row of a workbook has no bytes of its own: its texts lie in
// other parts, and what a number means in yet others. So a record is the header and the row
// written as RFC 4180 lines, one way only; digest of the workbook, name of the sheet and number
// of the row go along as facts (docs/decisions/0005-workbook-rows.md).

#include <algorithm>

#include "connectors/split_sheet.h"
#include "connectors/xlsx.h"
#include "core/csv.h"
#include "core/digest.h"

namespace mc {
namespace {

constexpr std::size_t kRowsSearchedForHeader = 20;

using Texts = std::vector<std::string>;

std::string LineOf(const Texts& fields, std::size_t width) {
  std::string line;
  for (std::size_t i = 0; i < width; ++i) {
    if (i > 0) line += ',';
    const std::string_view field = i < fields.size() ? std::string_view(fields[i]) : std::string_view();
    if (field.find_first_of(",\"\r\n") == std::string_view::npos) {
      line += field;
      continue;
    }
    line += '"';
    for (const char c : field) line.append(c == '"' ? 2 : 1, c);
    line += '"';
  }
  return line;
}

Texts TextsOf(const XlsxRow& row) {
  Texts texts;
  for (const XlsxCell& cell : row.cells) texts.push_back(cell.text);
  return texts;
}

std::optional<RejectionReason> FaultOf(const XlsxRow& row, const SheetColumns& columns) {
  for (std::size_t i = 0; i < row.cells.size(); ++i) {
    const CellFault fault = row.cells[i].fault;
    if (fault == CellFault::kNone || !columns.Named(i)) continue;
    const std::string& column = columns.NameOf(i);
    if (fault == CellFault::kError) return RejectionReason{"error_cell", column, "", "a cell of the row is an error"};
    if (fault == CellFault::kMerged) {
      return RejectionReason{"merged_cells", column, "one column", "cells of several columns are merged: split them"};
    }
    return RejectionReason{"formula_not_computed", column, "",
                           "a formula has no result yet: open the workbook in a spreadsheet program and save it"};
  }
  return std::nullopt;
}

class WorkbookSheet {
 public:
  WorkbookSheet(const RecordSpec& spec, const XlsxSheet& sheet, std::string workbook)
      : sheet_(sheet), workbook_(std::move(workbook)), header_(TextsOf(sheet.rows.front())), columns_(spec, header_) {}

  // Empty when the header can be read by this spec; else what is wrong with it.
  std::string Fault(const RecordSpec& spec) const {
    for (const XlsxCell& cell : sheet_.rows.front().cells) {
      if (cell.fault == CellFault::kMerged) return "cells of its header are merged";
    }
    const std::string fault = columns_.Fault();
    if (fault.empty() || columns_.HasKey()) return fault;
    const std::size_t rows = std::min(sheet_.rows.size(), kRowsSearchedForHeader);
    for (std::size_t i = 1; i < rows; ++i) {
      if (!SheetColumns(spec, TextsOf(sheet_.rows[i])).HasKey()) continue;
      return "the names of its columns stand in row " + std::to_string(sheet_.rows[i].number) +
             ": delete what stands above them";
    }
    return fault;
  }

  std::size_t HeaderBytes() const { return LineOf(header_, header_.size()).size(); }

  void Take(const XlsxRow& row, RowTaker& taker) const {
    const Texts texts = TextsOf(row);
    const std::size_t width = std::max(header_.size(), texts.size());
    const std::string line = LineOf(texts, width);
    const std::string record = LineOf(header_, width) + "\n" + line;
    SplitRow out;
    out.bytes = record;
    out.place = "row " + std::to_string(row.number);
    out.facts = {{kDelimiterFact, ","},
                 {"xlsx_sha256", workbook_},
                 {"xlsx_place", sheet_.name + "!" + std::to_string(row.number)}};
    out.reject = FaultOf(row, columns_);
    if (!out.reject && std::count(line.begin(), line.end(), '\n') >= kCsvRowLineLimit) {
      out.reject = RejectionReason{"too_many_lines", "", std::to_string(kCsvRowLineLimit) + " lines",
                                   "the texts of the row have more lines than the limit"};
    }
    columns_.Read(texts, out);
    taker.Take(std::move(out));
  }

 private:
  const XlsxSheet& sheet_;
  const std::string workbook_;
  const Texts header_;
  const SheetColumns columns_;
};

}  // namespace

Result<SplitAnswer> SplitXlsxRecords(const RecordSpec& spec, std::string_view bytes, const RecordContext& context,
                                     Page& page) {
  MC_TRY(const XlsxSheet sheet, ReadXlsx(bytes, spec.sheet));
  if (sheet.rows.empty()) return DataError("bad_xlsx", "the sheet has no header");
  const WorkbookSheet rows(spec, sheet, ToHex(Sha256(bytes)));
  if (const std::string fault = rows.Fault(spec); !fault.empty()) {
    return DataError("bad_xlsx", "the sheet does not fit this source: " + fault);
  }
  MC_CHECK_OK(CheckSheetSize("bad_xlsx", rows.HeaderBytes(), static_cast<std::int64_t>(sheet.rows.size())));
  SplitAnswer answer;
  answer.has_rows = true;
  RowTaker taker(spec, context, "text/csv", page, answer);
  for (std::size_t i = 1; i < sheet.rows.size(); ++i) {
    if (taker.Full()) return TooManyRows();
    rows.Take(sheet.rows[i], taker);
  }
  return answer;
}

}  // namespace mc
