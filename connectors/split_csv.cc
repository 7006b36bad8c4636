// Rows of a sheet as text. A record is the header's bytes, a line end and the row's bytes: both
// exactly as the file holds them.

#include <algorithm>

#include "connectors/split_sheet.h"
#include "core/csv.h"
#include "core/text.h"

namespace mc {
namespace {

void TakeRow(const RecordSpec& spec, const SheetColumns& columns, const CsvRow& header, const CsvRow& row,
             RowTaker& taker) {
  const std::string record = std::string(header.bytes) + "\n" + std::string(row.bytes);
  SplitRow out;
  out.bytes = record;
  out.place = "line " + std::to_string(row.line);
  out.facts[kDelimiterFact] = std::string(1, spec.delimiter);
  if (row.broken) {
    out.reject = RejectionReason{"bad_csv", "", "RFC 4180", "a quote in the row is not closed, or stands inside"};
  } else if (row.fields.size() != header.fields.size()) {
    out.reject = RejectionReason{"wrong_field_count", "", std::to_string(header.fields.size()) + " columns",
                                 "the row has not as many fields as the header"};
  }
  columns.Read(row.fields, out);
  taker.Take(std::move(out));
}

}  // namespace

Result<SplitAnswer> SplitCsvRecords(const RecordSpec& spec, std::string_view bytes, const RecordContext& context,
                                    Page& page) {
  CsvReader reader(bytes, spec.delimiter);
  CsvRow header, row;
  if (!reader.Next(header)) return DataError("bad_csv", "the sheet has no header");
  if (!IsValidUtf8(header.bytes)) return DataError("bad_csv", "the header of the sheet is not UTF-8");
  MC_CHECK_OK(CheckSheetSize("bad_csv", header.bytes.size(), std::count(bytes.begin(), bytes.end(), '\n')));
  const SheetColumns columns(spec, header.fields);
  const std::string fault = header.broken ? "its first line is no row of names" : columns.Fault();
  if (!fault.empty()) return DataError("bad_csv", "the sheet does not fit this source: " + fault);
  SplitAnswer answer;
  answer.has_rows = true;
  RowTaker taker(spec, context, "text/csv", page, answer);
  while (reader.Next(row)) {
    if (taker.Full()) return TooManyRows();
    TakeRow(spec, columns, header, row, taker);
  }
  return answer;
}

}  // namespace mc
