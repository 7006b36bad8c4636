#include "storage/postgres_copy.h"

#include <algorithm>

namespace mc {
namespace {

constexpr std::string_view kInsert = "INSERT INTO ";
constexpr std::string_view kValues = ") VALUES (";
// Signature, no flags, no extension.
constexpr std::string_view kHeader("PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0", 19);
constexpr std::uint64_t kEnd = 0xFFFF;  // as a row's number of columns

}  // namespace

std::optional<CopyTarget> PlainInsert(std::string_view sql) {
  if (sql.substr(0, kInsert.size()) != kInsert) return std::nullopt;
  const auto open = sql.find(" (");
  const auto values = sql.find(kValues);
  if (open == sql.npos || values == sql.npos || open > values) return std::nullopt;
  CopyTarget target{std::string(sql.substr(kInsert.size(), open - kInsert.size())),
                    std::string(sql.substr(open + 2, values - open - 2)), 0};
  target.count = 1 + static_cast<int>(std::count(target.columns.begin(), target.columns.end(), ','));
  std::string marks = "?";
  for (int i = 1; i < target.count; ++i) marks += ", ?";
  if (sql.substr(values + kValues.size()) != marks + ")") return std::nullopt;
  return target;
}

void CopyRows::Number(std::uint64_t value, int bytes) {
  for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) bytes_ += static_cast<char>(value >> shift & 0xFF);
}

void CopyRows::BeginRow(int columns) {
  if (bytes_.empty()) bytes_ = kHeader;
  Number(static_cast<std::uint64_t>(columns), 2);
}

void CopyRows::Null() { Number(0xFFFFFFFF, 4); }

void CopyRows::Int(std::int64_t value) {
  Number(sizeof value, 4);
  Number(static_cast<std::uint64_t>(value), sizeof value);
}

void CopyRows::Bytes(std::string_view value) {
  Number(value.size(), 4);
  bytes_ += value;
}

std::string CopyRows::Take() {
  Number(kEnd, 2);
  std::string all;
  all.swap(bytes_);
  return all;
}

}  // namespace mc
