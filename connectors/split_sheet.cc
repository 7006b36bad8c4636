#include "connectors/split_sheet.h"

#include "core/csv.h"
#include "core/shown.h"

namespace mc {

SheetColumns::SheetColumns(const RecordSpec& spec, const std::vector<std::string>& header) : spec_(spec) {
  for (const std::string& cell : header) {
    names_.push_back(ColumnName(cell));
    if (names_.back().empty()) continue;  // says nothing
    if (!columns_.emplace(names_.back(), names_.size() - 1).second && twice_.empty()) twice_ = names_.back();
  }
}

std::string SheetColumns::Fault() const {
  if (!twice_.empty()) return "two columns have one name, \"" + WithoutControls(twice_) + "\"";
  for (const ValuePath& path : spec_.key) {
    if (!columns_.contains(ColumnName(PathText(path)))) return "it has no column \"" + PathText(path) + "\"";
  }
  return "";
}

bool SheetColumns::HasKey() const {
  for (const ValuePath& path : spec_.key) {
    if (!columns_.contains(ColumnName(PathText(path)))) return false;
  }
  return true;
}

std::string SheetColumns::Field(const std::vector<std::string>& row, const ValuePath& path) const {
  const auto found = columns_.find(ColumnName(PathText(path)));
  return found == columns_.end() || found->second >= row.size() ? "" : row[found->second];
}

void SheetColumns::Read(const std::vector<std::string>& row, SplitRow& out) const {
  std::vector<std::string> parts;
  for (const ValuePath& path : spec_.key) parts.push_back(Field(row, path));
  out.native_id = JoinKey(spec_, parts, out.missing);
  if (!spec_.time.empty()) out.time = Field(row, spec_.time);
}

Status CheckSheetSize(std::string_view code, std::size_t header_bytes, std::int64_t rows) {
  if (header_bytes > kSheetHeaderLimitBytes) {
    return DataError(std::string(code), "the header of the sheet is longer than " +
                                            std::to_string(kSheetHeaderLimitBytes) + " bytes");
  }
  if (static_cast<std::int64_t>(header_bytes) * rows <= kSheetTotalLimitBytes) return Ok();
  return DataError(std::string(code), "the records of the sheet, each with its header, are together longer than " +
                                          std::to_string(kSheetTotalLimitBytes) + " bytes: split it");
}

}  // namespace mc
