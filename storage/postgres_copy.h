// Inside of the engines: rows on their way to one table by COPY, in its binary format (PostgreSQL's manual, "COPY").
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mc {

// Where the rows of an INSERT of plain values go: "INSERT INTO t (a, b) VALUES (?, ?)".
struct CopyTarget {
  std::string table;
  std::string columns;  // as written
  int count = 0;
};
// Nothing for any other statement.
std::optional<CopyTarget> PlainInsert(std::string_view sql);

class CopyRows {
 public:
  void BeginRow(int columns);
  // REQUIRES: as many as columns, in order. A number goes to a BIGINT.
  void Null();
  void Int(std::int64_t value);
  void Bytes(std::string_view value);

  bool empty() const { return bytes_.empty(); }
  std::size_t size() const { return bytes_.size(); }
  // All rows, ready to be sent; none are left here.
  std::string Take();

 private:
  void Number(std::uint64_t value, int bytes);

  std::string bytes_;
};

}  // namespace mc
