// Sheets as text: RFC 4180 and what people's programs make of it.
//
// A byte order mark, `;` or a tab between fields and either line end are usual. A row is the
// exact bytes between two line ends; its fields are unquoted texts. A quote that nobody
// closes spoils its own line only. Pure; safe from any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mc {

// A quoted field may hold line ends, but a quote open for longer than this was not meant so.
inline constexpr std::int64_t kCsvRowLineLimit = 100;
inline constexpr std::size_t kCsvColumnLimit = 1'000;

struct CsvRow {
  std::string_view bytes;  // without its line end
  std::vector<std::string> fields;
  bool broken = false;  // a quote without its end, or text behind one; then no fields
  std::int64_t line = 0;  // where it begins, from 1
};

// A column's name as people mean it: NFC, without white space at its ends, and one space where
// a head cell breaks its lines.
std::string ColumnName(std::string_view cell);

class CsvReader {
 public:
  // REQUIRES: `text` outlives the rows.
  CsvReader(std::string_view text, char delimiter);

  // The next row that is not empty; false at the end.
  bool Next(CsvRow& row);

 private:
  bool Read(CsvRow& row, std::size_t& end, std::int64_t& lines) const;
  bool ReadQuoted(std::size_t& at, std::string& field, std::int64_t& lines) const;

  std::string_view text_;
  char delimiter_;
  std::size_t at_ = 0;
  std::int64_t line_ = 1;
};

}  // namespace mc
