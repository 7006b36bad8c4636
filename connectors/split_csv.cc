// Rows of a sheet. A row alone cannot be read, so a record is the header's bytes, a line end
// and the row's bytes: both exactly as the file holds them.

#include <algorithm>
#include <map>

#include "connectors/split.h"
#include "core/csv.h"
#include "core/text.h"

namespace mc {
namespace {

constexpr const char* kDelimiterFact = "csv_delimiter";  // what the mapper needs beside the bytes

class Sheet {
 public:
  Sheet(const RecordSpec& spec, const CsvRow& header) : spec_(spec), header_(header) {
    for (std::size_t i = 0; i < header.fields.size(); ++i) columns_.emplace(std::string(Trim(header.fields[i])), i);
  }

  // Empty when the header can be read by this spec; else what is wrong with it.
  std::string Fault() const {
    if (header_.broken) return "its first line is no row of names";
    if (columns_.size() != header_.fields.size()) return "two columns have one name";
    for (const ValuePath& path : spec_.key) {
      if (!columns_.contains(PathText(path))) return "it has no column \"" + PathText(path) + "\"";
    }
    return "";
  }

  void Take(const CsvRow& row, RowTaker& taker) const {
    const std::string record = std::string(header_.bytes) + "\n" + std::string(row.bytes);
    SplitRow out;
    out.bytes = record;
    out.place = "line " + std::to_string(row.line);
    out.facts[kDelimiterFact] = std::string(1, spec_.delimiter);
    if (row.broken) {
      out.reject = RejectionReason{"bad_csv", "", "RFC 4180", "a quote in the row is not closed, or stands inside"};
    } else if (row.fields.size() != header_.fields.size()) {
      out.reject = RejectionReason{"wrong_field_count", "", std::to_string(header_.fields.size()) + " columns",
                                   "the row has not as many fields as the header"};
    }
    std::vector<std::string> parts;
    for (const ValuePath& path : spec_.key) parts.push_back(Field(row, path));
    out.native_id = JoinKey(spec_, parts, out.missing);
    if (!spec_.time.empty()) out.time = Field(row, spec_.time);
    taker.Take(std::move(out));
  }

 private:
  std::string Field(const CsvRow& row, const ValuePath& path) const {
    const auto found = columns_.find(PathText(path));
    return found == columns_.end() || found->second >= row.fields.size() ? "" : row.fields[found->second];
  }

  const RecordSpec& spec_;
  const CsvRow& header_;
  std::map<std::string, std::size_t, std::less<>> columns_;
};

}  // namespace

Result<SplitAnswer> SplitCsvRecords(const RecordSpec& spec, std::string_view bytes, const RecordContext& context,
                                    Page& page) {
  CsvReader reader(bytes, spec.delimiter);
  CsvRow header, row;
  if (!reader.Next(header)) return DataError("bad_csv", "the sheet has no header");
  if (!IsValidUtf8(header.bytes)) return DataError("bad_csv", "the header of the sheet is not UTF-8");
  const Sheet sheet(spec, header);
  if (const std::string fault = sheet.Fault(); !fault.empty()) {
    return DataError("bad_csv", "the sheet does not fit this source: " + fault);
  }
  SplitAnswer answer;
  answer.has_rows = true;
  RowTaker taker(spec, context, "text/csv", page, answer);
  while (reader.Next(row)) sheet.Take(row, taker);
  return answer;
}

}  // namespace mc
