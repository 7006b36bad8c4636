// What the rows of a sheet have in common, whatever file holds it: the columns by their names,
// the id and the time of a row. Shared by split_csv.cc and split_xlsx.cc.
//
// A row alone cannot be read, so a record is the header, a line end and the row.
// Pure; one sheet, one thread.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/split.h"

namespace mc {

inline constexpr const char* kDelimiterFact = "csv_delimiter";  // what the mapper needs beside the bytes
inline constexpr std::size_t kSheetHeaderLimitBytes = 64 * 1024;
// Of all records of one sheet: each repeats the header.
inline constexpr std::int64_t kSheetTotalLimitBytes = 1024ll * 1024 * 1024;

class SheetColumns {
 public:
  SheetColumns(const RecordSpec& spec, const std::vector<std::string>& header);

  // Empty when the header can be read by this spec; else what is wrong with it.
  std::string Fault() const;
  // All columns of the key are there.
  bool HasKey() const;
  bool Named(std::size_t column) const { return column < names_.size() && !names_[column].empty(); }
  const std::string& NameOf(std::size_t column) const { return names_[column]; }

  // Fills native_id, missing and time of a row with these texts.
  void Read(const std::vector<std::string>& row, SplitRow& out) const;

 private:
  std::string Field(const std::vector<std::string>& row, const ValuePath& path) const;

  const RecordSpec& spec_;
  std::vector<std::string> names_;
  std::map<std::string, std::size_t, std::less<>> columns_;
  std::string twice_;
};

// kData "bad_csv" when the header or all records together would be over their limits.
Status CheckSheetSize(std::string_view code, std::size_t header_bytes, std::int64_t rows);

}  // namespace mc
